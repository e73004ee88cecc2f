"""`hoofbeat benchmark` as it is called: what it prints and writes, and with which exit status."""

import csv
import json
from pathlib import Path

import pytest

from hoofbeat.cases import Case
from hoofbeat.cli import benchmark
from hoofbeat.cli.main import run
from hoofbeat.diagnosis.benchmark.ranker import HeldOut, without_the_case
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.solved_case import SolvedCase
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
    solved_packet,
    write_packets,
)
from tests.small_release import ROWS, row, write_small_release

QUICK = ("--weights", "plain", "--processes", "1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_release: Path) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HOOFBEAT_DEBUG", raising=False)
    assert run(["knowledge", "build", "--from", str(small_release)]) == 0
    return tmp_path / "home"


@pytest.fixture
def packets(tmp_path: Path) -> Path:
    return write_packets(
        tmp_path / "packets",
        solved_packet("marfan-1", MARFAN, "PMID:28050285", observed=(ARACHNODACTYLY, ECTOPIA), excluded=(PALATE,)),
        solved_packet("marfan-2", MARFAN, "PMID:5", observed=(ARACHNODACTYLY, ECTOPIA)),
        solved_packet("lens", LENS, "PMID:6", observed=(ECTOPIA,)),
        solved_packet("new-1", UNANNOTATED, "PMID:7", observed=(PALATE,)),
        solved_packet("new-2", UNANNOTATED, "PMID:8", observed=(PALATE,)),
        solved_packet("two", (MARFAN, HEART), "PMID:9"),
    )


def lines_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_library_from_which_nothing_can_be_learned_is_told(
    packets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nameless = write_packets(tmp_path / "nameless", solved_packet("nobody", MARFAN, observed=(ECTOPIA,)))
    assert run(["benchmark", str(packets), *QUICK, "--library", str(nameless)]) == 0
    assert "the library is empty" in capsys.readouterr().err
    assert run(["benchmark", str(packets), *QUICK]) == 0
    assert "the library is empty" not in capsys.readouterr().err


def test_the_figures_are_printed_and_written(packets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, ranks = tmp_path / "results.json", tmp_path / "ranks.csv"
    assert run(["benchmark", str(packets), *QUICK, "--out", str(out), "--ranks", str(ranks)]) == 0
    shown = capsys.readouterr().out
    assert "not scored: 1 with several diagnoses" in shown
    assert "no case library" in shown

    results = json.loads(out.read_text())
    assert results["command"] == "hoofbeat benchmark packets --protocol as-is --terms observed --weights plain"
    assert results["cases"]["scored"] == 5
    assert results["knowledge"]["release"] == "2024-02-01"
    assert len(results["knowledge"]["content_sha256"]) == 64
    assert results["library"] is None
    assert [(row["stratum"], row["cases"]) for row in results["strata"]] == [
        ("all", 5),
        ("in the release", 3),
        ("cited", 1),
        ("clean", 2),
        ("absent", 2),
    ]
    assert str(tmp_path) not in out.read_text()

    lines = lines_of(ranks)
    assert [line["case"] for line in lines] == ["lens", "marfan-1", "marfan-2", "new-1", "new-2"]
    by_case = {line["case"]: line for line in lines}
    assert by_case["marfan-1"]["rank"] == "1"
    assert by_case["marfan-1"]["n_excluded"] == "0"
    assert (by_case["new-1"]["rank"], by_case["new-1"]["in_library"]) == ("", "no")


def test_a_split_teaches_from_the_other_parts(packets: Path, tmp_path: Path) -> None:
    out, ranks = tmp_path / "results.json", tmp_path / "ranks.csv"
    # PMID:7 and PMID:8 are in parts 3 and 2 of 5.
    assert run(["benchmark", str(packets), *QUICK, "--split", "5", "--out", str(out), "--ranks", str(ranks)]) == 0
    by_case = {line["case"]: line for line in lines_of(ranks)}
    assert by_case["new-1"]["fold"] != by_case["new-2"]["fold"]
    # One solved case is worth as much as a finding stated without frequency: a tie with the 1p36 microdeletion.
    assert (by_case["new-1"]["rank"], by_case["new-1"]["in_library"]) == ("1.5", "yes")
    library = json.loads(out.read_text())["library"]
    assert (library["cases"], library["publications"], library["left_out_for"]) == (5, 5, 5)


def test_with_a_library_the_own_publication_is_left_out_and_that_is_told(
    packets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taught = write_packets(
        tmp_path / "taught",
        solved_packet("same-paper", UNANNOTATED, "PMID:7", observed=(PALATE,)),
        solved_packet("other-paper", UNANNOTATED, "PMID:70", observed=(PALATE,)),
    )
    ranks = tmp_path / "ranks.csv"
    assert run(["benchmark", str(packets), *QUICK, "--library", str(taught), "--ranks", str(ranks)]) == 0
    assert "was taken out for 1 cases" in capsys.readouterr().out
    by_case = {line["case"]: line for line in lines_of(ranks)}
    # new-1 learns from one case, as a tie shows, and new-2 from both.
    assert (by_case["new-1"]["rank"], by_case["new-2"]["rank"]) == ("1.5", "1")


def test_leave_case_out_ranks_no_better_than_as_is(packets: Path, tmp_path: Path) -> None:
    probabilities = {}
    for protocol in ("as-is", "leave-case-out"):
        ranks = tmp_path / f"{protocol}.csv"
        assert run(["benchmark", str(packets), *QUICK, "--protocol", protocol, "--ranks", str(ranks)]) == 0
        probabilities[protocol] = {line["case"]: float(line["probability"]) for line in lines_of(ranks)}
    assert probabilities["leave-case-out"]["marfan-1"] < probabilities["as-is"]["marfan-1"]
    assert probabilities["leave-case-out"]["marfan-2"] == probabilities["as-is"]["marfan-2"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["/nowhere"], "/nowhere: No such file or directory"),
        (["{packets}", "--split", "5", "--library", "{packets}"], "either --library or --split"),
        (["{packets}", "--split", "1"], "Invalid value for '--split'"),
        (["{packets}", "--release", "1999-01-01"], "no knowledge called 1999-01-01"),
        (["{packets}", "--out", "/nowhere/results.json"], "cannot be written"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    packets: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.format(packets=packets) for argument in arguments]
    assert run(["benchmark", *given, *QUICK]) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "repair:" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    "given", [("--out", "cases"), ("--out", "x", "--ranks", "./x"), ("--library", "y", "--out", "y")]
)
def test_no_file_takes_the_place_of_another(
    given: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cases").write_text(json.dumps(solved_packet("marfan", MARFAN, "PMID:5")), encoding="utf-8")
    before = Path("cases").read_bytes()
    assert run(["benchmark", "cases", *QUICK, *given]) == 2
    assert "--out and --ranks need files of their own" in capsys.readouterr().err
    assert Path("cases").read_bytes() == before


def test_what_cannot_be_written_is_told_before_the_work(
    packets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benchmark, "score_cases", lambda *_, **__: pytest.fail("the cases were ranked"))
    out, ranks = tmp_path / "nowhere" / "out.json", tmp_path / "ranks.csv"
    assert run(["benchmark", str(packets), *QUICK, "--out", str(out), "--ranks", str(ranks)]) == 2
    assert f"{out}: cannot be written: No such file or directory" in capsys.readouterr().err
    assert not ranks.exists()


def test_a_library_that_teaches_nothing_is_refused(
    packets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unsolved = write_packets(tmp_path / "unsolved", solved_packet("two", (MARFAN, HEART), "PMID:9"))
    assert run(["benchmark", str(packets), *QUICK, "--library", str(unsolved)]) == 2
    assert f"{unsolved}: no case with a known diagnosis" in capsys.readouterr().err


def test_cases_without_diagnosis_are_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packets = write_packets(tmp_path / "open", solved_packet("open", (), "PMID:5"))
    assert run(["benchmark", str(packets), *QUICK]) == 2
    shown = capsys.readouterr().err
    assert "no case with a known diagnosis" in shown
    assert "1 cases with no diagnosis" in shown


def test_a_bad_file_among_good_ones_is_told_and_the_rest_are_scored(
    packets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (packets / "broken.json").write_text("{")
    assert run(["benchmark", str(packets), *QUICK]) == 0
    shown = capsys.readouterr()
    assert "note: broken.json: error:" in shown.err
    assert "1 documents that could not be read" in shown.out


def test_without_the_patient_a_frequency_is_that_of_the_others(small_release: Path, tmp_path: Path) -> None:
    knowledge = Knowledge.open(build(Sources.in_folder(small_release), tmp_path / "built").path)
    marfan = knowledge.facts.diseases.index(MARFAN)
    term = knowledge.ontology.index(ARACHNODACTYLY)
    held_out = HeldOut("PMID:28050285", ("PMID:28050285",), MARFAN)
    # 124 of 197, with two patients of which .3 have it; then 123 of 196.
    assert knowledge.share_of(term, marfan) == pytest.approx(124.6 / 199)
    changed = without_the_case(knowledge, Case.of([ARACHNODACTYLY]), held_out)
    assert changed.share_of(term, marfan) == pytest.approx(123.6 / 198)
    assert changed.share_of(knowledge.ontology.index(ECTOPIA), marfan) == knowledge.share_of(
        knowledge.ontology.index(ECTOPIA), marfan
    )
    # Who lacks it was not among those who have it; a case of another paper, or of another disease, changes nothing.
    lacking = without_the_case(knowledge, Case.of([ECTOPIA], [ARACHNODACTYLY]), held_out)
    assert lacking.share_of(term, marfan) == pytest.approx(124.6 / 198)
    other = HeldOut("PMID:5", ("PMID:5",), MARFAN)
    assert without_the_case(knowledge, Case.of([ARACHNODACTYLY]), other) is knowledge


def test_leaving_the_case_out_keeps_what_the_library_gives(small_release: Path, tmp_path: Path) -> None:
    knowledge = Knowledge.open(build(Sources.in_folder(small_release), tmp_path / "built").path)
    taught = [SolvedCase(MARFAN, "PMID:70", observed=(PALATE,)), SolvedCase(MARFAN, "PMID:71", observed=(PALATE,))]
    knowledge = knowledge.with_library(Library.of(taught, knowledge.ontology))
    marfan, palate = knowledge.facts.diseases.index(MARFAN), knowledge.ontology.index(PALATE)
    held_out = HeldOut("PMID:28050285", ("PMID:28050285",), MARFAN)
    changed = without_the_case(knowledge, Case.of([ARACHNODACTYLY]), held_out)
    assert changed is not knowledge
    assert knowledge.share_of(palate, marfan) > 0
    assert changed.share_of(palate, marfan) == pytest.approx(knowledge.share_of(palate, marfan))


def test_leaving_the_case_out_its_publication_tells_neither_onset_nor_reports(tmp_path: Path) -> None:
    """What is known of the course of a disease, and one of its two reports, is the case's own publication."""
    heart, own = (HEART, "Heart disease"), "PMID:9"
    rows = (row(heart, "HP:0003577", aspect="C", frequency="4/4", reference=own), row(heart, PALATE, reference=own))
    release = write_small_release(tmp_path / "own", rows=(*ROWS, *rows))
    knowledge = Knowledge.open(build(Sources.in_folder(release), tmp_path / "built").path)
    tested, other = knowledge.facts.diseases.index(HEART), knowledge.facts.diseases.index(NAIL)
    case = Case.of([ECTOPIA])  # that no row of the disease counts
    changed = without_the_case(knowledge, case, HeldOut(own, (own,), HEART))
    assert (bool(knowledge.onsets.known[tested]), bool(changed.onsets.known[tested])) == (True, False)
    assert (knowledge.reports[tested], changed.reports[tested]) == (2, 1)
    # The row that does not count the patient stays, and so does every other disease.
    palate = knowledge.ontology.index(PALATE)
    assert changed.share_of(palate, tested) == knowledge.share_of(palate, tested) > 0
    assert changed.onsets.onset[other].tolist() == knowledge.onsets.onset[other].tolist()
    assert changed.reports[other] == knowledge.reports[other]
