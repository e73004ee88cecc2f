"""Columns of texts and lists, and the knowledge file that holds them."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from hoofbeat.knowledge.columns import Lists, Texts
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.packing import pack, unpack
from hoofbeat.knowledge.store import FORMAT, Store, write_store


@dataclass(frozen=True)
class Inner:
    words: Texts
    name: str


@dataclass(frozen=True)
class Outer:
    numbers: np.ndarray[tuple[int, ...], np.dtype[np.int32]]
    lists: Lists
    inner: Inner


def test_texts_answer_by_index_slice_and_position() -> None:
    texts = Texts.of(["apple", "é", "", "pear"])
    assert len(texts) == 4
    assert texts[1] == "é"
    assert texts[-1] == "pear"
    assert texts[1:3] == ["é", ""]
    assert list(texts) == ["apple", "é", "", "pear"]
    with pytest.raises(IndexError):
        texts[4]


def test_ascending_texts_are_searched() -> None:
    texts = Texts.of(["PMID:1", "PMID:10", "PMID:2"])
    assert [texts.position(text) for text in ("PMID:1", "PMID:10", "PMID:2", "PMID:3", "")] == [0, 1, 2, None, None]
    assert Texts.of([]).position("PMID:1") is None
    mixed = Texts.of(["OMIM:1", "PMID:", "PMID:2", "PMIDs", "é"])
    assert [mixed[index] for index in mixed.with_prefix("PMID:")] == ["PMID:", "PMID:2"]
    assert not mixed.with_prefix("ZFIN")


def test_lists_turn_round() -> None:
    lists = Lists.of([[0, 2], [], [2, 1]])
    assert [row.tolist() for row in lists] == [[0, 2], [], [2, 1]]
    assert lists.owners().tolist() == [0, 0, 2, 2]
    assert [row.tolist() for row in lists.turned(4)] == [[0], [2], [0, 2], []]
    assert [row.tolist() for row in lists[1:]] == [[], [2, 1]]


def test_a_table_comes_back_from_the_file_as_it_went_in(tmp_path: Path) -> None:
    table = Outer(np.arange(5, dtype=np.int32), Lists.of([[1], []]), Inner(Texts.of(["a", ""]), "größe"))
    write_store(tmp_path / "k.npz", pack("t", table), {"release": "x"})
    store = Store(tmp_path / "k.npz")
    back = unpack(Outer, "t", store.array)
    assert back.numbers.tolist() == [0, 1, 2, 3, 4]
    assert [row.tolist() for row in back.lists] == [[1], []]
    assert list(back.inner.words) == ["a", ""]
    assert back.inner.name == "größe"
    assert store.manifest["release"] == "x"
    assert store.manifest["format"] == FORMAT


def test_stored_arrays_cannot_be_changed_and_start_aligned(tmp_path: Path) -> None:
    arrays = {f"a{number}": np.arange(number, dtype=np.float64) for number in range(1, 30)}
    write_store(tmp_path / "k.npz", arrays, {})
    store = Store(tmp_path / "k.npz")
    for name, array in arrays.items():
        found = store.array(name)
        assert found.tolist() == array.tolist()
        assert found.flags.aligned
        with pytest.raises(ValueError, match="read-only"):
            found[0] = 7


def test_numpy_itself_reads_the_file(tmp_path: Path) -> None:
    write_store(tmp_path / "k.npz", {"numbers": np.arange(3)}, {})
    with np.load(tmp_path / "k.npz") as archive:
        assert archive["numbers"].tolist() == [0, 1, 2]


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    content = {"b": np.arange(3), "a": np.zeros(2)}
    write_store(tmp_path / "1.npz", content, {"release": "x"})
    write_store(tmp_path / "2.npz", dict(reversed(content.items())), {"release": "x"})
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.npz"
    write_store(path, {"a": np.arange(3)}, {})
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hoofbeat.knowledge.one_step.os.fsync", full)
    with pytest.raises(KnowledgeError, match="No space left on device"):
        write_store(path, {"a": np.arange(4)}, {})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_changed_bit_is_found_by_verify_and_before_an_array_is_used(tmp_path: Path) -> None:
    path = tmp_path / "k.npz"
    write_store(path, {"a": np.arange(1000)}, {})
    Store(path).verify()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(KnowledgeError, match="checksum"):
        Store(path).verify()
    with pytest.raises(KnowledgeError, match="a does not match its checksum"):
        Store(path).array("a")


@pytest.mark.parametrize("damage", [b"", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_knowledge_file_is_refused_with_the_repair(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "k.npz").write_bytes(damage)
    with pytest.raises(KnowledgeError, match="damaged") as caught:
        Store(tmp_path / "k.npz")
    assert "knowledge build" in caught.value.repair


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.npz"
    write_store(path, {"a": np.arange(1000)}, {})
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(KnowledgeError):
        Store(path)


def test_a_file_of_another_format_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_store(tmp_path / "k.npz", {}, {})
    monkeypatch.setattr("hoofbeat.knowledge.store.FORMAT", FORMAT + 1)
    with pytest.raises(KnowledgeError, match=f"format {FORMAT}; this version of Hoofbeat reads format {FORMAT + 1}"):
        Store(tmp_path / "k.npz")


def test_missing_files_and_arrays_are_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no such file"):
        Store(tmp_path / "none.npz")
    write_store(tmp_path / "k.npz", {}, {})
    with pytest.raises(KnowledgeError, match="left is not in it"):
        Store(tmp_path / "k.npz").array("left")


def test_what_a_killed_process_left_half_written_goes_and_what_is_being_written_stays(tmp_path: Path) -> None:
    left, under_way, of_another = (tmp_path / name for name in (".k.npz.a.part", ".k.npz.b.part", ".other.npz.a.part"))
    for path in (left, under_way, of_another):
        path.write_bytes(b"half")
    for path in (left, of_another):
        os.utime(path, (0, 0))
    write_store(tmp_path / "k.npz", {"a": np.arange(3)}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == [under_way.name, of_another.name, "k.npz"]
