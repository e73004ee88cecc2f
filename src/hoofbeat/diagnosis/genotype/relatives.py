"""The relatives of a person among the samples of a file, and which chromosome two alleles came on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoofbeat.cases.called_variant import NOT_CALLED, Call, CalledVariant
from hoofbeat.cases.family import AffectedStatus, PedigreePerson

# A parent is taken not to carry an allele only with so many reads, and at most one of them showing it (ours).
LEAST_PARENT_DEPTH = 10
MOST_PARENT_READS = 1
LEAST_PARENT_QUALITY = 20


class Phase(StrEnum):
    """Whether two alleles lie on different chromosomes, on one, or nobody knows."""

    TRANS = "on different chromosomes"
    CIS = "on one chromosome"
    UNKNOWN = "phase unknown"


@dataclass(frozen=True, slots=True)
class Relatives:
    """Places among the samples, 0 being the person. `others` are relatives who are neither parent; `status` is per
    sample.
    """

    father: int | None = None
    mother: int | None = None
    others: tuple[int, ...] = ()
    status: tuple[AffectedStatus, ...] = (AffectedStatus.MISSING,)

    @classmethod
    def of(cls, samples: Sequence[str], family: Sequence[PedigreePerson]) -> Relatives:
        """Who the samples are, by a pedigree."""
        at = {name: place for place, name in enumerate(samples)}
        known = {person.individual_id: person for person in family}
        own = known.get(samples[0])
        father = at.get(own.paternal_id) if own is not None else None
        mother = at.get(own.maternal_id) if own is not None else None
        others = tuple(p for name, p in at.items() if p and p not in (father, mother) and name in known)
        status = tuple(known[name].affected_status if name in known else AffectedStatus.MISSING for name in samples)
        return cls(father, mother, others, status)

    @property
    def parents(self) -> tuple[int, ...]:
        """The parents that were tested."""
        return tuple(place for place in (self.father, self.mother) if place is not None)


NO_RELATIVES = Relatives()


def call_of(variant: CalledVariant, place: int | None) -> Call:
    """A sample's call; not called where it was not tested."""
    return variant.calls[place] if place is not None and place < len(variant.calls) else NOT_CALLED


def surely_absent(call: Call) -> bool:
    """Whether enough reads show that a parent does not carry an allele. Without stated reads nobody can be sure."""
    return (
        call.is_called
        and call.copies == 0
        and call.depth is not None
        and call.depth >= LEAST_PARENT_DEPTH
        and (call.alt_depth is None or call.alt_depth <= MOST_PARENT_READS)
        and (call.quality is None or call.quality >= LEAST_PARENT_QUALITY)
    )


def phase(first: CalledVariant, second: CalledVariant, relatives: Relatives) -> Phase:
    """How two heterozygous alleles of one person lie: by their place, the parents, else by a common phase set."""
    if _exclude_each_other(first, second):
        return Phase.TRANS
    by_parents = _by_parents(first, second, relatives)
    if by_parents is not Phase.UNKNOWN:
        return by_parents
    a, b = first.call, second.call
    if a.haplotype is None or b.haplotype is None or a.phase_set != b.phase_set or first.chrom != second.chrom:
        return Phase.UNKNOWN
    return Phase.CIS if a.haplotype == b.haplotype else Phase.TRANS


def _exclude_each_other(first: CalledVariant, second: CalledVariant) -> bool:
    """Whether two alleles are of one place, as in a genotype 1/2, so that no chromosome can have both: both change the
    base there, or both what follows it. A file may have them on one line or on two.
    """
    if not first.chrom or (first.chrom, first.pos) != (second.chrom, second.pos):
        return False
    if first.is_structural or second.is_structural or not (first.alt and second.alt):
        return False
    one, other = (allele.ref[:1].upper() != allele.alt[:1].upper() for allele in (first, second))
    return one == other or 0 < first.line == second.line


def _by_parents(first: CalledVariant, second: CalledVariant, relatives: Relatives) -> Phase:
    has = {}
    for place in relatives.parents:
        a, b = call_of(first, place), call_of(second, place)
        if a.is_called and b.is_called:
            has[place] = (a.copies > 0, b.copies > 0)
    found = sorted(has.values())
    if len(found) == 2:
        return {
            ((False, True), (True, False)): Phase.TRANS,
            ((False, False), (True, True)): Phase.CIS,
        }.get((found[0], found[1]), Phase.UNKNOWN)
    if len(found) == 1:  # the other parent gave what this one does not have
        return Phase.CIS if found[0] == (True, True) else Phase.TRANS if found[0][0] != found[0][1] else Phase.UNKNOWN
    return Phase.UNKNOWN
