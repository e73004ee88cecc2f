"""A re-analysis as one page to read, print and hand on: alerts first, then each case that moved and why."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import jinja2

import hoofbeat
from hoofbeat.batch.reanalysis import SHOWN_CHANGES, Summary
from hoofbeat.cli.presentation import wording
from hoofbeat.diagnosis.ratio_words import times
from hoofbeat.diagnosis.share_words import percent
from hoofbeat.interchange.report import shown

OPENED = 10  # cases whose moves are open from the start, and so on paper
SHOWN_ALERTS = 500
_LONGEST = 300

# What a part of the score that is no finding is called.
_PARTS = {
    "fit": "how all findings together fit",
    "onset": "age and onset",
    "sex": "sex",
    "gene": "a gene is known for the disease",
    "reported": "how often it is reported",
    "group": "an entry that only groups diseases stays behind them",
}


@dataclass(frozen=True, slots=True)
class _Move:
    disease: str
    name: str
    sides: tuple[tuple[str, str, str], ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    summary: str
    is_open: bool
    moves: tuple[_Move, ...]


def reanalysis_page(summary: Summary, *, made: date) -> str:
    """The page as HTML text."""
    environment = _environment()
    style = _text("differential.css")
    cases = tuple(_case(change, place) for place, change in enumerate(summary.changes) if change["moves"])
    more = summary.counts.get("changed", 0) - len(cases)
    return environment.get_template("reanalysis.html.jinja").render(
        kind="Re-analysis",
        title=_title(summary),
        lead=_lead(summary),
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        not_a_diagnosis=wording.NOT_A_DIAGNOSIS,
        figures=tuple(_figures(summary)),
        notes=tuple(_notes(summary)),
        alerts=[{name: _clean(value) for name, value in alert.items()} for alert in summary.alerts[:SHOWN_ALERTS]],
        quiet=f"{len(summary.quiet):,}" if summary.quiet else "",
        cases=cases,
        more=f"{more:,} more are in the change log; here are the {SHOWN_CHANGES} that moved most." if more > 0 else "",
        made_with=tuple(_made_with(summary)),
        version=hoofbeat.__version__,
        made=made.isoformat(),
    )


def _title(summary: Summary) -> str:
    return f"What {_clean(summary.after['knowledge'])} changes"


def _lead(summary: Summary) -> list[str]:
    counts = summary.counts
    if summary.before is None:
        return [
            f"{wording.counted(counts['cases'], 'case')} ranked for the first time here. The next run tells what has "
            "moved since."
        ]
    since = _clean(summary.before["knowledge"])
    moved = f"{counts.get('changed', 0):,} of {wording.counted(counts['cases'], 'case')} moved since {since}"
    return [f"{moved}; {wording.counted(len(summary.alerts), 'alert')}."]


def _figures(summary: Summary) -> Iterator[tuple[str, str]]:
    counts = summary.counts
    yield f"{counts['cases']:,}", "cases ranked"
    if summary.before is not None:
        yield f"{counts.get('changed', 0):,}", "cases moved"
        yield f"{len(summary.alerts):,}", "alerts"
    if counts.get("new") and summary.before is not None:
        yield f"{counts['new']:,}", "cases seen for the first time"
    if summary.unread:
        yield f"{len(summary.unread):,}", "could not be ranked"
    if summary.release is not None:
        for number, words in (
            (summary.release.rows_added, "annotation rows added"),
            (summary.release.rows_changed, "annotation rows changed"),
            (summary.release.rows_gone, "annotation rows gone"),
            (len(summary.release.diseases_added), "disease entries added"),
            (sum(map(len, summary.release.new_links.values())), "new links of a gene and a disease"),
        ):
            yield f"{number:,}", words


def repeated_identifiers(summary: Summary) -> list[str]:
    """A sentence on each identifier that several cases have."""
    lost = "they are not compared with the last run" if summary.release is None else "a class that changed is not told"
    return [
        f"{shown(case)}: {number:,} cases have this identifier, and nobody can tell whose the earlier outcome is: "
        f"{lost}; give each case an identifier of its own"
        for case, number in summary.repeated
    ]


def _notes(summary: Summary) -> Iterator[str]:
    if summary.engine_changed:
        yield (
            "The ranking itself has changed since the last run, so what moved may be due to that. "
            "With --since RELEASE both sides are ranked alike, and what moves is due to knowledge alone."
        )
    for line in repeated_identifiers(summary)[:20]:
        yield _clean(line)
    for name, error in summary.unread[:20]:
        yield f"{_clean(name)}: {_clean(error)}"
    if len(summary.unread) > 20:
        yield f"and {len(summary.unread) - 20:,} more that could not be ranked"


def _case(change: Mapping[str, Any], place: int) -> _Case:
    moves = tuple(_move(move) for move in change["moves"][:6])
    first = change["moves"][0]
    now = _chance(first["after"])
    return _Case(_clean(change["case"]), f"{_clean(first['name'])[:60]} {percent(now)}", place < OPENED, moves)


def _move(move: Mapping[str, Any]) -> _Move:
    sides = tuple(
        (_where(when, move[side]), f"{100 * _chance(move[side]):.1f}", percent(_chance(move[side])))
        for when, side in (("before", "before"), ("now", "after"))
    )
    because = (*(_cause(cause) for cause in move["because"]), *(_row(row) for row in move["rows"]))
    return _Move(_clean(move["disease"]), _clean(move["name"]), sides, because or _passed(move))


def _passed(move: Mapping[str, Any]) -> tuple[str, ...]:
    if move["before"] is None or move["after"] is None:
        return ("One side is not among the first that were kept, so nothing is known of its reasons.",)
    return ("Its own reasons have not changed: other diseases moved past it.",)


def _where(when: str, side: Mapping[str, Any] | None) -> str:
    return f"{when}: not among the first" if side is None else f"{when}: place {side['rank']:,}"


def _chance(side: Mapping[str, Any] | None) -> float:
    return float(side["probability"]) if side is not None else 0.0


def _cause(cause: Mapping[str, Any]) -> str:
    label = _PARTS.get(cause["part"], _clean(cause["label"]))
    return f"{label}: {_worth(cause['before'])}, now {_worth(cause['after'])}"


def _worth(value: float | None) -> str:
    return "not counted" if value is None else times(value)


def _row(row: Mapping[str, Any]) -> str:
    said = {
        "added": f"new: {_clean(row['after'] or '')}",
        "gone": f"no longer stated (was {_clean(row['before'] or '')})",
        "changed": f"{_clean(row['before'] or '')}, now {_clean(row['after'] or '')}",
    }[row["what"]]
    sources = ", ".join(_clean(one) for one in row["references"][:3])
    return f"Annotation of {_clean(row['entry'])}, {_clean(row['label'])}: {said}" + (
        f" ({sources})" if sources else ""
    )


def _made_with(summary: Summary) -> Iterator[tuple[str, str]]:
    sides: Sequence[tuple[str, Mapping[str, Any] | None]] = (("now", summary.after), ("before", summary.before))
    for name, side in sides:
        if side is not None:
            for what, value in wording.release_facts(side):
                yield f"{name}: {_clean(what)}", _clean(value)
    for what, value in summary.engine.items():
        yield what, _clean(value)


def _clean(text: Any) -> str:
    return shown(str(text), limit=_LONGEST)


def _text(name: str) -> str:
    source, _, _ = _environment().loader.get_source(_environment(), name)  # type: ignore[union-attr]
    return source


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("hoofbeat.cli.presentation", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
