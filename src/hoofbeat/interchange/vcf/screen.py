"""What a reader of VCF may leave out while it reads, so that a genome needs the memory of its interesting lines only.

The rules come from the caller (`diagnosis.genotype.filters`); the numbers here only let a line be refused before it is
taken apart, and never otherwise than the rules would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.vcf.chromosomes import normal_chromosome

# The names of the filters that a reader may apply before a line is taken apart, in the order in which they are asked.
CARRIED, CALLER, FREQUENCY, CONSEQUENCE = "carried", "caller", "frequency", "consequence"

LONGEST_ASKED = 200  # characters of what somebody asks about (ours)
_PLACE = re.compile(r"(?:chr)?([0-9]{1,2}|X|Y|M|MT)[:-]([0-9]{1,9})(?:[-:]?([ACGTN*]+)[->:]([ACGTN*]+))?", re.I | re.A)
_RS_NUMBER = re.compile(r"rs[0-9]{3,}", re.I | re.A)  # RS1 is a gene
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:()>*=+?-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A variant that somebody asks about: by place, with alleles or without; or by an HGVS name or a gene's symbol."""

    text: str
    chrom: str = ""
    pos: int = 0
    ref: str = ""
    alt: str = ""

    def means(self, variant: CalledVariant) -> bool:
        """Whether a variant is meant."""
        if self.chrom:
            if (self.chrom, self.pos) != (variant.chrom, variant.pos):
                return False
            return not self.ref or (self.ref, self.alt) == (variant.ref.upper(), variant.alt.upper())
        wanted = self.text.upper()
        names = (name for one in variant.effects for name in (one.gene, one.hgvs_c, one.hgvs_p))
        return any(wanted in _forms(name.upper()) for name in names if name)


def _forms(name: str) -> tuple[str, str]:
    """An HGVS name with its reference sequence and without."""
    return name, name.rpartition(":")[2]


def asked(text: str) -> Asked:
    """`chr7:117559590`, `7-117559590-G-A`, `NM_000492.4:c.1521_1523del`, `c.1521_1523del` or `CFTR`. Raises InputError
    on what is none of these, and on an rs number.
    """
    given = text.strip()
    if _RS_NUMBER.fullmatch(given):  # the reader keeps no ID: to say that the file has no such line would be untrue
        raise InputError(
            "an rs number is not searched for",
            code="variant-name",
            repair="write its position, such as chr7:117559590, an HGVS name as the file has it, or the gene's symbol",
        )
    place = _PLACE.fullmatch(given) if len(given) <= LONGEST_ASKED else None
    if place is not None:
        chrom = normal_chromosome(place[1].upper())
        if chrom is not None and int(place[2]) > 0:
            return Asked(given, chrom, int(place[2]), (place[3] or "").upper(), (place[4] or "").upper())
    elif len(given) <= LONGEST_ASKED and _NAME.fullmatch(given):
        return Asked(given)
    raise InputError(
        "this names no variant",
        code="variant-name",
        repair="write chr7:117559590, 7-117559590-G-A, an HGVS name as the file has it, or a gene's symbol",
    )


@dataclass(frozen=True, slots=True)
class Screen:
    """`judge` names the filter that drops an allele, or None where it is kept.

    Alleles above `most_frequent` are always dropped for it, those above `frequent_unless_known` unless ClinVar calls
    them pathogenic. An allele whose annotation holds none of `words` is dropped for its consequence, unless ClinVar
    calls it pathogenic or a prediction is given. `asked` are kept apart, whatever becomes of them.
    """

    judge: Callable[[CalledVariant], str | None] = lambda variant: None
    most_frequent: float | None = None
    frequent_unless_known: float | None = None
    words: tuple[bytes, ...] = ()
    asked: tuple[Asked, ...] = ()


EVERYTHING = Screen()
