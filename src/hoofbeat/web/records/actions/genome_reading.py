"""What a job finds in a file of variants: read as a stream, then written in one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction

from hoofbeat.cases.called_variant import Build, CalledVariant
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.diagnosis.genotype.filters import screen
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.vcf import Asked, asked, read_vcf
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.snapshot import ranking_moved
from hoofbeat.web.records.because import Because
from hoofbeat.web.records.files import path_of
from hoofbeat.web.records.genomes import PATIENT, people
from hoofbeat.web.records.models import Genome, GenomeQuestion, GenomeVariant, Record
from hoofbeat.web.records.refused_genomes import TOO_MANY, problem_of
from hoofbeat.web.records.stored_alleles import allele_out, counts_out

# Rows that the first page after a start can load without a wait; an exome keeps some hundred, a genome a thousand or so
# (ours).
MOST_STORED = 5_000
CHUNK_ROWS = 500
STEPS = 100  # so often the progress of one reading is written down


def read_from_file(genome: UUID, turn: int) -> None:
    """Read the file of a genome in the matching `turn` and keep what counts, in place of what was kept before."""
    found = Genome.objects.filter(pk=genome, turn=turn, ended__isnull=True).select_related("record").first()
    if found is None or found.state not in (Genome.State.WAITING, Genome.State.READING):
        return
    Genome.objects.filter(pk=genome, turn=turn).update(state=Genome.State.READING, bytes_read=0)
    try:
        tested = _read(found, (), _progress(Genome, found.pk, found.size))
        if len(tested.variants) > MOST_STORED:
            raise InputError(TOO_MANY % {"number": f"{MOST_STORED:,}"}, code="vcf-kept")
    except InputError as error:
        _refuse(found, error)
        return
    with transaction.atomic():
        record = Record.objects.select_for_update(of=("self",)).get(pk=found.record_id)
        still = Genome.objects.filter(pk=genome, turn=turn, ended__isnull=True, state=Genome.State.READING)
        if not still.update(state=Genome.State.READ, bytes_read=found.size, counts=counts_out(tested)):
            return
        GenomeVariant.objects.filter(genome=found).delete()
        GenomeQuestion.objects.filter(genome=found).exclude(turn=turn).delete()
        rows = (
            GenomeVariant(record=record, genome=found, place=place, allele=allele_out(one))
            for place, one in enumerate(tested.variants)
        )
        GenomeVariant.objects.bulk_create(rows, batch_size=CHUNK_ROWS)
        ranking_moved(record, Because.GENOME_READ, "genome")
        detail = {"row": str(found.pk), "alleles": tested.alleles, "kept": len(tested.variants)}
        add_event("genome:analyse", actor=None, record=record, detail=detail)


def _refuse(genome: Genome, error: InputError) -> None:
    with transaction.atomic():
        record = Record.objects.select_for_update(of=("self",)).get(pk=genome.record_id)
        still = Genome.objects.filter(pk=genome.pk, turn=genome.turn, state=Genome.State.READING)
        if still.update(state=Genome.State.REFUSED, problem=problem_of(error), counts={}):
            GenomeVariant.objects.filter(genome=genome).delete()
            detail = {"row": str(genome.pk), "code": error.code}
            add_event("genome:refuse", actor=None, record=record, detail=detail)


def answer_from_file(question: UUID) -> None:
    """Search the file for what was asked; what it has of it is kept, whatever filter drops it."""
    found = GenomeQuestion.objects.filter(pk=question).select_related("genome", "genome__record").first()
    if found is None or found.found is not None or found.turn != found.genome.turn:
        return
    problem: dict[str, object] = {}
    alleles: tuple[CalledVariant, ...] = ()
    progress = _progress(GenomeQuestion, found.pk, found.genome.size)
    try:
        alleles = _read(found.genome, (asked(found.text),), progress).asked
    except InputError as error:
        problem = problem_of(error)
    GenomeQuestion.objects.filter(pk=question, found__isnull=True).update(
        found=_distinct(alleles), problem=problem, bytes_read=found.genome.size
    )


def _distinct(alleles: Iterable[CalledVariant]) -> list[dict[str, object]]:
    return [allele_out(one) for one in dict.fromkeys(alleles)]


def _read(genome: Genome, wanted: tuple[Asked, ...], progress: Callable[[int], None]) -> SampleVariants:
    whose = {who: sample for sample, who in genome.matched.items()}
    family = people(genome.matched, genome.record, genome.record.family.filter(ended__isnull=True))
    return read_vcf(
        path_of(genome.file),
        sample=whose[PATIENT],
        relatives=list(genome.matched),
        trios=[(one.individual_id, one.paternal_id, one.maternal_id) for one in family],
        screen=screen(wanted),
        build=None if genome.stated_build else Build(genome.build),
        progress=progress,
    )


def _progress(model: type[Genome] | type[GenomeQuestion], row: UUID, size: int) -> Callable[[int], None]:
    """Writes down how far it is, at most STEPS times."""
    told = [0]

    def tell(read: int) -> None:
        if read - told[0] >= max(1, size // STEPS):
            told[0] = read
            model.objects.filter(pk=row).update(bytes_read=min(read, size))

    return tell
