"""Hostile input is refused within two seconds, with nothing written and little memory used."""

import io
import json
import os
import stat
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hoofbeat.cli.main import run
from hoofbeat.interchange import archive
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.sources import read_cases
from tests.packets import ONTOLOGY, SEIZURE, feature, packet

GOOD = json.dumps(packet())
LIMIT_SECONDS = 2.0  # interchange specification, section 12, point 9


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 5 * LIMIT_SECONDS  # slow machines; the bar itself is measured by hand


@pytest.fixture
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    return knowledge_home


def codes(path: Path) -> list[str]:
    """The codes of all errors, wherever they come from."""
    found: list[Imported] = []
    try:
        for one in read_cases(path, ontology=ONTOLOGY):
            found.append(one)
    except InputError as error:
        return [*(message.code for one in found for message in one.report.errors), error.code]
    return [message.code for one in found for message in one.report.errors]


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../x.json",
        "a/../../x.json",
        "/etc/x.json",
        "C:/x.json",
        "..\\x.json",
        "a\x1b[2J.json",
        "a\u202e.json",
        "x" * 256,
    ],
)
def test_an_unsafe_member_name_refuses_the_archive(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", {name: GOOD, "good.json": GOOD})
    assert codes(path) == ["archive-names"]
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


def test_a_nul_in_a_member_name_refuses_the_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a_b.json": GOOD})
    path.write_bytes(path.read_bytes().replace(b"a_b.json", b"a\0b.json"))
    assert codes(path) == ["archive-names"]


@pytest.mark.parametrize(
    ("one", "other"), [("A.json", "a.json"), ("\u00e9.json", "e\u0301.json"), ("ß.json", "SS.json")]
)
def test_names_that_some_system_takes_for_the_same_are_refused(tmp_path: Path, one: str, other: str) -> None:
    assert codes(zipped(tmp_path / "a.zip", {one: GOOD, other: GOOD})) == ["archive-names"]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("link.json")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert codes(path) == ["archive-link"]


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.json": GOOD})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert codes(path) == ["archive-encrypted"]


def test_an_archive_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{i}.json": b"0" * 40_000_000 for i in range(2)})
    assert path.stat().st_size < 100_000
    assert codes(path) == ["archive-ratio"]


def test_a_bomb_beside_much_good_text_is_found_while_it_is_read(tmp_path: Path) -> None:
    noise = json.dumps({"id": "x", "noise": [hash((i, "noise")) for i in range(60_000)]})
    path = zipped(tmp_path / "a.zip", {"bomb.json": b"[" + b" " * 10_000_000, "good.json": GOOD, "noise.json": noise})
    assert "archive-ratio" in codes(path)


def test_a_directory_that_understates_a_member_does_not_help(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"bomb.json": b"0" * 30_000_000})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    assert codes(path)


def test_packings_that_unpack_without_bound_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(path, "w", packing) as made:
            made.writestr("a.json", b"0" * 30_000_000)
        data = bytearray(path.read_bytes())
        at = data.rfind(b"PK\x01\x02")
        data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        path.write_bytes(data)
        tracemalloc.start()
        assert codes(path) == ["archive-broken"]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    assert codes(zipped(tmp_path / "a.zip", {f"{i}.json": GOOD for i in range(4)})) == ["archive-members"]
    assert codes(zipped(tmp_path / "b.zip", {f"{i}{'x' * 240}.json": GOOD for i in range(40)})) == ["archive-members"]


def test_an_archive_too_large_unpacked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 500)
    assert codes(zipped(tmp_path / "a.zip", {"a.json": GOOD, "b.json": GOOD})) == ["archive-size"]


@pytest.mark.parametrize("cut", [4, 30, 100, -1, -10, -22])
def test_a_truncated_archive_is_refused(tmp_path: Path, cut: int) -> None:
    path = zipped(tmp_path / "a.zip", {"a.json": GOOD, "b.json": GOOD})
    path.write_bytes(path.read_bytes()[:cut])
    assert codes(path) == ["archive-broken"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[" * 70 + b"]" * 70, "json-depth"),
        (b"[" * 1_500_000, "json-depth"),
        (b'{"id": "' + b"a" * 30_000_000 + b'"}', "json-string"),
        (b'{"id": "' + b'\\"' * 15_000_000, "json-nodes"),
        (b'{"id": NaN}', "json-number"),
        (b'{"id": "a", "id": "b"}', "json-duplicate-key"),
        (b'{"id": "\\ud800"}', "json-surrogate"),
        (b'{"id": ' + b"9" * 10_000_000 + b"}", "json-number"),
        (b'{"id": ' + b"-" * 40_000_000 + b"}", "json-number"),
        (b'{"id": [' + b"0," * 3_000_000 + b"0]}", "json-nodes"),
        (b'{"' + b'":{"' * 100, "json-depth"),
    ],
)
def test_hostile_json_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    assert codes(path) == [code]


def test_a_file_of_200_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as stream:
        stream.write(b'{\n"id": "')
        stream.truncate(200_000_000)
    tracemalloc.start()
    try:
        assert codes(path) == ["json-size"]
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_lines_may_be_many_although_the_file_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 5_000)
    path = tmp_path / "a.json"
    path.write_text(f"{GOOD}\n" * 50)
    assert path.stat().st_size > 5_000
    assert sum(len(one.cases) for one in read_cases(path, ontology=ONTOLOGY)) == 50


def test_too_much_that_is_not_used_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(packet(noise=list(range(10_001)))))
    assert codes(path) == ["carried-limit"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["rank", "PIPE"],
        ["rank", "--text", "PIPE"],
        ["rank", "--hpo", "HP:0001166", "--vcf", "PIPE"],
        ["rank", "--hpo", "HP:0001166", "--vcf", "x.vcf", "--ped", "PIPE"],
        ["rank", "--hpo", "HP:0001166", "--vcf", "x.vcf", "--background", "PIPE"],
        ["rank", "--hpo", "HP:0001166", "--vcf", "x.vcf", "--gene-regions", "PIPE"],
        ["read", "PIPE"],
        ["next", "PIPE"],
        ["next", "x.json", "--avoid", "PIPE"],
        ["benchmark", "PIPE"],
        ["reanalyse", "PIPE", "--out", "x"],
        ["knowledge", "check-burdens", "PIPE"],
        ["knowledge", "add-cases", "PIPE"],
    ],
)
def test_a_named_pipe_is_not_waited_for(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert run([str(pipe) if one == "PIPE" else one for one in arguments]) == 2
    assert "named pipe" in capsys.readouterr().err


def test_a_device_without_end_is_not_looked_into(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run(["read", "/dev/zero"]) == 2
    assert "neither file nor folder" in capsys.readouterr().err


def test_messages_cannot_disturb_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(packet(feature("HP:\x1b[2J\u202e" + "x" * 500), feature(SEIZURE), **{"\x1b]0;x": 1})))
    (imported,) = read_cases(path, ontology=ONTOLOGY)
    shown = "".join(map(str, imported.report.messages)) + json.dumps(imported.report.to_json(), ensure_ascii=False)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert all(len(message.value) <= 80 for message in imported.report.messages)


def test_an_archive_in_memory_order_is_not_trusted(tmp_path: Path) -> None:
    """Members that share their bytes (a quine or an overlap bomb) still count one by one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(30):
            made.writestr(f"{number}.json", b" " * 3_000_000)
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    assert codes(tmp_path / "a.zip") == ["archive-ratio"]
