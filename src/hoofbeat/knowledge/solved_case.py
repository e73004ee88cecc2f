"""A solved case as far as the case library needs it, and how the cases of one disease in one source are counted.

Nothing here names a person: a disease, a source, findings, the genes that are blamed, sex, a band of ages and a day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from hoofbeat.knowledge.columns import IntArray
from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.onset import BAND_COUNT, OnsetBand
from hoofbeat.knowledge.ontology import Ontology

SEXES = ("female", "male", "other", "unknown")
CLINIC = "clinic:"

MAX_SOURCE = 200  # characters; ours: a name has to fit a line

_DISEASE = re.compile(r"[A-Za-z][\w.-]{0,30}:[!-~]{1,100}", re.ASCII)
_PUBLICATION = re.compile(r"[A-Za-z][\w.-]{0,30}:[!-~]+", re.ASCII)


class SourceKind(IntEnum):
    """What a source is, as numbered in the library file."""

    PUBLICATION = 0
    CLINIC = 1


def source_kind(source: str) -> SourceKind:
    """`clinic:<name>` is a clinic; anything else (`PMID:123`) a publication."""
    return SourceKind.CLINIC if source.startswith(CLINIC) else SourceKind.PUBLICATION


def check_source(source: str) -> str:
    """The source itself. Raises KnowledgeError unless it is `PMID:123`, another id of that form, or `clinic:<name>`."""
    name = source.removeprefix(CLINIC)
    named = bool(name) and name == name.strip() and name.isprintable()
    good = named if source_kind(source) is SourceKind.CLINIC else _PUBLICATION.fullmatch(source) is not None
    if not good or len(source) > MAX_SOURCE:
        raise KnowledgeError(
            f"{source[:MAX_SOURCE]!r} is no source of cases",
            repair=f"name it like PMID:123 or {CLINIC}Example hospital, in at most {MAX_SOURCE} characters",
        )
    return source


@dataclass(frozen=True, slots=True)
class SolvedCase:
    """One person with a confirmed disease: HPO ids (or term indices of the ontology it is counted with) of what was
    observed and excluded; everything not listed is not assessed. `genes` are the symbols of those that cause it.
    """

    disease: str
    source: str
    observed: tuple[str | int, ...] = ()
    excluded: tuple[str | int, ...] = ()
    sex: str = "unknown"
    onset: OnsetBand | None = None
    day: date | None = None
    genes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if _DISEASE.fullmatch(normal_disease_id(self.disease)) is None:
            raise KnowledgeError("a solved case names no disease", repair="give its id, such as OMIM:154700")
        check_source(self.source)
        if self.sex not in SEXES:
            raise KnowledgeError(f"{self.sex!r} is not a sex", repair=f"give one of {', '.join(SEXES)}")


@dataclass(frozen=True, slots=True)
class CountedCases:
    """The cases of one disease in one source, counted.

    `sex` (4,) in the order of SEXES; `onset` (9,) per band, last the unknown; months are yyyymm, 0 when no day is
    known. Per assessed term, ascending: its HPO number, in how many cases observed, in how many excluded. Per gene that
    is blamed, ascending: its symbol, and in how many cases.
    """

    n: int
    sex: IntArray
    onset: IntArray
    first_month: int
    last_month: int
    term: IntArray
    observed: IntArray
    excluded: IntArray
    gene: tuple[str, ...]
    blamed: IntArray


def assessed_terms(case: SolvedCase, ontology: Ontology) -> tuple[IntArray, IntArray]:
    """The term indices that one case counts as observed and as excluded, each ascending, no index in both.

    An observed finding stands for itself and every ancestor that is a phenotypic abnormality; an excluded one for
    itself and every descendant, except what the same case has observed. Ids that are no finding of this release count
    for nothing.
    """
    observed = _union([ontology.ancestors[term] for term in _indices(case.observed, ontology)])
    observed = observed[ontology.is_phenotype[observed]]
    excluded = _union([ontology.descendants[term] for term in _indices(case.excluded, ontology)])
    return observed, np.setdiff1d(excluded, observed, assume_unique=True)


def count_cases(cases: Iterable[SolvedCase], ontology: Ontology) -> CountedCases:
    """Count cases of one disease in one source. Their order makes no difference."""
    n = 0
    observed, excluded = np.zeros((2, len(ontology)), dtype=np.int32)
    sex = np.zeros(len(SEXES), dtype=np.int32)
    onset = np.zeros(BAND_COUNT + 1, dtype=np.int32)
    months = []
    genes: Counter[str] = Counter()
    for case in cases:
        present, absent = assessed_terms(case, ontology)
        observed[present] += 1
        excluded[absent] += 1
        n += 1
        sex[SEXES.index(case.sex)] += 1
        onset[BAND_COUNT if case.onset is None else case.onset] += 1
        genes.update(set(case.genes))
        if case.day is not None:
            months.append(case.day.year * 100 + case.day.month)
    assessed = np.flatnonzero(observed + excluded)
    return CountedCases(
        n=n,
        sex=sex,
        onset=onset,
        first_month=min(months, default=0),
        last_month=max(months, default=0),
        term=ontology.numbers[assessed],
        observed=observed[assessed],
        excluded=excluded[assessed],
        gene=tuple(sorted(genes)),
        blamed=np.array([genes[gene] for gene in sorted(genes)], dtype=np.int32),
    )


def _indices(terms: Iterable[str | int], ontology: Ontology) -> list[int]:
    """Term indices of findings, older ids followed to their successors; ids that are no finding are left out."""
    found = (term if isinstance(term, int) else ontology.resolve(term).index for term in terms)
    return [term for term in found if term is not None and ontology.is_phenotype[term]]


def _union(closures: list[IntArray]) -> IntArray:
    return np.unique(np.concatenate(closures)) if closures else np.zeros(0, dtype=np.int32)
