"""Findings as the clinic's pages show them: onset and severity in words, who said it, and the time line of onsets."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.time_element import duration_years
from hoofbeat.knowledge.onset import BAND_STARTS_YEARS, band_of_term
from hoofbeat.web.records.models import RecordedFinding
from hoofbeat.web.records.terms import ONSET_CLASSES, SEVERITIES, label_of

WIDTH, LEFT, ROW, TOP = 720.0, 230.0, 26.0, 30.0  # of the time line, in units of the drawing
LATEST_DRAWN = 90.0
TICKS_YEARS = (0, 1, 2, 5, 10, 20, 40, 60, 80)
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with its words, and what its form starts from."""

    finding: RecordedFinding
    onset: str
    severity: str
    onset_number: str
    onset_unit: str
    onset_class: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding on the time line: a point, or a bar where only a range of ages is known."""

    label: str
    words: str
    y: float
    x: float
    length: float


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Where the onsets lie between birth and today; early years are drawn wider, for most begins there."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    width: float
    height: float
    left: float


def rows_of(findings: Iterable[RecordedFinding]) -> list[FindingRow]:
    """Findings with their words, in the given order."""
    return [_row(one) for one in findings]


def onset_words(text: str) -> str:
    """An onset in words: "began at 3 years 6 months", "Congenital onset"; empty for none."""
    if not text:
        return ""
    if text.startswith("HP:"):
        return label_of(text)
    found = _DURATION.fullmatch(text)
    if found is None:
        return text
    years, months, weeks, days = (int(part) if part else 0 for part in found.groups())
    parts = [
        ngettext("%(number)d year", "%(number)d years", years) % {"number": years} if years else "",
        ngettext("%(number)d month", "%(number)d months", months) % {"number": months} if months else "",
        ngettext("%(number)d week", "%(number)d weeks", weeks) % {"number": weeks} if weeks else "",
        ngettext("%(number)d day", "%(number)d days", days) % {"number": days} if days else "",
    ]
    said = " ".join(part for part in parts if part)
    return _("began at %(age)s") % {"age": said} if said else _("began at birth")


def onset_choices() -> list[tuple[str, str]]:
    """The times of onset that can be chosen, with none first."""
    return [("", _("not said")), *((identifier, label_of(identifier)) for identifier in ONSET_CLASSES)]


def severity_choices() -> list[tuple[str, str]]:
    """The severities that can be chosen, with none first."""
    return [("", _("not said")), *((identifier, label_of(identifier)) for identifier in SEVERITIES)]


def time_line(rows: Sequence[FindingRow], age: float | None) -> TimeLine | None:
    """The onsets on a line from birth to today; None where no onset is known."""
    spans = [(row, span) for row in rows if (span := _span(row.finding.onset)) is not None]
    if not spans:
        return None
    spans.sort(key=lambda item: (item[1][0], item[0].finding.label))
    end = min(LATEST_DRAWN, max([age or 0.0, 1.0, *(min(last, LATEST_DRAWN) for _row, (_first, last) in spans)]))

    def at(years: float) -> float:
        return round(LEFT + (WIDTH - LEFT - 20) * math.sqrt(min(years, end) / end), 1)

    marks = tuple(
        Mark(row.finding.label, row.onset, TOP + ROW * place + ROW / 2, at(first), round(at(last) - at(first), 1))
        for place, (row, (first, last)) in enumerate(spans)
    )
    ticks = tuple((at(year), str(year)) for year in TICKS_YEARS if year <= end)
    return TimeLine(marks, ticks, WIDTH, TOP + ROW * len(marks) + 10, LEFT)


def _row(one: RecordedFinding) -> FindingRow:
    number, unit, chosen = "", "years", ""
    found = _DURATION.fullmatch(one.onset)
    if one.onset.startswith("HP:"):
        chosen = one.onset
    elif found:
        years, months = (int(part) if part else 0 for part in found.groups()[:2])
        number, unit = (str(years), "years") if not months else (str(12 * years + months), "months")
    severity = label_of(one.severity) if one.severity else ""
    return FindingRow(one, onset_words(one.onset), severity, number, unit, chosen)


def _span(onset: str) -> tuple[float, float] | None:
    """First and last age in years that an onset may mean."""
    if not onset:
        return None
    if not onset.startswith("HP:"):
        try:
            years = duration_years(onset)
        except CaseError:
            return None
        return years, years
    band = band_of_term(onset)
    if band is None:
        return None
    edges = (0.0, 0.0, *BAND_STARTS_YEARS, LATEST_DRAWN)
    return edges[band], edges[band + 1]
