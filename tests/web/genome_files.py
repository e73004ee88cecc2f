"""Small genomes of nobody: a trio with a new variant in FBN1, and steps that bring a file into a record."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from hoofbeat.web.records.actions.genome import field_of, match_genome
from hoofbeat.web.records.actions.genome_reading import answer_from_file, read_from_file
from hoofbeat.web.records.models import FamilyMember, Genome, GenomeQuestion
from tests.vcf_files import CSQ_LINE, HG38, csq, line, vcf
from tests.web.world import World

CHILD, FATHER, MOTHER = "S-child", "S-father", "S-mother"
TRIO = (CHILD, FATHER, MOTHER)
NEW, COMMON, SYNONYMOUS, INHERITED = 48_411_112, 48_411_200, 48_411_300, 126_690_000


def trio_lines() -> list[str]:
    """A new stop in FBN1, a common and a synonymous variant, and one in LMX1B from the mother."""
    stop = csq("FBN1", "stop_gained", coding="ENST1:c.8176C>T", protein="ENSP1:p.Arg2726Ter", clinvar="pathogenic")
    return [
        line("chr9", INHERITED, csq("LMX1B", frequency="0.00001"), "0/1", "0/0", "0/1"),
        line("chr15", NEW, stop, "0/1", "0/0", "0/0"),
        line("chr15", COMMON, csq("FBN1", frequency="0.2"), "0/1", "0/1", "0/1"),
        line("chr15", SYNONYMOUS, csq("FBN1", "synonymous_variant"), "0/1", "0/1", "0/0"),
    ]


def trio(*more: str, head: Sequence[str] = (HG38, CSQ_LINE), samples: Sequence[str] = TRIO) -> bytes:
    """The whole file."""
    return vcf(*trio_lines(), *more, samples=samples, head=head).encode()


def packed(data: bytes) -> bytes:
    """The same as gzip."""
    return gzip.compress(data, mtime=0)


def send(world: World, data: bytes, name: str = "trio.vcf", who: str = "clinician") -> HttpResponse:
    """Upload a file through the form."""
    to = reverse("genome_add", args=[world.record.pk])
    answer = world.client(who).post(to, {"file": SimpleUploadedFile(name, data)})
    assert isinstance(answer, HttpResponse)
    return answer


def parents(world: World) -> tuple[FamilyMember, FamilyMember]:
    """The patient's father and mother, both well, in the pedigree."""
    record = world.record
    family = FamilyMember.objects
    father = family.create(record=record, label="Father", sex="male", affected="no")
    mother = family.create(record=record, label="Mother", sex="female", affected="no")
    family.create(
        record=record, label="Patient", sex=record.sex, affected="yes", is_proband=True, father=father, mother=mother
    )
    return father, mother


def whose(genome: Genome, *people: str) -> dict[str, str]:
    """The fields of the form, in the order of the samples."""
    return {field_of(genome, sample): who for sample, who in zip(genome.samples, people, strict=False)}


def uploaded(world: World, data: bytes | None = None) -> Genome:
    """A file that was uploaded and nothing more."""
    assert send(world, trio() if data is None else data).status_code == 302
    return Genome.objects.latest("created")


def matched(world: World, data: bytes | None = None) -> Genome:
    """The same with its samples said to be the patient's and the parents'."""
    genome = uploaded(world, data)
    father, mother = parents(world)
    people = {CHILD: "patient", FATHER: str(father.pk), MOTHER: str(mother.pk)}
    return match_genome(actor=world.actor("clinician"), record=world.record.pk, genome=genome.pk, whose=people)


def read(world: World, data: bytes | None = None) -> Genome:
    """The same, read as its job reads it."""
    genome = matched(world, data)
    read_from_file(genome.pk, genome.turn)
    genome.refresh_from_db()
    return genome


def ask(world: World, genome: Genome, text: str) -> str:
    """Ask through the form, have the job search, and give the page of the answer."""
    client = world.client("clinician")
    sent = client.post(reverse("genome_ask", args=[world.record.pk]), {"genome": str(genome.pk), "variant": text})
    assert sent.status_code == 302, sent.content.decode()
    question = GenomeQuestion.objects.latest("created")
    answer_from_file(question.pk)
    return client.get(sent.headers["Location"]).content.decode()
