"""`hoofbeat knowledge add-cases` and `remove-source` as they are called: what they add, say, refuse and take out."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.cli.main import run
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_file import library_lock, stored_library
from hoofbeat.knowledge.library_rows import LibraryRows
from hoofbeat.knowledge.packing import pack
from hoofbeat.knowledge.releases import library_path
from hoofbeat.knowledge.store import write_store
from tests.packets import ARACHNODACTYLY, ECTOPIA_LENTIS, feature, packet


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HOOFBEAT_DEBUG", raising=False)
    return tmp_path / "home"


@pytest.fixture
def built(home: Path, small_release: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["knowledge", "build", "--from", str(small_release)]) == 0
    capsys.readouterr()
    return home


def solved(*, disease: str = "OMIM:154700", publication: str | None = "PMID:123", **more: Any) -> dict[str, Any]:
    value = packet(feature(ARACHNODACTYLY), feature(ECTOPIA_LENTIS, excluded=True), **more)
    value["diseases"] = [{"term": {"id": disease, "label": "A disease"}}]
    value["metaData"]["externalReferences"] = [{"id": publication}] if publication else []
    return value


def write(folder: Path, **packets: Any) -> Path:
    folder.mkdir(exist_ok=True)
    for name, value in packets.items():
        (folder / f"{name}.json").write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return folder


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write(
        tmp_path / "cases",
        one=solved(id="one"),
        two=solved(id="two"),
        three=solved(id="three", publication="PMID:7", disease="OMIM:999999"),
    )


def add(path: Path, *more: str) -> int:
    return run(["knowledge", "add-cases", str(path), *more])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def test_solved_cases_are_added_and_shown(built: Path, cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(cases) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "read 3 solved cases of 2 diseases from 2 sources",
        f"+3 cases, +2 blocks; written to {built}/library/library.npz",
        "the case library holds 3 cases of 2 diseases from 2 publications and 0 clinics",
        "no case names the gene that is its cause",
    ]
    assert printed.err == ""
    assert [block.n for block in map(stored_library().block, range(2))] == [2, 1]


def blaming(packet: dict[str, Any], *symbols: str) -> dict[str, Any]:
    """A solved case that calls genes the cause."""
    blamed = [
        {"subjectOrBiosampleId": "s", "interpretationStatus": "CAUSATIVE", "gene": {"valueId": "HGNC:1", "symbol": one}}
        for one in symbols
    ]
    diagnosis = {"disease": packet["diseases"][0]["term"], "genomicInterpretations": blamed}
    return packet | {"interpretations": [{"id": "i", "progressStatus": "SOLVED", "diagnosis": diagnosis}]}


def test_of_how_many_diseases_the_cases_name_the_gene_is_said_when_they_are_added_and_later(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(cases, four=blaming(solved(id="four", publication="PMID:8"), "FBN1", "TGFBR2"))
    assert add(cases) == 0
    said = "cases name the gene of 1 of 2 diseases (2 genes)\n"
    assert capsys.readouterr().out.endswith(said)
    assert run(["knowledge", "status"]) == 0
    assert f"  {said}" in capsys.readouterr().out
    assert run(["knowledge", "status", "--format", "json"]) == 0
    library = json.loads(capsys.readouterr().out)["library"]
    assert (library["genes"], library["diseases_with_gene"]) == (2, 1)


def test_status_says_of_a_library_from_before_genes_were_counted_how_to_have_them(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(cases)
    library = stored_library()
    columns = {name: one for name, one in pack("library", library.blocks).items() if "gene" not in name}
    del columns["library.blamed"]
    write_store(library_path(), columns, library.manifest())
    capsys.readouterr()
    assert run(["knowledge", "status"]) == 0
    assert "written before genes were counted: add the cases again" in capsys.readouterr().out
    assert run(["knowledge", "remove-source", "PMID:7"]) == 0


def test_adding_the_same_again_changes_nothing_and_says_so(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(cases)
    before = files(built / "library")
    capsys.readouterr()
    assert add(cases) == 0
    said = capsys.readouterr().out
    assert "2 blocks (one disease in one source) there already, unchanged\nnothing changed\n" in said
    assert files(built / "library") == before


def test_a_dry_run_says_what_would_come_and_writes_nothing(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(cases, "--dry-run") == 0
    assert "+3 cases, +2 blocks; would be written to" in capsys.readouterr().out
    assert not (built / "library").exists()


def test_what_was_added_is_taken_out_exactly(
    built: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(cases)
    before = files(built / "library")
    more = write(tmp_path / "more", four=solved(id="four", publication="PMID:8"))
    add(more)
    assert files(built / "library") != before
    capsys.readouterr()

    assert run(["knowledge", "remove-source", "pmid:8"]) == 0

    assert capsys.readouterr().out.startswith("PMID:8 taken out: -1 cases, -1 blocks\n")
    assert files(built / "library") == before


def test_a_library_from_which_everything_was_taken_is_gone(built: Path, cases: Path) -> None:
    add(cases)
    assert run(["knowledge", "remove-source", "PMID:123"]) == 0
    assert run(["knowledge", "remove-source", "PMID:7"]) == 0
    assert files(built / "library") == {}


def test_a_source_that_is_not_there_is_an_error_with_the_nearest_names(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["knowledge", "remove-source", "PMID:123"]) == 2
    assert (
        "the case library holds nothing from PMID:123\n  repair: there is nothing to take out"
        in capsys.readouterr().err
    )
    add(cases)
    assert run(["knowledge", "remove-source", "PMID:1234"]) == 2
    assert "such as PMID:123" in capsys.readouterr().err


def test_bad_files_are_named_and_the_others_still_added(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(cases, broken='{"id": ', list="[1, 2]")
    (cases / "README").write_text("not a packet")
    assert add(cases) == 0
    printed = capsys.readouterr()
    assert "skipped broken.json: error: " in printed.err
    assert "skipped list.json: error: " in printed.err
    assert "README" not in printed.err
    assert "+3 cases" in printed.out


def test_cases_that_cannot_be_counted_are_named_with_the_reason_and_the_repair(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_diseases = solved(id="both")
    two_diseases["diseases"].append({"term": {"id": "OMIM:129600"}})
    write(cases, unpublished=solved(id="anna", publication=None), both=two_diseases)
    assert add(cases) == 0
    said = capsys.readouterr().err
    assert (
        "not counted: 1 case, because it cites no publication, and no source was given: anna in unpublished.json\n"
        "  repair: name where the cases are from: --source NAME"
    ) in said
    assert "not counted: 1 case, because several diseases are reported as solved: both in both.json" in said


def test_a_clinic_names_its_unpublished_cases(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "own", a=solved(id="a", publication=None), b=solved(id="b", publication="PMID:5"))
    assert add(folder, "--source", "Example hospital") == 0
    assert stored_library().sources == {"clinic:Example hospital", "PMID:5"}
    assert run(["knowledge", "status"]) == 0
    assert "  clinics   Example hospital\n" in capsys.readouterr().out  # the name that remove-source wants
    assert run(["knowledge", "remove-source", "Example hospital"]) == 0
    assert stored_library().sources == {"PMID:5"}


def test_the_same_file_twice_in_a_folder_counts_once(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (cases / "copy.json").write_bytes((cases / "one.json").read_bytes())
    assert add(cases) == 0
    printed = capsys.readouterr()
    assert "1 document with the same content as another, counted once" in printed.err
    assert "+3 cases" in printed.out


def test_a_fuller_count_replaces_and_a_poorer_one_is_refused_by_name(
    built: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(write(tmp_path / "part", one=solved(id="one")))
    assert add(cases) == 0
    assert "1 block replaced by a fuller count: OMIM:154700 in PMID:123" in capsys.readouterr().out
    assert add(tmp_path / "part") == 0
    said = capsys.readouterr().out
    assert "1 block not taken" in said
    assert "repair: give all cases of a source at once" in said
    assert stored_library().case_count == 3


def test_cases_that_the_annotations_may_hold_already_are_counted_and_said(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(write(tmp_path / "cited", one=solved(publication="PMID:28050285"))) == 0
    assert "from publications that the annotations of their disease cite: 1 case; counted" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["zip", "ndjson"])
def test_a_zip_and_a_file_of_lines_give_the_counts_of_the_folder(built: Path, cases: Path, form: str) -> None:
    path = cases.with_name(f"cases.{form}")
    packets = sorted(cases.glob("*.json"))
    if form == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for one in packets:
                archive.write(one, one.name)
    else:
        path.write_text("".join(one.read_text() + "\n" for one in packets))
    add(cases)
    of_folder = stored_library()
    library_path().unlink()
    add(path)
    of_file = stored_library()
    assert of_file.checksum == of_folder.checksum
    assert [one.name for one in of_file.inputs] == [path.name]


def test_the_name_of_a_single_packet_is_not_kept(built: Path, cases: Path) -> None:
    """It may be a person's name."""
    one = cases / "one.json"
    one.rename(cases / "anna-example.json")
    assert add(cases / "anna-example.json") == 0
    assert [one.name for one in stored_library().inputs] == ["one packet"]
    assert b"anna" not in library_path().read_bytes()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "nowhere", "repair: check the name"),
        (lambda folder: write(folder / "empty"), "there is no JSON document"),
        (lambda folder: write(folder / "bad", broken="{"), "nothing could be added"),
        (lambda folder: write(folder / "open", one=packet()), "nothing could be added"),
    ],
)
def test_where_nothing_can_be_added_the_status_is_2_and_the_reason_is_said(
    built: Path, tmp_path: Path, make: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(make(tmp_path)) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""
    assert not (built / "library").exists()


def test_without_knowledge_the_call_says_how_to_make_it(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(cases) == 2
    assert "repair: make it: `hoofbeat knowledge build`" in capsys.readouterr().err


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_run_that_ends_while_writing_leaves_the_old_library(
    built: Path, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    add(cases)
    before = files(built / "library")

    def stopped(*_: object) -> None:
        raise stop

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", stopped)
        assert add(write(tmp_path / "more", four=solved(id="four", publication="PMID:8"))) in (2, 130)
    assert files(built / "library") == before


def test_a_damaged_library_is_said_and_never_overwritten(
    built: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library_path().parent.mkdir()
    library_path().write_bytes(b"damaged")
    assert add(cases) == 2
    assert "repair: put a backup in its place" in capsys.readouterr().err
    assert library_path().read_bytes() == b"damaged"
    assert run(["knowledge", "status"]) == 0
    printed = capsys.readouterr()
    assert "repair: put a backup in its place" in printed.err
    assert "release 2024-02-01 (in use)" in printed.out
    run(["knowledge", "status", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert document["library"] is None
    assert [one["path"] for one in document["damaged"]] == [str(library_path())]


def test_status_shows_what_the_library_holds(built: Path, cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["knowledge", "status"])
    assert "no case library yet\n  add solved cases: hoofbeat knowledge add-cases PATH" in capsys.readouterr().out
    add(cases)
    capsys.readouterr()
    assert run(["knowledge", "status", "--verify"]) == 0
    shown = capsys.readouterr().out
    assert "3 cases from 2 publications and 0 clinics, counted with HPO 2024-02-01" in shown
    assert "2 diseases, 6 rows; not in release 2024-02-01: 1 disease (OMIM:999999)" in shown
    assert "source    cases, added " in shown
    assert "  clinics " not in shown

    run(["knowledge", "status", "--format", "json"])
    library = json.loads(capsys.readouterr().out)["library"]
    assert library["counts"] == {
        "cases": 3,
        "publications": 2,
        "clinics": 0,
        "diseases": 2,
        "blocks": 2,
        "rows": 6,
    }
    assert library["size"] == library_path().stat().st_size
    assert library["hpo_releases"] == [library["release"]] == ["2024-02-01"]
    assert library["diseases_not_in_release"] == ["OMIM:999999"]
    assert library["cases_cited_by_annotations"] == 0
    assert len(library["content_sha256"]) == 64


def test_the_library_cannot_be_changed_where_nothing_may_be_written(home: Path) -> None:
    home.mkdir()
    (home / "library").write_text("a file where a folder should be")
    with pytest.raises(KnowledgeError, match="library"), library_lock():
        pass


def test_all_published_cases_at_hand_are_counted(shared_data: Path, knowledge_home: Path, hpo_facts: Facts) -> None:
    from_zip = shared_data / "phenopackets" / "phenopackets-dev.zip"
    if not from_zip.exists():
        pytest.skip(f"{from_zip} is missing")
    (Path(os.environ["HOOFBEAT_HOME"])).mkdir()
    (Path(os.environ["HOOFBEAT_HOME"]) / "knowledge").symlink_to(knowledge_home / "knowledge")

    assert add(from_zip) == 0

    library = Library.open(library_path())
    assert library.manifest()["counts"] == {
        "cases": 6490,
        "publications": 1134,
        "clinics": 0,
        "diseases": 597,
        "blocks": 1169,
        "rows": 269_751,
    }
    rows = LibraryRows.of(library, hpo_facts)
    assert (len(rows), rows.dropped) == (269_751, 0)
    assert bool((rows.observed <= rows.assessed).all())
    assert bool((rows.assessed <= rows.n).all())
    half = set(sorted(library.sources)[::2])
    assert library.without(half).merged(library.only(half)).same_content(library)
