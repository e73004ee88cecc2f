"""What must hold of the case library whatever the cases are: it counts as a slow, obvious recount does, order makes no
difference, pooling follows its laws, and what is taken out leaves no trace.
"""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.knowledge.library import Library, LibraryInput, SolvedCase
from hoofbeat.knowledge.onset import OnsetBand
from hoofbeat.knowledge.ontology import Ontology, Term
from hoofbeat.knowledge.packing import pack
from hoofbeat.knowledge.solved_case import SEXES

# Phenotypic abnormality (118) with a lattice below it: 11 and 12 have two parents each; 2 is no finding.
PARENTS = {
    1: (),
    118: (1,),
    2: (1,),
    3: (118,),
    4: (118,),
    5: (3,),
    6: (3,),
    7: (4,),
    11: (5, 7),
    12: (6, 7),
    13: (11,),
}


def hpo(number: int) -> str:
    return f"HP:{number:07d}"


ONTOLOGY = Ontology.of(
    (Term(hpo(number), "", parents=tuple(map(hpo, parents))) for number, parents in PARENTS.items()), release="test"
)

terms = st.lists(st.sampled_from([*PARENTS, 999]).map(hpo), max_size=4).map(tuple)
sources = st.sampled_from(["PMID:1", "PMID:2", "clinic:A"])
cases = st.builds(
    SolvedCase,
    disease=st.sampled_from(["OMIM:1", "OMIM:2", "ORPHA:1"]),
    source=sources,
    observed=terms,
    excluded=terms,
    sex=st.sampled_from(SEXES),
    onset=st.none() | st.sampled_from(OnsetBand),
    day=st.none() | st.dates(),
    genes=st.sets(st.sampled_from(["FBN1", "KIF11", "C9orf72"])).map(tuple),
)
case_lists = st.lists(cases, max_size=8)
days = st.sampled_from(["2026-01-01", "2026-02-01"])
inputs = st.none() | st.builds(LibraryInput, days, st.sampled_from(["aa", "bb"]), st.just("cases.zip"))


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    return Library.of(draw(case_lists), ONTOLOGY, brought_by=draw(inputs))


def ancestors(number: int) -> set[int]:
    return {number}.union(*(ancestors(parent) for parent in PARENTS[number]))


def plain_counts(solved: list[SolvedCase]) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(disease, source, finding) -> (observed, excluded): case by case and term by term."""
    findings = {number for number in PARENTS if 118 in ancestors(number)}
    observed: Counter[tuple[str, str, str]] = Counter()
    excluded: Counter[tuple[str, str, str]] = Counter()
    for case in solved:
        present = {int(str(term)[3:]) for term in case.observed} & findings
        absent = {int(str(term)[3:]) for term in case.excluded} & findings
        for finding in findings:
            has_it = any(finding in ancestors(term) for term in present)
            if has_it:
                observed[case.disease, case.source, hpo(finding)] += 1
            elif any(term in ancestors(finding) for term in absent):
                excluded[case.disease, case.source, hpo(finding)] += 1
    return {key: (observed[key], excluded[key]) for key in observed.keys() | excluded.keys()}


def counts(library: Library) -> dict[tuple[str, str, str], tuple[int, int]]:
    blocks = [library.block(index) for index in range(len(library))]
    return {
        (block.disease, block.source, one.hpo): (one.observed, one.excluded)
        for block in blocks
        for one in block.findings
    }


@given(case_lists)
def test_genes_are_counted_case_by_case(solved: list[SolvedCase]) -> None:
    library = Library.of(solved, ONTOLOGY)
    blocks = [library.block(index) for index in range(len(library))]
    found = {(block.disease, block.source, one.symbol): one.cases for block in blocks for one in block.genes}
    assert found == Counter((case.disease, case.source, gene) for case in solved for gene in case.genes)


def same_bytes(one: Library, other: Library) -> bool:
    first, second = pack("x", one.blocks), pack("x", other.blocks)
    return one.inputs == other.inputs and all(
        first[name].dtype == second[name].dtype
        and first[name].shape == second[name].shape
        and first[name].tobytes() == second[name].tobytes()
        for name in first
    )


@given(case_lists)
def test_the_counts_are_those_of_a_slow_recount(solved: list[SolvedCase]) -> None:
    library = Library.of(solved, ONTOLOGY)
    assert counts(library) == plain_counts(solved)
    per_block = Counter((case.disease, case.source) for case in solved)
    assert dict(zip(library.blocks.keys, library.blocks.n.tolist(), strict=True)) == per_block


@given(case_lists, st.randoms(use_true_random=False))
def test_the_order_of_cases_and_of_their_findings_makes_no_difference(
    solved: list[SolvedCase], chance: random.Random
) -> None:
    turned = [replace(case, observed=case.observed[::-1], excluded=case.excluded * 2) for case in solved]
    chance.shuffle(turned)
    assert same_bytes(Library.of(turned, ONTOLOGY), Library.of(solved, ONTOLOGY))


@given(case_lists)
def test_nobody_is_counted_more_often_than_there_are_cases(solved: list[SolvedCase]) -> None:
    blocks = Library.of(solved, ONTOLOGY).blocks
    blocks.check()
    n = blocks.n[blocks.owners()]
    assert bool((blocks.observed + blocks.excluded <= n).all())
    assert blocks.sex.sum(axis=1).tolist() == blocks.onset.sum(axis=1).tolist() == blocks.n.tolist()


@given(libraries(), libraries(), libraries())
def test_pooling_is_commutative_associative_and_idempotent(a: Library, b: Library, c: Library) -> None:
    assert same_bytes(a.merged(b), b.merged(a))
    assert same_bytes(a.merged(b).merged(c), a.merged(b.merged(c)))
    assert same_bytes(a.merged(a), a)
    assert same_bytes(a.merged(b).merged(b), a.merged(b))
    assert same_bytes(a.merged(Library.empty()), a)


@given(libraries(), libraries())
def test_pooling_never_adds_up_two_counts_of_one_disease_in_one_source(a: Library, b: Library) -> None:
    pooled = a.merged(b)
    assert set(pooled.blocks.keys) == {*a.blocks.keys, *b.blocks.keys}
    theirs = [library.block(index) for library in (a, b) for index in range(len(library))]
    assert all(pooled.block(index) in theirs for index in range(len(pooled)))


@given(case_lists, st.sets(sources), inputs)
def test_taking_sources_out_leaves_what_would_be_there_without_them(
    solved: list[SolvedCase], gone: set[str], brought_by: LibraryInput | None
) -> None:
    library = Library.of(solved, ONTOLOGY, brought_by=brought_by)
    never_added = Library.of((one for one in solved if one.source not in gone), ONTOLOGY, brought_by=brought_by)
    assert same_bytes(library.without(gone), never_added)
    assert same_bytes(library.without(gone).merged(library.only(gone)), library)


@given(case_lists, case_lists)
def test_taking_out_what_was_added_gives_back_the_same_file(first: list[SolvedCase], second: list[SolvedCase]) -> None:
    before = Library.of(
        (one for one in first if one.source == "PMID:1"), ONTOLOGY, brought_by=LibraryInput("2026-01-01", "aa", "first")
    )
    added = Library.of(
        (one for one in second if one.source != "PMID:1"),
        ONTOLOGY,
        brought_by=LibraryInput("2026-02-01", "bb", "second"),
    )
    after = before.merged(added).without(added.sources)
    with TemporaryDirectory() as folder:
        one, other = Path(folder) / "one", Path(folder) / "other"
        before.save(one)
        after.save(other)
        assert one.read_bytes() == other.read_bytes()
        assert same_bytes(Library.open(one), before)


@given(libraries())
def test_the_blocks_of_a_disease_are_all_its_blocks(library: Library) -> None:
    for identifier in ("OMIM:1", "MIM:1", "ORPHA:1", "OMIM:9"):
        normal = identifier.replace("MIM:1", "OMIM:1").replace("OOMIM", "OMIM")
        wanted = [index for index, (disease, _) in enumerate(library.blocks.keys) if disease == normal]
        assert library.blocks_of([identifier]).tolist() == wanted
    assert library.blocks_of(["OMIM:1", "OMIM:2", "ORPHA:1", "OMIM:1"]).tolist() == list(range(len(library)))


@given(case_lists)
def test_the_file_holds_counts_and_no_row_for_a_person(solved: list[SolvedCase]) -> None:
    """The same cases ten times over give a file of the same size: nothing in it grows with the people."""
    once, often = Library.of(solved, ONTOLOGY), Library.of(solved * 10, ONTOLOGY)
    for name, array in pack("x", once.blocks).items():
        other = pack("x", often.blocks)[name]
        assert array.shape == other.shape, name
        factor = 10 if name.partition(".")[2] in {"n", "sex", "onset", "observed", "excluded", "blamed"} else 1
        assert np.array_equal(array * factor, other), name
