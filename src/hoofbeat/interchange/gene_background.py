"""A clinic's own counts of rare damaging alleles per gene: a table of gene and expected alleles per person."""

from __future__ import annotations

from pathlib import Path

from hoofbeat.interchange.report import InputError, Where, shown
from hoofbeat.knowledge.gene_background import DEFAULT_ALLELES, LEAST_ALLELES, GeneBackground

MAX_BYTES = 10_000_000
HEADER = ("gene", "alleles")
_REPAIR = "write a header `gene<tab>alleles`, then a gene and its expected alleles per person a line"


def read_gene_background(path: Path) -> GeneBackground:
    """Read the table (UTF-8, tabs; `*` as gene is all others). Raises InputError with line and column."""
    by_gene: dict[str, float] = {}
    default = DEFAULT_ALLELES
    lines = _text(path).splitlines()
    if not lines or tuple(cell.strip().lower() for cell in lines[0].split("\t")[:2]) != HEADER:
        raise InputError("the first line is not `gene` and `alleles`", code="gene-background", repair=_REPAIR)
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        expected = _alleles(cells[1] if len(cells) > 1 else "", number)
        gene = cells[0].upper()
        if gene == "*":
            default = expected
        elif not gene or gene in by_gene:
            what = "a gene stands twice" if gene else "a line has no gene"
            raise InputError(what, code="gene-background", repair=_REPAIR, where=Where(line=number, path="gene"))
        else:
            by_gene[gene] = expected
    return GeneBackground(by_gene, default, shown(path.name))


def read_gene_list(path: Path) -> frozenset[str]:
    """Symbols of the genes that a test covers, one a line, in capitals. Raises InputError."""
    genes = {line.split("\t")[0].strip().upper() for line in _text(path).splitlines() if not line.startswith("#")}
    genes.discard("")
    if not genes:
        raise InputError("the file names no gene", code="gene-list", repair="give a symbol a line")
    return frozenset(genes)


def _alleles(text: str, line: int) -> float:
    where = Where(line=line, path="alleles")
    try:
        number = float(text)
    except ValueError:
        raise InputError("this is not a number", code="gene-background", repair=_REPAIR, where=where) from None
    if not 0 <= number <= 10:
        raise InputError(
            "expected alleles are not between 0 and 10", code="gene-background", repair=_REPAIR, where=where
        )
    return max(number, LEAST_ALLELES)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InputError(
                f"the file is over {MAX_BYTES / 1e6:.0f} MB", code="too-large", repair="is it the right one?"
            )
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not UTF-8", code="encoding", repair="write the file as UTF-8") from None
    except OSError as error:
        raise InputError(
            f"{shown(path, limit=240)}: {error.strerror or 'cannot be read'}", code="no-file", repair="check the name"
        ) from None
