"""Small VCF files of nobody, written line by line for tests."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

CSQ = "Allele|Consequence|SYMBOL|Feature|HGVSc|HGVSp|gnomADe_AF|CLIN_SIG"
CSQ_LINE = f'##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: {CSQ}">'
HG38 = "##contig=<ID=chr1,length=248956422>"
HG19 = "##contig=<ID=chr1,length=249250621>"


def csq(
    gene: str,
    consequence: str = "missense_variant",
    *,
    allele: str = "A",
    coding: str = "",
    protein: str = "",
    frequency: str = "",
    clinvar: str = "",
) -> str:
    """The CSQ of an allele."""
    return f"CSQ={allele}|{consequence}|{gene}|ENST1|{coding}|{protein}|{frequency}|{clinvar}"


def line(
    chrom: str,
    pos: int | str,
    info: str,
    *calls: str,
    ref: str = "G",
    alt: str = "A",
    filters: str = "PASS",
    keys: str = "GT:AD:DP:GQ",
) -> str:
    """A line; a call of a bare genotype gets 30 good reads."""
    full = [call if ":" in call or keys == "GT" else f"{call}:{_reads(call, alt)}:30:99" for call in calls]
    return "\t".join((chrom, str(pos), ".", ref, alt, ".", filters, info, keys, *full))


def _reads(genotype: str, alt: str) -> str:
    alleles = genotype.replace("|", "/").split("/")
    depths = [30 * alleles.count(str(number)) // len(alleles) for number in range(alt.count(",") + 2)]
    return ",".join(map(str, depths))


def vcf(
    *lines: str, samples: Iterable[str] = ("child",), head: Iterable[str] = (HG38, CSQ_LINE), first: str = "VCFv4.2"
) -> str:
    """A whole file."""
    columns = "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples))
    return "\n".join([f"##fileformat={first}", *head, columns, *lines]) + "\n"


def write_vcf(path: Path, text: str) -> Path:
    """The file, packed where its name ends with .gz."""
    data = text.encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path
