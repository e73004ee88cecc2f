"""The options by which a command is given a person's variants, and what they become: evidence for the ranking.

Every verb that takes `--vcf` takes it through here, so that bad input gets the same words everywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.progress import progress_bar
from hoofbeat.interchange.report import InputError, shown

if TYPE_CHECKING:
    from hoofbeat.cases import Case
    from hoofbeat.cases.family import PedigreePerson
    from hoofbeat.cases.sample_variants import SampleVariants
    from hoofbeat.diagnosis.differential import FilterTrace
    from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
    from hoofbeat.interchange.vcf import Asked

PROGRESS_FROM = 20_000_000  # bytes of a file that takes over a second or so
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class GivenVariants:
    """The options as given."""

    vcf: str | None = None
    ped: str | None = None
    sample: str | None = None
    build: str | None = None
    test: str | None = None
    background: str | None = None
    covered_genes: str | None = None
    gene_regions: str | None = None
    reported_variants: bool = False
    or_findings_alone: bool = False
    why_filtered: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether variants are to be used at all."""
        return self.vcf is not None or self.reported_variants


_OPTIONS = (
    click.option("--vcf", type=GivenPath(), metavar="FILE", help="The person's annotated variants, plain or gzip."),
    click.option("--ped", type=GivenPath(), metavar="FILE", help="With --vcf: the family, in six columns."),
    click.option("--sample", metavar="NAME", help="With --vcf: the person's column, where it has several."),
    click.option("--build", type=click.Choice(["GRCh37", "GRCh38"]), help="With --vcf, where its header says none."),
    click.option(
        "--test",
        type=click.Choice(["exome", "genome", "list"]),
        help="What was sequenced; default: told by the number of records.",
    ),
    click.option("--background", type=GivenPath(), metavar="FILE", help="Damaging alleles expected per gene."),
    click.option("--covered-genes", type=GivenPath(), metavar="FILE", help="The genes of a panel, a symbol a line."),
    click.option("--gene-regions", type=GivenPath(), metavar="FILE", help="BED or GTF, for structural variants."),
    click.option("--reported-variants", is_flag=True, help="Count the variants that CASE itself reports."),
    click.option("--or-findings-alone", is_flag=True, help="Where the variants cannot be used, rank by the findings."),
    click.option(
        "--why-filtered",
        multiple=True,
        metavar="VARIANT",
        help="What became of chr7:117559590, 7-117559590-G-A, an HGVS name or a gene.",
    ),
)


def variant_options(command: Command) -> Command:
    """Add the options to a command; they come as one keyword `variants`."""

    def wrapped(**given: Any) -> Any:
        own = {field.name: given.pop(field.name) for field in fields(GivenVariants)}
        return command(**given, variants=GivenVariants(**own))

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    wrapped.__click_params__ += getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    return wrapped  # type: ignore[return-value]


def check_variant_call(given: GivenVariants, cases: tuple[str, ...]) -> None:
    """Raises click.UsageError where the options do not fit each other or the cases."""
    if given.vcf is not None and given.reported_variants:
        raise click.UsageError("either --vcf or --reported-variants: give one of the two")
    for name in ("ped", "sample", "build", "gene_regions"):
        if getattr(given, name) is not None and given.vcf is None:
            raise click.UsageError(f"--{name.replace('_', '-')} goes with --vcf")
    for name in ("test", "background", "covered_genes"):
        if getattr(given, name) is not None and not given.is_given:
            raise click.UsageError(f"--{name.replace('_', '-')} goes with --vcf or --reported-variants")
    if given.why_filtered and not given.is_given:
        raise click.UsageError("--why-filtered goes with --vcf or --reported-variants")
    if given.or_findings_alone and given.vcf is None:
        raise click.UsageError("--or-findings-alone goes with --vcf")
    if given.vcf is not None and (len(cases) > 1 or any(os.path.isdir(case) for case in cases)):
        raise click.UsageError("--vcf is one person's: give one CASE, a file")
    if given.reported_variants and not cases:
        raise click.UsageError("--reported-variants goes with CASE: typed findings report no variant")


class Variants:
    """The variants of a call, read once; made into evidence for each case."""

    def __init__(self, given: GivenVariants) -> None:
        from hoofbeat.interchange.vcf import asked

        self._given = given
        self._asked: tuple[Asked, ...] = tuple(asked(text) for text in given.why_filtered)
        self._family: tuple[PedigreePerson, ...] = ()
        self._tested: SampleVariants | None = None
        self._used = False
        self.refused = ""
        if given.vcf is not None:
            try:
                self._tested = self._read(Path(given.vcf))
            except InputError as error:
                if not given.or_findings_alone:
                    raise
                self.refused = f"the variants were not used: {error.what}"

    def evidence(self, case: Case) -> GenotypeEvidence | None:
        """What the ranking of a case gets; None where the variants could not be used. Raises InputError where one file
        of variants would serve two cases.
        """
        from hoofbeat.diagnosis.genotype.evidence import TestKind, genotype_evidence
        from hoofbeat.interchange.gene_background import read_gene_background, read_gene_list
        from hoofbeat.interchange.reported_variants import reported_variants
        from hoofbeat.knowledge.gene_background import ASSUMED

        given = self._given
        if given.vcf is not None and self._used:
            raise InputError("--vcf is one person's, and CASE holds several", code="many", repair="give one case")
        self._used = True
        tested = reported_variants(case.reported) if given.reported_variants else self._tested
        if tested is None:
            return None
        kind = TestKind(given.test) if given.test else TestKind.LIST if given.reported_variants else None
        background = given.background
        covered = given.covered_genes
        return genotype_evidence(
            tested,
            sex=case.sex,
            family=self._family,
            kind=kind,
            covered=None if covered is None else _placed(covered, read_gene_list),
            background=ASSUMED if background is None else _placed(background, read_gene_background),
        )

    def traces(self, evidence: GenotypeEvidence | None) -> tuple[FilterTrace, ...]:
        """What became of the variants that were asked about."""
        from hoofbeat.diagnosis.genotype.why_filtered import why_filtered

        if evidence is None:
            return ()
        return tuple(trace for one in self._asked for trace in why_filtered(one, evidence, was_asked=True))

    def _read(self, path: Path) -> SampleVariants:
        from hoofbeat.cases.called_variant import Build
        from hoofbeat.diagnosis.genotype.filters import screen
        from hoofbeat.interchange.gene_regions import read_gene_regions
        from hoofbeat.interchange.ped import family_of, read_ped
        from hoofbeat.interchange.vcf import read_vcf

        given = self._given
        people = () if given.ped is None else _placed(given.ped, read_ped)
        sample = given.sample or _only_affected(people)
        if people and sample is None:
            raise InputError("--ped needs to know whose case it is", code="vcf-sample", repair="say it: --sample NAME")
        if people and sample is not None:
            self._family = family_of(people, sample)
            if not self._family:
                raise InputError(
                    f"{shown(given.ped or '', limit=240)}: the sample is not in the PED file",
                    code="ped-sample",
                    repair="name people in it as the VCF names its samples",
                )
        regions = None if given.gene_regions is None else _placed(given.gene_regions, read_gene_regions)
        trios = [(one.individual_id, one.paternal_id, one.maternal_id) for one in self._family]
        with _reading(path) as told:
            try:
                return read_vcf(
                    path,
                    sample=sample,
                    relatives=[one.individual_id for one in self._family],
                    trios=trios,
                    screen=screen(self._asked),
                    build=Build(given.build) if given.build else None,
                    regions=regions,
                    progress=told,
                )
            except InputError as error:
                raise _within(error, str(path)) from None


def _only_affected(people: tuple[PedigreePerson, ...]) -> str | None:
    """The one affected child of a pedigree, whose case it then is."""
    affected = [one.individual_id for one in people if one.affected_status.value == "AFFECTED" and one.paternal_id]
    return affected[0] if len(affected) == 1 else None


Read = TypeVar("Read")


def _placed(path: str, reader: Callable[[Path], Read]) -> Read:
    """What a reader makes of a file; its errors name the file."""
    try:
        return reader(Path(path))
    except InputError as error:
        raise _within(error, path) from None


def _within(error: InputError, path: str) -> InputError:
    called = shown(path, limit=240)
    if error.what.startswith(called):
        return error
    where = replace(error.where, member=called)
    return InputError(error.what, code=error.code, repair=error.repair, where=where, value=error.value)


@contextmanager
def _reading(path: Path) -> Iterator[Callable[[int], None]]:
    """Progress on standard error over a large file."""
    size = path.stat().st_size if path.is_file() else 0
    if size < PROGRESS_FROM or not sys.stderr.isatty():
        yield lambda read: None
        return
    with progress_bar() as progress:
        yield lambda read: progress(f"Reading variants: {read / 1e6:,.0f} of {size / 1e6:,.0f} MB", read / size)
