"""Knowledge files made to do harm: they are refused, and nothing outside is read, run or filled."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hoofbeat.cli.main import run
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.crossreferences import read_json_links, read_orphadata_links
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.releases import release_folder
from hoofbeat.knowledge.sources import Sources
from hoofbeat.knowledge.store import FORMAT, Array, Store, write_store
from tests.small_release import hpoa_text

BILLION_LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<JDBOR><DisorderList><Disorder><OrphaCode>&b;</OrphaCode></Disorder></DisorderList></JDBOR>
"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY outside SYSTEM "file:///etc/hostname">]>
<JDBOR><DisorderList><Disorder><OrphaCode>&outside;</OrphaCode></Disorder></DisorderList></JDBOR>
"""


@pytest.mark.parametrize("text", [BILLION_LAUGHS, OUTSIDE, "<JDBOR><Disorder>", "<html></html>", ""])
def test_xml_that_expands_reaches_out_or_is_no_orphadata_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "en_product1.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"Orphadata|no OMIM reference"):
        read_orphadata_links(path)


def test_json_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orpha2omim.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="not JSON"):
        read_json_links(path)


class _Harm:
    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("code of a knowledge file was run",))


def test_pickled_objects_in_a_knowledge_file_are_never_loaded(tmp_path: Path) -> None:
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(content, {"descr": "|O", "fortran_order": False, "shape": (1,)})
    content.write(pickle.dumps(_Harm()))
    path = tmp_path / "k.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", f'{{"format": {FORMAT}}}')
        archive.writestr("bad.npy", content.getvalue())
    with pytest.raises(KnowledgeError, match="bad is damaged"):
        Store(path).array("bad")


@pytest.mark.parametrize("manifest", ["[]", "null", "[" * 100_000, "{", "5"])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, manifest: str) -> None:
    path = tmp_path / "knowledge.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", manifest)
    with pytest.raises(KnowledgeError, match="not a knowledge file, or a damaged one"):
        Store(path)


def test_a_release_cannot_name_a_folder_elsewhere(small_release: Path, tmp_path: Path) -> None:
    text = hpoa_text(release="../../../elsewhere")
    (small_release / "phenotype.hpoa").write_text(text, encoding="utf-8")
    report = build(Sources.in_folder(small_release), tmp_path / "built")
    assert report.release == "unknown"
    with pytest.raises(KnowledgeError):
        release_folder("../elsewhere")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for what is built."""
    monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _built(small_release: Path) -> tuple[Path, dict[str, Array], dict[str, object]]:
    """The knowledge file of a small release, what is in it, and its manifest."""
    path = build(Sources.in_folder(small_release), release_folder("2024-02-01")).path
    store = Store(path)
    with zipfile.ZipFile(path) as archive:
        names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
    return path, {name: np.array(store.array(name)) for name in names}, store.manifest


def _last_is(value: float) -> Callable[[Array], Array]:
    def changed(given: Array) -> Array:
        given[-1] = value
        return given

    return changed


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("described.common", lambda given: given[:-1], "described: its lengths disagree"),
        ("described.around.children", lambda given: given[:3], "described: its lengths disagree"),
        ("described.common", _last_is(float("nan")), "no number"),
        ("described.common", _last_is(-1.0), "less than not at all"),
        ("described.parts.disease", _last_is(9_999), "described.parts: it names a disease that is not there"),
        ("described.parts.disease", _last_is(-1), "described.parts: it names a disease that is not there"),
        ("described.parts.disease", lambda given: given[::-1].copy(), "not in order"),
        ("described.parts.share", lambda given: given[:-1], "described.parts: its lengths disagree"),
        ("described.parts.share", _last_is(7.0), "between 0 and 1"),
        ("described.parts.share", _last_is(float("nan")), "between 0 and 1"),
        ("described.parts.starts", lambda given: given[:-1], "described.parts: its lengths disagree"),
        ("described.parts.starts", lambda given: np.sort(given)[::-1].copy(), "do not follow"),
        ("described.parts.starts", _last_is(10_000), "do not follow"),
        ("described.parts.starts", lambda given: given.astype(np.float64), "no whole numbers"),
        ("frequencies.disease", _last_is(9_999), "frequencies: it names a disease that is not there"),
        ("frequencies.background", lambda given: given * 0, "between 0 and 1"),
        ("diseases.gene_votes", lambda given: given[:-1], "gene_votes: its lengths disagree"),
        ("diseases.gene_votes", _last_is(0.0), "no vote"),
        ("diseases.gene_votes", _last_is(float("nan")), "no vote"),
    ],
)
def test_compiled_tables_that_would_rank_wrongly_are_refused_though_their_checksums_hold(
    small_release: Path, name: str, change: Callable[[Array], Array], says: str
) -> None:
    path, arrays, manifest = _built(small_release)
    write_store(path, arrays | {name: change(arrays[name])}, manifest)
    Store(path).verify()
    with pytest.raises(KnowledgeError, match=says) as refused:
        Facts.open(path)
    assert "hoofbeat knowledge build" in refused.value.repair


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("added", ["described.", "diseases.gene_votes"])
def test_a_release_of_an_earlier_version_is_refused_and_not_shown_as_in_use(
    small_release: Path, capsys: pytest.CaptureFixture[str], added: str
) -> None:
    path, arrays, manifest = _built(small_release)
    write_store(path, {name: one for name, one in arrays.items() if not name.startswith(added)}, manifest)
    assert run(["rank", "--hpo", "HP:0001166"]) == 2
    said = capsys.readouterr().err
    assert "written by an earlier version of Hoofbeat" in said
    assert "hoofbeat knowledge build" in said
    assert run(["knowledge", "status"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert f"release {path.parent.name} (not usable: built by another version of Hoofbeat)" in printed.out
    assert "written by an earlier version of Hoofbeat" in printed.out
    assert "hoofbeat knowledge build" in printed.out
    assert "in use" not in printed.out
    assert "no knowledge" not in printed.out
    assert run(["knowledge", "status", "--verify", "--format", "json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in document["other_versions"]] == [path.parent.name]
    assert document["releases"] == document["damaged"] == []
    assert run(["knowledge", "build", "--from", str(small_release)]) == 0
    assert run(["rank", "--hpo", "HP:0001166"]) == 0


@pytest.mark.parametrize("name", ["phenotype.hpoa", "genes_to_phenotype.txt"])
def test_a_table_that_was_cut_off_within_a_line_is_refused(small_release: Path, tmp_path: Path, name: str) -> None:
    whole = (small_release / name).read_bytes()
    (small_release / name).write_bytes(whole[: whole.rindex(b"\t") - 1])
    with pytest.raises(KnowledgeError, match=r"the file is cut off within its last line"):
        build(Sources.in_folder(small_release), tmp_path / "built")
    assert not (tmp_path / "built").exists()


def test_a_disease_without_a_number_is_no_disease(small_release: Path, tmp_path: Path) -> None:
    path = small_release / "phenotype.hpoa"
    lines = path.read_text(encoding="utf-8").splitlines()
    nobody = "OMIM:" + lines[-1][lines[-1].index("\t") :]
    path.write_text("\n".join([*lines[:3], *lines[3:] * 60, nobody]) + "\n", encoding="utf-8")
    build(Sources.in_folder(small_release), tmp_path / "built")
    (skipped,) = Facts.open(next((tmp_path / "built").rglob("knowledge.npz"))).manifest["report"]["skipped_rows"]
    assert skipped["reason"] == "no disease id"
