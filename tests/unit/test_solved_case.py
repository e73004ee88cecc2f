"""Which solved case a case is: the diagnosis, the source, the onset; and why some cases are not counted."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hoofbeat.cases import (
    Age,
    AgeRange,
    Case,
    ExternalReference,
    Finding,
    FindingState,
    Gene,
    GenomicInterpretation,
    GestationalAge,
    Interpretation,
    InterpretationStatus,
    OnsetClass,
    OntologyClass,
    ProgressStatus,
    Provenance,
    Reported,
    ReportedDisease,
    Sex,
    Subject,
    TimeElement,
    Timestamp,
    Variant,
)
from hoofbeat.cases.solved import Refused, WhyNot, band_of_time, solved_case, source_named
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.onset import OnsetBand, band_of_age, band_of_term
from hoofbeat.knowledge.ontology import ONSET, Ontology
from hoofbeat.knowledge.solved_case import SolvedCase

MARFAN, LENS = OntologyClass("OMIM:154700", "Marfan syndrome"), OntologyClass("OMIM:129600")
PAPER = Provenance(
    created="2024-03-17T10:00:00Z", references=(ExternalReference("PMID:123"), ExternalReference("PMID:9"))
)


def interpreted(disease: OntologyClass, progress: ProgressStatus = ProgressStatus.SOLVED) -> Interpretation:
    return Interpretation(progress=progress, disease=disease)


def case(reported: Reported, **more: Any) -> Case:
    return Case("one", reported=reported, **{"provenance": PAPER, **more})


def counted(one: Case, source: str | None = None) -> SolvedCase:
    solved = solved_case(one, source=source)
    assert isinstance(solved, SolvedCase), solved
    return solved


def refused(one: Case, source: str | None = None) -> WhyNot:
    solved = solved_case(one, source=source)
    assert isinstance(solved, Refused), solved
    return solved.why


def test_disease_source_findings_sex_and_day_are_taken_over() -> None:
    solved = counted(
        case(
            Reported(interpretations=(interpreted(MARFAN),)),
            subject=Subject("person", sex=Sex.FEMALE),
            findings=(
                Finding("HP:0001166"),
                Finding("HP:0001083", state=FindingState.EXCLUDED),
                Finding("HP:0001250", state=FindingState.UNCERTAIN),
            ),
        )
    )
    assert solved == SolvedCase(
        "OMIM:154700", "PMID:123", ("HP:0001166",), ("HP:0001083",), "female", None, date(2024, 3, 17)
    )


def blames(symbol: str, status: InterpretationStatus = InterpretationStatus.CAUSATIVE) -> GenomicInterpretation:
    return GenomicInterpretation(status=status, gene=Gene(symbol=symbol))


def test_the_genes_that_are_called_the_cause_of_the_disease_are_taken_over() -> None:
    """Not those that are candidates only, nor of another disease; and what is no symbol is not counted."""
    of_marfan = replace(
        interpreted(MARFAN),
        genomic_interpretations=(
            blames("KIF11", InterpretationStatus.CANDIDATE),
            GenomicInterpretation(status=InterpretationStatus.CAUSATIVE, variant=Variant(gene=Gene(symbol="FBN1"))),
            blames(" FBN1 "),
            blames("C9orf72"),
            blames("see the report\nof 2019"),
            blames("jane.doe@clinic.example"),
            blames("Jane-Doe"),
            blames("MT-TL1"),
            blames("A" * 25),
            blames(""),
        ),
    )
    of_lens = replace(interpreted(LENS, ProgressStatus.UNSOLVED), genomic_interpretations=(blames("ADAMTSL4"),))
    assert counted(case(Reported(interpretations=(of_marfan, of_lens)))).genes == ("C9orf72", "FBN1", "MT-TL1")


@pytest.mark.parametrize("symbol", ["HLA-DQB1", "RNU6-1234P", "AC004556.3", "ENSG00000166147", "C10orf71"])
def test_every_form_of_a_symbol_is_one(symbol: str) -> None:
    of_marfan = replace(interpreted(MARFAN), genomic_interpretations=(blames(symbol),))
    assert counted(case(Reported(interpretations=(of_marfan,)))).genes == (symbol,)


def test_of_a_stretch_of_a_chromosome_no_gene_is_the_cause() -> None:
    """Which genes it holds would say where it begins and ends, and so whose it is."""
    for genes, expected in ((3, ("GENE0", "GENE1", "GENE2")), (4, ())):
        blamed = tuple(blames(f"GENE{number}") for number in range(genes))
        of_marfan = replace(interpreted(MARFAN), genomic_interpretations=blamed)
        assert counted(case(Reported(interpretations=(of_marfan,)))).genes == expected


def test_a_solved_interpretation_stands_before_the_diseases_stated() -> None:
    reported = Reported((ReportedDisease(LENS),), (interpreted(LENS, ProgressStatus.UNSOLVED), interpreted(MARFAN)))
    assert counted(case(reported)).disease == "OMIM:154700"


def test_without_interpretation_the_one_disease_that_is_not_excluded_counts() -> None:
    reported = Reported((ReportedDisease(LENS, excluded=True), ReportedDisease(MARFAN)))
    assert counted(case(reported)).disease == "OMIM:154700"


def test_one_disease_in_two_spellings_is_one() -> None:
    reported = Reported(interpretations=(interpreted(OntologyClass("MIM:154700")), interpreted(MARFAN)))
    assert counted(case(reported)).disease == "MIM:154700"


@pytest.mark.parametrize(
    ("reported", "why"),
    [
        (Reported(), WhyNot.NO_DISEASE),
        (Reported((ReportedDisease(MARFAN, excluded=True),)), WhyNot.NO_DISEASE),
        (Reported((ReportedDisease(OntologyClass("", "Marfan syndrome")),)), WhyNot.NO_DISEASE),
        (Reported((ReportedDisease(OntologyClass("Marfan")),)), WhyNot.NO_DISEASE_ID),
        (Reported((ReportedDisease(MARFAN), ReportedDisease(LENS))), WhyNot.SEVERAL_DISEASES),
        (Reported(interpretations=(interpreted(MARFAN), interpreted(LENS))), WhyNot.SEVERAL_DISEASES),
        (Reported((ReportedDisease(MARFAN),), (interpreted(MARFAN, ProgressStatus.IN_PROGRESS),)), WhyNot.NOT_SOLVED),
        (Reported(interpretations=(interpreted(MARFAN, ProgressStatus.UNSOLVED),)), WhyNot.NOT_SOLVED),
    ],
)
def test_a_case_without_one_solved_disease_is_refused(reported: Reported, why: WhyNot) -> None:
    assert refused(case(reported)) is why
    assert why.repair


def test_a_refusal_of_several_diseases_names_them() -> None:
    solved = solved_case(case(Reported((ReportedDisease(MARFAN), ReportedDisease(LENS)))))
    assert str(solved) == "several diseases are reported as solved (OMIM:129600, OMIM:154700)"


SOLVED = Reported(interpretations=(interpreted(MARFAN),))


def test_a_case_that_cites_nothing_needs_a_source() -> None:
    unpublished = case(SOLVED, provenance=Provenance())
    assert refused(unpublished) is WhyNot.NO_SOURCE
    assert counted(unpublished, "clinic:Here").source == "clinic:Here"


def test_a_publication_stands_before_the_source_given() -> None:
    """So that a case that has been published leaves the counts of its clinic."""
    assert counted(case(SOLVED), "clinic:Here").source == "PMID:123"


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ("PMID:123", "PMID:123"),
        ("pmid 0123", "PMID:123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "PMID:123"),
        ("Example  hospital", "clinic:Example hospital"),
        ("clinic:Example hospital", "clinic:Example hospital"),
    ],
)
def test_a_source_is_named_in_one_spelling(given: str, source: str) -> None:
    assert source_named(given) == source


@pytest.mark.parametrize("given", ["", "  ", "clinic:", "a\x1b[31m", "x" * 201])
def test_a_name_that_cannot_be_a_source_is_refused_with_the_repair(given: str) -> None:
    with pytest.raises(KnowledgeError, match="no source of cases") as caught:
        source_named(given)
    assert "name it like PMID:123" in caught.value.repair


@pytest.mark.parametrize(
    ("disease", "source", "sex"),
    [("", "PMID:1", "male"), ("Marfan", "PMID:1", "male"), ("OMIM:1", "nowhere", "male"), ("OMIM:1", "PMID:1", "m")],
)
def test_a_solved_case_checks_itself(disease: str, source: str, sex: str) -> None:
    with pytest.raises(KnowledgeError):
        SolvedCase(disease, source, sex=sex)


def onset_class(identifier: str) -> OnsetClass:
    return OnsetClass(OntologyClass(identifier))


def onset(of_disease: TimeElement | None, *of_findings: TimeElement | None) -> OnsetBand | None:
    findings = tuple(Finding(f"HP:{number:07d}", onset=one) for number, one in enumerate(of_findings, 1))
    return counted(case(Reported((ReportedDisease(MARFAN, onset=of_disease),)), findings=findings)).onset


def test_the_onset_is_that_of_the_disease_else_the_earliest_of_the_findings() -> None:
    assert onset(Age("P17Y"), Age("P2Y")) is OnsetBand.YOUNG_ADULT
    assert onset(None, Age("P17Y"), onset_class("HP:0003593"), None) is OnsetBand.INFANTILE
    assert onset(onset_class("HP:0003581"), Age("P17Y")) is OnsetBand.YOUNG_ADULT
    assert onset(None) is None


def test_the_onset_of_an_excluded_finding_says_nothing() -> None:
    excluded = Finding("HP:0001166", state=FindingState.EXCLUDED, onset=Age("P1Y"))
    assert counted(case(SOLVED, findings=(excluded,))).onset is None


BORN = Subject("person", date_of_birth=Timestamp("2000-01-01T00:00:00Z"))


@pytest.mark.parametrize(
    ("time", "subject", "band"),
    [
        (Age("P0D"), Subject(), OnsetBand.CONGENITAL),
        (Age("P27D"), Subject(), OnsetBand.NEONATAL),
        (Age("P15Y11M"), Subject(), OnsetBand.JUVENILE),
        (AgeRange(Age("P1Y"), Age("P4Y")), Subject(), OnsetBand.CHILDHOOD),
        (AgeRange(Age("P1Y"), Age("P10Y")), Subject(), None),
        (GestationalAge(20), Subject(), OnsetBand.CONGENITAL),
        (onset_class("HP:0034198"), Subject(), OnsetBand.CONGENITAL),
        (onset_class("HP:0003584"), Subject(), OnsetBand.LATE),
        (onset_class("HP:0003581"), Subject(), None),
        (Timestamp("2003-01-01T00:00:00Z"), BORN, OnsetBand.CHILDHOOD),
        (Timestamp("1999-01-01T00:00:00Z"), BORN, None),
        (Timestamp("2003-01-01T00:00:00Z"), Subject(), None),
        (None, Subject(), None),
    ],
)
def test_a_time_lies_in_a_band_or_in_none(time: TimeElement | None, subject: Subject, band: OnsetBand | None) -> None:
    assert band_of_time(time, subject) is band


@pytest.mark.parametrize("years", [-1.0, float("nan")])
def test_what_is_no_age_has_no_band(years: float) -> None:
    with pytest.raises(ValueError, match="an age of"):
        band_of_age(years)


def test_each_onset_term_of_hpo_lies_in_one_band_or_spans_several(hpo_facts: Facts) -> None:
    ontology: Ontology = hpo_facts.ontology
    terms = [ontology.id(int(index)) for index in ontology.descendants[ontology.index(ONSET)]]
    spanning = {ontology.name(ontology.index(one)) for one in terms if band_of_term(one) is None}
    assert spanning == {
        "Onset",
        "Adult onset",
        "Pediatric onset",
        "Puerpural onset",
        "Perimenopausal onset",
        "Postmenopausal onset",
    }
