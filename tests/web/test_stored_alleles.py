"""Alleles as JSON and back are the same alleles, whatever a file may say of them."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.cases.called_variant import Build, Call, CalledVariant, ClinVar, Effect
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.cases.sample_variants import PairCounts, SampleVariants, SiteCounts, TrioCounts
from hoofbeat.web.records.stored_alleles import allele_in, allele_out, counts_out, reading_in

WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
COUNT = st.integers(0, 10**6)
CALLS = st.integers(0, 4).flatmap(
    lambda ploidy: st.builds(
        Call, copies=st.integers(0, ploidy), ploidy=st.just(ploidy), haplotype=st.sampled_from([None, 0, 1]),
        phase_set=WORDS, depth=st.none() | COUNT, alt_depth=st.none() | COUNT, quality=st.none() | COUNT,
    )
)  # fmt: skip
ALLELES = st.builds(
    CalledVariant, chrom=st.sampled_from(["1", "X", "MT", ""]), pos=st.integers(1, 10**9), ref=WORDS, alt=WORDS,
    calls=st.lists(CALLS, min_size=1, max_size=3).map(tuple), end=COUNT, sv_type=st.sampled_from(["", "DEL"]),
    filters=st.lists(WORDS, max_size=2).map(tuple),
    frequency=st.none() | st.decimals(0, 1, allow_nan=False, places=12), frequency_source=WORDS,
    clinvar=st.none() | st.sampled_from(ClinVar), acmg=st.sampled_from(AcmgClassification),
    effects=st.lists(
        st.builds(Effect, WORDS, st.lists(WORDS, min_size=1, max_size=2).map(tuple), WORDS, WORDS, WORDS), max_size=2
    ).map(tuple),
    scores=st.lists(st.tuples(WORDS, st.floats(0, 1)), max_size=2).map(tuple), label=WORDS, line=COUNT,
)  # fmt: skip


@given(ALLELES)
def test_an_allele_comes_back_as_it_was(allele: CalledVariant) -> None:
    back = allele_in(json.loads(json.dumps(allele_out(allele))))
    assert back == allele
    assert back.line == allele.line
    assert str(back.frequency) == str(allele.frequency)


def test_what_postgresql_cannot_keep_is_left_away_and_nothing_else() -> None:
    allele = CalledVariant("1", 5, "G", "A", (Call(1, 2),), effects=(Effect("GE\x00NE", ("missense\x00_variant",)),))
    assert "\\u0000" not in json.dumps(allele_out(allele))
    assert allele_in(allele_out(allele)).effects == (Effect("GENE", ("missense_variant",)),)


def test_the_counts_of_a_reading_come_back_as_they_were() -> None:
    allele = CalledVariant("1", 5, "G", "A", (Call(1, 2), Call(0, 2)), frequency=Decimal("0.00001"))
    tested = SampleVariants(
        Build.GRCH37, ("a", "b"), (allele,), records=7, alleles=8, dropped={"caller": 3, "frequency": 4},
        sites=SiteCounts((PairCounts(0, 1, 5, 4, 1),), (TrioCounts(0, 1, 2, 9, 1),), ((1, 2), (3, 4))),
        notes=(("what", "repair"),),
    )  # fmt: skip
    assert reading_in(json.loads(json.dumps(counts_out(tested))), [allele]) == tested
