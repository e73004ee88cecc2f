"""The case library as a file, and as one release of knowledge sees it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library, LibraryInput, SolvedCase
from hoofbeat.knowledge.library_file import library_lock, replace_library, stored_library
from hoofbeat.knowledge.library_rows import LibraryRows, cited_blocks
from hoofbeat.knowledge.ontology import Ontology, Term
from hoofbeat.knowledge.packing import pack
from hoofbeat.knowledge.sources import Sources
from hoofbeat.knowledge.store import Store, write_store
from tests.small_release import write_small_release

ARACHNODACTYLY, LENS, PALATE, ANY = "HP:0001166", "HP:0001083", "HP:0002705", "HP:0000118"
INPUT = LibraryInput("2026-11-21", "ab" * 32, "cases.zip")


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    folder = write_small_release(tmp_path / "files", links=True)
    return Facts.open(build(Sources.in_folder(folder), tmp_path / "built").path)


@pytest.fixture
def library(facts: Facts) -> Library:
    cases = [
        SolvedCase("OMIM:154700", "PMID:28050285", (ARACHNODACTYLY,), (LENS,)),
        SolvedCase("ORPHA:558", "PMID:7", (ARACHNODACTYLY, LENS)),
        SolvedCase("OMIM:129600", "PMID:28050285", (LENS,)),
        SolvedCase("OMIM:999999", "PMID:7", (PALATE,), genes=("FBN3",)),
    ]
    return Library.of(cases, facts.ontology, brought_by=INPUT)


def seen(rows: LibraryRows, facts: Facts) -> list[tuple[str, str, int, int, int]]:
    """(disease, finding, observed, assessed, n) per row, but the root."""
    found = []
    for row in range(len(rows)):
        disease = int(rows.disease[row])
        name = facts.diseases.id(disease) if disease >= 0 else rows.unknown_ids[int(rows.unknown[row])]
        counts = int(rows.observed[row]), int(rows.assessed[row]), int(rows.n[row])
        found.append((name, facts.ontology.id(int(rows.term[row])), *counts))
    return [one for one in found if one[1] != ANY]


def test_a_release_sees_counts_by_its_merged_diseases_and_keeps_the_ids_it_does_not_know(
    library: Library, facts: Facts
) -> None:
    rows = LibraryRows.of(library, facts)
    assert seen(rows, facts) == [
        ("OMIM:129600", LENS, 1, 1, 1),
        ("OMIM:154700", LENS, 0, 1, 1),
        ("OMIM:154700", ARACHNODACTYLY, 1, 1, 1),
        ("OMIM:999999", PALATE, 1, 1, 1),
        ("OMIM:154700", LENS, 1, 1, 1),
        ("OMIM:154700", ARACHNODACTYLY, 1, 1, 1),
    ]
    assert rows.unknown_ids == ("OMIM:999999",)
    assert rows.dropped == 0
    assert rows.block_disease.tolist() == [*rows.block_disease[:2].tolist(), -1, rows.block_disease[1]]
    assert rows.block_unknown.tolist() == [-1, -1, 0, -1]


def test_an_empty_library_has_no_rows(facts: Facts) -> None:
    rows = LibraryRows.of(Library.empty(), facts)
    assert (len(rows), rows.unknown_ids, rows.dropped) == (0, (), 0)


def test_counts_of_another_release_are_read_by_identifier(facts: Facts) -> None:
    """9999 has become 1166 (so both would count one person twice), 8888 is gone, 7777 never came."""
    older = Ontology.of(
        [
            Term("HP:0000001", "All"),
            Term(ANY, "Phenotypic abnormality", parents=("HP:0000001",)),
            *(Term(f"HP:000{one}", "", parents=(ANY,)) for one in ("1166", "9999", "8888", "7777")),
        ],
        release="2020-01-01",
    )
    cases = [
        SolvedCase("OMIM:154700", "PMID:1", ("HP:0009999", "HP:0008888", "HP:0007777")),
        SolvedCase("OMIM:154700", "PMID:1", ("HP:0009999", "HP:0001166")),
        SolvedCase("OMIM:154700", "PMID:1"),
    ]
    rows = LibraryRows.of(Library.of(cases, older), facts)
    assert seen(rows, facts) == [("OMIM:154700", ARACHNODACTYLY, 2, 2, 3)]
    assert rows.dropped == 3


def test_a_block_knows_whether_the_annotations_of_its_disease_quote_its_publication(
    library: Library, facts: Facts
) -> None:
    cited = {library.blocks.keys[index] for index in np.flatnonzero(cited_blocks(library, facts))}
    assert cited == {("OMIM:154700", "PMID:28050285")}


def test_a_library_comes_back_from_its_file_as_it_was(library: Library, tmp_path: Path) -> None:
    manifest = library.save(tmp_path / "library.npz")
    opened = Library.open(tmp_path / "library.npz")
    assert opened.same_content(library)
    assert opened.checksum == library.checksum
    assert manifest["counts"] == {
        "cases": 4,
        "publications": 2,
        "clinics": 0,
        "diseases": 4,
        "blocks": 4,
        "rows": 10,
    }
    assert manifest["hpo_releases"] == ["2024-02-01"]
    assert manifest["inputs"] == [{"name": "cases.zip", "sha256": "ab" * 32, "added": "2026-11-21", "blocks": 4}]
    Store(tmp_path / "library.npz").verify()


def test_the_checksum_is_of_the_counts_and_not_of_when_they_were_added(library: Library, facts: Facts) -> None:
    assert library.without({"PMID:7"}).checksum != library.checksum
    again = Library.of(
        [SolvedCase("OMIM:154700", "PMID:1", (LENS,))],
        facts.ontology,
        brought_by=LibraryInput("2020-01-01", "cd" * 32, "other.zip"),
    )
    assert again.checksum == Library.of([SolvedCase("OMIM:154700", "PMID:1", (LENS,))], facts.ontology).checksum


def test_an_input_is_forgotten_with_the_last_of_its_counts(library: Library, facts: Facts) -> None:
    more = Library.of(
        [SolvedCase("OMIM:154700", "PMID:8", (LENS,))],
        facts.ontology,
        brought_by=LibraryInput("2026-01-01", "cd" * 32, "more.zip"),
    )
    both = library.merged(more)
    assert [one.name for one in both.inputs] == ["more.zip", "cases.zip"]
    assert both.without({"PMID:8"}).inputs == library.inputs


def test_a_case_added_twice_keeps_the_day_it_first_came(library: Library) -> None:
    again = Library(library.blocks, (LibraryInput("2027-01-01", INPUT.sha256, INPUT.name),))
    assert library.merged(again).same_content(library)
    assert again.merged(library).same_content(library)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"not a library"])
def test_a_damaged_file_is_refused_with_the_repair(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "library.npz").write_bytes(content)
    with pytest.raises(KnowledgeError) as caught:
        Library.open(tmp_path / "library.npz")
    assert "knowledge add-cases" in caught.value.repair


def test_a_knowledge_file_is_no_library(facts: Facts, tmp_path: Path) -> None:
    facts.save(tmp_path / "knowledge.npz")
    with pytest.raises(KnowledgeError, match="is no case library"):
        Library.open(tmp_path / "knowledge.npz")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("library.observed", lambda values: values + 100),
        ("library.excluded", lambda values: -values - 1),
        ("library.term", lambda values: values[:-1]),
        ("library.starts", lambda values: values[::-1]),
        ("library.n", lambda values: values.astype(np.float64)),
        ("library.sex", lambda values: values[:, :2]),
        ("library.input", lambda values: values + 5),
        ("library.disease.data", lambda values: values[::-1]),
        ("library.blamed", lambda values: values + 1),
        ("library.blamed", lambda values: values[:-1]),
        ("library.gene_starts", lambda values: values[::-1]),
        ("library.gene.data", lambda values: values | 0x80),
        ("library.gene.data", lambda values: values[:-1]),
        ("library.gene.data", lambda values: np.concatenate([values, values])),
        ("library.gene.offsets", lambda values: values - 4),
        ("library.gene.offsets", lambda values: values * 0),
        ("library.hpo_release.data", lambda values: values | 0x80),
        ("library.source.offsets", lambda values: values.astype(np.uint64)),
        ("library.kind", lambda values: values + 5),
    ],
)
def test_a_file_whose_counts_cannot_be_is_refused(library: Library, tmp_path: Path, name: str, change: object) -> None:
    assert callable(change)
    arrays = pack("library", library.blocks)
    write_store(tmp_path / "library.npz", {**arrays, name: change(arrays[name])}, library.manifest())
    with pytest.raises(KnowledgeError) as caught:
        Library.open(tmp_path / "library.npz")
    assert "knowledge add-cases" in caught.value.repair


def test_a_library_that_was_written_before_genes_were_counted_still_opens(library: Library, tmp_path: Path) -> None:
    without = {name for name in pack("library", library.blocks) if ".gene" in name or name.endswith(".blamed")}
    assert len(without) == 4
    arrays = {name: value for name, value in pack("library", library.blocks).items() if name not in without}
    write_store(tmp_path / "library.npz", arrays, library.manifest())
    opened = Library.open(tmp_path / "library.npz")
    assert opened.blocks.keys == library.blocks.keys
    assert not opened.blocks.gene
    assert opened.merged(library).same_content(library), "adding the cases again brings the genes"


def test_a_release_knows_the_gene_of_a_disease_that_only_solved_cases_know(library: Library, facts: Facts) -> None:
    known = Knowledge.of(facts, library)
    marfan, new = known.find_disease("OMIM:154700"), known.find_disease("OMIM:999999")
    assert marfan is not None
    assert new is not None
    assert (known.genes_of(marfan), known.genes_of(new)) == (("FBN1",), ("FBN3",))
    shares = known.gene_shares
    assert [(float(shares.share[pair]), bool(shares.stated[pair])) for pair in shares.pairs_of(new)] == [(1.0, False)]
    assert Knowledge.of(facts).gene_shares.symbols == ("FBN1", "LMX1B")


def test_the_genes_that_the_release_names_stand_before_those_of_solved_cases(facts: Facts) -> None:
    solved = SolvedCase("OMIM:161200", "PMID:9", (LENS,), genes=("AAAS", "FBN1"))
    known = Knowledge.of(facts, Library.of([solved], facts.ontology))
    nail_patella = known.find_disease("OMIM:161200")
    assert nail_patella is not None
    assert known.genes_of(nail_patella) == ("LMX1B", "FBN1", "AAAS")


def test_each_source_has_one_vote_on_the_gene_of_a_disease(facts: Facts) -> None:
    """The release: FBN1. One paper: two cases of TGFBR2, one of FBN1. So FBN1 has 1 and 1/3 of two votes."""
    cases = [SolvedCase("OMIM:154700", "PMID:9", (LENS,), genes=(gene,)) for gene in ("TGFBR2", "TGFBR2", "fbn1")]
    known = Knowledge.of(facts, Library.of(cases, facts.ontology))
    marfan = known.find_disease("OMIM:154700")
    assert marfan is not None
    pairs = known.gene_shares.pairs_of(marfan)
    assert known.genes_of(marfan) == ("FBN1", "TGFBR2")
    assert [float(known.gene_shares.share[pair]) for pair in pairs] == pytest.approx([2 / 3, 1 / 3])
    assert [bool(known.gene_shares.stated[pair]) for pair in pairs] == [True, False]


def test_changes_made_at_the_same_time_are_all_kept(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path / "home"))

    def add(number: int) -> None:
        one = Library.of([SolvedCase("OMIM:154700", f"PMID:{number}", (LENS,))], facts.ontology)
        with library_lock():
            replace_library(stored_library().merged(one))

    with ThreadPoolExecutor(4) as together:
        list(together.map(add, range(1, 41)))
    assert stored_library().sources == {f"PMID:{number}" for number in range(1, 41)}
