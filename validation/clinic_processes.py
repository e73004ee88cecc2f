"""What the processes of a served installation use: processor time, and memory (what is shared counts by parts)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from validation.clinic_installation import children

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """Seconds of processor so far, and megabytes now; of a process and all below it."""

    seconds: float
    megabytes: float


def used_by(server: int) -> Mapping[str, Used]:
    """What `hoofbeat serve` with this process identifier uses: its `web` processes, and its `worker`."""
    found = {}
    for pid, words in children(server):
        family = list(_family(pid))
        name = "web" if "gunicorn" in words else "worker"
        found[name] = Used(sum(map(_seconds, family)), sum(map(_megabytes, family)))
    return found


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child, _ in children(pid):
        yield from _family(child)


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _megabytes(pid: int) -> float:
    """The proportional share: a page that three processes share counts a third for each."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:"))) / 1000
