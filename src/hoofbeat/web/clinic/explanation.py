"""A differential as its pages show it: bars with their lengths, and the reasons in plain words. Nothing is computed
anew: the words and numbers are those of `hoofbeat.diagnosis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hoofbeat.diagnosis.differential import Candidate, Contribution, ContributionKind, FoundVariant, MatchKind
from hoofbeat.diagnosis.genotype.shown import genotype_notes
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.ratio_words import NEUTRAL, times
from hoofbeat.knowledge.stated_frequency import UNKNOWN
from hoofbeat.web.clinic.genome_words import (
    class_words,
    frequency_words,
    label_words,
    note_words,
    rule_words,
    sentence_words,
    value_words,
)
from hoofbeat.web.pages.english import around_english, english, localized, translated

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
LABELS = {
    "how all findings together fit the whole picture of the disease": gettext_noop("All findings together"),
    "age and onset": gettext_noop("Age and onset"),
    "sex": gettext_noop("Sex"),
    "a gene is known for the disease": gettext_noop("A gene is known for it"),
    "how often it is reported": gettext_noop("How often it is reported"),
}
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
class ShownVariant:
    """A variant behind a candidate: `key` leads to its page (`genome_page.variant_keys`)."""

    key: tuple[str, str]
    gene: str
    name: str
    zygosity: str
    consequence: str
    frequency: str
    clinvar: str
    acmg: str
    rule: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One candidate as a page shows it."""

    candidate: Candidate
    reasons: tuple[Reason, ...]
    unexplained: tuple[str, ...]
    bar: float
    variants: tuple[ShownVariant, ...] = ()

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
    with_variants: bool
    made: date
    notes: tuple[str, ...]
    remarks: tuple[str, ...]


def shown(found: Differential, top: int) -> Ranking:
    """The first candidates of a differential for a page."""
    candidates = found.top(top)
    share = sum(one.probability for one in candidates)
    rest = max(0.0, 1.0 - share - found.none_of_these)
    release = found.release
    about_test, contradictions = _about_test(found)
    return Ranking(
        candidates=tuple(one_shown(found, one) for one in candidates),
        none_of_these=found.none_of_these,
        none_bar=_bar(found.none_of_these),
        others=max(0, len(found.scores) - len(candidates)),
        others_share=rest if rest > 1e-9 else 0.0,
        diseases=len(found.scores),
        knowledge=str(release["knowledge"]),
        library_cases=int(release["library"]["cases"]),
        with_variants=found.genotype is not None,
        made=timezone.localdate(),
        notes=(
            *(note_words(note) for note in about_test[:contradictions]),
            *(translated(note.what, NOTES) for note in found.notes[len(about_test) :]),
        ),
        remarks=tuple(note_words(note) for note in about_test[contradictions:]),
    )


def _about_test(found: Differential) -> tuple[list[str], int]:
    """What is to be known of the genetic test; so many of the first notes contradict what was said of the samples."""
    if found.genotype is None:
        return [], 0
    evidence = found.genotype.evidence
    return [note.what for note in genotype_notes(evidence)], len(evidence.contradictions)


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
        variants=tuple(_variant(one) for one in candidate.variants),
    )


def _variant(one: FoundVariant) -> ShownVariant:
    return ShownVariant(
        key=(one.position, one.source),
        gene=one.gene,
        name=one.name,
        zygosity=value_words(one.zygosity),
        consequence=one.consequence,
        frequency=frequency_words(one.frequency),
        clinvar=class_words(one.clinvar),
        acmg=class_words(one.acmg),
        rule=rule_words(one.rule),
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
        sources=tuple(_source_words(one) for one in row.sources[:MOST_SOURCES]),
        start=start,
        length=length,
    )


def _source_words(source: str) -> str:
    """A source as people read it: the line of a file is called a line, a publication stays as it is."""
    name, is_line, number = source.rpartition(" line ")
    return _("%(file)s, line %(number)s") % {"file": name, "number": number} if is_line else source


def diverging(value: float, scale: float) -> tuple[float, float]:
    """Start and length of a bar that leaves the middle of a drawing 200 wide to the right (for) or left (against)."""
    length = round(WIDEST * min(1.0, abs(value) / scale), 1)
    return (WIDEST if value >= 0 else round(WIDEST - length, 1)), length


def label_of(row: Contribution) -> str:
    """What a row is called: the finding, or in plain words what else counts."""
    if row.kind is ContributionKind.FINDING:
        return english(row.label)
    if row.kind is ContributionKind.GENOTYPE:
        return label_words(row.label)
    return _(LABELS[row.label]) if row.label in LABELS else row.label


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
        case None if row.kind is ContributionKind.GENOTYPE:
            yield from sentence_words(row.sentence)
        case None:
            if row.sentence:
                yield translated(row.sentence, SENTENCES)


def _often(frequency: str) -> str:
    """How often a disease shows a finding. A fraction is said as a sentence; bands of HPO stay in their words."""
    if _FRACTION.fullmatch(frequency):
        return _("%(share)s of the patients described") % {"share": frequency}
    return english(frequency)


def _bar(share: float) -> float:
    """The length of a bar of a share; what is possible is seen."""
    return round(max(0.6, WIDEST * share), 1) if share > 0 else 0.0
