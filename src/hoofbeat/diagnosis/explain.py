"""Why a disease stands where it stands: rows that add up exactly to its score, each with what is known and where it is
stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.differential import (
    Candidate,
    Contribution,
    ContributionKind,
    ExpectedFinding,
    MatchKind,
    Named,
)
from hoofbeat.diagnosis.findings_model import Related
from hoofbeat.diagnosis.genotype.shown import found_variants, genotype_rows
from hoofbeat.diagnosis.scored import Scored
from hoofbeat.diagnosis.second_stage import quantities
from hoofbeat.diagnosis.share_words import whole_percent
from hoofbeat.knowledge.annotations import Annotation
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.stated_frequency import UNKNOWN, Counts, FrequencyKind, Unknown

FloatArray = NDArray[np.float64]

EXPECTED_SHARE = 0.5  # a finding that at least half of the patients have is expected (ours)
MOST_EXPECTED = 8  # so many are listed (ours)
TINY = 1e-9
MOST_SOURCES = 5  # so many publications are named per row (ours)

_BEST_FIRST = (FrequencyKind.COUNTS, FrequencyKind.PERCENT, FrequencyKind.BAND, FrequencyKind.UNKNOWN)
_UMBRELLA = "an entry that only groups diseases stays behind the best of them"
_OTHER_ROWS = {
    "fit": (ContributionKind.PICTURE, "how all findings together fit the whole picture of the disease"),
    "onset": (ContributionKind.ONSET, "age and onset"),
    "sex": (ContributionKind.SEX, "sex"),
    "gene": (ContributionKind.PRIOR, "a gene is known for the disease"),
    "reported": (ContributionKind.PRIOR, "how often it is reported"),
}


def candidates(scored: Scored, places: Mapping[int, int]) -> Iterator[Candidate]:
    """Diseases, each with its place, explained. What is the same for all of them is found once."""
    found = _Shared.of(scored)
    for disease, place in places.items():
        yield _candidate(scored, found, disease, place)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What explanations of all diseases of a case are made from."""

    related: tuple[Related, ...]
    implied: frozenset[int]
    quantities: Mapping[str, FloatArray]

    @classmethod
    def of(cls, scored: Scored) -> _Shared:
        knowledge, said = scored.knowledge, scored.evidence
        return cls(
            related=tuple(Related.to(term, knowledge) for term in said.observed),
            implied=frozenset(a for term in said.observed for a in knowledge.ontology.ancestors[term].tolist()),
            quantities=quantities(said, knowledge),
        )


def _candidate(scored: Scored, found: _Shared, disease: int, place: int) -> Candidate:
    knowledge = scored.knowledge
    rows = (
        *_finding_rows(scored, found, disease),
        *_excluded_rows(scored, disease),
        *_other_rows(scored, found, disease),
        *([] if scored.genotype is None else genotype_rows(scored.genotype, knowledge, disease)),
    )
    unexplained = tuple(row.finding for row in rows if row.match is MatchKind.NONE and row.finding)
    return Candidate(
        rank=place,
        disease=Named(knowledge.disease_id(disease), knowledge.disease_name(disease)),
        same_as=_same_as(knowledge, disease),
        genes=knowledge.genes_of(disease),
        probability=float(scored.probabilities[disease]),
        score=float(scored.scores[disease]),
        contributions=rows,
        unexplained=unexplained,
        expected=_expected(scored, found, disease),
        variants=() if scored.genotype is None else found_variants(scored.genotype, knowledge, disease),
    )


def _finding_rows(scored: Scored, found: _Shared, disease: int) -> list[Contribution]:
    knowledge, said = scored.knowledge, scored.evidence
    factor = scored.weights.linear["found"]
    return [
        _finding_row(knowledge, disease, term, met, factor * float(said.observed_ratios[place, disease]))
        for place, (term, met) in enumerate(
            (term, related.best_match(disease)) for term, related in zip(said.observed, found.related, strict=True)
        )
    ]


def _finding_row(knowledge: Knowledge, disease: int, term: int, met: int | None, log_lr: float) -> Contribution:
    ontology = knowledge.ontology
    identifier, label = ontology.id(term), ontology.name(term)
    if met is None:
        return Contribution(
            ContributionKind.FINDING,
            log_lr,
            label,
            identifier,
            "observed",
            MatchKind.NONE,
            sentence="nothing near it is described",
        )
    # A disease that states the finding itself is shown with that, also where a kind of it gives more of the ratio.
    shown, stated = term, _annotations(knowledge, disease, term)
    if not _states(stated) and term != met:
        shown, stated = met, _annotations(knowledge, disease, met)
    special = ontology.is_a(shown, term)
    kind = MatchKind.EXACT if shown == term else MatchKind.GENERAL if special else MatchKind.NEAR
    known = _Known.of(knowledge, disease, shown, stated if _states(stated) else None)
    return Contribution(
        kind=ContributionKind.FINDING,
        log_lr=log_lr,
        label=label,
        finding=identifier,
        state="observed",
        match=kind,
        matched=ontology.id(shown),
        matched_label=ontology.name(shown),
        frequency=known.frequency,
        sources=known.sources,
        library_share=known.library_share,
        sentence=_sentence(kind, ontology.name(shown), known.frequency),
    )


def _states(rows: Iterable[Annotation]) -> bool:
    """Whether an annotation says that patients have the finding."""
    return any(not row.is_absence for row in rows)


def _excluded_rows(scored: Scored, disease: int) -> list[Contribution]:
    knowledge, said = scored.knowledge, scored.evidence
    ontology = knowledge.ontology
    rows = []
    for place, term in enumerate(said.excluded):
        share = knowledge.share_of(term, disease)
        stating = _stating_term(knowledge, disease, term) if share > 0 else None
        stated = None if stating is None else _annotations(knowledge, disease, stating)
        known = _Known.of(knowledge, disease, term, stated) if share > 0 else _Known()
        rows.append(
            Contribution(
                kind=ContributionKind.FINDING,
                log_lr=float(said.excluded_ratios[place, disease]),
                label=ontology.name(term),
                finding=ontology.id(term),
                state="excluded",
                match=MatchKind.EXCLUDED,
                matched=None if stating is None else ontology.id(stating),
                matched_label=None if stating is None else ontology.name(stating),
                frequency=known.frequency,
                sources=known.sources,
                library_share=known.library_share,
                sentence="not described anyway"
                if share == 0
                else f"{whole_percent(share)} of patients are expected to have it",
            )
        )
    return rows


def _other_rows(scored: Scored, found: _Shared, disease: int) -> list[Contribution]:
    weights, knowledge = scored.weights, scored.knowledge
    rows = []
    for name, (kind, label) in _OTHER_ROWS.items():
        value = weights.linear[name] * float(found.quantities[name][disease])
        if value:
            sentence = f"{knowledge.reports[disease]} publications describe it" if name == "reported" else ""
            rows.append(Contribution(kind, value, label, sentence=sentence))
    if scored.penalty[disease]:
        rows.append(Contribution(ContributionKind.PICTURE, -float(scored.penalty[disease]), _UMBRELLA))
    return rows


def _stating_term(knowledge: Knowledge, disease: int, matched: int) -> int | None:
    """The stated term that gave the matched one its share: itself, else the most frequent stated one below it; None:
    only the library has it.
    """
    if not knowledge.in_release(disease):
        return None
    table = knowledge.facts.annotations.findings
    rows = table.rows(disease)
    stated = np.unique(table.term[rows.start : rows.stop])
    below = np.intersect1d(stated, knowledge.ontology.descendants[matched], assume_unique=True).tolist()
    below = [term for term in below if _states(_annotations(knowledge, disease, term))]
    shares = {term: knowledge.share_of(term, disease) for term in below}
    if matched in shares and max(shares.values()) <= shares[matched] + TINY:
        return matched
    return max(below, key=lambda term: (shares[term], -term), default=None)


def _annotations(knowledge: Knowledge, disease: int, term: int) -> tuple[Annotation, ...]:
    if not knowledge.in_release(disease):
        return ()
    rows = knowledge.facts.stated(disease, term)
    return tuple(row for row in rows if not knowledge.taken_out.intersection(row.references))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a finding in a disease: how often, where that is stated, and the library's part of it."""

    frequency: str | None = None
    sources: tuple[str, ...] = ()
    library_share: float = 0.0

    @classmethod
    def of(cls, knowledge: Knowledge, disease: int, matched: int, stated: tuple[Annotation, ...] | None) -> _Known:
        """`stated`: the annotations that say it; None where only the library has it."""
        rows = _best_stated(stated or ())
        library = _library_text(knowledge, disease, matched)
        unstated = all(isinstance(row.frequency, Unknown) for row in rows)
        texts = [] if library and unstated else [_frequency_text(rows)]
        sources = tuple(dict.fromkeys(reference for row in rows for reference in row.references))
        frequency = "; ".join(text for text in (*texts, library) if text) or None
        return cls(frequency, sources[:MOST_SOURCES], _library_share(knowledge, disease, stated is not None))


def _best_stated(rows: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
    """The rows that say best how often it occurs, as the share does: those with counts, else with a percentage, else
    with a band, else all that say that it occurs.
    """
    present = [row for row in rows if not row.negated]
    best = next((kind for kind in _BEST_FIRST if any(row.frequency.kind is kind for row in present)), None)
    return tuple(row for row in present if row.frequency.kind is best)


def _frequency_text(rows: tuple[Annotation, ...]) -> str:
    """All counts pooled as one fraction; else each thing that is stated, once."""
    counts = [row.frequency for row in rows if isinstance(row.frequency, Counts)]
    if counts:
        return f"{sum(c.n for c in counts)}/{sum(c.m for c in counts)}"
    return " or ".join(dict.fromkeys(row.frequency_text() for row in rows))


def _library_text(knowledge: Knowledge, disease: int, term: int) -> str:
    counts = knowledge.evidence.counts(term, disease)
    if counts is None:
        return ""
    observed, assessed = counts
    publications = int(knowledge.evidence.publications[disease])
    plural = "publication" if publications == 1 else "publications"
    return f"library: {observed:.3g} of {assessed:.3g} (weighted, {publications} {plural})"


def _library_share(knowledge: Knowledge, disease: int, is_stated: bool) -> float:
    if not knowledge.evidence.people[disease]:
        return 0.0
    return knowledge.evidence.share_of_evidence(disease) if is_stated else 1.0


def _sentence(kind: MatchKind, matched: str, frequency: str | None) -> str:
    how = {
        MatchKind.EXACT: "described",
        MatchKind.GENERAL: f"described as {matched}",
        MatchKind.NEAR: f"described only as {matched}",
    }[kind]
    if frequency == UNKNOWN.text():
        return f"{how}, how often is not stated"
    return f"{how} ({frequency})" if frequency else how


def _expected(scored: Scored, found: _Shared, disease: int) -> tuple[ExpectedFinding, ...]:
    """Findings that the disease often has and that nobody has assessed: neither given, nor implied by what is given."""
    knowledge, said = scored.knowledge, scored.evidence
    ontology = knowledge.ontology
    if not knowledge.in_release(disease):
        return ()
    table = knowledge.facts.annotations.findings
    rows = table.rows(disease)
    open_terms = []
    for term in np.unique(table.term[rows.start : rows.stop]).tolist():
        if term in found.implied or not ontology.is_phenotype[term]:
            continue
        share = knowledge.share_of(term, disease)
        if share < EXPECTED_SHARE:
            continue
        if not any(ontology.is_a(term, excluded) for excluded in said.excluded):
            open_terms.append((share * float(knowledge.information_content[term]), share, term))
    open_terms.sort(key=lambda item: (-item[0], item[2]))
    return tuple(ExpectedFinding(ontology.id(t), ontology.name(t), share) for _, share, t in open_terms[:MOST_EXPECTED])


def _same_as(knowledge: Knowledge, disease: int) -> tuple[Named, ...]:
    if not knowledge.in_release(disease):
        return ()
    members = knowledge.facts.diseases.disease(disease).members
    return tuple(Named(member.id, member.name) for member in members[1:])
