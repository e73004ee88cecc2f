"""`hoofbeat knowledge` as it is called: what it prints, where, and with which exit status."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hoofbeat.cli.main import run
from hoofbeat.knowledge import releases
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE
from hoofbeat.knowledge.sources import Sources
from tests.small_release import HEADER, RELEASE, hpoa_text


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HOOFBEAT_DEBUG", raising=False)
    return tmp_path / "home"


def test_a_release_is_built_and_shown(small_release: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "build", "--from", str(small_release)]) == 0
    assert capsys.readouterr().out.startswith(f"built {home}/knowledge/{RELEASE}/knowledge.npz")

    assert run(["knowledge", "status"]) == 0
    shown = capsys.readouterr().out
    assert f"release {RELEASE} (in use)" in shown
    assert "11 annotations" in shown
    assert "hp.obo of 2024-02-01: file given by the user; HPO licence" in shown


def test_status_as_json_is_one_document_with_the_manifest(
    small_release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    capsys.readouterr()
    assert run(["knowledge", "status", "--format", "json", "--verify"]) == 0
    document = json.loads(capsys.readouterr().out)
    (release,) = document["releases"]
    assert document["default"] == release["name"] == RELEASE
    assert [source["name"] for source in release["inputs"]] == ["hp.obo", "phenotype.hpoa", "genes_to_phenotype.txt"]
    assert all(len(source["sha256"]) == 64 and source["licence"] for source in release["inputs"])
    assert release["counts"]["rows"] == 11
    assert len(release["content_sha256"]) == 64


def test_a_release_with_more_tables_is_not_replaced_by_the_one_installed(
    small_release: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sources, "bundled", lambda: Sources.in_folder(small_release))
    assert run(["knowledge", "build"]) == 0
    assert run(["knowledge", "build"]) == 0, "the same again loses nothing"
    more = shutil.copytree(small_release, small_release.with_name("more"))
    header = "ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\n"
    (more / "genes_to_disease.txt").write_text(f"{header}NCBIGene:1\tAAA\tMENDELIAN\tOMIM:1\tours\n", encoding="utf-8")
    assert run(["knowledge", "build", "--from", str(more)]) == 0
    built = (home / "knowledge" / RELEASE / "knowledge.npz").read_bytes()
    capsys.readouterr()
    assert run(["knowledge", "build"]) == 2
    said = capsys.readouterr().err
    assert "genes_to_disease.txt, which a build from the installed files would lose" in said
    assert "--from DIR" in said
    assert (home / "knowledge" / RELEASE / "knowledge.npz").read_bytes() == built
    assert run(["knowledge", "build", "--from", str(small_release)]) == 0, "whoever names a folder means it"


def test_status_before_any_build_says_how_to_make_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "status"]) == 0
    assert "make it: hoofbeat knowledge build" in capsys.readouterr().out


def test_what_was_known_on_a_day_lies_beside_the_release_and_is_marked(
    small_release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    assert run(["knowledge", "build", "--from", str(small_release), "--as-of", "2023-01-31"]) == 0
    run(["knowledge", "status"])
    shown = capsys.readouterr().out
    assert f"release {RELEASE}-as-of-2023-01-31 (approximate)" in shown
    assert "1 rows curated later were dropped" in shown
    assert releases.status().default == RELEASE
    assert releases.locate() == releases.release_folder(RELEASE) / KNOWLEDGE_FILE


def test_a_stored_release_of_that_day_is_used_as_it_is(small_release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    assert run(["knowledge", "build", "--from", str(small_release), "--as-of", RELEASE]) == 0
    assert f"release {RELEASE} is there" in capsys.readouterr().out
    assert [release.name for release in releases.status().releases] == [RELEASE]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["knowledge", "build", "--from", "/nowhere"], "error: /nowhere: no such folder\n  repair: give a folder"),
        (["knowledge", "build", "--as-of", "yesterday"], "error: Invalid value for '--as-of'"),
        (["knowledge", "bild"], "Did you mean 'build'?\n  repair: see `hoofbeat knowledge --help`"),
        (["no-such-verb"], "error: No such command 'no-such-verb'"),
        (["knowledge", "status", "--format", "xml"], "error: Invalid value for '--format'"),
        ([], "Usage: hoofbeat"),
    ],
)
def test_a_wrong_call_gets_one_message_with_the_repair_and_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_a_missing_column_is_refused_with_status_2_and_nothing_is_written(
    small_release: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_release / "phenotype.hpoa").write_text(hpoa_text(header=HEADER.replace("aspect", "a")), encoding="utf-8")
    assert run(["knowledge", "build", "--from", str(small_release)]) == 2
    assert "column aspect missing" in capsys.readouterr().err
    assert not home.exists()


def test_annotations_that_do_not_say_their_release_are_refused(
    small_release: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (small_release / "phenotype.hpoa").read_text(encoding="utf-8")
    (small_release / "phenotype.hpoa").write_text(text.replace(f"#version: {RELEASE}", "#version: new"), "utf-8")
    assert run(["knowledge", "build", "--from", str(small_release)]) == 2
    assert "phenotype.hpoa: no line such as #version: 2025-01-16" in capsys.readouterr().err
    assert not home.exists()


def test_a_table_of_genes_that_is_cut_off_is_said(small_release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small_release / "genes_to_phenotype.txt"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + "2200\tFB\n", encoding="utf-8")
    assert run(["knowledge", "build", "--from", str(small_release)]) == 0
    assert "note: 1 lines of the tables of genes skipped; the first: " in capsys.readouterr().err
    path.write_text(whole + "2200\tFB", encoding="utf-8")
    assert run(["knowledge", "build", "--from", str(small_release)]) == 2
    assert "the file is cut off within its last line" in capsys.readouterr().err


def test_a_damaged_release_is_named_and_the_others_still_shown(
    small_release: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    bad = home / "knowledge" / "2030-01-01"
    bad.mkdir()
    (bad / KNOWLEDGE_FILE).write_bytes(b"damaged")
    assert run(["knowledge", "status"]) == 0
    printed = capsys.readouterr()
    assert str(bad) in printed.err
    assert f"release {RELEASE}\n" in printed.out
    assert run(["knowledge", "status", "--verify"]) == 2
    assert run(["knowledge", "status", "--verify", "--format", "json"]) == 2


@pytest.mark.parametrize("name", ["2030-01-01", "2030-01-01-as-of-2029-01-01", "1999-01-01"])
def test_status_says_in_use_of_the_release_that_every_command_opens(
    small_release: Path, home: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    bad = home / "knowledge" / name
    bad.mkdir()
    (bad / KNOWLEDGE_FILE).write_bytes(b"damaged")
    assert run(["knowledge", "status"]) == 0
    printed = capsys.readouterr()
    opened = releases.locate().parent.name
    assert releases.status().chosen == opened
    if opened == RELEASE:
        assert f"release {RELEASE} (in use)" in printed.out
        assert "no release is in use" not in printed.err
    else:
        assert "(in use)" not in printed.out
        assert f"error: no release is in use: the newest, {name}, cannot be used" in printed.err
        assert releases.status().default is None


def test_our_own_fault_is_one_line_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(releases, "status", broken)
    assert run(["knowledge", "status"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: unexpected ZeroDivisionError: division by zero\n  repair: ")
    assert "Traceback" not in said

    monkeypatch.setenv("HOOFBEAT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run(["knowledge", "status"])


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(releases, "status", stopped)
    assert run(["knowledge", "status"]) == 130


def test_a_reader_that_stops_listening_is_no_error(small_release: Path) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    process = subprocess.Popen(
        [sys.executable, "-c", "from hoofbeat.cli.main import main; main(['knowledge', 'status'])"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ.copy(),
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert said == b""


def test_help_imports_neither_numpy_nor_rich() -> None:
    program = (
        "import sys\n"
        "from hoofbeat.cli.main import run\n"
        "run(['--help'])\n"
        "heavy = {'numpy', 'rich', 'httpx', 'hoofbeat.knowledge', 'hoofbeat.interchange'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "knowledge  Build, update and inspect" in done.stdout


@pytest.mark.parametrize("name", ["2024-02-01", ".", "folder", "file"])
def test_knowledge_is_located_by_release_folder_or_file(small_release: Path, home: Path, name: str) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    folder = home / "knowledge" / RELEASE
    given = {"folder": folder, "file": folder / KNOWLEDGE_FILE}.get(name, name)
    if name == ".":
        with pytest.raises(KnowledgeError, match=r"no knowledge called \.") as caught:
            releases.locate(given)
        assert RELEASE in caught.value.repair
    else:
        assert releases.locate(given) == folder / KNOWLEDGE_FILE


@pytest.mark.parametrize("name", ["../elsewhere", "", "a/b", ".hidden"])
def test_a_release_cannot_be_named_out_of_its_folder(name: str) -> None:
    with pytest.raises(KnowledgeError, match="no name of a release"):
        releases.release_folder(name)


def test_a_home_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", "~nobody-of-this-name/x")
    assert run(["knowledge", "status"]) == 2
    assert "repair: name a folder in HOOFBEAT_HOME" in capsys.readouterr().err


def test_the_home_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOFBEAT_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert releases.home() == Path("/data/hoofbeat")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/somebody")
    assert releases.home() == Path("/somebody/.local/share/hoofbeat")
