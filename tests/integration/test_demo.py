"""`hoofbeat demo`: a published case with its diagnosis named, told as it is, and commands that work as printed."""

import re
import shlex
from pathlib import Path

import pytest

from hoofbeat.cli.demo import ALSO, SHOWN
from hoofbeat.cli.example_cases import read_example
from hoofbeat.cli.main import VERBS, run
from hoofbeat.knowledge.facts import Facts


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, because the demo writes there; the knowledge is that of all tests."""
    own = tmp_path / "home"
    own.mkdir()
    (own / "knowledge").symlink_to(knowledge_home / "knowledge", target_is_directory=True)
    monkeypatch.setenv("HOOFBEAT_HOME", str(own))
    return own


@pytest.mark.parametrize("name", [SHOWN, ALSO])
def test_an_example_names_its_source_which_the_annotations_of_its_disease_do_not_quote(
    name: str, hpo_facts: Facts
) -> None:
    example = read_example(name, ontology=hpo_facts.ontology)
    assert re.fullmatch(r"PMID:\d+", example.publication)
    assert 6 <= len(example.case.observed) <= 12
    disease = hpo_facts.diseases.find(example.disease)
    assert disease is not None
    quoting = hpo_facts.annotations.citing(example.publication)
    assert disease not in hpo_facts.annotations.findings.disease[quoting].tolist()


def test_the_demo_ranks_a_published_case_and_says_what_to_type_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # paths are told as they are typed from here
    page = tmp_path / "demo.html"
    assert run(["demo", "--no-serve", "--out", str(page)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"Published diagnosis: Aarskog-Scott syndrome \(OMIM:305400\), ranked (1st|2nd|3rd) of", shown)
    assert re.search(r"Published diagnosis: Loeys-Dietz syndrome 2 \(OMIM:610168\), ranked \d+(st|nd|rd|th) of", shown)
    assert "a page to print or hand on: demo.html" in shown
    assert "Published diagnosis: Aarskog-Scott syndrome" in page.read_text(encoding="utf-8")

    commands = re.findall(r"^  hoofbeat (.+)$", shown, re.MULTILINE)
    assert len(commands) >= 3
    for command in commands:
        words = shlex.split(command)
        if words[0] in VERBS:
            assert run(words) == 0, command
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_page_of_the_demo_has_its_place_in_the_home(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--no-serve"]) == 0
    assert str(home / "demo" / f"{SHOWN}.html") in capsys.readouterr().out
    assert (home / "demo" / f"{SHOWN}.html").is_file()
