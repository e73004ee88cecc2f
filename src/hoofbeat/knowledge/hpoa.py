"""Reader of phenotype.hpoa: which findings are described in which disease, how often, by whom and when.

Every column is kept. A row that cannot be used is skipped, counted and listed; a file that is not phenotype.hpoa is
refused.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from hoofbeat.knowledge.disease_ids import disease_source, normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.ontology import IdStatus, Ontology
from hoofbeat.knowledge.stated_frequency import BANDS, StatedFrequency, parse_frequency
from hoofbeat.knowledge.tables import open_table

COLUMNS = (
    "database_id",
    "disease_name",
    "qualifier",
    "hpo_id",
    "reference",
    "evidence",
    "onset",
    "frequency",
    "sex",
    "modifier",
    "aspect",
    "biocuration",
)
# Header of releases before 2023, so that stored older releases can be read too.
OLDER_NAMES = {
    "databaseid": "database_id",
    "diseasename": "disease_name",
    "db_name": "disease_name",
    "biocuratedby": "biocuration",
}

# More skipped rows than this share, and the file is damaged rather than imperfect. Ours; the release 2025-01-16 skips
# none.
MAX_SKIPPED_SHARE = 0.01

_REPAIR = "use an unaltered phenotype.hpoa of an HPO release, or run `hoofbeat knowledge update`"
_DATED = re.compile(r"\[(\d{4})-(\d{2})-(\d{2})\]")


class Aspect(StrEnum):
    """What a row speaks of."""

    FINDING = "P"
    INHERITANCE = "I"
    COURSE = "C"  # onset and course
    MODIFIER = "M"
    HISTORY = "H"  # past medical history


class Evidence(IntEnum):
    """Where a statement comes from, weakest first, as numbered in the knowledge file."""

    NONE = 0
    IEA = 1  # inferred from electronic annotation
    TAS = 2  # traceable author statement
    PCS = 3  # published clinical study


class Sex(IntEnum):
    """To which sex a row is limited, as numbered in the knowledge file."""

    ANY = 0
    FEMALE = 1
    MALE = 2


class HpoaRow(NamedTuple):
    """One usable row. `term`, `onset` and `modifiers` are term indices (onset -1 for none); `date` is yyyymmdd, the
    latest, 0 for none.
    """

    line: int
    disease: str
    disease_name: str
    negated: bool
    term: int
    references: tuple[str, ...]
    evidence: Evidence
    onset: int
    frequency: StatedFrequency
    sex: Sex
    modifiers: tuple[int, ...]
    aspect: Aspect
    date: int


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row left out, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Hpoa:
    """The usable rows in file order, and what reading them showed.

    `mapped` counts the rows per (older id, id in use). `dropped_later` counts, per source, rows left
    out because they were curated after the day asked for.
    """

    release: str
    hpo_release: str
    rows: tuple[HpoaRow, ...]
    rows_read: int
    mapped: dict[tuple[str, str], int]
    skipped: tuple[SkippedRow, ...]
    dropped_later: dict[str, int] = field(default_factory=dict)


class _RowError(ValueError):
    """The row cannot be used."""


@dataclass
class _Reader:
    ontology: Ontology
    mapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    _terms: dict[str, int] = field(default_factory=dict)
    _older: dict[str, str] = field(default_factory=dict)

    def term(self, given: str) -> int:
        """The term index of an id; counts older ids. Raises _RowError where no term in use is meant."""
        if given not in self._terms:
            resolved = self.ontology.resolve(given)
            if resolved.index is None or resolved.id is None:
                consider = f" (consider {', '.join(resolved.consider)})" if resolved.consider else ""
                raise _RowError(
                    f"{given or 'an empty id'} is {resolved.status} in HPO {self.ontology.release}{consider}"
                )
            self._terms[given] = resolved.index
            if resolved.status is not IdStatus.CURRENT:
                self._older[given] = resolved.id
        if given in self._older:
            self.mapped[given, self._older[given]] += 1
        return self._terms[given]

    def frequency(self, text: str) -> StatedFrequency:
        if text.startswith("HP:") and text not in BANDS:
            text = self.ontology.id(self.term(text))
        try:
            return parse_frequency(text)
        except ValueError as error:
            raise _RowError(f"frequency {error}") from error

    def row(self, line: int, cells: tuple[str, ...]) -> HpoaRow:
        disease, name, qualifier, term, reference, evidence, onset, frequency, sex, modifiers, aspect, biocuration = (
            cells
        )
        if qualifier not in {"", "NOT"}:
            raise _RowError(f"qualifier {qualifier!r} is neither empty nor NOT")
        if aspect not in _ASPECTS:
            raise _RowError(f"aspect {aspect!r} is none of P, I, C, M, H")
        if evidence not in _EVIDENCE:
            raise _RowError(f"evidence {evidence!r} is none of PCS, TAS, IEA")
        if sex.upper() not in _SEX:
            raise _RowError(f"sex {sex!r} is neither MALE nor FEMALE")
        if not disease or disease.strip().endswith(":"):
            raise _RowError("no disease id")
        return HpoaRow(
            line=line,
            disease=normal_disease_id(disease),
            disease_name=name.strip(),
            negated=qualifier == "NOT",
            term=self.term(term),
            references=_references(reference),
            evidence=_EVIDENCE[evidence],
            onset=self.term(onset) if onset else -1,
            frequency=self.frequency(frequency),
            sex=_SEX[sex.upper()],
            modifiers=tuple(dict.fromkeys(self.term(m.strip()) for m in modifiers.split(";") if m.strip())),
            aspect=_ASPECTS[aspect],
            date=latest_date(biocuration),
        )


_ASPECTS = {aspect.value: aspect for aspect in Aspect}
_EVIDENCE = {"": Evidence.NONE, **{evidence.name: evidence for evidence in Evidence if evidence}}
_SEX = {"": Sex.ANY, "MALE": Sex.MALE, "FEMALE": Sex.FEMALE}


def read_hpoa(path: Path, ontology: Ontology, *, as_of: int | None = None) -> Hpoa:
    """Read phenotype.hpoa. With `as_of` (yyyymmdd), rows whose latest curation is after that day are left out.

    Raises KnowledgeError when a column is missing or more than MAX_SKIPPED_SHARE of the rows cannot be used.
    """
    table = open_table(path, COLUMNS, repair=_REPAIR, older_names=OLDER_NAMES)
    reader = _Reader(ontology)
    rows: list[HpoaRow] = []
    skipped: list[SkippedRow] = []
    read = 0
    later: Counter[str] = Counter()
    for line, cells in table.rows:
        read += 1
        try:
            row = reader.row(line, cells)
        except _RowError as error:
            skipped.append(SkippedRow(line, str(error)))
            continue
        if as_of is not None and row.date > as_of:
            later[disease_source(row.disease)] += 1
        else:
            rows.append(row)
    skipped += [
        SkippedRow(line, f"fewer than {len(COLUMNS)} cells: is the file cut off?") for line in table.short_lines
    ]
    read += len(table.short_lines)
    skipped.sort(key=lambda row: row.line)
    if len(skipped) > MAX_SKIPPED_SHARE * read:
        first = skipped[0]
        raise KnowledgeError(
            f"{path}:{first.line}: {len(skipped)} of {read} rows cannot be used; the first: {first.reason}",
            repair=_REPAIR,
        )
    if not rows:
        raise KnowledgeError(f"{path}: no annotation{'' if as_of is None else ' up to that date'}", repair=_REPAIR)
    return Hpoa(
        release=_date(table.comment("version") or table.comment("date")),
        hpo_release=_date(table.comment("hpo-version")),
        rows=tuple(rows),
        rows_read=read,
        mapped=dict(sorted(reader.mapped.items())),
        skipped=tuple(skipped),
        dropped_later=dict(sorted(later.items())),
    )


def stated_release(path: Path) -> str:
    """The release that the comment lines of phenotype.hpoa state, without reading on. Raises KnowledgeError if none:
    a release is named and ordered by its date.
    """
    table = open_table(path, COLUMNS, repair=_REPAIR, older_names=OLDER_NAMES)
    release = _date(table.comment("version") or table.comment("date"))
    if release == "unknown":
        raise KnowledgeError(f"{path}: no line such as #version: 2025-01-16 says its release", repair=_REPAIR)
    return release


def _date(text: str | None) -> str:
    """`2025-01-16`, also out of the address of a release; `unknown` without a date."""
    found = re.search(r"\d{4}-\d{2}-\d{2}", text or "")
    return found.group(0) if found else "unknown"


@lru_cache(maxsize=65536)
def _references(text: str) -> tuple[str, ...]:
    """`PMID:1;PMID:2` are two references; repetitions are one."""
    return tuple(dict.fromkeys(piece.strip() for piece in text.split(";") if piece.strip()))


@lru_cache(maxsize=65536)
def latest_date(biocuration: str) -> int:
    """The latest day in `HPO:a[2012-04-08];HPO:b[2018-10-04]`, as 20181004; 0 without a date."""
    return max((int(year + month + day) for year, month, day in _DATED.findall(biocuration)), default=0)
