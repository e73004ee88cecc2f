"""Why one disease stands before another in a differential, and which answers would change that.

A clinician who doubts an order wants the few rows that make it, and the few questions that could turn it round.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from hoofbeat.diagnosis.answered import answered, ranked_again
from hoofbeat.diagnosis.differential import (
    Answer,
    Candidate,
    Change,
    ComparedRow,
    Comparison,
    Contribution,
    ContributionKind,
    MatchKind,
)
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.nearest import nearest_diseases
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.stated_frequency import UNKNOWN

NOT_DESCRIBED = "not described"
MOST_FINDINGS = 200  # of a case that is asked further: each of hundreds of rankings takes longer with more (ours)


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
    return Comparison(one, other, tuple(rows))


def what_would_change(differential: Differential, a: str, b: str) -> Change | None:
    """The smallest set of answers that reverses the order of two diseases: one, else two; None where none was found.

    Asked are the expected findings of both that nobody has assessed: at most 16, so 32 answers and 480 pairs. Every set
    is tried by ranking the case anew with it, pairs also where neither answer alone moves the order that way; of
    several sets of one size, the one with the clearest result is given. A case of more than MOST_FINDINGS is not asked
    further. Raises KnowledgeError as `compare` does.
    """
    one, other = _candidates(differential, a, b)
    if len(differential.case.findings) > MOST_FINDINGS:
        return None
    answers = _answers(one, other)
    ontology = differential.knowledge.ontology
    pairs = (pair for pair in combinations(answers, 2) if _may_both_be(pair, ontology))
    direction = 1.0 if one.rank < other.rank else -1.0
    for sets in (((answer,) for answer in answers), pairs):
        changes = [_tried(differential, chosen, one, other) for chosen in sets]
        best = min(changes, key=lambda change: direction * change.lead_after, default=None)
        if best is not None and direction * best.lead_after < 0:
            return best
    return None


def named_pair(knowledge: Knowledge, a: str, b: str) -> tuple[str, str]:
    """The primary ids of two diseases, each named by any of its ids. Raises KnowledgeError for an id that is no disease
    (with the nearest ones), or one disease twice.
    """
    first, second = (_primary_id(knowledge, identifier) for identifier in (a, b))
    if first == second:
        raise KnowledgeError(f"{a} and {b} are one disease", repair="compare it with another one")
    return first, second


def _primary_id(knowledge: Knowledge, identifier: str) -> str:
    found = knowledge.find_disease(identifier)
    if found is not None:
        return knowledge.disease_id(found)
    near = nearest_diseases(knowledge.facts.diseases, identifier, limit=3)
    meant = "; ".join(f"{proposal.id} {proposal.name}" for proposal in near)
    repair = f"did you mean {meant}?" if meant else "use an OMIM, ORPHA or DECIPHER id, e.g. OMIM:154700"
    raise KnowledgeError(f"{identifier} is no disease that is ranked", repair=repair)


def _candidates(differential: Differential, a: str, b: str) -> tuple[Candidate, Candidate]:
    one, other = (differential.explained(identifier) for identifier in named_pair(differential.knowledge, a, b))
    assert one is not None
    assert other is not None
    return one, other


def _by_key(contributions: Iterable[Contribution]) -> dict[tuple[str, str], Contribution]:
    # What the variants say is one row, whatever each disease makes of them.
    return {
        (row.kind, row.finding or ("" if row.kind is ContributionKind.GENOTYPE else row.label)): row
        for row in contributions
    }


def _sentence(shown: Contribution, a: Contribution | None, b: Contribution | None, name_a: str, name_b: str) -> str:
    """In plain words what both diseases say of a row: `Ectopia lentis: 119/251 in A, not described in B`."""
    if shown.kind is ContributionKind.FINDING:
        start = f"{shown.label} is excluded" if shown.match is MatchKind.EXCLUDED else shown.label
        return f"{start}: {_said(a)} in {name_a}, {_said(b)} in {name_b}"
    values = [row.log_lr if row else 0.0 for row in (a, b)]
    if shown.kind is ContributionKind.GENOTYPE:
        said = [f"{row.label}, {value:+.2f}" if row else "nothing" for row, value in zip((a, b), values, strict=True)]
        return f"Variants: {said[0]} for {name_a}; {said[1]} for {name_b}"
    return f"{shown.label}: {values[0]:+.2f} for {name_a}, {values[1]:+.2f} for {name_b}"


def _said(row: Contribution | None) -> str:
    """How a disease describes a finding."""
    if row is None or row.match is MatchKind.NONE:
        return NOT_DESCRIBED
    often = "" if row.frequency in (None, UNKNOWN.text()) else row.frequency
    if row.match is MatchKind.EXCLUDED:
        return often or (NOT_DESCRIBED if row.matched is None else "described")
    if row.match is MatchKind.EXACT:
        return often or "described"
    frequency = f" ({often})" if often else ""
    return f"{'described as' if row.match is MatchKind.GENERAL else 'only'} {row.matched_label}{frequency}"


def _answers(one: Candidate, other: Candidate) -> tuple[Answer, ...]:
    expected = {finding.finding: finding.label for finding in (*one.expected, *other.expected)}
    return tuple(Answer(finding, label, present) for finding, label in expected.items() for present in (True, False))


def _may_both_be(pair: tuple[Answer, Answer], ontology: Ontology) -> bool:
    """Whether two answers fit each other and the second adds to the first. Of a finding and one below it, only the
    general one present and the special one absent does.
    """
    first, second = ((ontology.index(answer.finding), answer.present) for answer in pair)
    for (special, is_special), (general, is_general) in ((first, second), (second, first)):
        if ontology.is_a(special, general):
            return special != general and is_general and not is_special
    return True


def _tried(differential: Differential, answers: tuple[Answer, ...], one: Candidate, other: Candidate) -> Change:
    """The change that answers make, by ranking anew."""
    present = tuple(answer.finding for answer in answers if answer.present)
    absent = tuple(answer.finding for answer in answers if not answer.present)
    again = ranked_again(differential, answered(differential.case, present, absent))
    first, second = (again.index_of(candidate.disease.id) for candidate in (one, other))
    assert first is not None
    assert second is not None
    return Change(answers, one.score - other.score, float(again.scores[first] - again.scores[second]))
