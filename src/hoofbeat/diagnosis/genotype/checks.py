"""Whether the samples are who the pedigree says: kinship, sex, the same person twice. Asked before anything is
concluded from a family.

A pedigree that contradicts the genotypes is told first, and no new (de novo) allele is then claimed: where a father is
not the father, every allele of the child that is not the mother's looks new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoofbeat.cases.family import PedigreePerson
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.cases.subject import Sex

LEAST_SITES = 100  # fewer show nothing for certain (ours)
# True trios have well under 1 in 100 sites that do not fit, with all errors of calling; with an unrelated parent over
# 10 (ours).
MOST_ERRORS = 0.03
# Parent and child share an allele at every site, but for errors; unrelated people share none at about 1 in 20 (ours).
MOST_OPPOSITE = 0.01
SAME_PERSON = 0.98  # of the sites at which either has an allele; siblings have about .7 (ours)
LEAST_X_SITES = 30
# Of the alleles on X outside the pseudoautosomal regions, women have about half in one copy, men next to none (ours).
MALE_X, FEMALE_X = 0.10, 0.25


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and whether it contradicts what was said of the samples."""

    what: str
    found: str
    contradicts: bool


def family_checks(tested: SampleVariants, family: Sequence[PedigreePerson], sex: Sex) -> tuple[Check, ...]:
    """All checks that the file allows, contradictions first. `sex` is what the case says. Samples are called by their
    place in the family, never by name.
    """
    called = _called(tested.samples, family)
    checks = [*_trios(tested, called), *_parents(tested, family, called), *_same(tested, called)]
    checks += _sexes(tested, family, sex, called)
    return tuple(sorted(checks, key=lambda check: not check.contradicts))


def sex_by_genotype(tested: SampleVariants, place: int = 0) -> Sex:
    """The sex that the genotypes on X show; unknown where they are too few or in between."""
    if place >= len(tested.sites.x):
        return Sex.UNKNOWN
    heterozygous, alleles = tested.sites.x[place]
    if alleles < LEAST_X_SITES:
        return Sex.UNKNOWN
    share = heterozygous / alleles
    return Sex.MALE if share < MALE_X else Sex.FEMALE if share > FEMALE_X else Sex.UNKNOWN


def _called(samples: Sequence[str], family: Sequence[PedigreePerson]) -> list[str]:
    own = next((person for person in family if person.individual_id == samples[0]), None)
    names = ["the person"]
    for place, sample in enumerate(samples[1:], 2):
        if own is not None and sample in (own.paternal_id, own.maternal_id):
            names.append("the father" if sample == own.paternal_id else "the mother")
        else:
            names.append(f"relative {place - 1}")
    return names


def _trios(tested: SampleVariants, called: Sequence[str]) -> list[Check]:
    checks = []
    for trio in tested.sites.trios:
        if trio.sites < LEAST_SITES:
            continue
        share = trio.errors / trio.sites
        found = f"{trio.errors:,} of {trio.sites:,} sites do not fit inheritance ({share:.1%})"
        checks.append(Check(f"{called[trio.child]} and both parents", found, share > MOST_ERRORS))
    return checks


def _parents(tested: SampleVariants, family: Sequence[PedigreePerson], called: Sequence[str]) -> list[Check]:
    parents = {
        (person.individual_id, parent) for person in family for parent in (person.paternal_id, person.maternal_id)
    }
    checks = []
    for pair in tested.sites.pairs:
        names = tested.samples[pair.first], tested.samples[pair.second]
        if pair.sites < LEAST_SITES or not {names, names[::-1]} & parents:
            continue
        share = pair.opposite / pair.sites
        found = f"share no allele at {pair.opposite:,} of {pair.sites:,} sites ({share:.1%})"
        what = f"{called[pair.first]} and {called[pair.second]} as child and parent"
        checks.append(Check(what, found, share > MOST_OPPOSITE))
    return checks


def _same(tested: SampleVariants, called: Sequence[str]) -> list[Check]:
    checks = []
    for pair in tested.sites.pairs:
        if pair.sites >= LEAST_SITES and pair.alike / pair.sites > SAME_PERSON:
            found = f"are alike at {pair.alike:,} of {pair.sites:,} sites: one person twice, or identical twins"
            checks.append(Check(f"{called[pair.first]} and {called[pair.second]}", found, contradicts=True))
    return checks


def _sexes(tested: SampleVariants, family: Sequence[PedigreePerson], sex: Sex, called: Sequence[str]) -> list[Check]:
    in_pedigree = {person.individual_id: person.sex for person in family}
    checks = []
    for place, sample in enumerate(tested.samples):
        found = sex_by_genotype(tested, place)
        stated = {in_pedigree.get(sample, Sex.UNKNOWN), sex if place == 0 else Sex.UNKNOWN} - {Sex.UNKNOWN, Sex.OTHER}
        if len(stated) > 1:
            checks.append(Check(f"the sex of {called[place]}", "one in the case, another in the PED file", True))
        elif found is not Sex.UNKNOWN and stated:
            heterozygous, alleles = tested.sites.x[place]
            said = next(iter(stated))
            text = f"{heterozygous:,} of {alleles:,} alleles on X in one copy: {found.value}, stated is {said.value}"
            checks.append(Check(f"the sex of {called[place]}", text, found is not said))
    return checks
