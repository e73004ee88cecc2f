"""`hoofbeat read` and `hoofbeat rank --text` as they are called: what they print, where, and with which exit status."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.cli.main import run
from hoofbeat.cli.presentation.read_table import read_table
from hoofbeat.cli.presentation.table import Ink
from hoofbeat.interchange.archive import Document
from hoofbeat.interchange.text.reader import read_text
from hoofbeat.knowledge.lexicon import Lexicon

NOTE = "There is ataxia, but no chorea.\nHer mother has <b>scoliosis</b>. Possible ptosis.\n"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    monkeypatch.delenv("HOOFBEAT_DEBUG", raising=False)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def _documents(capsys: Said) -> tuple[list[dict[str, Any]], str]:
    said = capsys.readouterr()
    return [json.loads(line) for line in said.out.splitlines()], said.err


def test_json_has_a_line_per_text_with_the_fields_of_the_contract(note: Path, capsys: Said) -> None:
    assert run(["read", str(note), "--format", "json"]) == 0
    (document,), _ = _documents(capsys)
    assert document["file"] == str(note)
    told = [(one["text"], one["hpo"], one["label"], one["assertion"], one["who"]) for one in document["mentions"]]
    assert told == [
        ("ataxia", "HP:0001251", "Ataxia", "present", None),
        ("chorea", "HP:0002072", "Chorea", "negated", None),
        ("scoliosis", "HP:0002650", "Scoliosis", "family", "mother"),
        ("ptosis", "HP:0000508", "Ptosis", "uncertain", None),
    ]
    assert all(NOTE[one["start"] : one["end"]] == one["text"] for one in document["mentions"])


def test_folders_and_zips_are_read_and_what_is_no_text_is_named(tmp_path: Path, capsys: Said) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "b.txt").write_text("Chorea.")
    (folder / "a.txt").write_text("Ataxia.")
    (folder / "scan.png").write_bytes(b"\x89PNG")
    (folder / "empty.txt").write_bytes(b"")
    packed = tmp_path / "notes.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("c.txt", "Dystonia.")
    assert run(["read", str(folder), str(packed), "--format", "json"]) == 0
    documents, errors = _documents(capsys)
    assert [Path(one["file"]).name for one in documents] == ["a.txt", "b.txt", "empty.txt", "c.txt"]
    assert documents[2]["error"].startswith("there is no text in it")
    assert "scan.png: the file is no text" in errors
    assert "empty.txt: there is no text in it" in errors


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    class Stdin:
        buffer = io.BytesIO(b"There is ataxia.")

    monkeypatch.setattr("sys.stdin", Stdin())
    assert run(["read", "-", "--format", "json"]) == 0
    (document,), _ = _documents(capsys)
    assert (document["file"], len(document["mentions"])) == ("standard input", 1)


def test_the_table_marks_the_words_and_says_that_nobody_confirmed_them(note: Path, capsys: Said) -> None:
    assert run(["read", str(note)]) == 0
    out = capsys.readouterr().out
    assert "There is [ataxia], but no [chorea]." in out
    assert re.search(r"2\s+scoliosis\s+mother\s+HP:0002650 Scoliosis", out)
    assert "until somebody confirms it" in out
    assert "\x1b" not in out


def test_in_a_terminal_colours_tell_what_is_said_and_control_characters_are_never_sent(lexicon: Lexicon) -> None:
    read = read_text(
        Document("n", b"There is ataxia, but no chorea; her hair is long and her skin is soft.\x1b[2J"), lexicon
    )
    table = read_table("n", read, ink=Ink(colours=True))
    assert "\x1b[30;42mataxia\x1b[0m" in table
    assert "\x1b[30;41mchorea\x1b[0m" in table
    assert "\x1b[2J" not in table


def test_the_page_marks_the_words_escapes_the_text_and_loads_nothing(note: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run(["read", str(note), "--format", "html", "--out", str(page)]) == 0
    html = page.read_text(encoding="utf-8")
    assert re.search(r'<mark class="negated" title="Chorea: denied">chorea</mark>', html)
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert "<script" not in html
    assert re.search(r"""(?:src|href)\s*=\s*["']?[^"'#]""", html) is None


def test_several_pages_go_to_a_folder(note: Path, tmp_path: Path, capsys: Said) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Ataxia.")
    assert run(["read", str(note), str(other), "--format", "html"]) == 2
    assert "add --out FOLDER/" in capsys.readouterr().err
    assert run(["read", str(note), str(other), "--format", "html", "--out", f"{tmp_path}/pages/"]) == 0
    assert len(list((tmp_path / "pages").glob("*.html"))) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["read"], "Missing argument 'NOTES...'"),
        (["read", "missing.txt"], "missing.txt: No such file"),
        (["read", "-", "-"], "standard input (-) can be read only once"),
        (["rank", "--text", "missing.txt"], "missing.txt: No such file"),
        (["rank", "-", "--text", "-"], "standard input (-) can be read only once"),
    ],
)
def test_a_wrong_call_ends_with_status_2_and_a_message(arguments: list[str], told: str, capsys: Said) -> None:
    assert run(arguments) == 2
    assert told in capsys.readouterr().err


def test_ranking_with_a_text_uses_what_is_present_or_denied_and_says_that_nobody_confirmed_it(
    note: Path, capsys: Said
) -> None:
    assert run(["rank", "--text", str(note), "--format", "json", "--top", "1", "--no-library"]) == 0
    (document,), _ = _documents(capsys)
    assert document["case"] == "note.txt"
    assert [one["id"] for one in document["observed"]] == ["HP:0001251"]
    assert [one["id"] for one in document["excluded"]] == ["HP:0002072"]
    notes = " / ".join(note["what"] for note in document["notes"])
    assert "2 findings read from the text" in notes
    assert "confirmed by nobody" in notes
    assert "not used: Scoliosis, line 2 (mother); Ptosis, line 2 (uncertain)" in notes


def test_findings_of_a_text_join_those_that_are_typed(note: Path, capsys: Said) -> None:
    call = ["rank", "--hpo", "HP:0002072", "--text", str(note), "--sex", "female", "--format", "json", "--top", "1"]
    assert run(call) == 0
    (document,), _ = _documents(capsys)
    assert {one["id"] for one in document["observed"]} == {"HP:0002072", "HP:0001251"}
    assert document["excluded"] == []


def test_a_text_joins_one_case_and_never_several(note: Path, tmp_path: Path, capsys: Said) -> None:
    cases = tmp_path / "cases.ndjson"
    packet = {"phenotypicFeatures": [{"type": {"id": "HP:0001166"}}], "metaData": {"phenopacketSchemaVersion": "2.0"}}
    cases.write_text("".join(json.dumps({"id": name, **packet}) + "\n" for name in ("a", "b")))
    assert run(["rank", str(cases), "--text", str(note), "--format", "json"]) == 2
    assert "--text is of one person" in capsys.readouterr().err


def test_a_text_without_findings_gives_no_ranking(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Thank you for the flowers.")
    assert run(["rank", "--text", str(path)]) == 2
    assert "no usable finding" in capsys.readouterr().err


def test_many_texts_are_read_in_processes_in_their_order(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoofbeat.cli.read.MANY", 2)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("Ataxia. " * (number + 1))
    assert run(["read", str(tmp_path), "--format", "json"]) == 0
    documents, _ = _documents(capsys)
    assert [len(one["mentions"]) for one in documents] == [1, 2, 3]
