"""Where genes lie, from a BED or GTF file of the user: what a deletion or duplication without annotation touches.

Hoofbeat ships no coordinates.
"""

from __future__ import annotations

import gzip
import re
import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hoofbeat.interchange.report import InputError, Where, shown
from hoofbeat.interchange.vcf.chromosomes import normal_chromosome

MAX_LINES = 10_000_000  # a GTF of all transcripts has about 3.5 million (ours)
MAX_REGION_LINE = 100_000
_GENE_NAME = re.compile(r'gene_name "([^"]+)"')


@dataclass(frozen=True, slots=True)
class GeneRegion:
    """A gene with its first and last base, counted from 1."""

    gene: str
    start: int
    end: int


@dataclass(frozen=True)
class GeneRegions:
    """Genes by chromosome in order of their start; `longest` is the longest on each, which bounds the search."""

    by_chromosome: dict[str, tuple[GeneRegion, ...]]
    longest: dict[str, int]

    def overlapping(self, chrom: str, start: int, end: int) -> tuple[GeneRegion, ...]:
        """The genes that share a base with a stretch, in order."""
        regions = self.by_chromosome.get(chrom, ())
        low = bisect_right(regions, start - self.longest.get(chrom, 0) - 1, key=lambda one: one.start)
        high = bisect_right(regions, end, key=lambda one: one.start)
        return tuple(region for region in regions[low:high] if region.end >= start)


def read_gene_regions(path: Path) -> GeneRegions:
    """BED (chromosome, start from 0, end, gene) or GTF (its lines of genes), plain or gzip. Raises InputError."""
    by_chromosome: dict[str, list[GeneRegion]] = defaultdict(list)
    for number, line in enumerate(_text_lines(path), 1):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        cells = line.rstrip("\r\n").split("\t")
        try:
            region = _gtf(cells) if len(cells) >= 9 and cells[6] in "+-." and cells[3].isdecimal() else _bed(cells)
        except (ValueError, IndexError):
            raise InputError(
                "this line is neither BED (chromosome, start, end, gene) nor GTF",
                code="gene-regions",
                repair="part the columns by tabs",
                where=Where(line=number),
            ) from None
        chrom = normal_chromosome(cells[0])
        if region is not None and chrom is not None:
            by_chromosome[chrom].append(region)
    if not by_chromosome:
        raise InputError("the file names no gene on a chromosome", code="gene-regions", repair="give BED or GTF")
    ordered = {
        chrom: tuple(sorted(rows, key=lambda one: (one.start, one.end))) for chrom, rows in by_chromosome.items()
    }
    return GeneRegions(ordered, {c: max(one.end - one.start + 1 for one in rows) for c, rows in ordered.items()})


def _gtf(cells: list[str]) -> GeneRegion | None:
    if cells[2] != "gene":
        return None
    name = _GENE_NAME.search(cells[8])
    return GeneRegion(name[1], *_stretch(int(cells[3]), int(cells[4]))) if name else None


def _bed(cells: list[str]) -> GeneRegion:
    if not cells[3]:
        raise ValueError("no gene")
    return GeneRegion(cells[3], *_stretch(int(cells[1]) + 1, int(cells[2])))


def _stretch(start: int, end: int) -> tuple[int, int]:
    if not 0 < start <= end:
        raise ValueError("not a stretch")
    return start, end


def _text_lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            for number in range(1, MAX_LINES + 2):
                raw = stream.readline(MAX_REGION_LINE + 1)
                if not raw:
                    return
                if len(raw) > MAX_REGION_LINE or number > MAX_LINES:
                    what = "a line is too long" if len(raw) > MAX_REGION_LINE else "the file has too many lines"
                    raise InputError(what, code="gene-regions", repair="give the genes alone", where=Where(line=number))
                yield raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("this is not UTF-8", code="gene-regions", repair="write the file as UTF-8") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "the file is damaged or cut off"
        raise InputError(f"{shown(path, limit=240)}: {reason}", code="no-file", repair="check the file") from None
