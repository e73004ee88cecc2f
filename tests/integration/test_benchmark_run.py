"""A benchmark from phenopackets to figures, on the small release, with a ranking whose results are known beforehand."""

import json
import math
import zipfile
from pathlib import Path

import pytest

from hoofbeat.batch.benchmark import KnownCases, read_known_cases, score_cases
from hoofbeat.diagnosis.benchmark.blind_case import Terms, fold
from hoofbeat.diagnosis.benchmark.case_score import CaseScore
from hoofbeat.diagnosis.benchmark.plan import Plan, plan_split, plan_with_library, plan_without_library
from hoofbeat.diagnosis.benchmark.truth import Stratum
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.sources import Sources
from tests.benchmark_cases import (
    ARACHNODACTYLY,
    ECTOPIA,
    HEART,
    LENS,
    MARFAN,
    NAIL,
    PALATE,
    UNANNOTATED,
    CountRanker,
    solved_packet,
    write_packets,
)


@pytest.fixture
def knowledge_file(small_release: Path, tmp_path: Path) -> Path:
    return build(Sources.in_folder(small_release), tmp_path / "built").path


@pytest.fixture
def facts(knowledge_file: Path) -> Facts:
    return Facts.open(knowledge_file)


def scored(
    test: KnownCases, plan: Plan, knowledge_file: Path, *, terms: Terms = Terms.OBSERVED, processes: int = 1
) -> dict[str, CaseScore]:
    facts = Facts.open(knowledge_file)
    scores, _ = score_cases(test, plan, facts, CountRanker(knowledge_file), terms=terms, processes=processes)
    return {score.case: score for score in scores}


def test_each_case_is_placed_among_all_diseases(tmp_path: Path, knowledge_file: Path) -> None:
    packets = write_packets(
        tmp_path / "packets",
        solved_packet("both", MARFAN, "PMID:28050285", observed=(ARACHNODACTYLY, ECTOPIA)),
        solved_packet("one", HEART, "PMID:7"),
        solved_packet("none", NAIL, "PMID:8", observed=(PALATE,)),
        solved_packet("unknown", UNANNOTATED, "PMID:9"),
    )
    test = read_known_cases(packets, knowledge_file, processes=1)
    scores = scored(test, plan_without_library(test.cases), knowledge_file)
    # Marfan syndrome alone has both findings.
    assert (scores["both"].rank, scores["both"].stratum, scores["both"].first) == (1.0, Stratum.CITED, MARFAN)
    # Arachnodactyly: Marfan, heart-hand and nail-patella syndrome share the first three places.
    assert (scores["one"].rank, scores["one"].stratum) == (2.0, Stratum.CLEAN)
    # The palate is normal in nail-patella syndrome (0/12): one disease has it, the other four of five share 2 to 5.
    assert scores["none"].rank == 3.5
    assert math.isnan(scores["unknown"].rank)
    assert (scores["unknown"].stratum, scores["unknown"].probability) == (Stratum.ABSENT, 0.0)


def test_what_is_tested_is_never_in_its_own_library(tmp_path: Path, knowledge_file: Path, facts: Facts) -> None:
    packets = write_packets(
        tmp_path / "packets",
        solved_packet("a", UNANNOTATED, "PMID:1"),
        solved_packet("b", UNANNOTATED, "PMID:1"),
        solved_packet("c", UNANNOTATED, "PMID:2"),
        solved_packet("d", HEART, "PMID:3", "PMID:2"),
    )
    test = read_known_cases(packets, knowledge_file, processes=1)
    plan = plan_with_library(test.cases, test.library(facts), test.cases)
    scores = scored(test, plan, knowledge_file)
    # a and b learn from c (1) and d; heart-hand syndrome has 2 (a finding and a case), two others the finding.
    assert scores["a"].rank == scores["b"].rank == 3.0
    assert (scores["a"].in_library, scores["b"].in_library, scores["c"].in_library) == (True, True, True)
    assert not scores["d"].in_library
    assert plan.cases_left_out_for == 4
    # c: taught by a and b, and not by d, which is also of PMID:2 though it is counted under PMID:3.
    assert scores["c"].rank == 1.0
    # d: taught by a and b alone; with the finding, three diseases share places 2 to 4.
    assert scores["d"].rank == 3.0


def test_a_split_scores_each_case_once_with_the_other_folds_as_library(
    tmp_path: Path, knowledge_file: Path, facts: Facts
) -> None:
    packets = write_packets(
        tmp_path / "packets", *(solved_packet(f"c{n}", UNANNOTATED, f"PMID:{n}") for n in range(1, 31))
    )
    test = read_known_cases(packets, knowledge_file, processes=1)
    plan = plan_split(test.cases, test.library(facts), 5)
    scores = scored(test, plan, knowledge_file)
    assert len(scores) == 30
    for number in range(1, 31):
        assert scores[f"c{number}"].fold == fold(f"PMID:{number}", 5)
    for arm, left_out in enumerate(plan.left_out):
        assert left_out == {score.publication for score in scores.values() if score.fold == arm}
    assert all(score.rank == 1 and score.in_library for score in scores.values())


def test_two_processes_give_what_one_gives(tmp_path: Path, knowledge_file: Path, facts: Facts) -> None:
    diseases = [MARFAN, HEART, NAIL, LENS, UNANNOTATED]
    packets = write_packets(
        tmp_path / "packets",
        *(solved_packet(f"c{n:02}", diseases[n % 5], f"PMID:{n // 2 + 1}") for n in range(40)),
    )
    one, two = (read_known_cases(packets, knowledge_file, processes=processes) for processes in (1, 2))
    assert one == two
    plan = plan_split(one.cases, one.library(facts), 3)
    assert repr(scored(one, plan, knowledge_file)) == repr(scored(two, plan, knowledge_file, processes=2))


def test_only_the_terms_asked_for_are_seen_and_counted(tmp_path: Path, knowledge_file: Path) -> None:
    packets = write_packets(
        tmp_path / "packets",
        solved_packet("a", MARFAN, "PMID:5", observed=(ARACHNODACTYLY,), excluded=(PALATE,)),
        solved_packet("b", MARFAN, "PMID:5", observed=(), excluded=(PALATE,)),
    )
    test = read_known_cases(packets, knowledge_file, processes=1)
    plan = plan_without_library(test.cases)
    observed = scored(test, plan, knowledge_file)
    every = scored(test, plan, knowledge_file, terms=Terms.ALL)
    assert (observed["a"].n_observed, observed["a"].n_excluded) == (1, 0)
    assert (every["a"].n_observed, every["a"].n_excluded) == (1, 1)
    assert math.isnan(observed["b"].rank)
    assert observed["b"].first == ""
    assert not math.isnan(every["b"].rank)


def test_a_case_on_which_the_ranking_breaks_is_a_failure_and_the_others_go_on(
    tmp_path: Path, knowledge_file: Path, facts: Facts
) -> None:
    packets = write_packets(
        tmp_path / "packets", solved_packet("breaks", MARFAN, "PMID:5"), solved_packet("works", MARFAN, "PMID:5")
    )
    test = read_known_cases(packets, knowledge_file, processes=1)
    scores, failures = score_cases(
        test, plan_without_library(test.cases), facts, CountRanker(knowledge_file), processes=1
    )
    assert [(case, failure.kind) for case, failure in failures] == [("breaks", "RuntimeError")]
    assert [math.isnan(score.rank) for score in scores] == [True, False]


def test_what_cannot_be_scored_is_counted(tmp_path: Path, knowledge_file: Path) -> None:
    folder = write_packets(
        tmp_path / "packets",
        solved_packet("good", MARFAN, "PMID:5"),
        solved_packet("none", (), "PMID:5"),
        solved_packet("two", (MARFAN, HEART), "PMID:5"),
        solved_packet("twins", (MARFAN, "ORPHA:558"), "PMID:5"),
    )
    (folder / "broken.json").write_text('{"id": ')
    (folder / "notes.txt").write_text("no packet")
    test = read_known_cases(folder, knowledge_file, processes=1)
    assert [case.case.id for case in test.cases] == ["good", "twins"]
    assert test.not_scored == {"no diagnosis": 1, "several diagnoses": 1}
    assert [name for name, _ in test.unread] == ["broken.json"]
    assert test.documents == 5


def test_the_checksum_is_of_names_and_contents_and_not_of_the_packing(tmp_path: Path, knowledge_file: Path) -> None:
    packets = [solved_packet("a", MARFAN, "PMID:5"), solved_packet("b", MARFAN, "PMID:6")]
    folder = write_packets(tmp_path / "packets", *packets)
    with zipfile.ZipFile(tmp_path / "packets.zip", "w") as archive:
        for one in reversed(packets):
            archive.write(folder / f"{one['id']}.json", f"{one['id']}.json")
    whole = read_known_cases(folder, knowledge_file, processes=1).sha256
    assert read_known_cases(tmp_path / "packets.zip", knowledge_file, processes=1).sha256 == whole
    (folder / "a.json").write_text(json.dumps({**packets[0], "id": "other"}))
    assert read_known_cases(folder, knowledge_file, processes=1).sha256 != whole
