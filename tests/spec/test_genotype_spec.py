"""How a genotype counts, in examples that a clinician can check by hand with a pocket calculator.

The tests below also make the page `docs/reference/how-genotype-counts.md`.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.cases.called_variant import Build, Call, CalledVariant, ClinVar, Effect, Zygosity
from hoofbeat.cases.family import AffectedStatus
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.genotype import filters
from hoofbeat.diagnosis.genotype.disease_ratios import UNSTATED
from hoofbeat.diagnosis.genotype.frequencies import (
    ANYBODY,
    CAUSES,
    STRUCTURAL,
    STRUCTURAL_NOT_STATED,
    frequency_log_ratio,
)
from hoofbeat.diagnosis.genotype.gene_ratio import (
    MISSED,
    MOST_RATIO,
    Allele,
    alleles_log_ratio,
    clean_log_ratio,
    log_ratio,
)
from hoofbeat.diagnosis.genotype.models import NEW_ALLELES, WELL_CARRIER, GeneModel, Model, Person, gene_models
from hoofbeat.diagnosis.genotype.pathogenicity import (
    CLASS_NAMES,
    CLASS_ODDS,
    MITOCHONDRIAL_TRANSFER,
    RNA_GENES,
    RNA_SHARE,
    SHARE,
)
from hoofbeat.diagnosis.genotype.relatives import LEAST_PARENT_DEPTH, Relatives
from hoofbeat.knowledge.gene_background import DEFAULT_ALLELES

HETEROZYGOUS, HOMOZYGOUS, HEMIZYGOUS = Call(1, 2), Call(2, 2), Call(1, 1)
WITHOUT = Call(0, 2, depth=30, alt_depth=0, quality=99)
CARRIER = Call(1, 2, depth=30, alt_depth=15, quality=99)
UNAFFECTED, AFFECTED = AffectedStatus.UNAFFECTED, AffectedStatus.AFFECTED
NONE = AcmgClassification.NOT_PROVIDED


def variant(
    *calls: Call,
    consequence: str = "stop_gained",
    pos: int = 1000,
    chrom: str = "7",
    frequency: str | None = None,
    acmg: AcmgClassification = NONE,
) -> CalledVariant:
    """A variant of nobody in a gene that does not exist."""
    return CalledVariant(
        chrom,
        pos,
        "G",
        "A",
        calls or (HETEROZYGOUS,),
        effects=(Effect("GENE1", (consequence,)),),
        frequency=None if frequency is None else Decimal(frequency),
        frequency_source="gnomAD",
        acmg=acmg,
    )


def trio(father: AffectedStatus = UNAFFECTED, mother: AffectedStatus = UNAFFECTED, sex: Sex = Sex.UNKNOWN) -> Person:
    """A child with both parents."""
    return Person(sex, Relatives(1, 2, (), (AFFECTED, father, mother)), Build.GRCH38)


def models(*variants: CalledVariant, person: Person | None = None) -> dict[Model, GeneModel]:
    """The best of each model, with .1 alleles expected."""
    found = gene_models("GENE1", variants, DEFAULT_ALLELES, person or Person(build=Build.GRCH38))
    return {one.model: one for one in sorted(found, key=lambda one: one.log_lr)}


# Damaging alleles found, alleles needed, the ratio by hand, and its reckoning; the page shows these rows.
BY_HAND = (
    (2.0, 2, 59.83, "two alleles of a recessive disease: (2/.1)² · exp(-(2 - .1)) = 400 · .1496"),
    (1.0, 1, 4.066, "one allele of a dominant disease: (1/.1) · exp(-(1 - .1)) = 10 · .4066"),
    (1.0, 2, 2.991, "one of the two alleles that are needed: 20 · exp(-1.9)"),
    (0.8, 1, 2.565, "one rare missense allele without a prediction: 10^.8 · exp(-.9)"),
    (3.0, 1, 4.066, "more alleles than needed add nothing"),
)


@pytest.mark.parametrize(("count", "needed", "by_hand", "reckoning"), BY_HAND)
def test_the_ratio_of_a_gene_is_that_of_two_poisson_chances(
    count: float, needed: int, by_hand: float, reckoning: str
) -> None:
    assert math.exp(log_ratio(count, needed, 0.1)) == pytest.approx(by_hand, rel=2e-4), reckoning


def test_the_same_numbers_come_out_of_variants() -> None:
    assert math.exp(models(variant(HOMOZYGOUS))[Model.HOMOZYGOUS].log_lr) == pytest.approx(59.83, rel=1e-4)
    assert math.exp(models(variant(HETEROZYGOUS))[Model.DOMINANT].log_lr) == pytest.approx(4.066, rel=1e-4)


def test_a_gene_without_an_allele_speaks_against_a_disease_as_far_as_tests_miss_causes() -> None:
    """.1 missed, against exp(-.1) of all people without an allele: .1/.905 = .1105."""
    assert math.exp(clean_log_ratio(0.1)) == pytest.approx(0.1105, abs=0.0001)


def test_two_alleles_whose_phase_is_unknown_count_half() -> None:
    """In half of the cases both genes are hit (59.83), in half one is: (59.83 + 2.99)/2 = 31.41."""
    unknown = models(variant(pos=1000), variant(pos=2000))[Model.COMPOUND]
    assert math.exp(unknown.log_lr) == pytest.approx((59.83 + 2.991) / 2, rel=1e-3)
    assert "phase is unknown, counted half" in unknown.why


def test_where_the_second_allele_would_have_been_shown_one_of_two_counts_a_tenth() -> None:
    """2.99 x .1."""
    (one,) = (
        model
        for model in gene_models("GENE1", [variant()], 0.1, Person(build=Build.GRCH38), could_show=True)
        if model.model is Model.ONE_OF_TWO
    )
    assert math.exp(one.log_lr) == pytest.approx(0.299, abs=0.001)


def test_parents_show_that_two_alleles_lie_on_different_chromosomes() -> None:
    from_father = variant(HETEROZYGOUS, CARRIER, WITHOUT, pos=1000)
    from_mother = variant(HETEROZYGOUS, WITHOUT, CARRIER, pos=2000)
    found = models(from_father, from_mother, person=trio())[Model.COMPOUND]
    assert math.exp(found.log_lr) == pytest.approx(59.83, rel=1e-4)
    assert "on different chromosomes" in found.why


def test_two_alleles_from_one_parent_are_no_compound_heterozygote() -> None:
    both = [variant(HETEROZYGOUS, CARRIER, WITHOUT, pos=pos) for pos in (1000, 2000)]
    assert Model.COMPOUND not in models(*both, person=trio())


@pytest.mark.parametrize(("second", "is_found"), [(1, True), (0, False)])
def test_a_common_phase_set_shows_it_too(second: int, is_found: bool) -> None:
    pair = [
        variant(Call(1, 2, haplotype=haplotype, phase_set="900"), pos=pos)
        for pos, haplotype in ((1000, 0), (2000, second))
    ]
    found = models(*pair).get(Model.COMPOUND)
    assert (found is not None) is is_found
    if found is not None:
        assert math.exp(found.log_lr) == pytest.approx(59.83, rel=1e-4)


def test_different_phase_sets_say_nothing_of_each_other() -> None:
    pair = [variant(Call(1, 2, haplotype=0, phase_set=str(pos)), pos=pos) for pos in (1000, 2000)]
    assert "phase is unknown" in models(*pair)[Model.COMPOUND].why


def test_a_new_allele_of_which_both_parents_have_no_read_weighs_most() -> None:
    """Against .001 new damaging alleles in anybody: 1000 · exp(-(1 - .001)) = 368."""
    found = models(variant(HETEROZYGOUS, WITHOUT, WITHOUT), person=trio())
    assert math.exp(found[Model.NEW].log_lr) == pytest.approx(368.2, rel=1e-3)
    assert Model.DOMINANT not in found


@pytest.mark.parametrize(
    "parent",
    [
        Call(0, 2, depth=LEAST_PARENT_DEPTH - 1, alt_depth=0, quality=99),
        Call(0, 2, depth=40, alt_depth=2, quality=99),
        Call(0, 2, depth=40, alt_depth=0, quality=10),
        Call(0, 2),
        Call(),
    ],
    ids=["too few reads", "two reads with it", "poor genotype", "reads not stated", "not called"],
)
def test_no_allele_is_called_new_where_a_parent_is_not_known_well_enough(parent: Call) -> None:
    found = models(variant(HETEROZYGOUS, WITHOUT, parent), person=trio())
    assert Model.NEW not in found
    assert math.exp(found[Model.DOMINANT].log_lr) == pytest.approx(4.066, rel=1e-4)


def test_no_allele_is_called_new_where_the_pedigree_contradicts_the_genotypes() -> None:
    person = replace(trio(), may_claim_new=False)
    assert Model.NEW not in models(variant(HETEROZYGOUS, WITHOUT, WITHOUT), person=person)


def test_a_healthy_parent_who_carries_it_leaves_incomplete_penetrance() -> None:
    """4.066 x .1."""
    found = models(variant(HETEROZYGOUS, CARRIER, WITHOUT), person=trio())[Model.DOMINANT]
    assert math.exp(found.log_lr) == pytest.approx(4.066 * WELL_CARRIER, rel=1e-4)
    assert "incomplete penetrance" in found.why


def test_an_affected_parent_who_carries_it_doubles_it_and_one_who_does_not_ends_it() -> None:
    shared = models(variant(HETEROZYGOUS, CARRIER, WITHOUT), person=trio(father=AFFECTED))[Model.DOMINANT]
    assert math.exp(shared.log_lr) == pytest.approx(4.066 * 2, rel=1e-4)
    assert Model.DOMINANT not in models(variant(HETEROZYGOUS, WITHOUT, CARRIER), person=trio(father=AFFECTED))


def test_a_healthy_parent_with_both_copies_ends_a_recessive_explanation() -> None:
    both = variant(HOMOZYGOUS, Call(2, 2), CARRIER)
    assert Model.HOMOZYGOUS not in models(both, person=trio())


def test_a_boy_shows_what_his_one_x_carries_whatever_his_healthy_mother_carries() -> None:
    on_x = variant(HEMIZYGOUS, Call(0, 1, depth=20, alt_depth=0), CARRIER, chrom="X", pos=5_000_000)
    found = models(on_x, person=trio(sex=Sex.MALE))
    assert math.exp(found[Model.HEMIZYGOUS].log_lr) == pytest.approx(4.066, rel=1e-4)


def test_a_new_allele_on_the_x_of_a_boy_needs_the_mother_alone() -> None:
    person = Person(Sex.MALE, Relatives(None, 1, (), (AFFECTED, UNAFFECTED)), Build.GRCH38)
    assert Model.NEW in models(variant(HEMIZYGOUS, WITHOUT, chrom="X", pos=5_000_000), person=person)


def test_what_is_heterozygous_on_the_x_of_a_man_explains_nothing() -> None:
    person = Person(Sex.MALE, build=Build.GRCH38)
    assert not models(variant(HETEROZYGOUS, chrom="X", pos=5_000_000), person=person)


def test_the_pseudoautosomal_regions_behave_as_autosomes() -> None:
    person = Person(Sex.MALE, build=Build.GRCH38)
    assert Model.DOMINANT in models(variant(HETEROZYGOUS, chrom="X", pos=1_000_000), person=person)


def test_a_woman_has_x_linked_diseases_dominant_or_with_both_copies() -> None:
    person = Person(Sex.FEMALE, build=Build.GRCH38)
    assert set(models(variant(HETEROZYGOUS, chrom="X", pos=5_000_000), person=person)) == {
        Model.X_DOMINANT,
        Model.ONE_OF_TWO,
    }
    assert Model.HOMOZYGOUS in models(variant(HOMOZYGOUS, chrom="X", pos=5_000_000), person=person)


def test_a_mitochondrial_variant_says_its_share_and_that_blood_rules_nothing_out() -> None:
    found = models(variant(Call(1, 2, depth=100, alt_depth=34), chrom="MT", pos=3243))[Model.MITOCHONDRIAL]
    assert "in 34% of the reads" in found.why
    assert "rules nothing out" in found.why


def test_dominant_diseases_ask_for_rarer_alleles_than_recessive_ones() -> None:
    found = models(variant(HOMOZYGOUS, frequency="0.002"))
    assert Model.DOMINANT not in found
    assert Model.HOMOZYGOUS in found


# Class given by a laboratory, and its odds.
ODDS = {
    AcmgClassification.PATHOGENIC: 891.0,
    AcmgClassification.LIKELY_PATHOGENIC: 81.0,
    AcmgClassification.UNCERTAIN_SIGNIFICANCE: 1.0,
    AcmgClassification.LIKELY_BENIGN: 0.0909,
    AcmgClassification.BENIGN: 0.00901,
}


@pytest.mark.parametrize("given", ODDS)
def test_a_given_class_counts_by_its_odds_at_a_prior_of_a_tenth_and_not_again_as_an_allele(
    given: AcmgClassification,
) -> None:
    """Pathogenic is .99: odds of 99 over 1/9 = 891."""
    assert CLASS_ODDS[given] == pytest.approx(ODDS[given], rel=1e-3)
    assert math.exp(alleles_log_ratio([Allele(1.0, given)], 1, 0.1)) == pytest.approx(max(ODDS[given], 1e-3), rel=1e-3)


def test_a_classed_allele_takes_one_place_of_two_and_the_other_counts_as_before() -> None:
    """Likely pathogenic 81, and one more of one needed: 4.066."""
    given = [Allele(1.0, AcmgClassification.LIKELY_PATHOGENIC), Allele(1.0)]
    assert math.exp(alleles_log_ratio(given, 2, 0.1)) == pytest.approx(81 * 4.066, rel=1e-3)


# How frequent an allele is; how much more usual that is among causes where one allele makes the disease, and where two
# do; by hand.
FREQUENCIES = {
    "not seen, where the file states others": (None, 17.0, 6.0),
    "0.00001": ("0.00001", 1.4, 3.5),
    "0.0001": ("0.0001", 0.122, 1.598),
    "0.001": ("0.001", 0.00775, 0.3795),
    "0.01": ("0.01", 0.00167, 0.1333),
}


@pytest.mark.parametrize("said", FREQUENCIES)
def test_an_allele_counts_by_how_frequent_causes_are_and_how_frequent_what_anybody_has(said: str) -> None:
    """Of causes of dominant diseases .85 are in no database, and .05 of what anybody has: 17 times as many.

    Between the spans it is straight over the order of magnitude: 0.0001 lies two thirds of the way from 0.00001, where
    it is .14/.10, to 0.000316, where it is .009/.25: exp(.336 - (.336 + 3.324)·2/3) = .122.
    """
    frequency, *by_hand = FREQUENCIES[said]
    found = variant(HETEROZYGOUS, frequency=frequency)
    of_needed = [math.exp(frequency_log_ratio(found, needed, are_stated=True)) for needed in (1, 2)]
    assert of_needed == pytest.approx(by_hand, rel=4e-3)
    assert frequency_log_ratio(found, 1, are_stated=False) == 0.0, "where the file states none, nobody knows"


def test_how_frequent_it_is_multiplies_the_ratio_of_the_gene_and_is_said() -> None:
    """One unseen allele of one needed, beside others with a frequency: 4.066 · 17 = 69.1."""
    found = models(variant(HETEROZYGOUS), person=Person(are_frequencies_stated=True))[Model.DOMINANT]
    assert math.exp(found.log_lr) == pytest.approx(4.066 * 17, rel=1e-3)
    assert found.frequency_ratio == pytest.approx(17)


def test_what_is_known_to_be_pathogenic_is_no_less_so_for_being_frequent() -> None:
    founder = replace(variant(HETEROZYGOUS, frequency="0.01"), clinvar=ClinVar.PATHOGENIC)
    assert frequency_log_ratio(founder, 2, are_stated=True) == 0.0
    assert frequency_log_ratio(replace(founder, frequency=None), 2, are_stated=True) == pytest.approx(math.log(6))


@given(st.floats(1e-7, 1e-2), st.floats(1e-7, 1e-2), st.sampled_from([1, 2]))
def test_a_rarer_allele_never_counts_less(first: float, second: float, needed: int) -> None:
    rare, frequent = (
        frequency_log_ratio(variant(HETEROZYGOUS, frequency=f"{one:.9f}"), needed, are_stated=True)
        for one in sorted((first, second))
    )
    assert rare >= frequent


@pytest.mark.parametrize(("frequency", "times", "by_hand"), [(None, 10, 40.66), ("0.0001", 1900 / 8, 965.7)])
def test_a_rare_change_of_structure_is_rarer_than_rare_bases(
    frequency: str | None, times: float, by_hand: float
) -> None:
    """Of 19,000 genes eight are altered by a rare one: .00042 alleles a gene where .1 are expected in all."""
    found = replace(variant(HETEROZYGOUS, frequency=frequency), sv_type="DEL")
    of_frequency = frequency_log_ratio(found, 1, are_stated=False)
    assert math.exp(of_frequency) == pytest.approx(times)
    allele = Allele(1.0, frequency_log_ratio=of_frequency)
    assert math.exp(alleles_log_ratio([allele], 1, 0.1)) == pytest.approx(by_hand, rel=2e-3)


def test_a_rare_allele_in_two_copies_is_as_rare_as_in_one() -> None:
    found = variant(HOMOZYGOUS, frequency="0.001")
    known, unknown = (
        models(found, person=Person(are_frequencies_stated=stated))[Model.HOMOZYGOUS].log_lr for stated in (True, False)
    )
    assert math.exp(known - unknown) == pytest.approx(0.3795, rel=4e-3)


def test_no_gene_speaks_more_than_a_thousand_times_for_a_disease() -> None:
    given = [Allele(1.0, AcmgClassification.PATHOGENIC)] * 2
    assert math.exp(alleles_log_ratio(given, 2, 0.1)) == pytest.approx(MOST_RATIO)


@pytest.mark.parametrize(
    ("changed", "dropped"),
    [
        ({"calls": (Call(0, 2),)}, "carried"),
        ({"filters": ("LowQual",)}, "caller"),
        ({"frequency": Decimal("0.011")}, "frequency"),
        ({"frequency": Decimal("0.01")}, None),
        ({"frequency": None}, None),
        ({"effects": (Effect("GENE1", ("synonymous_variant",)),)}, "consequence"),
        ({"effects": (Effect("GENE1", ("synonymous_variant",)),), "clinvar": ClinVar.PATHOGENIC}, None),
        ({"clinvar": ClinVar.BENIGN}, "benign"),
        ({"clinvar": ClinVar.CONFLICTING}, None),
        ({"frequency": Decimal("0.04"), "clinvar": ClinVar.PATHOGENIC}, None),
        ({"frequency": Decimal("0.06"), "clinvar": ClinVar.PATHOGENIC}, "frequency"),
        ({"calls": (Call(1, 2, depth=7),)}, "quality"),
        ({"calls": (Call(1, 2, quality=19),)}, "quality"),
        ({"calls": (Call(1, 2, depth=100, alt_depth=19),)}, "quality"),
        ({"calls": (Call(2, 2, depth=100, alt_depth=70),)}, "quality"),
    ],
)
def test_each_filter_at_its_threshold(changed: dict[str, object], dropped: str | None) -> None:
    assert filters.dropped_by(replace(variant(), **changed)) == dropped  # type: ignore[arg-type]


def test_zygosity_is_told_from_copies() -> None:
    words = [call.zygosity for call in (Call(1, 2), Call(2, 2), Call(1, 1), Call(0, 2), Call())]
    assert words == [
        Zygosity.HETEROZYGOUS,
        Zygosity.HOMOZYGOUS,
        Zygosity.HEMIZYGOUS,
        Zygosity.ABSENT,
        Zygosity.UNKNOWN,
    ]


PAGE = """# How a genotype counts

Made by `make docs` from `tests/spec/test_genotype_spec.py`, where each number is checked. How to use it:
[rank with an exome](../how-to/rank-with-an-exome.md).

The variants of a person add one row to the explanation of each disease that has a known gene: the mean of the ratios
of its genes, as any one of them may be the cause, each under the best of its modes of inheritance and by how likely it
is the one. Each entry of OMIM, Orphanet or DECIPHER has one vote on that, shared among the genes that it names; so has
each publication or clinic of the case library, shared as its cases are. A disease that only solved cases know has the
genes that they blame, and the row says so. The row names the gene that gives most. Alleles that fit an inheritance that
nobody states for the disease count {unstated:g}: annotations err. Without variants the ranking is exactly what it is by
the findings alone.

## 1. A gene's likelihood ratio

LR = Poisson(C; λ_D)/Poisson(C; λ_B): C damaging alleles found, λ_D needed by the disease (2 recessive, else 1), λ_B
expected in anybody: the clinic's own counts, else {default:g}, which is then said. By hand, for λ_B = .1:

| C | λ_D | LR | Reckoning |
| --- | --- | --- | --- |
{by_hand}

How frequent an allele is multiplies this by how much more usual such a frequency is among causes than among the
alleles that anybody has. Of the latter, about 1 in 20 is in no population database and 4 in 10 are below .001 (after
Gudmundsson 2022, from memory); of the former, 97 of 100 are below 1 in 10,000 (Kobayashi 2017); the rest is ours:

| Alleles | in no database | below .0001 | below .001 | below .01 |
| --- | --- | --- | --- | --- |
{shares_of_spans}

Between the middles of the spans it goes straight over the order of magnitude:

| Frequency | One allele makes the disease | Two do, for each |
| --- | --- | --- |
{frequencies}

Where the file states no frequencies, nobody knows, and nothing is made of it; nor for new and mitochondrial alleles,
nor against an allele that ClinVar or a laboratory calls pathogenic. Two copies of one allele are as rare as one.

Rare changes of structure alter about eight of 19,000 genes of anybody (Collins 2020, PMC7334194): those of a stated
frequency count {structural:.0f} times, those without one, which may be common or artefacts, {structural_not_stated:g}
times.

No gene counts more than {most:g} times for or against a disease.

## 2. What an allele counts

By the consequence, worst transcript: {shares}. In a gene whose product is an RNA ({rna}, and the
mitochondrial genes {transfer}*) a change of the exon counts too: {rna_shares}. A prediction in the user's own file
(AlphaMissense, REVEL, SpliceAI) stands in its place. What ClinVar calls pathogenic or likely so counts 1; what is
called benign, 0.

A class that a laboratory gave counts by its odds at a prior of .10, in place of the allele: {classes}.

## 3. Inheritance and the family

| Found | Counts |
| --- | --- |
| two alleles on different chromosomes: of one place (1/2), by parents or a phase set | both: 59.83 |
| two alleles, phase unknown | the mean of both and of one: 31.41 |
| two alleles on one chromosome | not together |
| one of two alleles, where the test would have shown the other | {missed:g} of 2.99 |
| new, each parent with {depth} reads and at most one of them showing it | against {new:g} new alleles in anybody: 368 |
| dominant, from a healthy parent | {penetrance:g} of 4.066: incomplete penetrance |
| dominant, from an affected parent | twice 4.066 |
| dominant, an affected relative without it | not at all |
| on the one X of a man | 4.066, also where the mother is a healthy carrier |
| mitochondrial | with the share of reads; blood without one rules nothing out |

Where the genotypes contradict the pedigree (inheritance, kinship, sex, one person twice), that is told first, and no
allele is called new.

## 4. A gene without a fitting allele

Where the test would have shown one: {missed:g}/exp(-λ_B) = .1105, as so many causes are missed. Neutral: a disease
without a known gene; a gene that the test does not cover; mitochondrial genes; expansions of repeats; and every gene
where the file is a list of some variants and not an exome or genome.

## 5. Filters

In this order; an allele is counted under the first that drops it, and `--why-filtered` shows all of them for any
variant.

| Filter | Passes |
| --- | --- |
| carried | the person has at least one copy |
| caller | FILTER is PASS |
| frequency | at most {recessive}, or unknown; at most {known} where ClinVar or the laboratory calls it pathogenic |
| consequence | one of section 2, or called pathogenic |
| benign | not called benign |
| quality | {reads} reads, GQ {gq}, {share:.0%} of the reads; {whole:.0%} where homozygous |
| inheritance | dominant: at most {dominant}; hemizygous: at most {hemizygous}; and a model of section 3 |
"""


def test_the_page_says_what_is_tested(generated_doc: Callable[[str, str], None]) -> None:
    by_share: dict[float, list[str]] = {}
    for term, share in SHARE.items():
        by_share.setdefault(share, []).append(term.removesuffix("_variant").replace("_", " "))
    text = PAGE.format(
        default=DEFAULT_ALLELES,
        by_hand="\n".join(
            f"| {count:g} | {needed} | {math.exp(log_ratio(count, needed, 0.1)):.4g} | {reckoning} |"
            for count, needed, _, reckoning in BY_HAND
        ),
        shares_of_spans="\n".join(
            f"| {said} | {' | '.join(f'{share:g}' for share in shares)} |"
            for said, shares in (
                ("that anybody has", ANYBODY),
                ("that make a disease alone", CAUSES[1]),
                ("of which two make a disease", CAUSES[2]),
            )
        ),
        frequencies="\n".join(f"| {said} | {one:g} | {two:g} |" for said, (_, one, two) in FREQUENCIES.items()),
        structural=1 / STRUCTURAL,
        structural_not_stated=1 / STRUCTURAL_NOT_STATED,
        most=MOST_RATIO,
        unstated=UNSTATED,
        shares="; ".join(f"{', '.join(terms)} {share:g}" for share, terms in by_share.items()),
        rna=", ".join(sorted(RNA_GENES)),
        transfer=MITOCHONDRIAL_TRANSFER,
        rna_shares=", ".join(
            f"{term.removesuffix('_variant').replace('_', ' ')} {share:g}" for term, share in RNA_SHARE.items()
        ),
        classes=", ".join(f"{CLASS_NAMES[one]} {odds:.3g}" for one, odds in CLASS_ODDS.items()),
        missed=MISSED,
        depth=LEAST_PARENT_DEPTH,
        new=NEW_ALLELES,
        penetrance=WELL_CARRIER,
        recessive=filters.MOST_FREQUENT_RECESSIVE,
        known=filters.MOST_FREQUENT_KNOWN,
        dominant=filters.MOST_FREQUENT_DOMINANT,
        hemizygous=filters.MOST_FREQUENT_X,
        reads=filters.LEAST_DEPTH,
        gq=filters.LEAST_QUALITY,
        share=filters.LEAST_SHARE,
        whole=filters.LEAST_HOMOZYGOUS_SHARE,
    )
    generated_doc("docs/reference/how-genotype-counts.md", text)
