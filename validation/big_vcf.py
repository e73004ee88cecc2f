"""A VCF as large as a genome's, made by chance in a temporary folder: what the reader's speed is measured with.

Nobody's genome: nine in ten of its places are frequent, the rest mostly without consequence, as in a real one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hoofbeat.cases.called_variant import Build
from hoofbeat.interchange.vcf.chromosomes import LENGTHS, NAMES

FREQUENT = 0.88  # of the places of a genome, those above .01 in gnomAD (ours)
CODING = 0.02  # of all, those that change a protein
_SEED = 4
_BLOCK = 20_000
_PARTS = "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|HGVSc|HGVSp|gnomADe_AF|CLIN_SIG"


def write_big_vcf(path: Path, lines: int) -> None:
    """Write so many lines in order of position, packed as gzip members like bgzip's."""
    with path.open("wb") as stream:
        for block in _blocks(lines):
            packer = zlib.compressobj(1, zlib.DEFLATED, 31)
            stream.write(packer.compress(block) + packer.flush())


def _blocks(lines: int) -> Iterator[bytes]:
    contigs = [f"##contig=<ID=chr{name},length={LENGTHS[Build.GRCH38][name]}>" for name in NAMES]
    csq = (
        f'##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: {_PARTS}">'
    )
    frequency = '##INFO=<ID=gnomADg_AF,Number=A,Type=Float,Description="gnomAD genomes">'
    columns = "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "person"))
    yield ("\n".join(["##fileformat=VCFv4.2", *contigs, frequency, csq, columns]) + "\n").encode()
    random = np.random.default_rng(_SEED)
    names = NAMES[:22]
    for chrom in names:
        count = lines // len(names)
        positions = np.sort(random.integers(1, LENGTHS[Build.GRCH38][chrom], count))
        for start in range(0, count, _BLOCK):
            yield _block(chrom, positions[start : start + _BLOCK], random)


def _block(chrom: str, positions: np.ndarray[tuple[int], np.dtype[np.int64]], random: np.random.Generator) -> bytes:
    n = len(positions)
    frequencies = np.where(random.random(n) < FREQUENT, random.uniform(0.01, 1.0, n), 10 ** random.uniform(-6, -2, n))
    coding = random.random(n) < CODING
    genes = random.integers(0, 19_000, n)
    twice = random.random(n) < 0.35
    rows = []
    for pos, frequency, is_coding, gene, homozygous in zip(
        positions.tolist(), frequencies.tolist(), coding.tolist(), genes.tolist(), twice.tolist(), strict=True
    ):
        term, impact = ("missense_variant", "MODERATE") if is_coding else ("intron_variant", "MODIFIER")
        entries = ",".join(
            f"A|{term}|{impact}|GENE{gene}|ENSG{gene:011d}|Transcript|ENST{gene:011d}.{copy}|protein_coding|||"
            f"ENST{gene:011d}.{copy}:c.{pos % 5000}G>A||{frequency:.6g}|"
            for copy in range(3)
        )
        call = "1/1:0,31:31:93:1200,93,0" if homozygous else "0/1:15,16:31:99:600,0,580"
        rows.append(
            f"chr{chrom}\t{pos}\t.\tG\tA\t812.7\tPASS\tAC=1;AF=0.5;AN=2;DP=31;FS=0;MQ=60;QD=20.1;"
            f"gnomADg_AF={frequency:.6g};CSQ={entries}\tGT:AD:DP:GQ:PL\t{call}\n"
        )
    return "".join(rows).encode()
