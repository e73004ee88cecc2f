"""Exomes that never were: the published variants of a case among seeded alleles that anybody could have, as VCF.

Real in them are the variants of the case, their genes and their zygosity. Made up is everything else: how many rare
alleles other genes have, what they do, how frequent they are, the reads, and the parents. No gene has more alleles than
another, nothing is an artefact, each place is covered, only genes of diseases have alleles, and how rare alleles are is
drawn from the figures that the ranking compares them with: so much is easier than in a real exome. Rare alleles are
several times as many as in one, which makes it harder.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hoofbeat.cases import Reported
from hoofbeat.cases.called_variant import Build, CalledVariant, Zygosity
from hoofbeat.cases.family import AffectedStatus, PedigreePerson
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.genotype.frequencies import GENES_ALTERED
from hoofbeat.diagnosis.genotype.modes import Mode, modes_of
from hoofbeat.interchange.reported_variants import reported_variants
from hoofbeat.interchange.vcf.chromosomes import LENGTHS, NAMES
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.gene_background import DEFAULT_ALLELES

CHILD, FATHER, MOTHER = "child", "father", "mother"
# What a rare allele that changes a protein does, with its share (ours, after the share of loss of function in exomes).
CONSEQUENCES = {
    "missense_variant": 0.80,
    "inframe_deletion": 0.05,
    "stop_gained": 0.05,
    "frameshift_variant": 0.05,
    "splice_donor_variant": 0.025,
    "splice_acceptor_variant": 0.025,
}
# How frequent the rare coding alleles of one person are: about 1 in 20 of those below .01 is new to gnomAD, and 4 in 10
# are below .001 (after Gudmundsson 2022, PMC9160216, from memory); evenly by order of magnitude within each range.
UNSEEN = 0.05
SPECTRUM = (((1e-6, 1e-4), 0.10), ((1e-4, 1e-3), 0.25), ((1e-3, 1e-2), 0.60))
RECESSIVE_FREQUENCIES = (1e-6, 1e-3)  # of the causes of recessive diseases; those of dominant ones are unseen
HOMOZYGOUS = 0.01  # of the background alleles
NEW_ALLELES = 0.25  # expected new changes of a protein in a child, in genes of diseases: about a quarter of all genes
NEW_SHARE = 0.5  # of dominant diseases in a trio that are new; in the others a parent is affected too

_HEADER = (
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: '
    'Allele|Consequence|SYMBOL|Feature|HGVSc|HGVSp|gnomADe_AF|CLIN_SIG">'
)


@dataclass(frozen=True, slots=True)
class Exome:
    """One VCF and its family; `family` is empty where the child was tested alone."""

    vcf: bytes
    family: tuple[PedigreePerson, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    chrom: str
    pos: int
    ref: str
    alt: str
    csq: str
    genotypes: tuple[str, str, str]
    info: str = ""


@dataclass(frozen=True, slots=True)
class GenePlaces:
    """The chromosome of each gene: of those with published variants the true one, of those of X-linked diseases X, and
    of all others one by chance.
    """

    chromosomes: Mapping[str, str]

    @classmethod
    def of(cls, facts: Facts, known: Mapping[str, str]) -> GenePlaces:
        """Places for all genes of diseases, those that only solved cases know (`known`, in capitals) among them."""
        modes, places = modes_of(facts), {}
        for symbol in facts.diseases.gene_symbols:
            if symbol.startswith("MT-"):
                continue
            of_gene = [int(modes[disease]) for disease in facts.diseases.of_gene(symbol)]
            on_x = any(mode & (Mode.X_DOMINANT | Mode.X_RECESSIVE) and not mode & Mode.DOMINANT for mode in of_gene)
            by_chance = NAMES[_hash(symbol) % 22]
            places[symbol] = known.get(symbol.upper(), "X" if on_x else by_chance)
        present = {symbol.upper() for symbol in places}
        return cls({**places, **{symbol: chrom for symbol, chrom in known.items() if symbol not in present}})


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def causes(reported: Reported) -> tuple[CalledVariant, ...]:
    """The variants of a case with their zygosity; classes and what the source concluded are left behind."""
    return reported_variants(reported, with_classes=False).variants


def exome(case: str, own: Sequence[CalledVariant], sex: Sex, modes: Mode, places: GenePlaces, *, trio: bool) -> Exome:
    """A case's exome, the same each time; with `trio` its parents' too."""
    random = np.random.default_rng(_hash(f"exome:{case}") % 2**63)
    family = _Family.of(own, sex, modes, random)
    lines = [*_own_lines(own, family, places, random), *_background(places, family, random)]
    order = {name: place for place, name in enumerate(NAMES)}
    lines.sort(key=lambda line: (order[line.chrom], line.pos, line.alt))
    samples = (CHILD, FATHER, MOTHER) if trio else (CHILD,)
    contigs = [f"##contig=<ID=chr{name},length={LENGTHS[Build.GRCH38][name]}>" for name in NAMES]
    head = ["##fileformat=VCFv4.2", *contigs, _HEADER]
    head.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples)))
    body = [_text(line, len(samples)) for line in lines]
    return Exome(("\n".join([*head, *body]) + "\n").encode(), family.pedigree() if trio else ())


def _text(line: _Line, n_samples: int) -> str:
    info = f"{line.info}CSQ={line.csq}"
    calls = [f"{genotype}:{_reads(genotype)}:30:99" for genotype in line.genotypes[:n_samples]]
    return "\t".join(
        (f"chr{line.chrom}", str(line.pos), ".", line.ref, line.alt, ".", "PASS", info, "GT:AD:DP:GQ", *calls)
    )


def _reads(genotype: str) -> str:
    copies = genotype.count("1")
    return "30,0" if not copies else "0,30" if copies == 2 or genotype == "1" else "15,15"


@dataclass(frozen=True, slots=True)
class _Family:
    """Where the causes come from: `new` in the child, or from whom (0 father, 1 mother), and who else is affected."""

    sex: Sex
    is_new: bool
    affected_parent: int | None
    first_from: int

    @classmethod
    def of(cls, own: Sequence[CalledVariant], sex: Sex, modes: Mode, random: np.random.Generator) -> _Family:
        calls = [one.call.zygosity for one in own]
        if sex not in (Sex.MALE, Sex.FEMALE):
            sex = Sex.MALE if Zygosity.HEMIZYGOUS in calls or random.random() < 0.5 else Sex.FEMALE
        first_from = int(random.integers(2))
        alone = len(own) == 1 and calls[0] is Zygosity.HETEROZYGOUS
        dominant = alone and bool(modes & (Mode.DOMINANT | Mode.X_DOMINANT))
        is_new = dominant and random.random() < NEW_SHARE
        return cls(sex, is_new, first_from if dominant and not is_new else None, first_from)

    def pedigree(self) -> tuple[PedigreePerson, ...]:
        """The three people."""
        state = [AffectedStatus.AFFECTED if self.affected_parent == at else AffectedStatus.UNAFFECTED for at in (0, 1)]
        return (
            PedigreePerson(CHILD, "1", FATHER, MOTHER, self.sex, AffectedStatus.AFFECTED),
            PedigreePerson(FATHER, "1", "", "", Sex.MALE, state[0]),
            PedigreePerson(MOTHER, "1", "", "", Sex.FEMALE, state[1]),
        )

    def genotypes(self, zygosity: Zygosity, chrom: str, given_by: int, *, is_new: bool = False) -> tuple[str, str, str]:
        """The child's, the father's and the mother's genotype of an allele that one of them gave."""
        if zygosity is Zygosity.HOMOZYGOUS:
            return ("1/1", "1" if chrom == "X" else "0/1", "0/1")
        on_his_x = chrom == "X" and self.sex is Sex.MALE
        child = "1" if zygosity is Zygosity.HEMIZYGOUS or on_his_x else "0/1"
        father_without = "0" if chrom == "X" else "0/0"
        if is_new:
            return (child, father_without, "0/0")
        if on_his_x or given_by == 1:
            return (child, father_without, "0/1")
        return (child, "1" if chrom == "X" else "0/1", "0/0")


def _own_lines(
    own: Sequence[CalledVariant], family: _Family, places: GenePlaces, random: np.random.Generator
) -> Iterator[_Line]:
    for number, one in enumerate(own):
        effect = one.effects[0]
        chrom = one.chrom or places.chromosomes.get(effect.gene, "1")
        pos = one.pos or _position(chrom, random)
        ref, alt, info = one.ref or "N", one.alt, ""
        if one.sv_type or not alt:
            kind = one.sv_type if one.sv_type in ("DEL", "DUP") else "CNV"
            ref, alt, info = "N", f"<{kind}>", f"SVTYPE={kind};END={pos};"
        recessive = len(own) > 1 or one.call.zygosity is Zygosity.HOMOZYGOUS
        frequency = f"{_frequency(RECESSIVE_FREQUENCIES, random):.3g}" if recessive else ""
        names = effect.hgvs_c, effect.hgvs_p.replace(";", "")
        csq = "|".join(
            (alt, "&".join(effect.consequences) or "sequence_variant", effect.gene, "", *names, frequency, "")
        )
        genotypes = family.genotypes(one.call.zygosity, chrom, (family.first_from + number) % 2, is_new=family.is_new)
        yield _Line(chrom, pos, ref, alt, csq.replace("\t", " ").replace(" ", "_"), genotypes, info)


def _background(places: GenePlaces, family: _Family, random: np.random.Generator) -> Iterator[_Line]:
    """Poisson(λ_B) alleles in each gene, and some new ones anywhere."""
    genes = sorted(places.chromosomes)
    counts = random.poisson(DEFAULT_ALLELES, len(genes))
    for gene, count in zip(genes, counts.tolist(), strict=True):
        for _ in range(count):
            yield _chance_line(gene, places.chromosomes[gene], family, random, is_new=False)
    for gene in random.choice(genes, int(random.poisson(NEW_ALLELES))).tolist():
        yield _chance_line(gene, places.chromosomes[gene], family, random, is_new=True)
    for gene in random.choice(genes, int(random.poisson(GENES_ALTERED * len(genes)))).tolist():
        yield _chance_deletion(gene, places.chromosomes[gene], family, random)


def _chance_line(gene: str, chrom: str, family: _Family, random: np.random.Generator, *, is_new: bool) -> _Line:
    consequence = str(random.choice(list(CONSEQUENCES), p=list(CONSEQUENCES.values())))
    place = 0 if is_new else int(random.choice(len(SPECTRUM) + 1, p=[UNSEEN, *(share for _, share in SPECTRUM)]))
    frequency = "" if place == 0 else f"{_frequency(SPECTRUM[place - 1][0], random):.3g}"
    twice = not is_new and random.random() < HOMOZYGOUS and not (chrom == "X" and family.sex is Sex.MALE)
    zygosity = Zygosity.HOMOZYGOUS if twice else Zygosity.HETEROZYGOUS
    genotypes = family.genotypes(zygosity, chrom, int(random.integers(2)), is_new=is_new)
    ref, alt = random.choice(list("ACGT"), 2, replace=False).tolist()
    csq = f"{alt}|{consequence}|{gene}||||{frequency}|"
    return _Line(chrom, _position(chrom, random), ref, alt, csq, genotypes)


def _chance_deletion(gene: str, chrom: str, family: _Family, random: np.random.Generator) -> _Line:
    """A rare deletion of a part of a gene, of a frequency that nobody states."""
    pos = _position(chrom, random)
    genotypes = family.genotypes(Zygosity.HETEROZYGOUS, chrom, int(random.integers(2)))
    csq = f"<DEL>|feature_truncation|{gene}|||||"
    return _Line(chrom, pos, "N", "<DEL>", csq, genotypes, f"SVTYPE=DEL;END={pos};")


def _position(chrom: str, random: np.random.Generator) -> int:
    """Anywhere on the chromosome, but for the pseudoautosomal regions."""
    low, high = (3_000_000, 155_000_000) if chrom == "X" else (20_000, LENGTHS[Build.GRCH38][chrom] - 20_000)
    return int(random.integers(low, high)) if chrom != "MT" else 8_000


def _frequency(limits: tuple[float, float], random: np.random.Generator) -> float:
    return float(10 ** random.uniform(math.log10(limits[0]), math.log10(limits[1])))
