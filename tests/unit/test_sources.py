"""A path becomes a stream of cases.

Files, folders, archives and one packet per line, in order, one bad one never spoiling the rest.
"""

import json
import os
import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.interchange import archive
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.sources import documents, read_cases, read_document
from tests.packets import ONTOLOGY, packet


def read_all(path: Path) -> list[Imported]:
    return list(read_cases(path, ontology=ONTOLOGY))


def summary(path: Path) -> list[tuple[str, int, str]]:
    """Per document: name, number of cases, first message code."""
    found = []
    for one in read_all(path):
        codes = [code for code, _ in one.report.counts]
        found.append((one.report.file, len(one.cases), codes[0] if codes else ""))
    return found


def text(**more: Any) -> str:
    return json.dumps(packet(**more), indent=1)


def line(**more: Any) -> str:
    return json.dumps(packet(**more))


def test_one_file(tmp_path: Path) -> None:
    path = tmp_path / "patient.json"
    path.write_text(text())
    assert summary(path) == [("patient.json", 1, "")]


def test_the_format_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "patient.txt"
    path.write_text("\ufeff\n " + text(), encoding="utf-8")
    assert [len(one.cases) for one in read_all(path)] == [1]


def test_a_folder_in_order_of_name_with_one_bad_file_among_good(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.json").write_text(text())
    (tmp_path / "a.json").write_text(text())
    (tmp_path / "broken.json").write_text('{"id": ')
    (tmp_path / "notes.json").write_text("not json")
    (tmp_path / "README.md").write_text("Some words")
    (tmp_path / ".hidden.json").write_text("{}")
    assert summary(tmp_path) == [
        (".hidden.json", 0, "skipped"),
        ("README.md", 0, "skipped"),
        ("a.json", 1, ""),
        ("b/two.json", 1, ""),
        ("broken.json", 0, "json-syntax"),
        ("notes.json", 0, "json-syntax"),
    ]
    failed = [one.report.file for one in read_all(tmp_path) if one.failed]
    assert failed == ["broken.json", "notes.json"]


def test_one_packet_per_line_with_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "cases.txt"
    path.write_text(f"{line(id='one')}\n\n{{broken\n{line(id='two')}\n")
    found = read_all(path)
    assert [[case.id for case in one.cases] for one in found] == [["one"], [], ["two"]]
    assert found[1].report.errors[0].where.line == 3


def test_one_packet_on_one_line_is_one_packet(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(line() + "\n")
    assert len(read_all(path)) == 1


def test_a_zip_archive_in_order_of_name(tmp_path: Path) -> None:
    path = tmp_path / "cases.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("b.json", text())
        made.writestr("a/one.json", text())
        made.writestr("a/lines.ndjson", f"{line()}\n{line()}\n")
        made.writestr("__MACOSX/._b.json", "x")
        made.writestr("LICENSE", "Some words")
        made.writestr("inner.zip", b"PK\x03\x04...")
        made.writestr("bad.json", "{")
    assert summary(path) == [
        ("LICENSE", 0, "skipped"),
        ("__MACOSX/._b.json", 0, "skipped"),
        ("a/lines.ndjson", 1, ""),
        ("a/lines.ndjson", 1, ""),
        ("a/one.json", 1, ""),
        ("b.json", 1, ""),
        ("bad.json", 0, "json-syntax"),
        ("inner.zip", 0, "archive-nested"),
    ]


def test_documents_are_read_only_when_they_are_asked_for(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(text())
    stream: Iterator[Imported] = read_cases(tmp_path, ontology=ONTOLOGY)
    next(stream)
    (tmp_path / "1.json").write_text("{")
    assert next(stream).failed


def test_documents_travel_to_other_processes_and_results_back(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text())
    (tmp_path / "b.json").write_text("{")
    for document in documents(tmp_path):
        imported = read_document(pickle.loads(pickle.dumps(document)), ontology=ONTOLOGY)
        assert pickle.loads(pickle.dumps(imported)) == imported


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(text())
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").symlink_to(secret)
    (folder / "b.json").write_text(text())
    (folder / "notes").symlink_to(secret)
    (folder / ".#b.json").symlink_to("somebody@somewhere")  # how an editor marks what it has open
    assert summary(folder) == [
        (".#b.json", 0, "skipped"),
        ("a.json", 0, "link"),
        ("b.json", 1, ""),
        ("notes", 0, "skipped"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "b.json").write_text(text())
    assert summary(tmp_path) == [("b.json", 1, ""), ("pipe.json", 0, "link")]
    with pytest.raises(InputError, match="neither file nor folder"):
        read_all(tmp_path / "pipe.json")


@pytest.mark.parametrize("name", ["missing.json", "a\0b", ""])
def test_a_wrong_path_is_an_input_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as refused:
        read_all(tmp_path / "empty" / name)
    assert refused.value.code in ("no-file", "no-document")


def test_a_line_over_the_limit_is_refused_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 2000)
    path = tmp_path / "cases.ndjson"
    path.write_text(f"{line(id='one')}\n{line(id='x' * 3000)}\n{line(id='two')}\n")
    assert summary(path) == [("cases.ndjson", 1, ""), ("cases.ndjson", 0, "json-size"), ("cases.ndjson", 1, "")]


def test_a_gzip_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "cases.json.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00")
    assert summary(path) == [("cases.json.gz", 0, "gzip")]
