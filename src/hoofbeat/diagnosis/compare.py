"""Why one disease stands before another in a differential, and which answers would change that.

A clinician who doubts an order wants the few rows that make it, and the few questions that could turn it round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.diagnosis.differential import Candidate, Contribution, ContributionKind, MatchKind, Named
from hoofbeat.diagnosis.rank import Differential, rank
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.nearest import nearest_diseases
from hoofbeat.knowledge.ontology import Ontology

NOT_DESCRIBED = "not described"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One row of the explanation in both diseases; a side without the row contributes 0 and stands as None."""

    kind: ContributionKind
    label: str
    finding: str | None
    a: Contribution | None
    b: Contribution | None
    sentence: str

    @property
    def difference(self) -> float:
        """What the row adds to the lead of the first disease; negative where it speaks for the second."""
        return (self.a.log_lr if self.a else 0.0) - (self.b.log_lr if self.b else 0.0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two diseases of a differential. The rows come by falling |difference|; their differences add up to `lead`."""

    a: Named
    b: Named
    lead: float
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A finding that nobody has assessed, and what the answer would be."""

    finding: str
    label: str
    present: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Answers that together reverse the order of two diseases; the lead of the first one before and after them."""

    answers: tuple[Answer, ...]
    lead_before: float
    lead_after: float


def compare(differential: Differential, a: str, b: str) -> Comparison:
    """The rows of two diseases side by side. Raises KnowledgeError for an id that is no candidate, or one disease
    twice.
    """
    one, other = _candidates(differential, a, b)
    mine, others = _by_key(one.contributions), _by_key(other.contributions)
    rows = []
    for key in dict.fromkeys((*mine, *others)):
        first, second = mine.get(key), others.get(key)
        shown = first or second
        assert shown is not None
        sentence = _sentence(shown, first, second, one.disease.name, other.disease.name)
        rows.append(ComparedRow(shown.kind, shown.label, shown.finding, first, second, sentence))
    rows.sort(key=lambda row: -abs(row.difference))
    return Comparison(one.disease, other.disease, one.score - other.score, tuple(rows))


def what_would_change(differential: Differential, a: str, b: str) -> Change | None:
    """The smallest set of answers that reverses the order of two diseases: one, else two; None where there is none.

    Asked are the expected findings of both that nobody has assessed. Every answer is tried by ranking the case anew
    with it; of several sets of one size, the one with the clearest result is given. Pairs are made of answers of which
    each alone already moves the order that way. Raises KnowledgeError as `compare` does.
    """
    one, other = _candidates(differential, a, b)
    places = {one.disease.id: one.rank, other.disease.id: other.rank}
    direction = 1.0 if places[one.disease.id] < places[other.disease.id] else -1.0
    before = one.score - other.score
    ids = one.disease.id, other.disease.id
    singles = sorted(
        (_tried(differential, (answer,), ids, before) for answer in _answers(one, other)),
        key=lambda change: direction * change.lead_after,
    )
    if singles and direction * singles[0].lead_after < 0:
        return singles[0]
    helpful = [change.answers[0] for change in singles if direction * change.lead_after < direction * before]
    ontology = differential.knowledge.ontology
    pairs = (pair for pair in combinations(helpful, 2) if not _related(pair, ontology))
    changes = [_tried(differential, pair, ids, before) for pair in pairs]
    best = min(changes, key=lambda change: direction * change.lead_after, default=None)
    return best if best is not None and direction * best.lead_after < 0 else None


def _candidates(differential: Differential, a: str, b: str) -> tuple[Candidate, Candidate]:
    one, other = (_candidate(differential, identifier) for identifier in (a, b))
    if one.disease.id == other.disease.id:
        raise KnowledgeError(f"{a} and {b} are one disease", repair="compare it with another one")
    return one, other


def _candidate(differential: Differential, identifier: str) -> Candidate:
    found = differential.explained(identifier)
    if found is None:
        near = nearest_diseases(differential.knowledge.facts.diseases, identifier, limit=3)
        meant = "; ".join(f"{proposal.id} {proposal.name}" for proposal in near)
        repair = f"did you mean {meant}?" if meant else "use an OMIM, ORPHA or DECIPHER id, e.g. OMIM:154700"
        raise KnowledgeError(f"{identifier} is no disease of this differential", repair=repair)
    return found


def _by_key(contributions: Iterable[Contribution]) -> dict[tuple[str, str], Contribution]:
    return {(row.kind, row.finding or row.label): row for row in contributions}


def _sentence(shown: Contribution, a: Contribution | None, b: Contribution | None, name_a: str, name_b: str) -> str:
    """In plain words what both diseases say of a row: `Ectopia lentis: 119/251 in A, not described in B`."""
    if shown.kind is ContributionKind.FINDING:
        start = f"{shown.label} is excluded" if shown.match is MatchKind.EXCLUDED else shown.label
        return f"{start}: {_said(a)} in {name_a}, {_said(b)} in {name_b}"
    values = [row.log_lr if row else 0.0 for row in (a, b)]
    return f"{shown.label}: {values[0]:+.2f} for {name_a}, {values[1]:+.2f} for {name_b}"


def _said(row: Contribution | None) -> str:
    """How a disease describes a finding."""
    if row is None or row.match is MatchKind.NONE:
        return NOT_DESCRIBED
    if row.match is MatchKind.EXCLUDED:
        return row.frequency or (NOT_DESCRIBED if row.matched is None else "described")
    if row.match is MatchKind.EXACT:
        return row.frequency or "described"
    frequency = f" ({row.frequency})" if row.frequency else ""
    return f"{'described as' if row.match is MatchKind.GENERAL else 'only'} {row.matched_label}{frequency}"


def _answers(one: Candidate, other: Candidate) -> tuple[Answer, ...]:
    expected = {finding.finding: finding.label for finding in (*one.expected, *other.expected)}
    return tuple(Answer(finding, label, present) for finding, label in expected.items() for present in (True, False))


def _related(pair: tuple[Answer, ...], ontology: Ontology) -> bool:
    """Whether one answer says something of the other's finding: the same finding, or one above the other."""
    first, second = (ontology.index(answer.finding) for answer in pair)
    return ontology.is_a(first, second) or ontology.is_a(second, first)


def _tried(differential: Differential, answers: tuple[Answer, ...], ids: tuple[str, str], before: float) -> Change:
    """The change that answers make, by ranking anew."""
    again = rank(_answered(differential.case, answers), differential.knowledge, weights=differential.weights)
    one, other = (again.index_of(identifier) for identifier in ids)
    assert one is not None
    assert other is not None
    return Change(answers, before, float(again.scores[one] - again.scores[other]))


def _answered(case: Case, answers: tuple[Answer, ...]) -> Case:
    """The case with answers in place of what was open about these findings."""
    given = {
        answer.finding: Finding(
            answer.finding, answer.label, FindingState.OBSERVED if answer.present else FindingState.EXCLUDED
        )
        for answer in answers
    }
    kept = (finding for finding in case.findings if finding.id not in given)
    return replace(case, findings=(*kept, *given.values()))
