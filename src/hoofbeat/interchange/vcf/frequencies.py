"""How frequent an allele is in the populations that a file names: the many names of one number, as exact decimals.

INFO/AF is never read: it counts the people of the file itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

# Names without case, dots and dashes read as underscores. gnomAD through VEP, bcftools, vcfanno, ANNOVAR, slivar,
# echtvar and seqr; ExAC and MAX_AF as they are.
_GNOMAD = r"gnomad(?:[eg]|_?v?[0-9_]{0,6}|_?(?:exomes?|genomes?|joint)s?|[0-9]{0,3}_(?:exome|genome)s?)_?v?[0-9_]{0,6}"
_TAIL = r"(?:_?(?:all|af|afs)?)(?:_?(?:popmax|grpmax|faf95_max|faf95))?(?:_?(?:af|all))?"
_ALIAS = re.compile(
    rf"(?:{_GNOMAD}{_TAIL}|af_gnomad(?:e|g|_exomes?|_genomes?)?|exac(?:_af|_all)?|max_af|"
    r"af_(?:popmax|grpmax)|popmax_af|grpmax_af|topmed_af|esp_af)"
)
_IN_CSQ_ONLY = frozenset({"af"})  # VEP's --af: the 1000 Genomes, all populations
_NOT = re.compile(r"_(?:an|ac|nhomalt|hom|hemi|filter|flag|coverage|ac_|an_)")
_MAX_DIGITS = 40
# What is less frequent is in nobody: rounding leaves such numbers, and written out in full one may have as many digits
# as there is memory.
_LEAST = Decimal("1e-12")


def is_frequency(name: str, *, in_annotation: bool = False) -> bool:
    """Whether a field of INFO, or a part of an annotation, holds an allele's frequency in a population."""
    normal = re.sub(r"[.\-]", "_", name.strip().lower())[:60]
    if in_annotation and normal in _IN_CSQ_ONLY:
        return True
    return bool(_ALIAS.fullmatch(normal)) and not _NOT.search(normal)


def frequency_fields(names: Iterable[str], *, in_annotation: bool = False) -> tuple[str, ...]:
    """Those of some names that hold a frequency."""
    return tuple(name for name in names if is_frequency(name, in_annotation=in_annotation))


def frequency(text: str) -> Decimal | None:
    """The number that a field holds, the highest of several (`&`); None where it holds none. Raises ValueError where it
    is no frequency.
    """
    highest: Decimal | None = None
    for part in text.split("&"):
        if part in ("", ".", "-", "NA", "nan"):
            continue
        if len(part) > _MAX_DIGITS:
            raise ValueError("a number has too many digits")
        try:
            number = Decimal(part)
        except InvalidOperation:
            raise ValueError("not a number") from None
        if not number.is_finite() or not 0 <= number <= 1:
            raise ValueError("not between 0 and 1")
        number = number if number >= _LEAST else Decimal(0)
        highest = number if highest is None else max(highest, number)
    return highest


def highest(found: Sequence[tuple[str, Decimal | None]]) -> tuple[Decimal | None, str]:
    """The highest of several fields, with its name; (None, "") where none holds a number."""
    known = [(number, name) for name, number in found if number is not None]
    if not known:
        return None, ""
    number, name = max(known, key=lambda one: one[0])
    return number, name
