"""The machine that figures were measured on, so that they can be judged elsewhere."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

from hoofbeat.batch import available_cores

_YARDSTICK_SIZE = 4_000_000  # 32 MB: beyond most caches, as ranking is


def described() -> dict[str, Any]:
    """Cores, processor, memory, system and versions, and a yardstick: milliseconds to sort 4 million random numbers."""
    return {
        "cores": available_cores(),
        "processor": _from_proc("cpuinfo", "model name") or platform.processor() or "unknown",
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "yardstick_ms": round(_yardstick() * 1000),
    }


def _from_proc(name: str, key: str) -> str:
    path = Path("/proc") / name
    if not path.exists():
        return ""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _memory_gb() -> float | None:
    if not hasattr(os, "sysconf"):
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)


def _yardstick() -> float:
    numbers = np.random.default_rng(0).random(_YARDSTICK_SIZE)
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        np.sort(numbers)
        best = min(best, time.perf_counter() - started)
    return best
