"""One measured figure beside its bar, and how processes are measured from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure, its unit, and the bar to hold (None: told only). `at_least`: more is better."""

    what: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the bar is held; None without one."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def to_json(self) -> dict[str, Any]:
        """As it is frozen, with three significant digits."""
        bar = None if self.bar is None else f"{'>=' if self.at_least else '<='} {self.bar:g} {self.unit}"
        return {
            "what": self.what,
            "value": float(f"{self.value:.3g}"),
            "unit": self.unit,
            "bar": bar,
            "holds": self.holds,
        }

    def line(self) -> str:
        """As it is printed."""
        one = self.to_json()
        verdict = {None: "", True: "holds", False: "FALLS SHORT"}[self.holds]
        return f"{self.what:58} {self.value:10,.3g} {self.unit:8} {one['bar'] or '':14} {verdict}".rstrip()


def seconds_of(command: Sequence[str], *, repeats: int, home: Path) -> float:
    """Median seconds of a whole process, after one that warms the file cache. Raises where it fails."""
    took = []
    for _ in range(repeats + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "HOOFBEAT_HOME": str(home)})
        took.append(time.perf_counter() - started)
    return sorted(took[1:])[repeats // 2]


# What a fresh process knows of itself; ru_maxrss would tell of its parent too.
MEMORY = """
def memory(key):
    import resource, sys
    try:
        with open("/proc/self/status") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key))
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak * (1 if sys.platform == "darwin" else 1024)
"""


def numbers_from(program: str, *arguments: str, home: Path) -> list[float]:
    """The numbers that a program prints in a fresh process, separated by spaces."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY + program, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "HOOFBEAT_HOME": str(home)},
    )
    return [float(number) for number in done.stdout.split()]
