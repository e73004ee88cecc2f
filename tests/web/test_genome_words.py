"""What the room of diagnosis says of variants in English is known to the pages in each of their languages."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest
from django.utils import translation

from hoofbeat.cases.called_variant import Build, Call, CalledVariant
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.differential import FilterStep
from hoofbeat.diagnosis.genotype.filters import FILTERS, steps
from hoofbeat.diagnosis.genotype.models import GeneModel, Model, Person, gene_models
from hoofbeat.diagnosis.genotype.modes import Mode
from hoofbeat.diagnosis.genotype.pathogenicity import CLASS_NAMES
from hoofbeat.diagnosis.genotype.relatives import Relatives
from hoofbeat.diagnosis.genotype.shown import how_usual
from hoofbeat.web.clinic.genome_words import (
    check_words,
    class_words,
    filter_words,
    model_words,
    rule_words,
    sentence_words,
    step_words,
    verdict_words,
)
from tests.spec.test_genotype_spec import (
    AFFECTED,
    CARRIER,
    HEMIZYGOUS,
    HETEROZYGOUS,
    HOMOZYGOUS,
    UNAFFECTED,
    WITHOUT,
    trio,
    variant,
)

UNCLEAR = Call(0, 2)  # nobody said how many reads
ALONE = Person(build=Build.GRCH38)
ON_X = 5_000_000
ALLELE = variant(HETEROZYGOUS)
STRUCTURAL = replace(ALLELE, ref="A", alt="<DEL>", sv_type="DEL", end=2000)
SON = Person(Sex.MALE, Relatives(None, 1, (), (AFFECTED, UNAFFECTED)), Build.GRCH38)


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


def of_families() -> Iterator[GeneModel]:
    """Alleles of people alone, of sons, and of children with parents of every kind."""
    for person in (ALONE, Person(Sex.MALE, build=Build.GRCH38), Person(Sex.FEMALE, build=Build.GRCH38)):
        for call in (HETEROZYGOUS, HOMOZYGOUS, HEMIZYGOUS, Call(1, 2, depth=100, alt_depth=34)):
            for chrom in ("7", "X", "Y", "MT"):
                for could_show in (True, False):
                    pair = [variant(call, chrom=chrom, pos=pos) for pos in (ON_X, ON_X + 1000)]
                    yield from gene_models("GENE1", pair, 0.1, person, could_show=could_show)
    yield from gene_models("GENE1", [variant(HEMIZYGOUS, WITHOUT, chrom="X", pos=ON_X)], 0.1, SON)
    for father in (WITHOUT, UNCLEAR, CARRIER):
        for mother in (WITHOUT, UNCLEAR, CARRIER):
            for status in (UNAFFECTED, AFFECTED):
                child = trio(status, status)
                pair = [variant(HETEROZYGOUS, father, mother), variant(HETEROZYGOUS, mother, father, pos=2000)]
                for person in (child, replace(child, may_claim_new=False)):
                    yield from gene_models("GENE1", pair, 0.1, person)
                    yield from gene_models("GENE1", [variant(HOMOZYGOUS, father, mother)], 0.1, person)


def is_known(words: object) -> bool:
    """Whether nothing of it is marked as left in English."""
    return 'lang="en"' not in str(words)


def test_every_reason_of_a_model_is_said_in_the_language_of_the_page() -> None:
    found = list(of_families())
    assert {one.model for one in found} == set(Model)
    rules = sorted({f"{one.model.value}: {one.why}" for one in found})
    assert [rule for rule in rules if not is_known(rule_words(rule))] == []
    assert all(is_known(model_words(model.value)) for model in Model)


def test_the_parts_of_a_sentence_are_said_in_the_language_of_the_page_but_for_the_names_of_variants() -> None:
    told = (
        "1 in 10 people has a damaging variant of this gene anyway (assumed)",
        "1 in 50 people has a damaging variant of this gene anyway (counts.tsv)",
        "1 in 1000 people has a new damaging variant of this gene anyway (assumed)",
        "0.8 damaging variants of this gene are expected in anybody (counts.tsv)",
        "3 genes may cause the disease, and this one is taken for the cause in 53% of patients",
        "5001 genes may cause the disease, and this one is taken for the cause in <1% of patients",
        "that the gene causes the disease is known from solved cases alone",
        "no inheritance is described for the disease, so that any fits",
        "the disease is described with another inheritance, so this counts only 5%",
        "variants in GENE1, GENE2, none of which fits an inheritance that is stated for the disease",
        "the test should have shown one",
    )
    assert [part for part in told if not is_known(sentence_words(part)[0])] == []


@pytest.mark.parametrize("ratio", [0.05, 0.3, 1.5, 17.0, 119.0])
@pytest.mark.parametrize("alleles", [(ALLELE,), (ALLELE, ALLELE), (STRUCTURAL,), (ALLELE, STRUCTURAL)])
def test_among_whom_alleles_are_more_common_is_said_in_the_language_of_the_page(
    ratio: float, alleles: tuple[CalledVariant, ...]
) -> None:
    model = GeneModel("GENE1", Model.DOMINANT, Mode.DOMINANT, alleles, 1.0, "two copies", 0.1, ratio)
    said = how_usual(model)
    if len(alleles) == 1 and alleles[0] is STRUCTURAL and ratio < 1:
        return  # no structural allele is more common in anybody
    assert is_known(sentence_words(said)[0])


def test_what_is_alike_among_causes_and_in_anybody_is_not_said() -> None:
    assert how_usual(GeneModel("GENE1", Model.DOMINANT, Mode.DOMINANT, (ALLELE,), 1.0, "two copies", 0.1, 1.04)) == ""


def test_copies_and_numbers_are_in_the_language_of_the_page_and_names_stay() -> None:
    named = sentence_words("heterozygous c.1A>G (missense) and heterozygous c.5del (frameshift)")[0]
    assert named.count("heterozygot") == 2
    assert '<span lang="en" dir="ltr">c.5del (frameshift)</span>' in named
    assert sentence_words("a variant this rare is 1.4 times as common among causes of disease as in anybody") == [
        "eine so seltene Variante ist unter den Ursachen von Krankheiten 1,4-mal so häufig wie bei anderen Menschen"
    ]


def test_filters_verdicts_and_classes_are_said_in_the_language_of_the_page() -> None:
    names = [step.filter for step in steps(variant())]
    assert len(names) == len(FILTERS)
    assert all(is_known(filter_words(name)) for name in names)
    assert all(is_known(step_words(step)[2]) for step in steps(variant()))
    missing = " (the person does not carry it, or was not called there)"
    verdicts = [f"dropped by the filter {name}{missing if name == 'carried' else ''}" for name in names]
    assert [one for one in verdicts if not is_known(verdict_words(one))] == []
    assert [name for name in CLASS_NAMES.values() if not is_known(class_words(name))] == []


def test_models_that_a_variant_fits_are_said_in_the_language_of_the_page_with_their_ratios() -> None:
    found = "recessive, compound heterozygous (×501), dominant (×69), recessive, only one allele found (÷2.1)"
    said = step_words(FilterStep("inheritance in FBN1", found, "fits a model", True))[1]
    assert said == "rezessiv, compound-heterozygot (×501), dominant (×69), rezessiv, nur ein Allel gefunden (÷2,1)"
    assert is_known(step_words(FilterStep("inheritance in FBN1", "none", "fits a model", False))[1])


def test_what_a_family_is_checked_for_is_said_in_the_language_of_the_page() -> None:
    """A brother, or a grandparent, has no name of a parent: he is a relative with a number."""
    called = ("the person", "the father", "the mother", "relative 1", "relative 2")
    checked = [
        *(
            f"{one} and {other}{kind}"
            for one, other in permutations(called, 2)
            for kind in ("", " as child and parent")
        ),
        *(f"{one} and both parents" for one in called),
        *(f"the sex of {one}" for one in called),
    ]
    found = "one in the case, another in the PED file"
    assert [one for one in checked if not all(map(is_known, check_words(one, found)))] == []
    assert check_words("the person and relative 2 as child and parent", found)[0] == (
        "die Person und verwandte Person 2 als Kind und Elternteil"
    )
    assert check_words("the sex of relative 2", found)[0] == "das Geschlecht der verwandten Person 2"
    assert not is_known(check_words("the person and a stranger", found)[0])
