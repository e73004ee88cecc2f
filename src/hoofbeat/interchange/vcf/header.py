"""The header of a VCF: samples, build, and in which field and order the annotations come.

A build that is stated twice and differently is refused, since positions of two builds cannot be told apart later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hoofbeat.cases.called_variant import Build
from hoofbeat.interchange.report import InputError, Where
from hoofbeat.interchange.vcf.chromosomes import LENGTHS, build_by_length, normal_chromosome
from hoofbeat.interchange.vcf.lines import vcf_lines

FIXED = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
MAX_HEADER_LINES = 1_000_000  # a header with every contig of every patch has a few thousand (ours)
MAX_SAMPLES = 100_000
MAX_LOOK_BYTES = 20_000_000  # of a header that somebody waits for; with every contig it has under a megabyte (ours)
REPAIR_COLUMNS = "use the file as the caller wrote it: eight columns with FORMAT and one per sample, parted by tabs"

_STRUCTURED = re.compile(r"##(contig|INFO|FORMAT)=<(.*)>")
_KEY = re.compile(r'([A-Za-z0-9_]+)=("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)')
# In the reference, the command line of a caller, or VEP's own line. `hg19` of UCSC is GRCh37 but for its chrM.
_BUILD_WORDS = (
    (Build.GRCH38, re.compile(r"GRCh38|hg38|b38(?![0-9])|assembly38|GCA_000001405\.15|Homo_sapiens\.GRCh38", re.I)),
    (
        Build.GRCH37,
        re.compile(r"GRCh37|hg19|b37(?![0-9])|hs37d5|human_g1k_v37|assembly19|GCA_000001405\.1(?![0-9])", re.I),
    ),
)
_BUILD_LINES = ("##reference=", "##assembly=", "##VEP=")


@dataclass(frozen=True, slots=True)
class AnnotationFields:
    """Where a tool put its annotations: key in INFO, and the names of its parts in order."""

    key: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What the lines before the first variant say. `info` are the declared keys of INFO, in order."""

    build: Build | None
    samples: tuple[str, ...]
    info: tuple[str, ...]
    annotations: tuple[AnnotationFields, ...]
    lines: int


def look_at_header(path: Path) -> Header:
    """The header alone, in a moment, however large the file is; a build that it does not say is None. Raises InputError
    with the line.
    """
    return read_header(_few(vcf_lines(path)), needs_build=False)


def _few(lines: Iterator[bytes]) -> Iterator[bytes]:
    left = MAX_LOOK_BYTES
    for number, raw in enumerate(lines, 1):
        left -= len(raw) + 1
        if left < 0:
            raise _error(number, "the header does not end", "vcf-header", "use the file as the caller wrote it")
        yield raw


def read_header(lines: Iterator[bytes], *, build: Build | None = None, needs_build: bool = True) -> Header:
    """Take the header off the lines. `build` is what the user says; a header that says another is refused, and so is
    one without any, unless `needs_build` is off.

    Raises InputError with the line.
    """
    number = 0
    stated: dict[Build, int] = {}
    lengths: dict[bool, int] = {}
    info: list[str] = []
    annotations: list[AnnotationFields] = []
    for raw in lines:
        number += 1
        text = decoded(raw, number)
        if number == 1 and not text.startswith(("##fileformat=VCF", "\ufeff##fileformat=VCF")):
            raise _error(
                number, "this is not VCF: the first line is not ##fileformat=VCFv4.x", "vcf-format", "give VCF"
            )
        if number > MAX_HEADER_LINES:
            raise _error(number, "the header does not end", "vcf-header", "use the file as the caller wrote it")
        if text.startswith("##"):
            for found in _builds(text):
                stated.setdefault(found, number)
            length = _fits_a_build(text)
            if length is not None:
                lengths.setdefault(length, number)
            fields = _declared(text, number)
            if fields is not None:
                info.append(fields[0])
                _check_order(annotations, fields[1], number)
                annotations += fields[1]
            continue
        if False in lengths and True not in lengths:
            raise _error(
                lengths[False],
                "a chromosome has a length that it has neither in GRCh37 nor in GRCh38: the file is of another build",
                "vcf-other-build",
                "make the file from one of the two, or lift it over",
            )
        samples = _samples(text, number)
        found_build = _build(stated, build, number, is_needed=needs_build)
        return Header(found_build, samples, tuple(info), tuple(annotations), number)
    raise _error(number + 1, "the file ends before the line #CHROM", "vcf-header", "is the file cut off?")


def decoded(raw: bytes, line: int) -> str:
    """A line as text. Raises InputError where it is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "this is not UTF-8",
            code="vcf-encoding",
            repair="write the file as UTF-8",
            where=Where(line=line, column=error.start + 1),
        ) from None


def _error(line: int, what: str, code: str, repair: str) -> InputError:
    return InputError(what, code=code, repair=repair, where=Where(line=line))


def _samples(text: str, number: int) -> tuple[str, ...]:
    cells = text.split("\t")
    if tuple(cells[: len(FIXED)]) != FIXED:
        missing = next((name for name, cell in zip(FIXED, [*cells, *[""] * 8], strict=False) if name != cell), "#CHROM")
        raise _error(number, f"the column {missing} is not where it belongs", "vcf-columns", REPAIR_COLUMNS)
    if len(cells) == len(FIXED):
        raise _error(number, "the file has no sample", "vcf-samples", "give the file with the person's genotypes")
    if cells[8] != "FORMAT":
        raise _error(number, "the column FORMAT is not where it belongs", "vcf-columns", REPAIR_COLUMNS)
    samples = tuple(cells[9:])
    if not samples or len(samples) > MAX_SAMPLES:
        raise _error(number, f"the file has {len(samples):,} samples", "vcf-samples", "give the samples of the family")
    if len(set(samples)) != len(samples):
        raise _error(number, "two samples have the same name", "vcf-samples", "rename one: bcftools reheader -s")
    if not all(samples):
        raise _error(number, "a sample has no name", "vcf-samples", "name it: bcftools reheader -s")
    return samples


def _builds(text: str) -> set[Build]:
    """The builds that a line of the header states."""
    found = _STRUCTURED.fullmatch(text)
    if found is not None and found[1] == "contig":
        keys = _keys(found[2])
        length = keys.get("length", "")
        chromosome = normal_chromosome(keys.get("ID", ""))
        by_length = (
            build_by_length(chromosome, int(length)) if chromosome and length.isdecimal() and len(length) < 12 else None
        )
        if by_length is not None:
            return {by_length}
        return _named_builds(keys.get("assembly", ""))
    if text.startswith(_BUILD_LINES):
        builds = _named_builds(text)
        # A path may name both ("lifted from GRCh37 to GRCh38"): that states neither.
        return builds if len(builds) == 1 else set()
    return set()


def _fits_a_build(text: str) -> bool | None:
    """Whether a chromosome has a length of either build; None for what states no length of a chromosome. That of the
    mitochondrial genome tells nothing.
    """
    found = _STRUCTURED.fullmatch(text)
    if found is None or found[1] != "contig":
        return None
    keys = _keys(found[2])
    chromosome, length = normal_chromosome(keys.get("ID", "")), keys.get("length", "")
    if chromosome in (None, "MT") or not length.isdecimal():
        return None
    return any(str(lengths[chromosome]) == length.lstrip("0") for lengths in LENGTHS.values())


def _named_builds(text: str) -> set[Build]:
    return {build for build, word in _BUILD_WORDS if word.search(text)}


def _build(stated: dict[Build, int], said: Build | None, number: int, *, is_needed: bool) -> Build | None:
    if len(stated) > 1:
        line = max(stated.values())
        raise _error(line, "the header mixes GRCh37 and GRCh38", "vcf-build", "make the file from one build alone")
    found = next(iter(stated), None)
    if found is not None and said is not None and found is not said:
        raise _error(stated[found], f"the header says {found}, and {said} was given", "vcf-build", "leave --build away")
    if found is None and said is None and is_needed:
        raise _error(
            number,
            "the header says no build: neither the contigs' lengths nor the reference",
            "vcf-build",
            "say it: --build GRCh38 or --build GRCh37",
        )
    return found or said


def _declared(text: str, number: int) -> tuple[str, list[AnnotationFields]] | None:
    """The key of an INFO line, with the annotation that it declares."""
    found = _STRUCTURED.fullmatch(text)
    if found is None or found[1] != "INFO":
        return None
    keys = _keys(found[2])
    name, description = keys.get("ID", ""), keys.get("Description", "")
    if name in ("CSQ", "vep") or "Ensembl VEP" in description:
        return name, [AnnotationFields(name, _parts(description, "Format:", "|", name, number))]
    if name == "ANN":
        return name, [AnnotationFields(name, _parts(description, ":", "|", name, number))]
    if name == "BCSQ":
        return name, [AnnotationFields(name, _parts(description, "Format:", "|", name, number))]
    return name, []


def _check_order(known: Sequence[AnnotationFields], more: Sequence[AnnotationFields], number: int) -> None:
    """Raises InputError where a field is declared for the second time, with its parts in another order."""
    for one in more:
        if any(one.key == other.key and one.parts != other.parts for other in known):
            raise InputError(
                f"{one.key} is declared twice, with its parts in two orders",
                code="vcf-annotation",
                repair="keep the header line of the tool that annotated the file last, or annotate the file anew",
                where=Where(line=number, path=f"INFO/{one.key}"),
            )


def _parts(description: str, marker: str, separator: str, name: str, number: int) -> tuple[str, ...]:
    _, found, order = description.partition(marker)
    parts = tuple(part.strip(" '\"[]") for part in order.split(separator))
    if not found or len(parts) < 3:
        raise InputError(
            f"the header does not say in which order the parts of {name} come (Format: ...)",
            code="vcf-annotation",
            repair="keep the header line that the annotating tool wrote",
            where=Where(line=number, path=f"INFO/{name}"),
        )
    return parts


def _keys(inside: str) -> dict[str, str]:
    return {key: value.strip('"') for key, value in _KEY.findall(inside[:100_000])}


def sample_places(header: Header, wanted: Sequence[str]) -> tuple[int, ...]:
    """The columns of samples, from 0. Raises InputError where one is not there."""
    places = {name: place for place, name in enumerate(header.samples)}
    missing = [name for name in wanted if name not in places]
    if missing:
        raise InputError(
            f"a sample that was asked for is not in the file, which has {len(header.samples):,}",
            code="vcf-sample",
            repair="name it as the line #CHROM does: --sample NAME",
            where=Where(line=header.lines),
        )
    return tuple(places[name] for name in wanted)
