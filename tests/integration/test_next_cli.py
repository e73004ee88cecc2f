"""`hoofbeat next` as it is called: what it prints, and what it says of bad input."""

import json
from pathlib import Path

import pytest

from hoofbeat.cli.main import run
from tests.conftest import ROOT

CASE = str(ROOT / "src" / "hoofbeat" / "examples" / "loeys-dietz-2.json")


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    return knowledge_home


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    status = run(["next", CASE, *arguments])
    caught = capsys.readouterr()
    assert status == 0, caught.err
    return caught.out


def test_questions_come_with_bits_burden_and_what_each_answer_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(capsys, "--format", "json", "--top", "3"))
    assert document["case"] == "loeys-dietz-2"
    assert len(document["suggestions"]) == 3
    for one in document["suggestions"]:
        assert one["kind"] == "question"
        assert one["id"].startswith("HP:")
        assert one["bits"] >= 0.05
        assert one["vetoed_by"] is None
        assert set(one["answers"]) == {"yes", "no", "unclear"}
        assert len(one["answers"]["yes"]["top"]) == 5
    assert any("no medical actions" in note or "MAxO" in note for note in document["notes"])


def test_an_answer_that_changes_nothing_is_told_in_a_word_and_what_is_possible_is_never_0_percent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = " ".join(printed(capsys, "--kind", "procedure").split())
    assert "unclear: Loeys-Dietz syndrome 1 stays first (28.4 %): nothing changes." in text
    assert " 0.0 %" not in text
    assert "Ordered by what a step, and the best question after it, are expected to tell" in text


def test_the_page_of_the_work_up_has_plain_names_with_the_doctors_word(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "plan.html"
    printed(capsys, "--protocol", "--kind", "question", "--format", "html", "--out", str(page))
    assert "We ask about: Small lower jaw (Micrognathia)" in page.read_text(encoding="utf-8")


def test_procedures_without_maxo_are_those_of_the_burden_file(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--kind", "procedure")
    assert "EUR" in text
    assert "the knowledge holds no medical actions of MAxO" in " ".join(text.split())


def test_the_work_up_is_a_page_that_loads_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    printed(capsys, "--protocol", "--kind", "question", "--format", "html", "--out", str(page))
    text = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "If no, or nobody can say" in text
    assert "You may say no" in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "").split("<footer>")[0]


def test_the_work_up_as_json_is_a_tree(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(capsys, "--protocol", "--kind", "question", "--format", "json"))
    node = document["protocol"]
    assert node["step"]["kind"] == "question"
    assert node["on_yes"]["top"]
    while node["step"]:
        node = node["on_no"]
    assert node["stop"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing-there.json"], "nothing-there.json"),
        ([CASE, "--kind", "guess"], "guess"),
        ([CASE, "--override", "MAXO:0000376"], "ACTION=REASON"),
        ([CASE, "--override", "MAXO:0000376= "], "ACTION=REASON"),
        ([CASE, "--override", "MAXO:9999999=a slip of the keyboard"], "no action has the identifier MAXO:9999999"),
        ([CASE, "--burdens", "none.csv"], "none.csv"),
        ([CASE, "--top", "0"], "--top"),
        ([], "CASE"),
    ],
)
def test_bad_calls_get_a_message_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["next", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "repair" in said
    assert "Traceback" not in said


def test_a_case_without_findings_is_asked_for_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.json"
    path.write_text(
        json.dumps({"id": "x", "phenotypicFeatures": [], "metaData": {"phenopacketSchemaVersion": "2.0"}}), "utf-8"
    )
    assert run(["next", str(path), "--format", "json"]) == 2
    caught = capsys.readouterr()
    assert "repair" in caught.err
    assert json.loads(caught.out)["case"] in ("x", None)


def test_tables_are_shown_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("burdens", "avoid"):
        assert run(["knowledge", "show-table", name]) == 0
        path = tmp_path / f"{name}.csv"
        path.write_text(capsys.readouterr().out, encoding="utf-8")
        assert run(["knowledge", f"check-{name}", str(path)]) == 0
        assert "can be used" in capsys.readouterr().out
        path.write_text(path.read_text(encoding="utf-8").replace('"ours, estimate"', ""), encoding="utf-8")
    assert run(["knowledge", "check-burdens", str(tmp_path / "burdens.csv")]) == 2
    said = capsys.readouterr().err
    assert "line 9, source: is empty" in said
