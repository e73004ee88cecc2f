"""What must hold of every genotype: order, splitting and phase notation change nothing, nothing vanishes, and the rows
of an explanation add up.
"""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.cases.called_variant import Build
from hoofbeat.cases.case import Case
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.compare import compare, what_would_change
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence, TestKind, genotype_evidence
from hoofbeat.diagnosis.genotype.filters import screen
from hoofbeat.diagnosis.rank import Differential, rank
from hoofbeat.interchange.vcf import read_vcf
from hoofbeat.interchange.vcf.screen import Screen
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from tests.vcf_files import csq, line, vcf, write_vcf

CASE = Case.of(["HP:0001166", "HP:0001083", "HP:0002616"], ["HP:0000365"])
GENES = ("FBN1", "TGFBR2", "CBS", "COL3A1", "SKI", "FBN2", "MT-ND1", "ATP7A", "NOBODY1")
CONSEQUENCES = ("missense_variant", "stop_gained", "intron_variant", "synonymous_variant", "splice_region_variant")
FREQUENCIES = ("", "0", "0.00005", "0.0002", "0.005", "0.01", "0.0100001", "0.03", "0.05", "0.2")

lines = st.builds(
    lambda chrom, pos, gene, consequence, frequency, clinvar, genotype, filters: line(
        chrom, pos, csq(gene, consequence, frequency=frequency, clinvar=clinvar), genotype, filters=filters
    ),
    st.sampled_from(["1", "chr15", "X", "MT"]),
    st.integers(5_000, 16_000),
    st.sampled_from(GENES),
    st.sampled_from(CONSEQUENCES),
    st.sampled_from(FREQUENCIES),
    st.sampled_from(["", "pathogenic", "benign", "conflicting"]),
    st.sampled_from(["0/1", "1/1", "0/0", "./.", "0|1", "1|0"]),
    st.sampled_from(["PASS", "LowQual"]),
)
# A file in which the person was called nowhere is refused.
CALLED = line("2", 7_000, csq("FBN1", "intron_variant"), "0/1")
files = st.lists(lines, min_size=1, max_size=12).map(lambda some: [CALLED, *some])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vcf")


@pytest.fixture(scope="module")
def knowledge(hpo_facts: Facts) -> Knowledge:
    return Knowledge.of(hpo_facts)


def read(folder: Path, text: list[str], by: Screen | None = None) -> SampleVariants:
    return read_vcf(write_vcf(folder / "a.vcf", vcf(*text)), screen=by or screen())


def evidence(tested: SampleVariants) -> GenotypeEvidence:
    return genotype_evidence(tested, sex=Sex.FEMALE, kind=TestKind.EXOME)


def scores(folder: Path, text: list[str], knowledge: Knowledge) -> np.ndarray:
    return rank(CASE, knowledge, genotype=evidence(read(folder, text))).scores


@given(files, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(
    folder: Path, knowledge: Knowledge, text: list[str], random: object
) -> None:
    shuffled = list(text)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    np.testing.assert_allclose(scores(folder, text, knowledge), scores(folder, shuffled, knowledge), atol=1e-12)


@given(files)
def test_what_a_look_refuses_is_what_the_filters_refuse(folder: Path, text: list[str]) -> None:
    quick, slow = read(folder, text), read(folder, text, replace(screen(), most_frequent=None))
    assert quick.variants == slow.variants
    assert quick.dropped == slow.dropped


@given(files)
def test_every_allele_is_kept_or_counted(folder: Path, text: list[str]) -> None:
    found = read(folder, text)
    assert len(found.variants) + sum(found.dropped.values()) == found.alleles == found.records


@given(files)
def test_the_rows_of_each_candidate_add_up_to_its_score(folder: Path, knowledge: Knowledge, text: list[str]) -> None:
    differential = rank(CASE, knowledge, genotype=evidence(read(folder, text)))
    for candidate in differential.top(5):
        assert math.fsum(row.log_lr for row in candidate.contributions) == pytest.approx(candidate.score, abs=1e-9)
    assert float(differential.probabilities.sum()) == pytest.approx(1.0, abs=1e-9)


@given(
    st.sampled_from(CONSEQUENCES[:2]), st.sampled_from(CONSEQUENCES[:2]), st.sampled_from(["0/1:1,2,3", "1/2:0,9,9"])
)
def test_splitting_a_line_of_two_alleles_changes_nothing(
    folder: Path, knowledge: Knowledge, first: str, second: str, call: str
) -> None:
    entries = csq("CBS", first, allele="A"), csq("CBS", second, allele="T")
    joined = [line("1", 7000, f"{entries[0]},{entries[1][4:]}", f"{call.split(':')[0]}", alt="A,T", keys="GT")]
    genotypes = ("0/1", "0/1") if call.startswith("1/2") else ("0/1", "0/0")
    split = [
        line("1", 7000, info, genotype, alt=alt, keys="GT")
        for info, genotype, alt in zip(entries, genotypes, ("A", "T"), strict=True)
    ]
    np.testing.assert_allclose(scores(folder, joined, knowledge), scores(folder, split, knowledge), atol=1e-12)


@given(st.sampled_from(CONSEQUENCES[:2]), st.sampled_from(["FBN1", "CBS"]))
def test_one_allele_counts_alike_phased_and_unphased(
    folder: Path, knowledge: Knowledge, consequence: str, gene: str
) -> None:
    written = [
        scores(folder, [line("1", 7000, csq(gene, consequence), call)], knowledge) for call in ("0/1", "0|1", "1|0")
    ]
    for other in written[1:]:
        np.testing.assert_array_equal(written[0], other)


def test_without_a_genotype_the_ranking_is_what_it_was_bit_for_bit(knowledge: Knowledge) -> None:
    alone, none = rank(CASE, knowledge), rank(CASE, knowledge, genotype=None)
    assert alone.scores.tobytes() == none.scores.tobytes()
    assert alone.genotype is None
    assert alone.top(3) == none.top(3)


def test_a_list_without_variants_leaves_the_ranking_bit_for_bit(knowledge: Knowledge) -> None:
    nothing = genotype_evidence(SampleVariants(Build.GRCH38, ("child",), ()), kind=TestKind.LIST)
    ranked = rank(CASE, knowledge, genotype=nothing)
    assert ranked.scores.tobytes() == rank(CASE, knowledge).scores.tobytes()


def test_diseases_without_a_known_gene_are_neutral(folder: Path, knowledge: Knowledge) -> None:
    found = rank(CASE, knowledge, genotype=evidence(read(folder, [line("15", 5000, csq("FBN1"), "0/1")])))
    assert found.genotype is not None
    without = ~knowledge.has_gene
    assert without.any()
    assert not found.genotype.log_lr[without].any()


def both(knowledge: Knowledge, folder: Path) -> Differential:
    return rank(CASE, knowledge, genotype=evidence(read(folder, [line("15", 5000, csq("FBN1"), "0/1")])))


def test_a_comparison_keeps_the_genotype(folder: Path, knowledge: Knowledge) -> None:
    differential = both(knowledge, folder)
    compared = compare(differential, "OMIM:154700", "OMIM:236200")
    assert math.fsum(row.difference for row in compared.rows) == pytest.approx(compared.lead, abs=1e-9)
    assert [row.kind.value for row in compared.rows].count("genotype") == 1
    change = what_would_change(differential, "OMIM:154700", "OMIM:236200")
    assert change is None or change.lead_before == pytest.approx(compared.lead)
