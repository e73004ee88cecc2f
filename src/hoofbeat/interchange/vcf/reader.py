"""Reads a VCF as a stream: most lines are refused by a look at a few of their bytes, the others are taken apart.

A genome has four million lines and some hundred of interest. What a look refuses is exactly what the rules would refuse
(`Screen`); everything is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hoofbeat.cases.called_variant import Build, CalledVariant
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.interchange.gene_regions import GeneRegions
from hoofbeat.interchange.report import InputError, Where
from hoofbeat.interchange.vcf.calls import CallError, read_genotype
from hoofbeat.interchange.vcf.chromosomes import LENGTHS, normal_chromosome
from hoofbeat.interchange.vcf.header import REPAIR_COLUMNS, Header, decoded, read_header, sample_places
from hoofbeat.interchange.vcf.lines import Progress, vcf_lines
from hoofbeat.interchange.vcf.record import RecordReader, refused
from hoofbeat.interchange.vcf.screen import CALLER, CARRIED, CONSEQUENCE, EVERYTHING, FREQUENCY, Screen
from hoofbeat.interchange.vcf.site_counts import SiteCounter
from hoofbeat.interchange.vcf.structural import IGNORED

# Dropped beside the filters: not on a chromosome; `*` and the like; an allele that passed on an earlier line.
CONTIG, NO_ALLELE, REPEATED = "contig", "no allele", "repeated"
MOST_KEPT = 200_000  # alleles; an exome keeps some hundred (ours)
_BASE_LETTERS = b"ACGTNRYKMSWBDHVacgtnrykmswbdhv"
_SLACK = 1.000001  # a look compares binary fractions, the rules decimals: what lies so near is left to the rules


def read_vcf(
    path: Path,
    *,
    sample: str | None = None,
    relatives: Sequence[str] = (),
    trios: Sequence[tuple[str, str, str]] = (),
    screen: Screen = EVERYTHING,
    build: Build | None = None,
    regions: GeneRegions | None = None,
    progress: Progress = lambda read: None,
) -> SampleVariants:
    """A person's alleles out of a file. `relatives` that are in it are read too; `trios` are (child, father, mother).

    `sample` may be left away where there is one only. Raises InputError with line and field; what was read until there
    is not used.
    """
    lines = vcf_lines(path, progress=progress)
    header = read_header(lines, build=build)
    names = _wanted(header, sample, relatives)
    if not header.annotations and regions is None:
        raise InputError(
            "the file has no annotation: its header declares none of CSQ, ANN and BCSQ",
            code="vcf-annotation",
            repair="annotate it with VEP, SnpEff or bcftools csq; for structural variants alone, give --gene-regions",
            where=Where(line=header.lines),
        )
    reading = _Reading.of(header, names, trios, screen, regions)
    reading.read(lines)
    return reading.result()


def _wanted(header: Header, sample: str | None, relatives: Sequence[str]) -> tuple[str, ...]:
    if sample is None:
        if len(header.samples) > 1:
            raise InputError(
                f"the file has {len(header.samples):,} samples",
                code="vcf-sample",
                repair="say which is the person's: --sample NAME",
                where=Where(line=header.lines),
            )
        sample = header.samples[0]
    sample_places(header, [sample])
    present = set(header.samples)
    return (sample, *(name for name in dict.fromkeys(relatives) if name in present and name != sample))


@dataclass
class _Reading:
    """The state of one reading. What is asked of every line is kept in plain attributes, as millions ask."""

    header: Header
    names: tuple[str, ...]
    screen: Screen
    record: RecordReader
    sites: SiteCounter
    asked_names: tuple[bytes, ...]
    asked_places: frozenset[tuple[str, int]]
    quick_info: tuple[bytes, ...]
    quick_parts: tuple[tuple[bytes, int], ...]
    annotation_keys: tuple[bytes, ...]
    has_predictions: bool
    kept: list[CalledVariant] = field(default_factory=list)
    asked: list[CalledVariant] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    records: int = 0
    alleles: int = 0
    annotated: bool = False
    unsorted_at: int = 0
    repeated_at: int = 0
    has_chromosome: bool = False
    is_called: bool = False
    seen: dict[tuple[str, int, int, str, str], int] = field(default_factory=dict)
    chromosomes: dict[bytes, str | None] = field(default_factory=dict)
    genotypes: dict[tuple[bytes, int], bool] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        header: Header,
        names: tuple[str, ...],
        trios: Sequence[tuple[str, str, str]],
        screen: Screen,
        regions: GeneRegions | None,
    ) -> _Reading:
        places = sample_places(header, names)
        at = {name: place for place, name in enumerate(names)}
        within = [(at[c], at[f], at[m]) for c, f, m in trios if c in at and f in at and m in at]
        record = RecordReader.of(header, places, regions)
        return cls(
            header=header,
            names=names,
            screen=screen,
            record=record,
            sites=SiteCounter(len(names), within, header.build),
            asked_names=tuple(one.text.upper().encode() for one in screen.asked if not one.chrom),
            asked_places=frozenset((one.chrom, one.pos) for one in screen.asked if one.chrom),
            quick_info=tuple(f"{key}=".encode() for key in record.frequency_keys),
            quick_parts=tuple(
                (f"{reader.fields.key}=".encode(), place)
                for reader in record.annotations[:1]
                for _, place in reader.frequency_places
            ),
            annotation_keys=tuple(f"{reader.fields.key}=".encode() for reader in record.annotations),
            has_predictions=any(reader.score_places for reader in record.annotations),
        )

    def read(self, lines: Iterator[bytes]) -> None:
        """Go through all lines after the header."""
        number = self.header.lines
        n_samples, proband = len(self.header.samples), self.record.places[0]
        last_chrom, last_pos = "", 0
        ended: set[str] = set()
        for raw in lines:
            number += 1
            if not raw:
                continue
            cells = raw.split(b"\t", 9)
            if len(cells) != 10 or cells[9].count(b"\t") != n_samples - 1:
                raise _columns(number, raw, n_samples)
            self.records += 1
            chrom = self._chromosome(cells[0])
            pos = self._checked_position(cells, chrom, number, raw)
            if chrom != last_chrom:
                ended.add(last_chrom)
                if chrom in ended and chrom and not self.unsorted_at:
                    self.unsorted_at = number
                last_chrom, last_pos = chrom or "", 0
            if pos < last_pos and not self.unsorted_at:
                self.unsorted_at = number
            last_pos = pos
            n_alts = cells[4].count(b",") + 1
            if not chrom:
                self._drop(CONTIG, n_alts)
                continue
            self.has_chromosome = True
            columns = [cells[9]] if n_samples == 1 else cells[9].split(b"\t")
            self._one(cells, columns, proband, n_alts, chrom, pos, number)

    def _one(
        self,
        cells: list[bytes],
        columns: list[bytes],
        proband: int,
        n_alts: int,
        chrom: str,
        pos: int,
        number: int,
    ) -> None:
        has_genotype = cells[8][:2] == b"GT"
        if has_genotype and n_alts == 1 and self.sites.wants(chrom) and len(cells[3]) == len(cells[4]) == 1:
            self.sites.add(chrom, pos, [columns[place].split(b":", 1)[0] for place in self.record.places])
        if not self.annotated:
            self.annotated = any(key in cells[7] for key in self.annotation_keys)
        carried = has_genotype and self._carries(columns[proband].split(b":", 1)[0], n_alts, number)
        if not self._is_asked(chrom, pos, cells[7]):
            reason = self._refused_at_a_look(cells, n_alts, carried)
            if reason is not None:
                self._drop(reason, n_alts)
                return
        variants = self.record.read(
            [decoded(cell, number) for cell in cells[:9]], [decoded(one, number) for one in columns], chrom, number
        )
        self._drop(NO_ALLELE, n_alts - len(variants))
        for variant in variants:
            self._keep(variant, number)

    def _keep(self, variant: CalledVariant, number: int) -> None:
        self.alleles += 1
        if any(one.means(variant) for one in self.screen.asked):
            self.asked.append(variant)
        reason = self.screen.judge(variant)
        if reason is not None:
            self.dropped[reason] += 1
            return
        # Two lines of one allele (files joined, or written by two callers) are not its two copies.
        place = self.seen.setdefault(_key(variant), len(self.kept))
        if place < len(self.kept):
            self.dropped[REPEATED] += 1
            self.repeated_at = max(self.repeated_at, number)
            self.kept[place] = min(self.kept[place], variant, key=_caution)
            return
        self.kept.append(variant)
        if len(self.kept) > MOST_KEPT:
            raise InputError(
                f"over {MOST_KEPT:,} alleles pass the filters",
                code="vcf-kept",
                repair="annotate the file with gnomAD frequencies: without them nothing is known to be frequent",
                where=Where(line=number),
            )

    def _as_kept(self, variant: CalledVariant) -> CalledVariant:
        """What counts of an allele that passed on two lines; any other as it is."""
        place = self.seen.get(_key(variant))
        return variant if place is None or self.screen.judge(variant) is not None else self.kept[place]

    def _drop(self, reason: str, alleles: int) -> None:
        if alleles:
            self.alleles += alleles
            self.dropped[reason] += alleles

    def _chromosome(self, name: bytes) -> str | None:
        if name not in self.chromosomes:
            self.chromosomes[name] = normal_chromosome(name.decode("utf-8", "replace"))
        return self.chromosomes[name]

    def _checked_position(self, cells: list[bytes], chrom: str | None, number: int, raw: bytes) -> int:
        text, ref = cells[1], cells[3]
        if not raw.isascii():
            decoded(raw, number)
        if not text.isdigit() or len(text) > 10 or (pos := int(text)) < 1:
            raise refused(number, "POS", "POS is not a whole number from 1 on")
        if not ref or ref.translate(None, _BASE_LETTERS):
            raise refused(number, "REF", "REF is empty" if not ref else "REF is not bases")
        if not cells[4]:
            raise refused(number, "ALT", "ALT is empty")
        build = self.header.build
        if chrom and build is not None and pos > LENGTHS[build][chrom] + (chrom == "MT") * 2:  # hg19 has 16,571
            raise InputError(
                f"POS lies beyond the end of the chromosome in {build}: the file mixes builds, or is of another one",
                code="vcf-build",
                repair="make the file from one build, and say it right",
                where=Where(line=number, path="POS"),
            )
        return pos

    def _carries(self, genotype: bytes, n_alts: int, number: int) -> bool:
        """Whether the proband has any alternative allele; each form of a genotype is read once."""
        key = genotype, n_alts
        known = self.genotypes.get(key)
        if known is None:
            try:
                numbers, _ = read_genotype(decoded(genotype, number), n_alts + 1)
            except CallError as error:
                raise refused(number, f"FORMAT/{error.field}", error.what) from None
            known = any(numbers)
            self.is_called = self.is_called or any(one is not None for one in numbers)
            if len(self.genotypes) < 10_000:
                self.genotypes[key] = known
        return known

    def _is_asked(self, chrom: str, pos: int, info: bytes) -> bool:
        if not self.screen.asked:
            return False
        if (chrom, pos) in self.asked_places:
            return True
        return bool(self.asked_names) and any(name in info.upper() for name in self.asked_names)

    def _refused_at_a_look(self, cells: list[bytes], n_alts: int, carried: bool) -> str | None:
        """The filter that would drop the only allele of a line, where a few bytes show it."""
        screen, info = self.screen, cells[7]
        if screen.most_frequent is None or (n_alts > 1 and carried):
            return None
        if n_alts == 1 and cells[4].decode("latin-1") in IGNORED:
            return NO_ALLELE
        if not carried:
            return CARRIED if n_alts == 1 else None
        if cells[6] not in (b"PASS", b"."):
            return CALLER
        most = screen.most_frequent * _SLACK
        frequent = self._frequency_at_a_look(info, most)
        if frequent > most:
            return FREQUENCY
        if b"athogenic" in info:
            return None
        assert screen.frequent_unless_known is not None
        if frequent > screen.frequent_unless_known * _SLACK:
            return FREQUENCY if not _may_be_known(info) else None
        if self.has_predictions or _is_symbolic(cells[4]) or _may_be_known(info):
            return None
        return None if any(word in info for word in screen.words) else CONSEQUENCE

    def _frequency_at_a_look(self, info: bytes, most: float) -> float:
        """The highest frequency that can be found without taking INFO apart, or any above `most`; 0 where there is
        none.
        """
        highest = 0.0
        for key in self.quick_info:
            at = info.find(key)
            if at > 0 and info[at - 1] != 59:  # within another key: look for the next one after a semicolon
                at = info.find(b";" + key) + 1 or -1
            if at >= 0:
                highest = max(highest, _number(info[at + len(key) : at + len(key) + 40].split(b";", 1)[0]))
                if highest > most:
                    return highest
        for key, place in self.quick_parts:
            at = info.find(key)
            if at >= 0 and (at == 0 or info[at - 1] == 59):
                entry = info[at + len(key) :].split(b",", 1)[0].split(b"|", place + 1)
                if len(entry) > place:
                    highest = max(highest, _number(entry[place].split(b";", 1)[0]))
        return highest

    def result(self) -> SampleVariants:
        """What was read. Raises InputError where not one line lies on a chromosome, has the annotation that the header
        declares, or a genotype of the person: then nothing was read, and no gene is without a variant.
        """
        if self.records and not self.has_chromosome:
            raise InputError(
                "no line lies on a chromosome: the column CHROM has other names",
                code="vcf-chromosomes",
                repair="name them chr1 or 1, X, Y and MT: bcftools annotate --rename-chrs",
                where=Where(line=self.header.lines + 1, path="CHROM"),
            )
        if self.records and not self.annotated and self.record.regions is None:
            raise InputError(
                "no line has the annotation that the header declares",
                code="vcf-annotation",
                repair="annotate the file anew",
                where=Where(line=self.header.lines),
            )
        if self.records and not self.is_called:
            raise InputError(
                "no line has a genotype of the person: GT is missing everywhere",
                code="vcf-genotype",
                repair="give the file with the person's genotypes, and check --sample",
                where=Where(line=self.header.lines + 1, path="FORMAT/GT"),
            )
        notes = []
        if self.repeated_at:
            again = f"lines that repeat an allele: {self.dropped[REPEATED]:,}, as line {self.repeated_at:,}"
            notes.append((again, "of each, the line with the fewest copies counts"))
        if self.unsorted_at:
            notes.append((f"the file is not in order of position from line {self.unsorted_at:,} on", "nothing is lost"))
        if not self.records:
            notes.append(("the file has no variant", "is it the right one?"))
        return SampleVariants(
            build=self.header.build,
            samples=self.names,
            variants=tuple(self.kept),
            asked=tuple(dict.fromkeys(map(self._as_kept, self.asked))),
            records=self.records,
            alleles=self.alleles,
            dropped=dict(sorted(self.dropped.items())),
            sites=self.sites.counts(),
            notes=tuple(notes),
        )


def _key(variant: CalledVariant) -> tuple[str, int, int, str, str]:
    """What makes an allele the same on two lines."""
    return variant.chrom, variant.pos, variant.end, variant.ref.upper(), variant.alt.upper()


def _caution(variant: CalledVariant) -> tuple[int, str]:
    """Of two lines of one allele the one with fewer copies comes first; else whichever, but by no order of lines."""
    return variant.call.copies, repr(replace(variant, line=0))


def _is_symbolic(alt: bytes) -> bool:
    return alt[:1] == b"<" or b"[" in alt or b"]" in alt


def _may_be_known(info: bytes) -> bool:
    """Whether a field of ClinVar or of a class may say pathogenic by a number."""
    return b"CLNSIG=" in info or b"ACMG" in info or b"acmg" in info


def _number(text: bytes) -> float:
    """A frequency as a binary fraction; 0 where it is none, so that the rules decide."""
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0.0 <= number <= 1.0 else 0.0


def _columns(number: int, raw: bytes, n_samples: int) -> InputError:
    found = raw.count(b"\t") + 1
    return InputError(
        f"the line has {found} columns; the header has {9 + n_samples}",
        code="vcf-columns",
        repair=REPAIR_COLUMNS,
        where=Where(line=number),
    )
