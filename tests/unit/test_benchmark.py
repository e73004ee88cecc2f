"""What a benchmark takes for the truth, what it lets the ranking see, and how it counts."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from hoofbeat.cases import (
    Case,
    Finding,
    FindingState,
    Interpretation,
    OntologyClass,
    ProgressStatus,
    Reported,
    ReportedDisease,
)
from hoofbeat.diagnosis.benchmark.blind_case import BlindCase, Terms, fold, publication_groups
from hoofbeat.diagnosis.benchmark.case_score import CaseScore, csv_header, csv_row
from hoofbeat.diagnosis.benchmark.leave_case_out import RowChange, without_patient
from hoofbeat.diagnosis.benchmark.summary import summary
from hoofbeat.diagnosis.benchmark.truth import EntryKind, Stratum, Truth, truth_of
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.sources import Sources
from tests import small_release as release
from tests.benchmark_cases import ARACHNODACTYLY, ECTOPIA, HEART, LENS, MARFAN, NAIL, PALATE, UNANNOTATED


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    folder = release.write_small_release(tmp_path / "files", links=True)
    return Facts.open(build(Sources.in_folder(folder), tmp_path / "built").path)


def blind(name: str, *publications: str) -> BlindCase:
    return BlindCase(f"{name}.json", Case.of([ARACHNODACTYLY], id=name), (MARFAN,), publications)


def score(case: str, rank: float, **more: object) -> CaseScore:
    values: dict[str, object] = {
        "case": case,
        "file": f"{case}.json",
        "publication": f"PMID:{case}",
        "group": f"PMID:{case}",
        "disease": MARFAN,
        "key": MARFAN,
        "stratum": Stratum.CLEAN,
        "entry": EntryKind.OWN,
        "in_library": False,
        "fold": None,
        "n_observed": 3,
        "n_excluded": 0,
        "rank": rank,
        "related_rank": rank,
        "probability": 0.5,
        "first": MARFAN if rank == 1 else HEART,
        "first_probability": 0.5,
        "none_of_these": 0.1,
    }
    return CaseScore(**{**values, **more})  # type: ignore[arg-type]


# What the ranking may see


def test_a_blind_case_holds_no_answer() -> None:
    solved = Interpretation("i", ProgressStatus.SOLVED, OntologyClass(MARFAN))
    case = replace(Case.of([ARACHNODACTYLY], id="PMID_7_x"), reported=Reported(interpretations=(solved,)))
    seen = BlindCase.of(case, "x.json")
    assert seen.diseases == (MARFAN,)
    assert seen.publications == ("PMID:7",)
    assert MARFAN not in repr(seen.seen(Terms.ALL))
    assert seen.case.reported == Reported()


def test_a_diagnosis_that_is_still_open_is_no_truth() -> None:
    open_ended = Interpretation("i", ProgressStatus.IN_PROGRESS, OntologyClass(MARFAN))
    stated = (ReportedDisease(OntologyClass(MARFAN)),)
    case = replace(Case.of([ARACHNODACTYLY]), reported=Reported(stated, (open_ended,)))
    assert BlindCase.of(case, "x.json").diseases == ()
    assert BlindCase.of(replace(case, reported=Reported(stated)), "x.json").diseases == (MARFAN,)


def test_with_observed_findings_only_nothing_tells_what_was_looked_for() -> None:
    uncertain = Finding(ECTOPIA, state=FindingState.UNCERTAIN)
    case = Case.of([ARACHNODACTYLY], [PALATE])
    case = replace(case, findings=(*case.findings, uncertain))
    seen = BlindCase("f", case, (), ())
    assert [finding.id for finding in seen.seen(Terms.OBSERVED).findings] == [ARACHNODACTYLY]
    assert seen.seen(Terms.ALL) == case


# The truth and its stratum


def test_the_stratum_tells_whether_the_annotations_quote_the_publication_of_the_case(facts: Facts) -> None:
    def stratum(disease: str, *publications: str) -> Stratum | None:
        truth = truth_of([disease], publications, facts)
        return None if truth is None else truth.stratum

    assert stratum(MARFAN, "PMID:28050285") is Stratum.CITED
    assert stratum(MARFAN, "PMID:5", "PMID:33436942") is Stratum.CITED
    assert stratum(MARFAN, "PMID:5") is Stratum.CLEAN
    assert stratum(MARFAN) is Stratum.CLEAN
    # PMID:28050285 is quoted, but for another disease.
    assert stratum(HEART, "PMID:28050285") is Stratum.CLEAN
    # A row of aspect C quotes it.
    assert stratum(NAIL, "PMID:1") is Stratum.CITED
    assert stratum(UNANNOTATED, "PMID:1") is Stratum.ABSENT


def test_the_entry_tells_how_the_stated_disease_was_found(facts: Facts) -> None:
    def entry(disease: str) -> tuple[str, EntryKind] | None:
        truth = truth_of([disease], (), facts)
        return None if truth is None else (truth.key, truth.entry)

    assert entry(MARFAN) == (MARFAN, EntryKind.OWN)
    assert entry("ORPHA:558") == (MARFAN, EntryKind.MERGED)
    assert entry("Orphanet:558") == (MARFAN, EntryKind.MERGED)
    assert entry(UNANNOTATED) == (UNANNOTATED, EntryKind.NONE)


def test_broader_and_narrower_diseases_stand_apart(facts: Facts) -> None:
    truth = truth_of([LENS], (), facts)
    assert truth == Truth(LENS, LENS, Stratum.CLEAN, EntryKind.OWN, (MARFAN,))


def test_a_case_with_two_names_of_one_disease_has_one_truth_and_with_two_diseases_none(facts: Facts) -> None:
    twins = truth_of([MARFAN, "ORPHA:558"], (), facts)
    assert twins is not None
    assert twins.disease == MARFAN
    assert truth_of([MARFAN, HEART], (), facts) is None
    assert truth_of([], (), facts) is None


# Publications and folds


def test_cases_that_share_a_publication_belong_together_also_through_others() -> None:
    cases = [blind("a", "PMID:30"), blind("b", "PMID:30", "PMID:4"), blind("c", "PMID:4"), blind("d", "PMID:5")]
    assert publication_groups(cases) == ("PMID:4", "PMID:4", "PMID:4", "PMID:5")
    assert publication_groups(cases[::-1]) == ("PMID:5", "PMID:4", "PMID:4", "PMID:4")


def test_cases_without_publication_belong_to_nobody() -> None:
    groups = publication_groups([blind("a"), blind("a"), blind("b", "PMID:5")])
    assert len(set(groups)) == 3


def test_the_fold_is_that_of_the_dev_protocol() -> None:
    # printf fold:PMID:24573067 | sha256sum, the whole digest as a number, mod 5.
    assert [fold(f"PMID:{number}", 5) for number in (24573067, 28239884, 10874631, 16546111)] == [2, 3, 1, 2]


# Leave-case-out


def test_the_patient_is_subtracted_from_the_counts_of_the_own_publication(facts: Facts) -> None:
    marfan = facts.diseases.index(MARFAN)
    (row,) = [
        row
        for row in facts.annotations.findings.rows(marfan, facts.ontology.index(ARACHNODACTYLY))
        if facts.annotations.findings.m[row] == 197
    ]
    has, lacks, unknown = Case.of([ARACHNODACTYLY]), Case.of([ECTOPIA], [ARACHNODACTYLY]), Case.of([PALATE])
    assert without_patient(facts, marfan, ["PMID:28050285"], has) == (RowChange(row, 123, 196),)
    assert without_patient(facts, marfan, ["PMID:28050285", "PMID:33436942"], has) == (RowChange(row, 123, 196),)
    assert without_patient(facts, marfan, ["PMID:28050285"], lacks) == (RowChange(row, 124, 196),)
    assert without_patient(facts, marfan, ["PMID:28050285"], unknown) == ()
    assert without_patient(facts, marfan, ["PMID:5"], has) == ()
    assert without_patient(facts, facts.diseases.index(HEART), ["PMID:28050285"], has) == ()


def test_a_general_row_counts_a_patient_with_a_specific_finding_and_a_specific_one_who_lacks_the_general(
    tmp_path: Path,
) -> None:
    rows = (
        release.row(release.MARFAN, "HP:0000118", frequency="1/1"),
        release.row(release.MARFAN, ARACHNODACTYLY, frequency="0/1"),
    )
    folder = release.write_small_release(tmp_path / "files", rows=rows)
    facts = Facts.open(build(Sources.in_folder(folder), tmp_path / "built").path)
    assert without_patient(facts, 0, ["PMID:1"], Case.of([ECTOPIA])) == (RowChange(0, 0, 0),)
    assert without_patient(facts, 0, ["PMID:1"], Case.of([], ["HP:0000118"])) == (RowChange(1, 0, 0),)


def test_a_row_without_counts_is_dropped_where_the_patient_bears_it_out(facts: Facts) -> None:
    lens, marfan = facts.diseases.index(LENS), facts.diseases.index(MARFAN)
    (row,) = facts.annotations.findings.rows(lens)
    assert without_patient(facts, lens, ["PMID:1"], Case.of([ECTOPIA])) == (RowChange(row, 0, 0),)
    assert without_patient(facts, lens, ["PMID:1"], Case.of([PALATE], [ECTOPIA])) == ()
    # NOT high palate in Marfan syndrome: the patient without one bears it out.
    (absence,) = facts.annotations.findings.rows(marfan, facts.ontology.index(PALATE))
    assert RowChange(absence, 0, 0) in without_patient(facts, marfan, ["PMID:1"], Case.of([], [PALATE]))
    assert without_patient(facts, marfan, ["PMID:1"], Case.of([PALATE])) == ()


# Figures


def test_the_figures_are_those_counted_by_hand() -> None:
    # Marfan: places 1 and 2; heart: not placed. Micro top-1 1/3; macro (1/2 + 0)/2. MRR (1 + .5 + 0)/3.
    scores = [score("1", 1.0), score("2", 2.0), score("3", math.nan, key=HEART, disease=HEART)]
    row = summary(scores, with_library=False)["strata"][0]
    assert (row["stratum"], row["cases"], row["diseases"], row["publications"]) == ("all", 3, 2, 3)
    assert row["not_ranked"] == 1
    assert row["micro"]["top_1"]["mean"] == pytest.approx(1 / 3, abs=1e-5)
    assert row["macro"]["top_1"]["mean"] == 0.25
    assert row["micro"]["top_10"]["mean"] == pytest.approx(2 / 3, abs=1e-5)
    assert row["macro"]["top_10"]["mean"] == 0.5
    assert row["micro"]["mrr"]["mean"] == 0.5


def test_strata_are_rows_and_empty_ones_are_left_out() -> None:
    scores = [
        score("1", 1.0, stratum=Stratum.CITED),
        score("2", 2.0, in_library=True),
        score("3", math.nan, stratum=Stratum.ABSENT, key=UNANNOTATED, entry=EntryKind.NONE),
    ]
    plain = summary(scores, with_library=False)["strata"]
    assert [(row["stratum"], row["cases"]) for row in plain] == [
        ("all", 3),
        ("in the release", 2),
        ("cited", 1),
        ("clean", 1),
        ("absent", 1),
    ]
    with_library = summary(scores, with_library=True)["strata"]
    assert ("clean", True, 1) in [(row["stratum"], row["in_library"], row["cases"]) for row in with_library]
    assert ("clean", False) not in [(row["stratum"], row["in_library"]) for row in with_library]


def test_a_hit_on_a_broader_disease_counts_apart() -> None:
    row = summary([score("1", 30.0, related_rank=1.0)], with_library=False)["strata"][0]
    assert row["micro"]["top_1"]["mean"] == 0
    assert row["with_broader_or_narrower"]["micro"]["top_1"]["mean"] == 1


def test_how_the_disease_was_found_counts_apart() -> None:
    row = summary([score("1", 1.0), score("2", 5.0, entry=EntryKind.MERGED)], with_library=False)["strata"][0]
    assert row["by_entry"]["own"] == {"cases": 1, "top_1": 1.0, "top_3": 1.0, "top_10": 1.0, "mrr": 1.0}
    assert row["by_entry"]["merged"] == {"cases": 1, "top_1": 0.0, "top_3": 0.0, "top_10": 1.0, "mrr": 0.2}


def test_calibration_is_of_the_first_candidate() -> None:
    # Stated .5 each, one of two right: perfect. Stated .9 and wrong: off by .9.
    even = [score("1", 1.0), score("2", 2.0)]
    errors = summary(even, with_library=False)["calibration"]["expected_calibration_error"]
    assert errors["all"] == 0
    sure = summary([score("1", 4.0, first_probability=0.9)], with_library=False)["calibration"]
    assert sure["expected_calibration_error"]["all"] == 0.9
    assert sum(row["count"] for row in sure["reliability"]) == 1


def test_a_disease_that_is_first_too_often_is_named() -> None:
    # One case of its own: up to 3 * 1 + 5 = 8 times first is unremarkable.
    eight = [score("own", 1.0, key=HEART, disease=HEART, first=HEART)] + [score(str(n), 2.0) for n in range(7)]
    assert summary(eight, with_library=False)["first_too_often"] == []
    nine = [*eight, score("more", 2.0)]
    assert summary(nine, with_library=False)["first_too_often"] == [{"disease": HEART, "first": 9, "cases": 1}]


def test_a_line_of_the_table_of_ranks_leaves_empty_what_is_not_there() -> None:
    line = dict(zip(csv_header(), csv_row(score("1", math.nan, in_library=True)), strict=True))
    assert (line["case"], line["rank"], line["in_library"], line["fold"]) == ("1", "", "yes", "")
    assert line["probability"] == "0.5"
    assert line["stratum"] == "clean"
