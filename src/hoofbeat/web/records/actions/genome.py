"""Keeps a file of variants, says whose its samples are and has it read, takes it off the list, asks about a variant.

Nothing of it is ever for the portal, and nothing leaves the machine. What the jobs write is in `genome_reading`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.cases.called_variant import Build
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.vcf import Header, asked, look_at_header
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import Change, RefusedError, changing, may_change
from hoofbeat.web.records.actions.documents import clean_name
from hoofbeat.web.records.actions.snapshot import ranking_moved
from hoofbeat.web.records.because import Because
from hoofbeat.web.records.files import ORPHAN_SECONDS, path_of
from hoofbeat.web.records.genome_jobs import answer_question, read_genome
from hoofbeat.web.records.genome_upload import StoredUpload
from hoofbeat.web.records.genomes import PATIENT
from hoofbeat.web.records.models import Genome, GenomeQuestion, Record
from hoofbeat.web.records.refused_genomes import NO_ANNOTATION, in_words

# A file of a whole cohort holds people who are nobody's family here: it does not belong into a patient's record (ours).
MOST_SAMPLES = 30
MOST_NAME = 200  # letters of a sample's name
UNDO_PERIOD = timedelta(seconds=ORPHAN_SECONDS)


def add_genome(*, actor: Actor, record: UUID, upload: StoredUpload) -> Genome:
    """Keep a file that has arrived, after a look at its header. Raises RefusedError; the file is then the caller's to
    take away.
    """
    may_change(actor, record, Permission.RANK)
    header = _looked_at(upload)
    with changing(actor, record, Permission.RANK, "genome:add") as change:
        build = header.build.value if header.build else ""
        made = Genome.objects.create(
            record=change.record,
            title=clean_name(upload.name or "").removesuffix(".vcf") or _("Genome"),
            file=upload.stored,
            size=upload.length,
            sha256=upload.sha256,
            stated_build=build,
            build=build,
            annotations=", ".join(one.key for one in header.annotations)[:60],
            samples=list(header.samples),
            added_by=actor.user,
        )
        change.detail = {"row": str(made.pk), "bytes": made.size, "samples": len(made.samples)}
    return made


def _looked_at(upload: StoredUpload) -> Header:
    try:
        header = look_at_header(path_of(upload.stored))
    except InputError as error:
        raise RefusedError(in_words(error), field="file") from error
    if not header.annotations:
        raise RefusedError(in_words(InputError(NO_ANNOTATION, code="vcf-annotation")), field="file")
    if len(header.samples) > MOST_SAMPLES:
        message = _(
            "the file has %(count)d samples; keep those of the family alone (bcftools view -s), at most %(most)d"
        )
        raise RefusedError(message % {"count": len(header.samples), "most": MOST_SAMPLES}, field="file")
    if any(len(name) > MOST_NAME or not _is_plain(name) for name in header.samples):
        raise RefusedError(_("the name of a sample cannot be shown; rename it (bcftools reheader -s)"), field="file")
    return header


def _is_plain(name: str) -> bool:
    return all(unicodedata.category(sign)[0] != "C" for sign in name)


def match_genome(
    *, actor: Actor, record: UUID, genome: UUID, whose: Mapping[str, str], build: str = "", test: str = ""
) -> Genome:
    """Say whose the samples are and have the file read. `whose`: by sample `patient`, the identifier of a relative, or
    nothing for a sample that is not used. Until it is read, the genome does not count.
    """
    with changing(actor, record, Permission.RANK, "genome:match") as change:
        found = genome_of(change, genome)
        found.matched = _matched(change.record, found, whose)
        found.build = found.stated_build or build
        if found.build not in set(Build):
            raise RefusedError(_("the header does not say the build: choose it"), field="build")
        if test not in Genome.Test.values:
            raise RefusedError(_("choose what was sequenced"), field="test")
        found.test = test
        found.turn += 1
        counted = found.state == Genome.State.READ
        found.state, found.bytes_read, found.problem = Genome.State.WAITING, 0, {}
        found.job = read_genome.enqueue(str(found.pk), found.turn).id
        found.save()
        change.detail = {"row": str(found.pk), "samples": len(found.matched)}
        if counted:
            ranking_moved(change.record, Because.GENOME_MATCHED, "genome")
    return found


def _matched(record: Record, genome: Genome, whose: Mapping[str, str]) -> dict[str, str]:
    family = {str(one.pk) for one in record.family.filter(ended__isnull=True, is_proband=False)}
    matched = {sample: whose[sample] for sample in genome.samples if whose.get(sample)}
    if unknown := [sample for sample, who in matched.items() if who != PATIENT and who not in family]:
        message = _("%(sample)s: this person is not in the pedigree any more; choose again")
        raise RefusedError(message % {"sample": unknown[0]}, field=field_of(genome, unknown[0]))
    everybody = list(matched.values())
    twice = [sample for sample, who in matched.items() if everybody.count(who) > 1]
    if twice:
        message = _("%(sample)s: one person cannot be two samples; choose again")
        raise RefusedError(message % {"sample": twice[-1]}, field=field_of(genome, twice[-1]))
    if PATIENT not in everybody:
        raise RefusedError(_("say which sample is the patient's"), field=field_of(genome, genome.samples[0]))
    return matched


def field_of(genome: Genome, sample: str) -> str:
    """The name of a sample's field in the form: its place, as its name is nobody's to put into a page's addresses."""
    return f"sample-{genome.samples.index(sample)}"


def end_genome(*, actor: Actor, record: UUID, genome: UUID) -> Genome:
    """Take a genome off the list: it counts no more. It can be put back for a day; then the file is removed."""
    with changing(actor, record, Permission.RANK, "genome:end") as change:
        found = genome_of(change, genome)
        found.ended, found.ended_by = timezone.now(), actor.user
        found.save(update_fields=["ended", "ended_by"])
        change.detail = {"row": str(found.pk)}
        if found.state == Genome.State.READ:
            ranking_moved(change.record, Because.GENOME_ENDED, "genome")
    return found


def restore_genome(*, actor: Actor, record: UUID, genome: UUID) -> Genome:
    """Undo: it counts again."""
    with changing(actor, record, Permission.RANK, "genome:restore") as change:
        found = genome_of(change, genome, ended=True)
        found.ended = found.ended_by = None
        found.save(update_fields=["ended", "ended_by"])
        change.detail = {"row": str(found.pk)}
        if found.state == Genome.State.READ:
            ranking_moved(change.record, Because.GENOME_RESTORED, "genome")
    return found


def ask_about(*, actor: Actor, record: UUID, genome: UUID, text: str) -> GenomeQuestion:
    """Have the file searched for a variant, so that each filter can be shown. Raises RefusedError for a text that names
    none.
    """
    with changing(actor, record, Permission.RANK, "genome:ask") as change:
        found = genome_of(change, genome)
        try:
            wanted = asked(text)
        except InputError as error:
            message = _("write chr7:117559590, 7-117559590-G-A, an HGVS name as the file has it, or a gene's symbol")
            raise RefusedError(message, field="variant") from error
        if found.state != Genome.State.READ:
            raise RefusedError(_("the file is not read yet; ask when it is"), field="variant")
        made = GenomeQuestion(
            record=change.record, genome=found, text=wanted.text, turn=found.turn, asked_by=actor.user
        )
        made.job = answer_question.enqueue(str(made.pk)).id
        made.save()
        change.detail = {"row": str(made.pk)}
    return made


def forget_ended_genomes() -> int:
    """Remove what was taken off longer ago than it can be put back; the file goes with the next removal of orphans. How
    many.
    """
    forgotten = 0
    for genome in Genome.objects.filter(ended__lt=timezone.now() - UNDO_PERIOD).only("pk", "record"):
        with transaction.atomic():
            record = Record.objects.select_for_update(of=("self",)).get(pk=genome.record_id)
            if Genome.objects.filter(pk=genome.pk, ended__lt=timezone.now() - UNDO_PERIOD).delete()[0]:
                add_event("genome:forget", actor=None, record=record, detail={"row": str(genome.pk)})
                forgotten += 1
    return forgotten


def genome_of(change: Change, genome: UUID, *, ended: bool = False) -> Genome:
    """A genome of the record that is changed. Raises RefusedError where it is not on the list."""
    found = change.record.genomes.filter(pk=genome, ended__isnull=not ended).first()
    if found is None:
        raise RefusedError(_("this genome is not on the list any more; look at it again"))
    return found
