"""What the case library may count of a case: the confirmed disease, the source, the findings, the genes that cause it,
sex and age at onset.

A case that says no single solved disease, or does not say where it comes from, is refused with the reason: counting it
wrongly would mislead every later case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hoofbeat.cases.case import Case
from hoofbeat.cases.ontology_class import pmid
from hoofbeat.cases.reported import InterpretationStatus
from hoofbeat.cases.subject import Subject
from hoofbeat.cases.time_element import (
    DAYS_PER_YEAR,
    AgeRange,
    GestationalAge,
    OnsetClass,
    TimeElement,
    Timestamp,
)
from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.onset import OnsetBand, band_of_age, band_of_term
from hoofbeat.knowledge.solved_case import CLINIC, SolvedCase, check_source

# Of a gene, as HGNC and Ensembl write it (capitals, digits, `orf`). What else stands there is not counted: it may be
# the name of a person.
_SYMBOL = re.compile(r"(?=.{1,24}\Z)[A-Z][A-Z0-9]*(orf[0-9]+)?([-.][A-Z0-9]+)*")
# A case that blames more genes has lost or doubled a stretch of a chromosome: which of them is the cause nobody says,
# and where the stretch begins and ends could tell a person from others (ours).
MOST_GENES = 3


class WhyNot(StrEnum):
    """Why a case is not counted."""

    NO_DISEASE = "no disease is reported as solved"
    SEVERAL_DISEASES = "several diseases are reported as solved"
    NOT_SOLVED = "the search for the diagnosis is marked as not finished"
    NO_DISEASE_ID = "the disease has no identifier such as OMIM:154700"
    NO_SOURCE = "it cites no publication, and no source was given"

    @property
    def repair(self) -> str:
        """What would let the case be counted."""
        return {
            WhyNot.NO_DISEASE: "give an interpretation with progressStatus SOLVED, or one disease",
            WhyNot.SEVERAL_DISEASES: "a case teaches one disease: leave the one that explains the findings",
            WhyNot.NOT_SOLVED: "add it when the diagnosis is confirmed (progressStatus SOLVED)",
            WhyNot.NO_DISEASE_ID: "give the id of OMIM, Orphanet or DECIPHER",
            WhyNot.NO_SOURCE: "name where the cases are from: --source NAME",
        }[self]


@dataclass(frozen=True, slots=True)
class Refused:
    """A case that is not counted: the reason, and in `detail` what the case says."""

    why: WhyNot
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.why}{f' ({self.detail})' if self.detail else ''}"


def source_named(given: str) -> str:
    """The source that a person means: `PMID:123` (or its PubMed address) is a publication, any other name a clinic.

    >>> source_named("pmid 123"), source_named("Example hospital")
    ('PMID:123', 'clinic:Example hospital')

    Raises KnowledgeError for a name that cannot be one.
    """
    name = " ".join(given.split())
    return check_source(pmid(name) or f"{CLINIC}{name.removeprefix(CLINIC).strip()}")


def solved_case(case: Case, *, source: str | None = None) -> SolvedCase | Refused:
    """The case as the library counts it, or why it is not counted.

    The source is the first publication that the case cites, else `source` (`PMID:123` or `clinic:<name>`, see
    `source_named`).
    """
    disease = _solved_disease(case)
    if isinstance(disease, Refused):
        return disease
    came_from = next(iter(case.publications), source)
    if came_from is None:
        return Refused(WhyNot.NO_SOURCE)
    try:
        return SolvedCase(
            disease=disease,
            source=came_from,
            observed=case.observed,
            excluded=case.excluded,
            sex=case.sex.value,
            onset=onset_band(case, disease),
            day=_day(case.provenance.created),
            genes=causal_genes(case, disease),
        )
    except KnowledgeError:
        return Refused(WhyNot.NO_DISEASE_ID, disease[:80])


def causal_genes(case: Case, disease: str) -> tuple[str, ...]:
    """The symbols of the genes that the source calls the cause of a disease, each once, ascending; what is no symbol is
    left out, and all of them where there are more than MOST_GENES.
    """
    wanted = normal_disease_id(disease)
    found = set()
    for one in case.reported.interpretations:
        if one.disease is None or normal_disease_id(one.disease.id) != wanted:
            continue
        for genomic in one.genomic_interpretations:
            gene = genomic.gene or (genomic.variant.gene if genomic.variant is not None else None)
            if genomic.status is InterpretationStatus.CAUSATIVE and gene is not None:
                found.add(gene.symbol.strip())
    symbols = sorted(symbol for symbol in found if _SYMBOL.fullmatch(symbol))
    return tuple(symbols) if len(symbols) <= MOST_GENES else ()


def onset_band(case: Case, disease: str) -> OnsetBand | None:
    """When the disease first showed: what the source says of the disease, else the earliest onset of an observed
    finding; None where neither says so within one band.
    """
    wanted = normal_disease_id(disease)
    for reported in case.reported.diseases:
        if not reported.excluded and normal_disease_id(reported.term.id) == wanted:
            band = band_of_time(reported.onset, case.subject)
            if band is not None:
                return band
    bands = [band_of_time(finding.onset, case.subject) for finding in case.findings if finding.is_observed]
    return min((band for band in bands if band is not None), default=None)


def band_of_time(time: TimeElement | None, subject: Subject) -> OnsetBand | None:
    """The band that a time lies in; None when unknown, in several bands, or a date without a date of birth."""
    if isinstance(time, OnsetClass):
        return band_of_term(time.term.id)
    if isinstance(time, GestationalAge):
        return OnsetBand.CONGENITAL
    if isinstance(time, AgeRange):
        first, last = band_of_time(time.start, subject), band_of_time(time.end, subject)
        return first if first == last else None
    years = None if time is None else time.years()
    if isinstance(time, Timestamp) and subject.date_of_birth is not None:
        years = (time.moment() - subject.date_of_birth.moment()).total_seconds() / 86400 / DAYS_PER_YEAR
    return band_of_age(years) if years is not None and years >= 0 else None


def _solved_disease(case: Case) -> str | Refused:
    """The one disease that is reported as solved, as the source writes it."""
    reported = case.reported
    solved = {normal_disease_id(identifier): identifier for identifier in reversed(reported.solved_ids)}
    if not solved:
        if reported.is_unfinished:
            return Refused(WhyNot.NOT_SOLVED)
        stated = [disease.term.id for disease in reported.diseases if not disease.excluded and disease.term.id]
        solved = {normal_disease_id(identifier): identifier for identifier in reversed(stated)}
    if len(solved) > 1:
        return Refused(WhyNot.SEVERAL_DISEASES, ", ".join(sorted(solved))[:200])
    return next(iter(solved.values()), Refused(WhyNot.NO_DISEASE))


def _day(created: str) -> date | None:
    """The day of an RFC 3339 time, or None."""
    try:
        return date.fromisoformat(created[:10])
    except ValueError:
        return None
