"""What a variant's HGVS name says of its consequence, in terms of the Sequence Ontology: for variants that come without
an annotation. Only what the name itself shows is said; nothing is looked up.
"""

from __future__ import annotations

import re

_PROTEIN = re.compile(r"p\.\(?([^()]{1,200})\)?")
_POSITION = re.compile(r"[A-Za-z]{3}(\d+)")
# In the coding sequence: a place beside an exon's end, such as c.93+1G>A or c.94-2A>G.
_BESIDE = re.compile(r"[*-]?\d+([+-])(\d+)")

# One base for another in the coding sequence: without the protein's name, it does not show what that does.
_SUBSTITUTION = re.compile(r"c\.\d{1,6}[ACGT]>[ACGT]")
# A deletion or duplication of known length within the coding sequence.
_LENGTH = re.compile(r"c\.(\d{1,6})(?:_(\d{1,6}))?(del|dup)[ACGT]{0,50}")


def consequences(coding: str, protein: str = "") -> tuple[str, ...]:
    """The consequence of a variant by its names in the coding sequence (`c.`) and the protein (`p.`); empty where they
    do not show it.
    """
    beside = _beside_an_exon(coding.rpartition(":")[2])
    if beside in ("splice_donor_variant", "splice_acceptor_variant"):
        return (beside,)
    changed = _protein(protein.rpartition(":")[2])
    if changed:
        return (changed,)
    if beside:
        return (beside,)
    name = coding.rpartition(":")[2]
    shifted = _LENGTH.fullmatch(name)
    if shifted is not None:
        return (_by_length(shifted),)
    if name.startswith("c.*"):
        return ("3_prime_UTR_variant",)
    if name.startswith("c.-"):
        return ("5_prime_UTR_variant",)
    if _SUBSTITUTION.fullmatch(name):
        return ("coding_sequence_variant",)
    return ("non_coding_transcript_exon_variant",) if name.startswith("n.") else ()


def _by_length(change: re.Match[str]) -> str:
    """What a deletion or duplication within the coding sequence does to the reading frame."""
    first, last = int(change[1]), int(change[2] or change[1])
    if (last - first + 1) % 3:
        return "frameshift_variant"
    return "inframe_deletion" if change[3] == "del" else "inframe_insertion"


def _beside_an_exon(name: str) -> str:
    if not name.startswith(("c.", "n.")):
        return ""
    places = _BESIDE.findall(name[:200])
    if not places:
        return ""
    # A deletion that reaches from an exon into an intron takes the site of splicing with it.
    crosses = "_" in name and len(places) == 1
    side, distance = min(((side, int(distance)) for side, distance in places), key=lambda one: one[1])
    if distance <= 2 or crosses:
        return "splice_donor_variant" if side == "+" else "splice_acceptor_variant"
    if side == "+" and distance <= 6:
        return "splice_donor_5th_base_variant" if distance == 5 else "splice_donor_region_variant"
    if distance <= 8:
        return "splice_region_variant"
    return "splice_polypyrimidine_tract_variant" if side == "-" and distance <= 17 else "intron_variant"


def _protein(name: str) -> str:
    found = _PROTEIN.fullmatch(name)
    if found is None or found[1] in ("?", "0?"):
        return ""
    change = found[1]
    if change == "0" or re.match(r"Met1(?!\d)", change):
        return "start_lost"
    if "fs" in change:
        return "frameshift_variant"
    if change.endswith("="):
        return "synonymous_variant"
    if "ext" in change:
        return "stop_lost"
    if re.search(r"\d(?:delins[A-Za-z]*|ins[A-Za-z]*)?(?:Ter|\*)", change):
        return "stop_gained"
    if "delins" in change:
        return "protein_altering_variant"
    if "del" in change:
        return "inframe_deletion"
    if "dup" in change or "ins" in change:
        return "inframe_insertion"
    return "missense_variant" if _POSITION.match(change) else ""
