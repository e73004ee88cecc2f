"""A differential as its pages show it: bars with their lengths, and the reasons in plain words. Nothing is computed
anew: the words and numbers are those of `hoofbeat.diagnosis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hoofbeat.diagnosis.differential import Candidate, Contribution, ContributionKind, MatchKind
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.ratio_words import NEUTRAL, times
from hoofbeat.knowledge.stated_frequency import UNKNOWN
from hoofbeat.web.pages.english import around_english, english, translated

WIDEST = 100.0  # a full bar, in units of the drawing
LEAST_SCALE = 2.0  # a natural log of a likelihood ratio that always fits; smaller rows look small
MOST_SOURCES = 3
_FRACTION = re.compile(r"\d+/\d+")
# What the room of diagnosis says in English, as the pages say it in theirs.
SENTENCES = (
    gettext_noop("not described anyway"),
    gettext_noop("%(share)s of patients are expected to have it"),
    gettext_noop("%(num)s publications describe it"),
)
NOTES = (gettext_noop("no observed finding: the order rests on what is excluded alone"),)


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of an explanation. `start` and `length` place its bar on a drawing 200 wide; its middle means neutral."""

    label: str
    state: str
    side: str
    times: str
    words: tuple[str, ...]
    sources: tuple[str, ...]
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Shown:
    """One candidate as a page shows it."""

    candidate: Candidate
    reasons: tuple[Reason, ...]
    unexplained: tuple[str, ...]
    bar: float

    @property
    def ids(self) -> str:
        """The identifiers of its entries, its own first."""
        return ", ".join((self.candidate.disease.id, *(twin.id for twin in self.candidate.same_as)))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first candidates, what is left over, and what it was made with."""

    candidates: tuple[Shown, ...]
    none_of_these: float
    none_bar: float
    others: int
    others_share: float
    diseases: int
    knowledge: str
    library_cases: int
    made: date
    notes: tuple[str, ...]


def shown(found: Differential, top: int) -> Ranking:
    """The first candidates of a differential for a page."""
    candidates = found.top(top)
    share = sum(one.probability for one in candidates)
    rest = max(0.0, 1.0 - share - found.none_of_these)
    release = found.release
    return Ranking(
        candidates=tuple(one_shown(found, one) for one in candidates),
        none_of_these=found.none_of_these,
        none_bar=_bar(found.none_of_these),
        others=max(0, len(found.scores) - len(candidates)),
        others_share=rest if rest > 1e-9 else 0.0,
        diseases=len(found.scores),
        knowledge=str(release["knowledge"]),
        library_cases=int(release["library"]["cases"]),
        made=timezone.localdate(),
        notes=tuple(translated(note.what, NOTES) for note in found.notes),
    )


def one_shown(found: Differential, candidate: Candidate) -> Shown:
    """One candidate for a page: from what speaks most for it to what speaks most against it."""
    rows = sorted(candidate.contributions, key=lambda row: (-row.log_lr, row.label))
    scale = max([LEAST_SCALE, *(abs(row.log_lr) for row in rows)])
    ontology = found.knowledge.ontology
    return Shown(
        candidate=candidate,
        reasons=tuple(reason(row, scale) for row in rows),
        unexplained=tuple(english(ontology.name(ontology.index(one))) for one in candidate.unexplained),
        bar=_bar(candidate.probability),
    )


def reason(row: Contribution, scale: float) -> Reason:
    """One row with its bar: `scale` is what a full bar to one side means."""
    start, length = diverging(row.log_lr, scale)
    return Reason(
        label=label_of(row),
        state=row.state or "",
        side="neutral" if abs(row.log_lr) < NEUTRAL else "for" if row.log_lr > 0 else "against",
        times=localized(times(row.log_lr)),
        words=tuple(_words(row)),
        sources=row.sources[:MOST_SOURCES],
        start=start,
        length=length,
    )


def diverging(value: float, scale: float) -> tuple[float, float]:
    """Start and length of a bar that leaves the middle of a drawing 200 wide to the right (for) or left (against)."""
    length = round(WIDEST * min(1.0, abs(value) / scale), 1)
    return (WIDEST if value >= 0 else round(WIDEST - length, 1)), length


def label_of(row: Contribution) -> str:
    """What a row is called: the finding, or in plain words what else counts."""
    if row.kind is ContributionKind.FINDING:
        return english(row.label)
    known = {
        "how all findings together fit the whole picture of the disease": _("All findings together"),
        "age and onset": _("Age and onset"),
        "sex": _("Sex"),
        "a gene is known for the disease": _("A gene is known for it"),
        "how often it is reported": _("How often it is reported"),
    }
    return known.get(row.label, row.label)


def _words(row: Contribution) -> Iterable[str]:
    if row.frequency == UNKNOWN.text():
        yield _("how often is not stated")
    elif row.frequency:
        yield _often(row.frequency)
    other = row.matched_label if row.matched and row.matched != row.finding else None
    match row.match:
        case MatchKind.EXACT:
            yield _("described as such")
        case MatchKind.GENERAL:
            more = _("described more precisely: %(term)s")
            yield around_english(more, term=english(other)) if other else _("described more precisely")
        case MatchKind.NEAR:
            near = _("only near: %(term)s")
            yield around_english(near, term=english(other)) if other else _("only something near it is described")
        case MatchKind.NONE:
            yield _("nothing near it is described")
        case MatchKind.EXCLUDED:
            yield translated(row.sentence, SENTENCES)
        case None:
            if row.sentence:
                yield translated(row.sentence, SENTENCES)


def _often(frequency: str) -> str:
    """How often a disease shows a finding. A fraction is said as a sentence; bands of HPO stay in their words."""
    if _FRACTION.fullmatch(frequency):
        return _("%(share)s of the patients described") % {"share": frequency}
    return english(frequency)


def localized(number: str) -> str:
    """The decimal and thousands signs of the page's language, in a number that was written in English."""
    signs = {".": formats.get_format("DECIMAL_SEPARATOR"), ",": formats.get_format("THOUSAND_SEPARATOR")}
    return "".join(signs.get(sign, sign) for sign in number)


def _bar(share: float) -> float:
    """The length of a bar of a share; what is possible is seen."""
    return round(max(0.6, WIDEST * share), 1) if share > 0 else 0.0
