"""The patients of the simulation of the next step: drawn from counts that the ranking is not given, or published
cases.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hoofbeat.cases import Case
from hoofbeat.cases.finding import FindingState
from hoofbeat.cases.solved import solved_case
from hoofbeat.diagnosis.rank import rank
from hoofbeat.interchange.sources import read_cases
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.solved_case import SolvedCase
from hoofbeat.knowledge.stated_frequency import FrequencyKind

REVEALED = 3  # findings that are known at first: the least specific ones (diagnosis specification, section 5)
LEAST_PEOPLE = 3  # assessed for a count to be drawn from
LEAST_COUNTED = 8  # findings of a publication with somebody who has them
LEAST_SHARED = 5  # of its frequent findings that other sources describe too: else nothing is left to rank with
FREQUENT = 0.2
LEAST_FINDINGS = 5  # of one patient

# What chooses questions was fitted on patients of one disease in this many, by a hash of its id, and before that on
# those of these diseases: all of them are left out here.
FITTED_ON = 4
LOOKED_AT = frozenset(
    f"OMIM:{number}"
    for number in (
        150230,
        177170,
        182212,
        185070,
        216340,
        227810,
        253250,
        300869,
        557000,
        603671,
        606159,
        609528,
        609541,
        613385,
        614153,
        614592,
        615290,
        615349,
        615541,
        616007,
        616269,
        616420,
        616449,
        616728,
    )
)


def was_looked_at(disease: str) -> bool:
    """Whether patients of a disease may have been looked at while it was chosen how questions are."""
    return disease in LOOKED_AT or hashlib.sha256(f"next step:{disease}".encode()).digest()[0] % FITTED_ON == 0


@dataclass(frozen=True)
class Patient:
    """Somebody whose findings are known. `present` holds the findings with all above them, `absent` those that are not
    there, with nothing below them; of all others an answer is "no" where nobody describes them in the disease, and
    "unclear" else. `source` is the publication that the ranking must not know.
    """

    disease: int
    source: str
    first: tuple[int, ...]
    present: frozenset[int]
    absent: frozenset[int]
    unmentioned_is_unclear: bool

    def answer(self, term: int, knowledge: Knowledge) -> FindingState:
        """What the patient says of a finding; `knowledge` is the whole one, which only this answer may look at."""
        if term in self.present:
            return FindingState.OBSERVED
        if self.absent.intersection(knowledge.ontology.ancestors[term].tolist()):
            return FindingState.EXCLUDED
        described = self.unmentioned_is_unclear or knowledge.share_of(term, self.disease) > 0
        return FindingState.UNCERTAIN if described else FindingState.EXCLUDED


def drawn_patients(knowledge: Knowledge, number: int, seed: int) -> list[Patient]:
    """At most one patient a disease, drawn from the counts of one publication.

    Left out are those in whom the disease is not first even with all findings given, since then no question can help;
    and those in whom it is first with the three revealed ones.
    """
    generator = np.random.default_rng(seed)
    counted = _counted(knowledge)
    keys = sorted(counted)
    found: dict[int, Patient] = {}
    for place in generator.permutation(len(keys)).tolist():
        disease, reference = keys[place]
        if disease in found or was_looked_at(knowledge.disease_id(disease)):
            continue
        patient = _drawn(knowledge, disease, reference, counted[keys[place]], generator)
        if patient is not None and _can_be_found(knowledge, patient):
            found[disease] = patient
            if len(found) == number:
                break
    return list(found.values())


def _counted(knowledge: Knowledge) -> dict[tuple[int, int], dict[int, tuple[int, int]]]:
    """(disease, reference) -> finding -> (n, m), of rows that quote one reference alone."""
    table, ontology = knowledge.facts.annotations.findings, knowledge.ontology
    counted: dict[tuple[int, int], dict[int, tuple[int, int]]] = defaultdict(dict)
    usable = (table.frequency_kind == FrequencyKind.COUNTS) & (table.m >= LEAST_PEOPLE) & ~table.negated
    for row in np.flatnonzero(usable & ontology.is_phenotype[table.term]).tolist():
        references = table.references[row].tolist()
        if len(references) == 1:
            key = int(table.disease[row]), references[0]
            counted[key][int(table.term[row])] = int(table.n[row]), int(table.m[row])
    return {key: of for key, of in counted.items() if sum(n > 0 for n, _ in of.values()) >= LEAST_COUNTED}


def _drawn(
    knowledge: Knowledge,
    disease: int,
    reference: int,
    counts: dict[int, tuple[int, int]],
    generator: np.random.Generator,
) -> Patient | None:
    """One patient: each counted finding is there with its share n/m."""
    table, ontology = knowledge.facts.annotations.findings, knowledge.ontology
    others = {int(table.term[row]) for row in table.rows(disease) if reference not in table.references[row].tolist()}
    described = {int(above) for term in others for above in ontology.ancestors[term]}
    if sum(n / m >= FREQUENT and term in described for term, (n, m) in counts.items()) < LEAST_SHARED:
        return None
    there = [term for term, (n, m) in sorted(counts.items()) if generator.random() < n / m]
    source = knowledge.facts.annotations.reference_ids[reference]
    return _patient(knowledge, disease, source, there, [t for t in counts if t not in there], unclear=False)


def _patient(
    knowledge: Knowledge, disease: int, source: str, there: list[int], absent: list[int], *, unclear: bool
) -> Patient | None:
    """A patient with the least specific findings revealed; None with too few."""
    ontology, content = knowledge.ontology, knowledge.information_content
    present = {int(above) for term in there for above in ontology.ancestors[term]}
    special = [t for t in there if not any(other != t and ontology.is_a(other, t) for other in there)]
    if len(special) < LEAST_FINDINGS:
        return None
    first = tuple(sorted(special, key=lambda term: (content[term], term))[:REVEALED])
    return Patient(disease, source, first, frozenset(present), frozenset(absent) - present, unclear)


def _can_be_found(knowledge: Knowledge, patient: Patient) -> bool:
    ontology = knowledge.ontology
    without, identifier = knowledge.without({patient.source}), knowledge.disease_id(patient.disease)
    every = [ontology.id(term) for term in sorted(patient.present) if ontology.is_phenotype[term]]
    known = rank(Case.of(every, [ontology.id(term) for term in sorted(patient.absent)]), without)
    begun = rank(Case.of([ontology.id(term) for term in patient.first]), without)
    return known.rank_of(identifier) <= 1 and begun.rank_of(identifier) > 1


def published_patients(knowledge: Knowledge, path: Path, number: int, seed: int) -> list[Patient]:
    """Published cases, one a publication, whose disease the release describes. What they do not mention is unclear."""
    ontology = knowledge.ontology
    cases = sorted(_solved(knowledge, path), key=lambda item: item[0])
    found: dict[str, Patient] = {}
    for place in np.random.default_rng(seed).permutation(len(cases)).tolist():
        source, disease, case = cases[place]
        if source in found:
            continue
        terms = [[ontology.resolve(one).index for one in ids] for ids in (case.observed, case.excluded)]
        there, absent = ([t for t in of if t is not None and ontology.is_phenotype[t]] for of in terms)
        patient = _patient(knowledge, disease, source, sorted(set(there)), absent, unclear=True)
        if patient is not None:
            found[source] = patient
            if len(found) == number:
                break
    return list(found.values())


def _solved(knowledge: Knowledge, path: Path) -> Iterator[tuple[str, int, Case]]:
    for document in read_cases(path, ontology=knowledge.ontology):
        for case in document.cases:
            solved = solved_case(case)
            if isinstance(solved, SolvedCase):
                disease = knowledge.find_disease(solved.disease)
                if disease is not None:
                    yield solved.source, disease, case
