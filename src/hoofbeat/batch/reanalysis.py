"""A re-analysis from beginning to end: every case at some paths ranked with new knowledge, compared with how it stood,
and the changes written down. Resumable, and the same however it is run.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from hoofbeat.batch.acknowledged import Acknowledged
from hoofbeat.batch.over import Failure
from hoofbeat.batch.reanalysed_document import Compared, Line, Sides, look
from hoofbeat.batch.reanalysis_folder import FORMAT, Folder
from hoofbeat.diagnosis.engine import engine as what_ranks
from hoofbeat.diagnosis.reanalysis.alert import AlertKind
from hoofbeat.interchange.archive import counted_and_checked
from hoofbeat.interchange.report import InputError, shown
from hoofbeat.interchange.sources import Document, documents
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.one_step import OWN, text_in_one_step
from hoofbeat.knowledge.release_change import ReleaseChange, release_change

SHOWN_CHANGES = 200  # cases that the report shows; the change log has all (ours)
_NAME_LENGTH = 16
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Look = Callable[[Compared, Document], str]
Mapper = Callable[[Look, Iterable[Document]], Generator[tuple[Document, str | Failure], None, None]]
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Call:
    """What is asked: the cases, the folder, the two sides, and who answers for new alerts."""

    paths: tuple[Path, ...]
    folder: Folder
    sides: Sides
    owner: str = ""


@dataclass(frozen=True)
class Summary:
    """What a run found. `alerts` are those to be told, `quiet` those acknowledged before; `changes` the first
    SHOWN_CHANGES of the change log, those with alerts first. `repeated` are the identifiers that several cases have,
    and how many: whose the earlier outcome is, nobody can tell. `nothing_new`: the last run saw the very same.
    """

    counts: Mapping[str, int]
    after: Mapping[str, Any]
    before: Mapping[str, Any] | None
    engine: Mapping[str, str]
    engine_changed: bool = False
    release: ReleaseChange | None = None
    alerts: tuple[Mapping[str, Any], ...] = ()
    quiet: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    repeated: tuple[tuple[str, int], ...] = ()
    resumed: int = 0
    nothing_new: bool = False


def reanalyse(
    call: Call, mapper: Mapper, report: Callable[[Summary], str], *, progress: Progress = lambda what, share: None
) -> Summary:
    """Run or go on with a re-analysis, write its results into the folder, and return what it found.

    `report` makes the page. Raises InputError and KnowledgeError where inputs or the folder cannot be used; then, and
    when the process is killed, the results of the last whole run stand.
    """
    with call.folder.locked(), _room(call.folder):
        state = _State.of(call, progress)
        if state.nothing_new:
            return replace(state.summary, nothing_new=True)
        resumed = sum(1 for _ in call.folder.done(state.run_id))
        with call.folder.journal(state.run_id) as journal:
            todo = islice(_documents(call.paths), resumed, None)
            for place, (document, kept) in enumerate(mapper(look, todo), resumed + 1):
                journal.add(_failed(document, kept) if isinstance(kept, Failure) else kept)
                progress(f"Ranking: {place:,} of {state.total:,} documents", place / state.total)
        summary = replace(_written(call, state), resumed=resumed)
        call.folder.finish(state.run_json(summary), _changes_name(state.run_id), report(summary))
        return summary


@contextmanager
def _room(folder: Folder) -> Iterator[None]:
    """Say of a disk that is full where it is."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise InputError(
            f"{shown(folder.path, limit=240)}: {error.strerror}",
            code="no-room",
            repair="make room, and call the command again: it goes on where it was",
        ) from None


@dataclass(frozen=True)
class _State:
    """What a run is about, found before anything is ranked."""

    total: int
    cases: str
    summary: Summary
    previous: str | None
    run_id: str
    nothing_new: bool
    alert_solved: bool

    @classmethod
    def of(cls, call: Call, progress: Progress) -> _State:
        progress("Looking at the cases", 0.0)
        total, cases = counted_and_checked(_documents(call.paths))
        last = call.folder.run
        engine = what_ranks()
        after = _identity(call.sides.after, call.sides.library)
        if call.sides.before is not None:
            before: Mapping[str, Any] | None = _identity(call.sides.before, call.sides.library)
            previous, engine_changed = None, False
        else:
            before = last["after"] if last else None
            previous, engine_changed = (last["run"], last["engine"] != engine) if last else (None, False)
        same = ("cases", cases), ("after", after), ("engine", engine), ("alert_solved", call.sides.alert_solved)
        nothing_new = last is not None and all(last[name] == value for name, value in same)
        if call.sides.before is not None:
            nothing_new = nothing_new and last is not None and last["before"] == before
        told = [cases, after, before, engine, previous, call.sides.alert_solved, call.owner]
        run_id = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        release = None
        if call.sides.before is not None and not nothing_new:
            progress("Comparing the releases", 0.0)
            release = release_change(Facts.open(call.sides.before), Facts.open(call.sides.after))
        summary = Summary({}, after, before, engine, engine_changed, release)
        return cls(total, cases, summary, previous, run_id, nothing_new, call.sides.alert_solved)

    def run_json(self, summary: Summary) -> dict[str, Any]:
        """What `run.json` keeps of this run."""
        return {
            "format": FORMAT,
            "run": self.run_id,
            "previous": self.previous,
            "cases": self.cases,
            "after": dict(summary.after),
            "before": None if summary.before is None else dict(summary.before),
            "engine": dict(summary.engine),
            "engine_changed": summary.engine_changed,
            "counts": dict(summary.counts),
            "outcomes": _outcomes_name(self.run_id),
            "alert_solved": self.alert_solved,
        }


def _repeated(lines: Iterable[str]) -> dict[str, int]:
    """The identifiers that several cases have, with how many."""
    counts = Counter(case["case"] for kept in map(json.loads, lines) for case in kept["cases"] if case["outcome"])
    return {case: number for case, number in counts.items() if number > 1}


def _of_this_case_alone(case: Mapping[str, Any], *, is_ranked_twice: bool) -> Mapping[str, Any]:
    """A case whose identifier others have too, without what rests on an outcome that may be another's: all of it, but
    where both sides were ranked in this run.
    """
    if not is_ranked_twice:
        return {**case, "is_new": False, "change": None, "alerts": []}
    return {**case, "alerts": [one for one in case["alerts"] if one["kind"] != AlertKind.VARIANT_CLASS.value]}


def _written(call: Call, state: _State) -> Summary:
    """Write the outcomes and the change log out of the journal; what they hold together."""
    repeated = _repeated(call.folder.done(state.run_id))
    is_ranked_twice = call.sides.before is not None
    acknowledged = Acknowledged.read(call.folder.path)
    counts: Counter[str] = Counter(documents=0, cases=0, new=0, changed=0)
    loud: list[Mapping[str, Any]] = []
    quiet: list[Mapping[str, Any]] = []
    changes: list[Mapping[str, Any]] = []
    unread: list[tuple[str, str]] = []
    with (
        text_in_one_step(call.folder.path / _outcomes_name(state.run_id), mode=OWN) as outcomes,
        text_in_one_step(call.folder.path / _changes_name(state.run_id), mode=OWN) as change_log,
    ):
        for kept in map(json.loads, call.folder.done(state.run_id)):
            counts["documents"] += 1
            if kept["error"]:
                unread.append((kept["document"], kept["error"]))
            for case in kept["cases"]:
                if case["outcome"] is None:
                    unread.append((case["case"], case["error"]))
                    continue
                if case["case"] in repeated:
                    case = _of_this_case_alone(case, is_ranked_twice=is_ranked_twice)
                counts["cases"] += 1
                counts["new"] += case["is_new"]
                outcomes.write(json.dumps(case["outcome"], sort_keys=True) + "\n")
                if case["change"] is None and not case["alerts"]:
                    continue
                told = [acknowledged.said_of(alert, owner=call.owner) for alert in case["alerts"]]
                loud += [alert for alert in told if not alert["acknowledged_by"]]
                quiet += [alert for alert in told if alert["acknowledged_by"]]
                counts["changed"] += case["change"] is not None
                change = {**(case["change"] or {"case": case["case"], "moves": []}), "alerts": told}
                change_log.write(json.dumps(change, ensure_ascii=False, sort_keys=True) + "\n")
                changes.append(change)
        if counts["documents"] != state.total:
            raise InputError(
                f"the journal in {shown(call.folder.path, limit=240)} was changed while the run was under way",
                code="damaged",
                repair="call the command again: it goes on where the journal is whole",
            )
    changes.sort(key=lambda change: (-len(change["alerts"]), -_largest(change)))
    return replace(
        state.summary,
        counts={**counts, "alerts": len(loud), "quiet": len(quiet), "unread": len(unread)},
        alerts=tuple(loud),
        quiet=tuple(quiet),
        changes=tuple(changes[:SHOWN_CHANGES]),
        unread=tuple(unread),
        repeated=tuple(sorted(repeated.items())),
    )


def _largest(change: Mapping[str, Any]) -> float:
    """By how much the probability of a disease moved most."""
    chances = [[(side or {}).get("probability", 0.0) for side in (m["before"], m["after"])] for m in change["moves"]]
    return max((abs(after - before) for before, after in chances), default=0.0)


def _failed(document: Document, failure: Failure) -> str:
    return Line(document.called, document.sha256, error=f"unexpected {failure.kind}: {failure.what}").text()


def _documents(paths: Iterable[Path]) -> Iterator[Document]:
    """All documents that should hold cases. Raises InputError where a path as a whole cannot be used."""
    return (one for one in chain.from_iterable(map(documents, paths)) if one.is_meant)


def _identity(knowledge: Path, library: Path | None) -> dict[str, Any]:
    """What a side is: its release with checksum, and its library's."""
    facts = Facts.open(knowledge)
    held = Library.open(library) if library is not None else None
    return {
        "knowledge": facts.release,
        "content_sha256": facts.manifest.get("content_sha256"),
        "library": held.checksum if held is not None and len(held) else None,
    }


def _changes_name(run_id: str) -> str:
    return f".changes-{run_id[:_NAME_LENGTH]}.part"


def _outcomes_name(run_id: str) -> str:
    return f"outcomes-{run_id[:_NAME_LENGTH]}.jsonl"
