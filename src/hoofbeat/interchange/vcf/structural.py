"""Symbolic alleles and breakends: their kind, how far they reach, and which genes they meet."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hoofbeat.cases.called_variant import Effect
from hoofbeat.interchange.gene_regions import GeneRegion, GeneRegions

_BREAKEND = re.compile(r"[ACGTN.]*[\[\]][^\[\]]{1,200}[\[\]][ACGTN.]*", re.I)
_SYMBOL = re.compile(r"<([A-Z0-9_]+)(?::[A-Z0-9_:]+)?>", re.I)
_KINDS = frozenset({"DEL", "DUP", "INV", "INS", "CNV", "BND", "TRA", "CTX", "CPX", "STR"})
IGNORED = frozenset({"*", ".", "<NON_REF>", "<*>"})  # no allele of this place: counted, never scored


class StructuralError(ValueError):
    """A symbolic allele cannot be read: `field` says where."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field = field
        self.what = what


def structural_kind(alt: str) -> str:
    """`DEL`, `DUP`, `INV`, `INS`, `CNV`, `BND`...; empty for an allele of bases. Raises StructuralError on what is
    neither.
    """
    symbol = _SYMBOL.fullmatch(alt)
    if symbol is not None:
        kind = symbol[1].upper()
        return kind if kind in _KINDS or not re.fullmatch(r"CN\d+", kind) else "CNV"
    if "[" in alt or "]" in alt:
        if not _BREAKEND.fullmatch(alt):
            raise StructuralError("ALT", "a breakend is not of the form G[17:198982[")
        return "BND"
    return ""


def structural_end(kind: str, pos: int, info: Mapping[str, str]) -> int:
    """The last base: END, else by SVLEN; for insertions and breakends the place itself. Raises StructuralError."""
    if kind in ("BND", "TRA", "CTX", "INS"):
        return pos
    end = info.get("END", "").split(",")[0]
    if end:
        if not end.isdecimal() or len(end) > 10 or int(end) < pos:
            raise StructuralError("INFO/END", "END is not a position at or after POS")
        return int(end)
    length = info.get("SVLEN", "").split(",")[0].lstrip("-")
    if length and length != ".":
        if not length.isdecimal() or len(length) > 10:
            raise StructuralError("INFO/SVLEN", "SVLEN is not a length")
        return pos + int(length)
    return pos


def effects_by_overlap(kind: str, chrom: str, pos: int, end: int, regions: GeneRegions) -> tuple[Effect, ...]:
    """What a structural variant does to the genes that it meets, in terms of the Sequence Ontology."""
    return tuple(
        Effect(region.gene, (consequence,))
        for region in regions.overlapping(chrom, pos, end)
        if (consequence := _consequence(kind, pos, end, region))
    )


def _consequence(kind: str, pos: int, end: int, region: GeneRegion) -> str:
    whole = pos < region.start and end >= region.end
    inside = region.start <= pos <= region.end or region.start <= end <= region.end
    if kind == "DEL":
        return "transcript_ablation" if whole else "feature_truncation"
    if kind == "DUP":
        return "transcript_amplification" if whole else "feature_elongation"
    return "feature_truncation" if inside else ""
