"""All annotation rows in columns: per aspect a table sorted by merged disease, then term, with the source and date of
every row.

Nothing is pooled or rounded here: a disease and term may have many rows, of several entries and publications.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray, Lists, Texts
from hoofbeat.knowledge.diseases import Diseases
from hoofbeat.knowledge.hpoa import Aspect, Evidence, HpoaRow, Sex
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.stated_frequency import Band, Counts, FrequencyKind, StatedFrequency, from_columns, limits

SmallArray = NDArray[np.int8]
BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]

PUBLICATION = "PMID:"  # what the id of a publication begins with


@dataclass(frozen=True, slots=True)
class Annotation:
    """One row as an object, for explanations. Terms are indices; `onset` is None where not stated, `curated` where
    undated.
    """

    disease: int
    entry: str
    term: int
    negated: bool
    frequency: StatedFrequency
    evidence: Evidence
    references: tuple[str, ...]
    onset: int | None
    sex: Sex
    modifiers: tuple[int, ...]
    curated: date | None
    line: int

    @property
    def is_absence(self) -> bool:
        """Whether the row says that the finding was looked for and not there: NOT, 0/m, or "excluded"."""
        absent_counts = isinstance(self.frequency, Counts) and self.frequency.n == 0
        absent_band = isinstance(self.frequency, Band) and self.frequency.high == 0
        return self.negated or absent_counts or absent_band

    def frequency_text(self) -> str:
        """As shown to people: `124/197`, `very frequent (80-99 %)`, `not stated`, `absent`."""
        return "absent" if self.negated else self.frequency.text()


@dataclass(frozen=True)
class AnnotationTable:
    """The rows of one aspect, sorted by disease, term, member and line. All columns have one value per row.

    `frequency_kind` numbers FrequencyKind; `n` and `m` are 0 unless it is COUNTS; `low` and `high` are the shares
    stated (a count or percentage twice, a band's limits, 0 and 1 when unknown). `evidence` and `sex` number Evidence
    and Sex. `references` holds indices into `Annotations.references`, `modifiers` term indices. `onset` is a term index
    or -1; `date` yyyymmdd or 0; `line` the line in phenotype.hpoa. `starts` (n_diseases + 1) gives each disease's rows;
    `citing`, per reference, the rows that quote it, ascending.
    """

    disease: IntArray
    member: IntArray
    term: IntArray
    negated: BoolArray
    frequency_kind: SmallArray
    n: IntArray
    m: IntArray
    low: FloatArray
    high: FloatArray
    evidence: SmallArray
    references: Lists
    onset: IntArray
    sex: SmallArray
    modifiers: Lists
    date: IntArray
    line: IntArray
    starts: NDArray[np.int64]
    citing: Lists

    @classmethod
    def of(cls, rows: Iterable[HpoaRow], diseases: Diseases, reference_index: Mapping[str, int]) -> AnnotationTable:
        """Put the rows of one aspect in columns; every row's disease must be a member of `diseases`."""
        keyed = []
        for row in rows:
            member = diseases.member(row.disease)
            assert member is not None, row.disease
            keyed.append((int(diseases.member_disease[member]), row.term, member, row.line, row))
        keyed.sort(key=lambda item: item[:4])
        ordered = [item[4] for item in keyed]
        disease = np.array([item[0] for item in keyed], dtype=np.int32)
        counts = [row.frequency if isinstance(row.frequency, Counts) else None for row in ordered]
        shares = np.array([limits(row.frequency) for row in ordered], dtype=np.float64).reshape(-1, 2)
        references = Lists.of(sorted(reference_index[reference] for reference in row.references) for row in ordered)
        return cls(
            disease=disease,
            member=np.array([item[2] for item in keyed], dtype=np.int32),
            term=np.array([row.term for row in ordered], dtype=np.int32),
            negated=np.array([row.negated for row in ordered], dtype=np.bool_),
            frequency_kind=np.array([row.frequency.kind for row in ordered], dtype=np.int8),
            n=np.array([count.n if count else 0 for count in counts], dtype=np.int32),
            m=np.array([count.m if count else 0 for count in counts], dtype=np.int32),
            low=np.ascontiguousarray(shares[:, 0]),
            high=np.ascontiguousarray(shares[:, 1]),
            evidence=np.array([row.evidence for row in ordered], dtype=np.int8),
            references=references,
            onset=np.array([row.onset for row in ordered], dtype=np.int32),
            sex=np.array([row.sex for row in ordered], dtype=np.int8),
            modifiers=Lists.of(row.modifiers for row in ordered),
            date=np.array([row.date for row in ordered], dtype=np.int32),
            line=np.array([row.line for row in ordered], dtype=np.int32),
            starts=np.searchsorted(disease, np.arange(len(diseases) + 1)).astype(np.int64),
            citing=references.turned(len(reference_index)),
        )

    def __len__(self) -> int:
        return len(self.disease)

    def rows(self, disease: int, term: int | None = None) -> range:
        """The row numbers of a disease, or of one term in it."""
        start, end = int(self.starts[disease]), int(self.starts[disease + 1])
        if term is None:
            return range(start, end)
        return range(bisect_left(self.term, term, start, end), bisect_right(self.term, term, start, end))

    def is_absence(self) -> BoolArray:
        """Per row, whether it says "assessed and absent": NOT, 0/m, or the band "excluded"."""
        none_of_m = (self.frequency_kind == FrequencyKind.COUNTS) & (self.n == 0)
        excluded = (self.frequency_kind == FrequencyKind.BAND) & (self.high == 0)
        absent: BoolArray = self.negated | none_of_m | excluded
        return absent


@dataclass(frozen=True)
class Annotations:
    """All rows by aspect, and the references that they quote (ascending texts such as `PMID:28050285`)."""

    reference_ids: Texts
    findings: AnnotationTable
    inheritance: AnnotationTable
    course: AnnotationTable
    modifiers: AnnotationTable
    history: AnnotationTable

    @classmethod
    def of(cls, rows: Sequence[HpoaRow], diseases: Diseases) -> Annotations:
        """Sort the rows into the five tables."""
        references = sorted({reference for row in rows for reference in row.references})
        place = {reference: index for index, reference in enumerate(references)}
        by_aspect: dict[Aspect, list[HpoaRow]] = {aspect: [] for aspect in Aspect}
        for row in rows:
            by_aspect[row.aspect].append(row)
        tables = {aspect: AnnotationTable.of(of_aspect, diseases, place) for aspect, of_aspect in by_aspect.items()}
        return cls(
            reference_ids=Texts.of(references),
            findings=tables[Aspect.FINDING],
            inheritance=tables[Aspect.INHERITANCE],
            course=tables[Aspect.COURSE],
            modifiers=tables[Aspect.MODIFIER],
            history=tables[Aspect.HISTORY],
        )

    def table(self, aspect: Aspect) -> AnnotationTable:
        """The table of an aspect."""
        if aspect is Aspect.FINDING:  # nearly always
            return self.findings
        return {
            Aspect.INHERITANCE: self.inheritance,
            Aspect.COURSE: self.course,
            Aspect.MODIFIER: self.modifiers,
            Aspect.HISTORY: self.history,
        }[aspect]

    def citing(self, reference: str, aspect: Aspect = Aspect.FINDING) -> IntArray:
        """The rows of an aspect that quote a reference, ascending; empty for a reference that no row quotes."""
        at = self.reference_ids.position(reference)
        return np.zeros(0, dtype=np.int32) if at is None else self.table(aspect).citing[at]

    @cached_property
    def reference_places(self) -> dict[str, int]:
        """Per reference its index; made once, for whoever looks up many."""
        return {reference: place for place, reference in enumerate(self.reference_ids)}

    @cached_property
    def quoted_publications(self) -> NDArray[np.int64]:
        """Which disease's findings quote which publication, as disease << 32 | reference, each once, ascending."""
        publications = self.reference_ids.with_prefix(PUBLICATION)
        references = self.findings.references
        chosen = (references.values >= publications.start) & (references.values < publications.stop)
        disease = self.findings.disease[references.owners()[chosen]].astype(np.int64)
        return np.unique(disease << 32 | references.values[chosen])

    def row(self, index: int, diseases: Diseases, aspect: Aspect = Aspect.FINDING) -> Annotation:
        """One row as an object."""
        table = self.table(aspect)
        frequency = from_columns(
            int(table.frequency_kind[index]),
            int(table.n[index]),
            int(table.m[index]),
            float(table.low[index]),
            float(table.high[index]),
        )
        onset = int(table.onset[index])
        return Annotation(
            disease=int(table.disease[index]),
            entry=diseases.member_ids[int(table.member[index])],
            term=int(table.term[index]),
            negated=bool(table.negated[index]),
            frequency=frequency,
            evidence=Evidence(int(table.evidence[index])),
            references=tuple(self.reference_ids[int(reference)] for reference in table.references[index]),
            onset=onset if onset >= 0 else None,
            sex=Sex(int(table.sex[index])),
            modifiers=tuple(table.modifiers[index].tolist()),
            curated=_day(int(table.date[index])),
            line=int(table.line[index]),
        )


def _day(number: int) -> date | None:
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None


def count_branches_astray(annotations: Annotations, ontology: Ontology) -> int:
    """How many rows of aspect P have a term that is not a phenotypic abnormality: such rows can match no finding."""
    return int((~ontology.is_phenotype[annotations.findings.term]).sum())
