"""Knowledge files made to do harm: they are refused, and nothing outside is read, run or filled."""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.crossreferences import read_json_links, read_orphadata_links
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.releases import release_folder
from hoofbeat.knowledge.sources import Sources
from hoofbeat.knowledge.store import FORMAT, Store
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
