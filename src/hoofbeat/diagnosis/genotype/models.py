"""The ways in which a gene's alleles may cause a disease: by inheritance, with the family's genotypes where they are
known, each with its likelihood ratio and its reason in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from hoofbeat.cases.called_variant import Build, CalledVariant, Zygosity
from hoofbeat.cases.family import AffectedStatus
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.genotype.filters import (
    MOST_FREQUENT_DOMINANT,
    MOST_FREQUENT_RECESSIVE,
    MOST_FREQUENT_X,
    frequency_step,
)
from hoofbeat.diagnosis.genotype.frequencies import frequency_log_ratio
from hoofbeat.diagnosis.genotype.gene_ratio import MISSED, Allele, alleles_log_ratio, capped, mixed
from hoofbeat.diagnosis.genotype.modes import Mode
from hoofbeat.diagnosis.genotype.pathogenicity import pathogenicity
from hoofbeat.diagnosis.genotype.relatives import NO_RELATIVES, Phase, Relatives, call_of, phase, surely_absent
from hoofbeat.interchange.vcf.chromosomes import is_pseudoautosomal

# Damaging alleles of a gene that are new in a child: about one new coding change per child over 19,000 genes, and as
# many again that only look new (ours).
NEW_ALLELES = 0.001
# A parent without the disease who carries its dominant allele: of carriers, about so many stay well (ours).
WELL_CARRIER = 0.1
SHARED_WITH_AFFECTED = 2.0  # an affected parent passes any allele on in one of two cases, and this one surely
MOST_ALLELES = 40  # of a gene that are tried in pairs; more is noise of the calling (ours)


class Model(StrEnum):
    """How alleles explain a disease."""

    NEW = "new (de novo)"
    DOMINANT = "dominant"
    HOMOZYGOUS = "recessive, homozygous"
    COMPOUND = "recessive, compound heterozygous"
    ONE_OF_TWO = "recessive, only one allele found"
    HEMIZYGOUS = "X-linked, hemizygous"
    X_DOMINANT = "X-linked dominant"
    MITOCHONDRIAL = "mitochondrial"
    Y_LINKED = "Y-linked"


@dataclass(frozen=True, slots=True)
class GeneModel:
    """Alleles of one gene as the cause under one model. `modes` are the modes of inheritance that it fits."""

    gene: str
    model: Model
    modes: Mode
    variants: tuple[CalledVariant, ...]
    log_lr: float
    why: str
    background: float  # the alleles expected in anybody that it was compared with
    frequency_ratio: float = 1.0  # how much more often causes are as frequent as its alleles than what anybody has


@dataclass(frozen=True, slots=True)
class Person:
    """What the models need of the person: sex, relatives, build; whether new alleles may be claimed at all; and whether
    the test states how frequent alleles are.
    """

    sex: Sex = Sex.UNKNOWN
    relatives: Relatives = NO_RELATIVES
    build: Build | None = None
    may_claim_new: bool = True
    are_frequencies_stated: bool = False


@dataclass(frozen=True, slots=True)
class _Gene:
    name: str
    background: float
    person: Person
    second_missed: float  # how likely a second allele was not shown


def gene_models(
    gene: str, variants: Sequence[CalledVariant], background: float, person: Person, *, could_show: bool = False
) -> tuple[GeneModel, ...]:
    """Every way in which these alleles of a gene may explain a disease; all have passed the filters. `could_show` says
    that the test would have shown a further allele.
    """
    here = _Gene(gene, background, person, MISSED if could_show else 1.0)
    ordered = sorted(variants, key=lambda one: (-pathogenicity(one, gene), one.chrom, one.pos, one.ref, one.alt))
    kept = ordered[:MOST_ALLELES]
    places = {_place(one, person) for one in kept}
    models: list[GeneModel] = []
    for place in sorted(places):
        own = [one for one in kept if _place(one, person) == place]
        models += _MAKERS[place](here, own)
    return tuple(models)


def _place(variant: CalledVariant, person: Person) -> str:
    """Where a variant lies, as far as inheritance goes. The pseudoautosomal regions behave as autosomes."""
    if variant.chrom == "X":
        return "autosome" if is_pseudoautosomal(person.build, variant.pos) else "X"
    return variant.chrom if variant.chrom in ("Y", "MT") else "autosome"


def _autosomal(here: _Gene, variants: Sequence[CalledVariant]) -> Iterator[GeneModel]:
    yield from _dominant(here, variants, Model.DOMINANT, Mode.DOMINANT, MOST_FREQUENT_DOMINANT)
    # Where only the gene is known, nobody knows the chromosome.
    also_x = Mode.X_RECESSIVE if any(not one.chrom for one in variants) else Mode.NONE
    yield from _recessive(here, variants, Mode.RECESSIVE | also_x)


def _on_x(here: _Gene, variants: Sequence[CalledVariant]) -> Iterator[GeneModel]:
    if here.person.sex is Sex.MALE:
        # A man has one X: what is heterozygous there is an artefact, or in a part of his cells.
        hemizygous = [one for one in variants if one.call.zygosity in (Zygosity.HEMIZYGOUS, Zygosity.HOMOZYGOUS)]
        modes = Mode.X_RECESSIVE | Mode.X_DOMINANT
        yield from _dominant(here, hemizygous, Model.HEMIZYGOUS, modes, MOST_FREQUENT_X)
        return
    one_copy = [one for one in variants if one.call.zygosity is Zygosity.HEMIZYGOUS]
    yield from _dominant(here, one_copy, Model.HEMIZYGOUS, Mode.X_RECESSIVE | Mode.X_DOMINANT, MOST_FREQUENT_X)
    two_copies = [one for one in variants if one.call.zygosity is not Zygosity.HEMIZYGOUS]
    yield from _dominant(here, two_copies, Model.X_DOMINANT, Mode.X_DOMINANT, MOST_FREQUENT_DOMINANT)
    yield from _recessive(here, two_copies, Mode.X_RECESSIVE)


def _mitochondrial(here: _Gene, variants: Sequence[CalledVariant]) -> Iterator[GeneModel]:
    for one in variants:
        share = one.call.share
        seen = "heteroplasmy not stated" if share is None else f"in {share:.0%} of the reads"
        why = f"{seen}; tissues differ, and blood without it rules nothing out"
        yield _model(here, Model.MITOCHONDRIAL, Mode.MITOCHONDRIAL, (one,), 1, why)


def _on_y(here: _Gene, variants: Sequence[CalledVariant]) -> Iterator[GeneModel]:
    for one in variants:
        yield _model(here, Model.Y_LINKED, Mode.Y_LINKED, (one,), 1, "on Y")


_MAKERS = {"autosome": _autosomal, "X": _on_x, "MT": _mitochondrial, "Y": _on_y}


def _model(
    here: _Gene,
    model: Model,
    modes: Mode,
    variants: tuple[CalledVariant, ...],
    needed: int,
    why: str,
    *,
    copies: int = 1,
    background: float | None = None,
    factor: float = 1.0,
) -> GeneModel:
    """A model with its ratio, of `needed` alleles, each present in so many copies; `factor` is what the family says.
    Against a `background` of its own, such as that of new alleles, how frequent the alleles are says nothing more.
    """
    alleles, of_frequencies = [], 0.0
    for one in variants:
        share = pathogenicity(one, here.name)
        of_frequency = 0.0
        if background is None:
            of_frequency = frequency_log_ratio(one, needed, are_stated=here.person.are_frequencies_stated)
        # Two copies of one allele are of one ancestor: the second is no further chance.
        alleles += [Allele(share, one.acmg, of_frequency), *[Allele(share, one.acmg)] * (copies - 1)]
        of_frequencies += of_frequency
    expected = here.background if background is None else background
    log_lr = capped(alleles_log_ratio(alleles, needed, expected) + math.log(factor))
    return GeneModel(here.name, model, modes, variants, log_lr, why, expected, math.exp(of_frequencies))


def _dominant(
    here: _Gene, variants: Sequence[CalledVariant], model: Model, modes: Mode, threshold: Decimal
) -> Iterator[GeneModel]:
    for one in variants:
        if not frequency_step(one, threshold).passed or not _fits_affected(one, here.person, copies=1):
            continue
        if _is_new(one, here.person, model):
            yield _model(here, Model.NEW, modes, (one,), 1, _NEW_WHY[model], background=NEW_ALLELES)
            continue
        factor, why = _inherited(one, here.person, model)
        yield _model(here, model, modes, (one,), 1, why, factor=factor)


_NEW_WHY = {
    Model.DOMINANT: "both parents have enough reads without it",
    Model.HEMIZYGOUS: "the mother has enough reads without it",
    Model.X_DOMINANT: "both parents have enough reads without it",
}


def _is_new(variant: CalledVariant, person: Person, model: Model) -> bool:
    relatives = person.relatives
    # A father gives his son no X.
    asked = (relatives.mother,) if model is Model.HEMIZYGOUS else (relatives.father, relatives.mother)
    if not person.may_claim_new or any(place is None for place in asked):
        return False
    return all(surely_absent(call_of(variant, place)) for place in asked)


def _inherited(variant: CalledVariant, person: Person, model: Model) -> tuple[float, str]:
    """What the parents' genotypes and states say of a dominant or hemizygous allele, as a factor and in words."""
    relatives = person.relatives
    factor, said = 1.0, []
    for place, name in ((relatives.father, "father"), (relatives.mother, "mother")):
        call = call_of(variant, place)
        if place is None or not call.is_called:
            continue
        status = relatives.status[place]
        if not call.copies:
            said.append(f"the {name} does not have it" if surely_absent(call) else f"not seen in the {name}")
        elif status is AffectedStatus.AFFECTED:
            factor *= SHARED_WITH_AFFECTED
            said.append(f"from the affected {name}")
        elif status is AffectedStatus.UNAFFECTED and not _is_well_anyway(model, name):
            factor *= WELL_CARRIER
            said.append(f"from the {name}, who is well: only with incomplete penetrance")
        else:
            said.append(f"from the {name}")
    return factor, "; ".join(said) or "the parents were not tested"


def _is_well_anyway(model: Model, parent: str) -> bool:
    """Whether a carrier is expected to be well: the mother of a son with an X-linked recessive disease."""
    return model is Model.HEMIZYGOUS and parent == "mother"


def _fits_affected(variant: CalledVariant, person: Person, *, copies: int) -> bool:
    """Whether each affected relative who was called has the allele in so many copies, as full sharing asks."""
    relatives = person.relatives
    tested = (*relatives.parents, *relatives.others)
    for place in tested:
        call = call_of(variant, place)
        if (
            relatives.status[place] is AffectedStatus.AFFECTED
            and call.is_called
            and call.copies < min(copies, call.ploidy)
        ):
            return False
    return True


def _recessive(here: _Gene, variants: Sequence[CalledVariant], modes: Mode) -> Iterator[GeneModel]:
    rare = [one for one in variants if frequency_step(one, MOST_FREQUENT_RECESSIVE).passed]
    for one in rare:
        if one.call.zygosity in (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS):
            if _well_relative_has_both((one, one), here.person) or not _fits_affected(one, here.person, copies=2):
                continue
            yield _model(here, Model.HOMOZYGOUS, modes, (one,), 2, _homozygous_why(one, here.person), copies=2)
        else:
            yield _one_of_two(here, one, modes)
    heterozygous = [one for one in rare if one.call.zygosity is Zygosity.HETEROZYGOUS]
    for first, second in combinations(heterozygous, 2):
        model = _compound(here, first, second, modes)
        if model is not None:
            yield model


def _one_of_two(here: _Gene, variant: CalledVariant, modes: Mode) -> GeneModel:
    """One allele of a disease that needs two: the test would have missed the other."""
    shown = here.second_missed < 1.0
    why = "the second allele was not found" + (", which the test would mostly have shown" if shown else "")
    return _model(here, Model.ONE_OF_TWO, modes, (variant,), 2, why, factor=here.second_missed)


def _homozygous_why(variant: CalledVariant, person: Person) -> str:
    calls = [call_of(variant, place) for place in person.relatives.parents]
    if not calls:
        return "two copies; the parents were not tested"
    if all(call.copies for call in calls):
        return "two copies; each tested parent has it"
    return "two copies; a parent without it: a deletion opposite to it, or both copies from one parent"


def _compound(here: _Gene, first: CalledVariant, second: CalledVariant, modes: Mode) -> GeneModel | None:
    if _well_relative_has_both((first, second), here.person):
        return None
    found = phase(first, second, here.person.relatives)
    if found is Phase.CIS:
        return None
    both = _model(here, Model.COMPOUND, modes, (first, second), 2, f"two alleles {found.value}")
    if found is Phase.TRANS:
        return both
    # On one chromosome in half of the cases: then one copy of the gene is left as it should be.
    alone = max(_one_of_two(here, one, modes).log_lr for one in (first, second))
    why = "two alleles whose phase is unknown, counted half: they may lie on one chromosome"
    return replace(both, log_lr=mixed(both.log_lr, alone), why=why)


def _well_relative_has_both(pair: tuple[CalledVariant, CalledVariant], person: Person) -> bool:
    """Whether an unaffected sibling or parent has what should make them ill."""
    first, second = pair
    relatives = person.relatives
    for place in (*relatives.parents, *relatives.others):
        if relatives.status[place] is not AffectedStatus.UNAFFECTED:
            continue
        a, b = call_of(first, place), call_of(second, place)
        if first is second:
            if a.copies == 2:
                return True
        elif a.copies and b.copies and place in relatives.others:
            return True
    return False
