"""The folder that re-analyses of the same cases share: what the last whole run found, and how far one under way is.

A run first only appends to its journal. When every document is in it, the results are written beside the old ones, and
then take their places: change log, report, and last `run.json`, which makes them count. A run that is killed goes on
where it was when it is called again with the same inputs, and its results are the same, byte for byte; that also mends
what a kill between two of these places leaves.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from hoofbeat.interchange.report import InputError, shown
from hoofbeat.knowledge.one_step import OWN, text_in_one_step

if sys.platform != "win32":
    import fcntl

RUN, JOURNAL, LOCK = "run.json", "journal.jsonl", ".lock"
HALF_WRITTEN = ".*.part"
CHANGES, REPORT, ACKNOWLEDGED = "changes.jsonl", "report.html", "acknowledged.csv"
FORMAT = 1
_SYNC_EVERY = 64  # lines of the journal that a power cut may cost


@dataclass(frozen=True)
class Folder:
    """The folder of one set of cases."""

    path: Path

    @property
    def run(self) -> Mapping[str, Any] | None:
        """What `run.json` says of the last whole run; None without one. Raises InputError where it is damaged."""
        path = self.path / RUN
        if not path.exists():
            return None
        try:
            run = json.loads(path.read_text(encoding="utf-8"))
            if run["format"] != FORMAT or not isinstance(run["outcomes"], str):
                raise ValueError
        except (ValueError, KeyError, TypeError, OSError):
            raise InputError(
                f"{shown(path, limit=240)} is damaged or of another version",
                code="damaged",
                repair="name another folder with --out; the one there is left as it is",
            ) from None
        return dict(run)

    @property
    def outcomes(self) -> Path | None:
        """The outcomes of the last whole run."""
        run = self.run
        path = None if run is None else self.path / Path(run["outcomes"]).name
        return path if path is not None and path.exists() else None

    def alerts(self) -> Iterator[Mapping[str, Any]]:
        """The alerts of the last whole run."""
        path = self.path / CHANGES
        if path.exists():
            with path.open(encoding="utf-8") as stream:
                for line in stream:
                    yield from json.loads(line)["alerts"]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold this while a run is under way. Raises InputError where another one is, or nothing may be written."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            stream = (self.path / LOCK).open("w")
        except OSError as error:
            raise InputError(
                f"{shown(self.path, limit=240)}: {error.strerror or error}",
                code="no-output",
                repair="name a folder that may be written to",
            ) from None
        with stream:
            if sys.platform != "win32":
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise InputError(
                        f"another re-analysis is at work in {shown(self.path, limit=240)}",
                        code="busy",
                        repair="wait for it, or name another folder with --out",
                    ) from None
            yield

    def done(self, run_id: str) -> Iterator[str]:
        """What an unfinished run with these inputs has done already: the kept line of each document, from the first on.
        A line that was cut off ends it; a journal of other inputs is not gone on with.
        """
        path = self.path / JOURNAL
        if not path.exists():
            return
        with path.open(encoding="ascii", errors="replace", newline="\n") as stream:
            if stream.readline() != _first_line(run_id):
                return
            for line in stream:
                kept = line.partition("\t")[2].rstrip("\n")
                if line != _journal_line(kept):
                    return
                yield kept

    @contextmanager
    def journal(self, run_id: str) -> Iterator[Journal]:
        """Append to the journal of a run; what was done is written anew first, without a cut line at its end."""
        with text_in_one_step(self.path / JOURNAL, mode=OWN) as stream:
            stream.write(_first_line(run_id))
            stream.writelines(map(_journal_line, self.done(run_id)))
        with (self.path / JOURNAL).open("a", encoding="ascii", newline="\n") as stream:
            yield Journal(stream)

    def finish(self, run: Mapping[str, Any], changes: str, report: str) -> None:
        """Make the results count that `run` names; remove what they replace, and what killed runs left half written.
        `changes` is the name of the change log of this run, beside the one that it replaces; `report` the page.
        """
        before = self.outcomes
        with text_in_one_step(self.path / REPORT, mode=OWN) as stream:
            stream.write(report)
            os.replace(self.path / changes, self.path / CHANGES)
        with text_in_one_step(self.path / RUN, mode=OWN) as stream:
            stream.write(json.dumps(run, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n")
        if before is not None and before.name != run["outcomes"]:
            before.unlink(missing_ok=True)
        (self.path / JOURNAL).unlink(missing_ok=True)
        for left in self.path.glob(HALF_WRITTEN):  # by runs that were killed; the folder is locked, so none is at work
            left.unlink(missing_ok=True)


class Journal:
    """Takes the line of each document as it is done, in the order of the documents."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream, self._since = stream, 0

    def add(self, line: str) -> None:
        """Append a line; it is in the file when this returns, and on the disk soon after."""
        self._stream.write(_journal_line(line))
        self._stream.flush()
        self._since += 1
        if self._since >= _SYNC_EVERY:
            os.fsync(self._stream.fileno())
            self._since = 0


def _first_line(run_id: str) -> str:
    return json.dumps({"format": FORMAT, "run": run_id}) + "\n"


def _journal_line(kept: str) -> str:
    """A line with its checksum, by which one that was cut off is known."""
    return f"{zlib.crc32(kept.encode('ascii', errors='replace')):08x}\t{kept}\n"
