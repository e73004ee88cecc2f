"""Names and lengths of the human chromosomes: how a file's build is told, and what proves that it is another.

Lengths are those of the Genome Reference Consortium (https://www.ncbi.nlm.nih.gov/grc/human/data).
"""

from __future__ import annotations

import re

from hoofbeat.cases.called_variant import Build

NAMES = (*(str(number) for number in range(1, 23)), "X", "Y", "MT")
# fmt: off
_LENGTHS_37 = (
    249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431, 135534747,
    135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983, 63025520,
    48129895, 51304566, 155270560, 59373566, 16571,
)
_LENGTHS_38 = (
    248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422,
    135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167,
    46709983, 50818468, 156040895, 57227415, 16569,
)
# fmt: on
LENGTHS = {
    Build.GRCH37: dict(zip(NAMES, _LENGTHS_37, strict=True)),
    Build.GRCH38: dict(zip(NAMES, _LENGTHS_38, strict=True)),
}
# The pseudoautosomal regions of X, where men have two copies.
PSEUDOAUTOSOMAL = {
    Build.GRCH37: ((60001, 2699520), (154931044, 155260560)),
    Build.GRCH38: ((10001, 2781479), (155701383, 156030895)),
}
# Chromosomes 1 to 22, X and Y of NCBI's RefSeq, and its mitochondrial genome.
_REFSEQ = re.compile(r"NC_(?:0000(0[1-9]|1[0-9]|2[0-4])|012920)(?:\.[0-9]{1,3})?", re.ASCII)
_ORDER = {name: place for place, name in enumerate(NAMES)}


def normal_chromosome(name: str) -> str | None:
    """`chr7`, `7` and `NC_000007.14` are 7, `chrM` is MT; None for a contig that is no chromosome (patches, decoys)."""
    reference = _REFSEQ.fullmatch(name)
    if reference is not None:
        return NAMES[int(reference[1]) - 1] if reference[1] else "MT"
    local = (name[3:] if name[:3].lower() == "chr" else name).upper()
    local = "MT" if local == "M" else local
    return local if local in _ORDER else None


def build_by_length(chromosome: str, length: int) -> Build | None:
    """The build in which a chromosome has this length; None where none or both do (the mitochondrial genome)."""
    if chromosome == "MT":
        return None
    fitting = [build for build, lengths in LENGTHS.items() if lengths[chromosome] == length]
    return fitting[0] if len(fitting) == 1 else None


def is_pseudoautosomal(build: Build | None, pos: int) -> bool:
    """Whether a position of X lies where men have two copies."""
    return build is not None and any(low <= pos <= high for low, high in PSEUDOAUTOSOMAL[build])
