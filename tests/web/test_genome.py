"""A genome in a record: uploaded, matched to the family, read by a job, ranked with, asked about, taken off."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hoofbeat.cases.finding import FindingState
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.genotype.evidence import genotype_evidence
from hoofbeat.diagnosis.genotype.filters import screen
from hoofbeat.diagnosis.rank import rank
from hoofbeat.interchange.vcf import read_vcf
from hoofbeat.web.access.models import User
from hoofbeat.web.audit.models import Event
from hoofbeat.web.clinic import genome_page
from hoofbeat.web.records import genome_upload
from hoofbeat.web.records.actions import genome_reading
from hoofbeat.web.records.actions.family import Relative, add_relative, edit_relative
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.genome import UNDO_PERIOD, end_genome, forget_ended_genomes, match_genome
from hoofbeat.web.records.actions.genome_reading import read_from_file
from hoofbeat.web.records.files import remove_orphans
from hoofbeat.web.records.genomes import pedigree
from hoofbeat.web.records.models import FamilyMember, Genome, GenomeQuestion, GenomeVariant, RankingSnapshot, Record
from hoofbeat.web.records.ranking import differential_of, knowledge
from hoofbeat.web.records.store import case_of
from hoofbeat.web.running.backup import back_up
from hoofbeat.web.running.restore import restore
from tests.vcf_files import CSQ_LINE, HG19, HG38, csq, line, vcf
from tests.web import genome_files as files
from tests.web import world as build
from tests.web.genome_files import CHILD, COMMON, FATHER, MOTHER, NEW, SYNONYMOUS, packed, trio
from tests.web.test_jobs_and_mail import do_one_job
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, World

pytestmark = pytest.mark.django_db
has_a_worker = pytest.mark.django_db(transaction=True)
MARFAN = "OMIM:154700"
READ_VCF = "hoofbeat.web.records.actions.genome_reading.read_vcf"


@pytest.fixture
def described(world: World) -> World:
    """The world's record with two findings."""
    for hpo in (ARACHNODACTYLY, ECTOPIA_LENTIS):
        set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=FindingState.OBSERVED)
    return world


def page(world: World, name: str, *more: object, who: str = "clinician") -> str:
    answer = world.client(who).get(reverse(name, args=[world.record.pk, *more]))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def verbs(world: World) -> list[str]:
    return list(Event.objects.filter(record=world.record.pk).order_by("number").values_list("verb", flat=True))


def job_of(genome: Genome) -> UUID:
    assert genome.job is not None
    return genome.job


class TestUpload:
    """The file goes to its place as it arrives, and stays only if its header can be read."""

    @pytest.mark.parametrize("form", ["text", "gzip"])
    def test_a_file_is_kept_byte_for_byte_and_its_header_is_told(
        self, form: str, world: World, documents: Path
    ) -> None:
        data = trio() if form == "text" else packed(trio())
        answer = files.send(world, data, "Mira's\u202e trio.vcf.gz")
        kept = Genome.objects.get()
        assert answer.status_code == 302
        assert answer.headers["Location"] == reverse("genome_one", args=[world.record.pk, kept.pk])
        assert (documents / kept.file).read_bytes() == data
        assert (documents / kept.file).stat().st_mode & 0o077 == 0
        assert (kept.size, kept.build, kept.annotations) == (len(data), "GRCh38", "CSQ")
        assert (kept.samples, kept.state, kept.title) == (list(files.TRIO), "uploaded", "Mira's trio")
        shown = page(world, "genome_one", kept.pk)
        assert "Sample S-mother" in shown
        assert "GRCh38" in shown

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"<html>", "this is not VCF"),
            (b"", "the file ends before the line #CHROM"),
            (vcf(head=[HG38]).encode(), "the file has no annotation"),
            (vcf(head=[HG38, CSQ_LINE, HG19.replace("chr1,", "chr1,")]).encode(), "line 4: the header mixes GRCh37"),
            (trio()[:90], "the file ends before the line #CHROM"),
            (vcf(head=[HG38, CSQ_LINE], samples=[f"S{n}" for n in range(40)]).encode(), "the file has 40 samples"),
            (vcf(head=[HG38, CSQ_LINE], samples=["a\x07b"]).encode(), "cannot be shown"),
            (packed(trio())[:60], "cut off"),
            (b"PK\x03\x04", "zip archive"),
            (b"BCF\x02\x02", "BCF"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_cannot_be_read_is_refused_with_its_line_and_leaves_nothing(
        self, data: bytes, words: str, world: World, documents: Path
    ) -> None:
        answer = files.send(world, data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Genome.objects.exists()
        assert not documents.exists() or not list(documents.iterdir())
        assert "genome:add" not in verbs(world)

    def test_a_file_that_says_no_build_is_kept_and_asks_for_it(self, world: World) -> None:
        genome = files.uploaded(world, trio(head=(CSQ_LINE,)))
        to = reverse("genome_one", args=[world.record.pk, genome.pk])
        client = world.client("clinician")
        answer = client.post(to, files.whose(genome, "patient"))
        assert answer.status_code == 422
        assert "choose it" in answer.content.decode()
        assert client.post(to, {**files.whose(genome, "patient"), "build": "GRCh38"}).status_code == 302
        genome.refresh_from_db()
        assert (genome.build, genome.stated_build, genome.state) == ("GRCh38", "", "waiting")

    def test_a_file_over_the_limit_is_stopped_while_it_arrives_and_leaves_nothing(
        self, world: World, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(genome_upload, "MAX_GENOME_BYTES", 100)
        answer = files.send(world, trio())
        assert answer.status_code == 422
        assert "larger than 8 GB" in answer.content.decode()
        assert not list(documents.iterdir())

    def test_a_length_that_lies_does_not_get_past_the_limit(
        self, world: World, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(genome_upload, "MAX_GENOME_BYTES", 100)
        monkeypatch.setattr(genome_upload.GenomeUpload, "handle_raw_input", lambda self, *_, **__: documents.mkdir())
        answer = files.send(world, trio())
        assert answer.status_code == 422
        assert "larger than" in answer.content.decode()
        assert not list(documents.iterdir())

    def test_where_there_is_no_room_nothing_is_kept_and_it_is_said(
        self, world: World, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(genome_upload, "RESERVED_BYTES", 1 << 60)
        answer = files.send(world, trio())
        assert answer.status_code == 422
        assert "no room" in answer.content.decode()
        assert not list(documents.iterdir())

    def test_two_that_come_at_once_leave_the_database_its_room(
        self, world: World, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each had room when it began."""
        room = iter([genome_upload.RESERVED_BYTES + 1_000_000, genome_upload.RESERVED_BYTES])
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(0, 0, next(room)))
        answer = files.send(world, trio())
        assert answer.status_code == 422
        assert "no room" in answer.content.decode()
        assert not list(documents.iterdir())

    @pytest.mark.parametrize("who", ["outsider", "stranger", "coordinator", "patient"])
    def test_who_may_not_makes_us_read_nothing(self, who: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def begun(*_: object, **__: object) -> None:
            raise AssertionError("the upload was begun")

        monkeypatch.setattr(genome_upload.GenomeUpload, "handle_raw_input", begun)
        assert files.send(world, trio(), who=who).status_code == (403 if who == "coordinator" else 404)

    def test_a_forged_form_is_refused_and_its_file_is_thrown_away(self, world: World, documents: Path) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.clinician, backend="allauth.account.auth_backends.AuthenticationBackend")
        to = reverse("genome_add", args=[world.record.pk])
        token = client.get(reverse("genome", args=[world.record.pk])).cookies["csrftoken"].value
        sent = {"file": SimpleUploadedFile("trio.vcf", trio()), "csrfmiddlewaretoken": "x" * 64}
        assert client.post(to, sent).status_code == 403
        assert not Genome.objects.exists()
        assert not list(documents.iterdir())
        sent = {"file": SimpleUploadedFile("trio.vcf", trio()), "csrfmiddlewaretoken": token}
        assert client.post(to, sent).status_code == 302

    def test_an_action_that_fails_leaves_no_file(
        self, world: World, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("the disk of the database is full")

        monkeypatch.setattr("hoofbeat.web.records.actions.change.add_event", fail)
        with pytest.raises(RuntimeError):
            files.send(world, trio())
        assert not list(documents.iterdir())


class TestMatching:
    """Whose the samples are is said once, by people of the pedigree."""

    def test_samples_are_matched_to_the_patient_and_the_family(self, world: World) -> None:
        genome = files.uploaded(world)
        father, mother = files.parents(world)
        shown = page(world, "genome_one", genome.pk)
        assert "Father (not affected)" in shown
        to = reverse("genome_one", args=[world.record.pk, genome.pk])
        sent = files.whose(genome, "patient", str(father.pk), str(mother.pk))
        assert world.client("clinician").post(to, sent).status_code == 302
        genome.refresh_from_db()
        assert genome.matched == {CHILD: "patient", FATHER: str(father.pk), MOTHER: str(mother.pk)}
        child = next(one for one in pedigree(genome, world.record) if one.individual_id == CHILD)
        assert (child.paternal_id, child.maternal_id, child.sex) == (FATHER, MOTHER, Sex.FEMALE)
        assert DBTaskResult.objects.filter(pk=job_of(genome), status="READY").exists()

    @pytest.mark.parametrize(
        ("people", "words"),
        [
            (("", "", ""), "say which sample is the patient"),
            (("patient", "patient", ""), "one person cannot be two samples"),
            (("patient", "9e2b0a54-0000-4000-8000-000000000000", ""), "not in the pedigree any more"),
            (("patient", "no identifier", ""), "not in the pedigree any more"),
        ],
    )
    def test_a_matching_that_cannot_be_is_refused_beside_its_sample(
        self, people: tuple[str, ...], words: str, world: World
    ) -> None:
        genome = files.uploaded(world)
        to = reverse("genome_one", args=[world.record.pk, genome.pk])
        answer = world.client("clinician").post(to, files.whose(genome, *people))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        genome.refresh_from_db()
        assert (genome.state, genome.matched, DBTaskResult.objects.count()) == ("uploaded", {}, 0)

    def test_a_relative_of_another_record_is_nobody_here(self, world: World) -> None:
        genome = files.uploaded(world)
        other = build.record(world.clinic, "Another Example")
        theirs = FamilyMember.objects.create(record=other, label="Their father")
        to = reverse("genome_one", args=[world.record.pk, genome.pk])
        answer = world.client("clinician").post(to, files.whose(genome, "patient", str(theirs.pk)))
        assert answer.status_code == 422

    def test_the_family_is_the_one_of_today(self, described: World) -> None:
        genome = files.read(described)
        before = score(described)
        FamilyMember.objects.filter(label="Father").update(affected="yes")
        assert score(described) < before, "an affected father without the variant speaks against it"
        FamilyMember.objects.filter(label="Father").update(ended=timezone.now())
        assert MOTHER in {one.individual_id for one in pedigree(genome, described.record)}
        assert FATHER not in {one.individual_id for one in pedigree(genome, described.record)}

    def test_a_change_of_the_family_moves_the_ranking_and_is_kept_as_that(self, described: World) -> None:
        doctor, record = described.actor("clinician"), described.record
        known = Relative(label="Aunt", sex="female", affected="no")
        before = record.snapshots.count()
        add_relative(actor=doctor, record=record.pk, relation="mother", of="patient", relative=known)
        assert record.snapshots.count() == before, "without a genome the family moves nothing"
        record.family.all().delete()
        files.read(described)
        relative = record.family.get(label="Father")
        version, before = Record.objects.get(pk=record.pk).version, record.snapshots.count()
        edit_relative(actor=doctor, record=record.pk, member=relative.pk, relative=Relative("Father", "male", "yes"))
        assert Record.objects.get(pk=record.pk).version == version + 1
        assert record.snapshots.count() == before + 1
        assert record.snapshots.latest("created").because.startswith("family:")

    def test_a_genome_that_never_counted_moves_nothing_when_it_is_taken_off(self, described: World) -> None:
        genome, before = files.uploaded(described), described.record.snapshots.count()
        end_genome(actor=described.actor("clinician"), record=described.record.pk, genome=genome.pk)
        assert described.record.snapshots.count() == before


def score(world: World, *, with_genome: bool = True) -> float:
    world.record.refresh_from_db()
    found = differential_of(world.record, with_genome=with_genome)
    assert found is not None
    index = found.index_of(MARFAN)
    assert index is not None
    return float(found.scores[index])


class TestReading:
    """A job reads the file as a stream and writes what counts in one transaction."""

    def test_the_job_keeps_what_passes_the_filters_and_counts_the_rest(self, world: World) -> None:
        genome = files.read(world)
        assert (genome.state, genome.bytes_read) == ("read", genome.size)
        assert sorted(one.allele["pos"] for one in genome.variants.all()) == [NEW, files.INHERITED]
        assert genome.counts["dropped"] == {"consequence": 1, "frequency": 1}
        assert genome.counts["alleles"] == 4
        shown = page(world, "genome")
        second = "the second allele was not found"
        for words in ("counts in the differential", "FBN1", "c.8176C&gt;T", "new (de novo)", second):
            assert words in shown, words

    def test_what_is_stored_ranks_exactly_as_the_file_does(self, described: World, documents: Path) -> None:
        genome = files.read(described)
        described.record.refresh_from_db()
        family = pedigree(genome, described.record)
        trios = [(CHILD, FATHER, MOTHER)]
        tested = read_vcf(documents / genome.file, sample=CHILD, relatives=files.TRIO, trios=trios, screen=screen())
        evidence = genotype_evidence(tested, sex=Sex.FEMALE, family=family)
        direct = rank(case_of(described.record), knowledge(), genotype=evidence)
        found = differential_of(described.record)
        assert found is not None
        assert np.array_equal(found.scores, direct.scores)
        assert np.array_equal(found.probabilities, direct.probabilities)

    def test_with_its_variants_taken_away_the_ranking_is_that_of_the_findings_alone(self, described: World) -> None:
        without = differential_of(described.record)
        genome = files.read(described)
        described.record.refresh_from_db()
        counts = differential_of(described.record)
        alone = differential_of(described.record, with_genome=False)
        GenomeVariant.objects.filter(genome=genome).delete()
        genome.turn += 1  # another reading, which kept nothing
        genome.save()
        emptied = differential_of(described.record)
        assert without is not None
        assert counts is not None
        assert alone is not None
        assert emptied is not None
        assert not np.array_equal(counts.scores, without.scores)
        assert np.array_equal(alone.scores, without.scores)
        assert np.array_equal(emptied.scores, without.scores)
        assert np.array_equal(emptied.probabilities, without.probabilities)

    def test_a_page_ranks_from_rows_and_never_opens_the_file(
        self, described: World, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        genome = files.read(described)
        (documents / genome.file).unlink()
        assert "new (de novo)" in page(described, "differential")

    @pytest.mark.parametrize(
        ("more", "place", "words"),
        [
            ("chr15\t5\t.\tG\tA\t.\tPASS\t.\tGT\t0/1", "line 9", "the line has 10 columns; the header has 12"),
            (line("chr1", 250_000_000, csq("FBN1"), "0/1", "0/0", "0/0"), "line 9, POS", "mixes builds"),
            (line("chr1", 5, csq("FBN1"), "0/9", "0/0", "0/0"), "line 9, FORMAT/GT", "names allele 9"),
            (line("chr1", 5, csq("FBN1", frequency="often"), "0/1", "0/0", "0/0"), "line 9, INFO/CSQ/gnomADe_AF", ""),
        ],
    )
    def test_what_the_reader_refuses_is_told_with_line_and_field_and_nothing_counts(
        self, more: str, place: str, words: str, described: World
    ) -> None:
        before = score(described)
        genome = files.read(described, trio(more))
        assert genome.state == "refused"
        assert not genome.variants.exists()
        assert score(described) == before
        shown = page(described, "genome_one", genome.pk)
        assert f"L{place[1:]}:" in shown
        assert words in shown
        assert "nothing of it counts" in shown
        assert verbs(described)[-2:] == ["genome:refuse", "genome:read"]

    @pytest.mark.parametrize(("head", "says_below"), [((HG38, CSQ_LINE), False), ((CSQ_LINE,), True)])
    def test_a_build_is_to_be_said_only_where_the_page_asks_for_it(
        self, head: tuple[str, ...], says_below: bool, world: World
    ) -> None:
        genome = files.uploaded(world, trio(line("chr1", 250_000_000, csq("FBN1"), "0/1", "0/0", "0/0"), head=head))
        whose = {CHILD: "patient"}
        match_genome(
            actor=world.actor("clinician"), record=world.record.pk, genome=genome.pk, whose=whose, build="GRCh38"
        )
        genome.refresh_from_db()
        read_from_file(genome.pk, genome.turn)
        shown = page(world, "genome_one", genome.pk)
        assert ("say the right build below" in shown) is says_below
        assert ('name="build"' in shown) is says_below
        assert f'href="{reverse("genome", args=[world.record.pk])}#adding"' in shown

    def test_a_file_that_was_cut_off_is_refused(self, world: World) -> None:
        lines = [line("chr1", n, csq("FBN1", "intron_variant"), "0/0", "0/0", "0/0") for n in range(1, 9000)]
        genome = files.read(world, packed(trio(*lines))[:-900])
        assert genome.state == "refused"
        assert "the gzip file is cut off" in page(world, "genome_one", genome.pk)

    def test_more_alleles_than_pages_can_hold_are_refused(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(genome_reading, "MOST_STORED", 1)
        genome = files.read(world)
        assert genome.state == "refused"
        assert "over 1 alleles pass the filters" in page(world, "genome_one", genome.pk)

    def test_a_job_that_runs_twice_keeps_everything_once(self, world: World) -> None:
        genome = files.read(world)
        Genome.objects.update(state="reading")  # as a worker leaves it that was killed before it wrote
        read_from_file(genome.pk, genome.turn)
        genome.refresh_from_db()
        assert (genome.state, genome.variants.count()) == ("read", 2)
        read_from_file(genome.pk, genome.turn)
        assert verbs(world).count("genome:analyse") == 2, "what is read already is not read again"

    def test_a_reading_that_was_overtaken_by_another_matching_writes_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        genome = files.matched(world)

        def matched_anew_meanwhile(*given: object, **options: object) -> object:
            found = read_vcf(*given, **options)  # type: ignore[arg-type]
            match_genome(
                actor=world.actor("clinician"), record=world.record.pk, genome=genome.pk, whose={FATHER: "patient"}
            )
            return found

        monkeypatch.setattr(READ_VCF, matched_anew_meanwhile)
        read_from_file(genome.pk, genome.turn)
        genome.refresh_from_db()
        assert (genome.state, genome.turn, genome.variants.count()) == ("waiting", 2, 0)

    def test_a_wrong_sample_is_told_before_anything_else(self, described: World) -> None:
        sites = [
            line(f"chr{1 + n // 100}", 1000 + n, csq("OTHER", "intron_variant"), calls[0], calls[1], calls[2])
            for n, calls in enumerate([("0/0", "1/1", "0/1"), ("1/1", "0/0", "0/1")] * 100)
        ]
        files.read(described, trio(*sites))
        shown = page(described, "differential")
        assert "the genotypes contradict what was said of the samples" in shown
        assert "new (de novo)" not in shown
        assert "The genotypes contradict" in page(described, "genome")
        for room in ("record", "next_step", "work_up"):
            assert "the genotypes contradict what was said of the samples" in page(described, room), room


class TestProgress:
    """How far a reading is, and what becomes of it when its worker is killed."""

    def test_bytes_read_are_written_down_and_shown(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        genome = files.matched(world)
        client = world.client("clinician")
        to = reverse("genome_progress", args=[world.record.pk, genome.pk])
        seen: list[tuple[str, int]] = []

        def looked_at_meanwhile(*given: object, **options: object) -> object:
            found = read_vcf(*given, **options)  # type: ignore[arg-type]
            answer = client.get(to)
            seen.append((answer.content.decode(), Genome.objects.get().bytes_read))
            assert "HX-Refresh" not in answer.headers
            return found

        monkeypatch.setattr(READ_VCF, looked_at_meanwhile)
        read_from_file(genome.pk, genome.turn)
        ((shown, bytes_read),) = seen
        assert bytes_read == genome.size
        assert 'value="100"' in shown
        assert "Is being read" in shown
        assert client.get(to).headers["HX-Refresh"] == "true"

    def test_the_page_asks_again_by_itself_and_asking_is_no_look(self, world: World) -> None:
        genome = files.matched(world)
        to = reverse("genome_progress", args=[world.record.pk, genome.pk])
        shown = page(world, "genome_one", genome.pk)
        assert f'hx-get="{to}"' in shown
        assert "<dt>State</dt>" not in shown  # it would go on saying that the file waits
        before = Event.objects.count()
        assert world.client("clinician").get(to).status_code == 200
        assert Event.objects.count() == before

    def test_a_job_that_is_gone_is_told_and_can_be_begun_again(self, world: World) -> None:
        genome = files.matched(world)
        DBTaskResult.objects.update(status="FAILED")
        assert "The reading stopped" in page(world, "genome_one", genome.pk)
        to = reverse("genome_progress", args=[world.record.pk, genome.pk])
        assert world.client("clinician").get(to).headers["HX-Refresh"] == "true"
        again = world.client("clinician").post(
            reverse("genome_one", args=[world.record.pk, genome.pk]), files.whose(genome, "patient")
        )
        assert again.status_code == 302
        genome.refresh_from_db()
        read_from_file(genome.pk, genome.turn)
        assert "The reading stopped" not in page(world, "genome_one", genome.pk)

    @has_a_worker
    def test_the_worker_reads_it(self, world: World) -> None:
        genome = files.matched(world)
        do_one_job()
        genome.refresh_from_db()
        assert (genome.state, genome.variants.count()) == ("read", 2)
        assert DBTaskResult.objects.get(pk=job_of(genome)).status == "SUCCESSFUL"


class TestTakenOff:
    """It counts no more, comes back for a day, and is then removed with its file."""

    def test_taking_it_off_and_putting_it_back_moves_the_ranking(self, described: World) -> None:
        alone = score(described)
        genome = files.read(described)
        with_it = score(described)
        client = described.client("clinician")
        assert client.post(reverse("genome_end", args=[described.record.pk, genome.pk])).status_code == 302
        assert score(described) == alone
        assert Genome.objects.get().ended_by == described.clinician
        assert "Taken off" in page(described, "genome")
        assert client.post(reverse("genome_restore", args=[described.record.pk, genome.pk])).status_code == 302
        assert score(described) == with_it
        assert Genome.objects.get().ended_by is None
        because = list(RankingSnapshot.objects.order_by("created").values_list("because", flat=True))
        assert [one.partition(":")[0] for one in because[-3:]] == ["genome_read", "genome_ended", "genome_restored"]
        assert "the genome was put back" in page(described, "ranking_history")

    def test_a_newer_one_replaces_it_and_the_older_counts_again_without_it(self, described: World) -> None:
        files.read(described)
        with_variant = score(described)
        newer = files.uploaded(described, vcf(head=[HG38, CSQ_LINE], samples=["other"]).encode())
        assert score(described) == with_variant, "it counts once it is read, not before"
        actor = described.actor("clinician")
        match_genome(actor=actor, record=described.record.pk, genome=newer.pk, whose={"other": "patient"})
        newer.refresh_from_db()
        read_from_file(newer.pk, newer.turn)
        assert score(described) != with_variant
        assert "replaced by a newer one" in page(described, "genome")
        described.client("clinician").post(reverse("genome_end", args=[described.record.pk, newer.pk]))
        assert score(described) == with_variant

    def test_after_a_day_rows_and_file_are_removed_and_the_event_stays(self, world: World, documents: Path) -> None:
        genome = files.read(world)
        path = documents / genome.file
        os.utime(path, (1, 1))
        world.client("clinician").post(reverse("genome_end", args=[world.record.pk, genome.pk]))
        assert (forget_ended_genomes(), remove_orphans(), path.exists()) == (0, 0, True)
        Genome.objects.update(ended=timezone.now() - UNDO_PERIOD - timedelta(minutes=1))
        assert (forget_ended_genomes(), remove_orphans(), path.exists()) == (1, 1, False)
        assert not GenomeVariant.objects.exists()
        assert verbs(world)[-1] == "genome:forget"

    def test_a_reading_of_what_was_taken_off_meanwhile_writes_nothing(self, world: World) -> None:
        genome = files.matched(world)
        Genome.objects.update(ended=timezone.now())
        read_from_file(genome.pk, genome.turn)
        assert not GenomeVariant.objects.exists()


class TestPages:
    """The differential with its variants, the page of a variant, and why another one is not there."""

    def test_candidates_show_the_variants_with_the_row_that_they_add(self, described: World) -> None:
        genome = files.read(described)
        new = genome.variants.get(allele__pos=NEW)
        shown = page(described, "differential")
        assert "FBN1: new (de novo)" in shown
        assert reverse("genome_variant", args=[described.record.pk, new.pk]) in shown
        assert "both parents have enough reads without it" in shown
        assert "taken for a list of some variants" in shown

    def test_every_page_with_a_ranking_says_whether_the_variants_count_in_it(self, described: World) -> None:
        words = "diseases compared, with the variants of the genome."
        names = ("record", "differential", "next_step", "work_up")
        assert [name for name in names if words in page(described, name)] == []
        files.read(described)
        assert [name for name in names if words not in page(described, name)] == []

    def test_the_differential_can_be_seen_without_it(self, described: World) -> None:
        files.read(described)
        to = reverse("differential", args=[described.record.pk])
        shown = described.client("clinician").get(f"{to}?without=genome").content.decode()
        assert "By the findings alone, without the genome." in shown
        assert "new (de novo)" not in shown
        part = reverse("differential_panel", args=[described.record.pk])
        assert f"{part}?whole=1&amp;without=genome" in shown or f"{part}?whole=1&without=genome" in shown
        assert (
            "new (de novo)" not in described.client("clinician").get(f"{part}?whole=1&without=genome").content.decode()
        )

    def test_a_variant_has_a_page_with_everything_that_is_known_of_it(self, described: World) -> None:
        genome = files.read(described)
        new = genome.variants.get(allele__pos=NEW)
        shown = " ".join(page(described, "genome_variant", new.pk).split())
        for words in (
            "15-48411112-G-A", "(GRCh38)", "stop gained", "ENST1:c.8176C&gt;T", "ENSP1:p.Arg2726Ter", "pathogenic",
            "trio, line 6", "15 of 30", "Father", "Mother", "absent", "heterozygous", "Counts in FBN1",
            "new (de novo)", "both parents have enough reads without it", "place 1; new (de novo)", "at least one copy",
        ):  # fmt: skip
            assert words in shown, words

    def test_an_allele_names_the_one_that_it_counts_together_with(self, world: World) -> None:
        """Two alleles of a recessive gene: whoever looks at one has to see which the other is, and get there."""
        of_father = line("chr21", 5000, csq("CBS", "stop_gained", coding="c.1C>T"), "0/1", "0/1", "0/0")
        of_mother = line("chr21", 6000, csq("CBS", "stop_gained", coding="c.2C>T"), "0/1", "0/0", "0/1")
        genome = files.read(world, trio(of_father, of_mother))
        one, other = (genome.variants.get(allele__pos=pos) for pos in (5000, 6000))
        link = reverse("genome_variant", args=[world.record.pk, other.pk])
        for shown in (page(world, "genome_variant", one.pk), page(world, "genome_one", genome.pk)):
            assert f'together with <a href="{link}" dir="ltr">c.2C&gt;T' in shown

    def test_of_many_variants_ten_are_open_and_the_others_folded_below(self, world: World) -> None:
        many = (line("chr2", n, csq("COL3A1", "stop_gained"), "0/1", "0/1", "0/0") for n in range(1000, 1014))
        genome = files.read(world, trio(*many))
        shown = page(world, "genome")
        opened, _summary, folded = shown.partition('<details class="more-steps" id="more-variants">')
        named = [part.count('class="variants__name"') for part in (opened, folded)]
        assert named[0] == 10
        assert sum(named) == genome.variants.count()

    def test_whoever_misses_a_variant_is_led_to_where_one_asks_for_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        genome = files.read(world)
        monkeypatch.setattr(genome_page, "MOST_ROWS", 1)
        link = f"{reverse('genome', args=[world.record.pk])}#asking"
        assert f'href="{link}"' in page(world, "genome_one", genome.pk)
        assert 'id="asking"' in page(world, "genome")

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            (f"chr15:{COMMON}", "Dropped by the filter frequency"),
            (f"15-{SYNONYMOUS}-G-A", "Dropped by the filter consequence"),
            (f"chr15:{NEW}", "Counts in FBN1"),
            ("c.8176C>T", "Counts in FBN1"),
            ("chr15:77", "The file has no such line"),
        ],
    )
    def test_why_a_variant_was_filtered_is_answered_for_any_position(
        self, asked: str, words: str, world: World
    ) -> None:
        genome = files.read(world)
        assert words in files.ask(world, genome, asked)

    def test_a_gene_answers_for_all_its_variants(self, world: World) -> None:
        genome = files.read(world)
        shown = files.ask(world, genome, "FBN1")
        assert shown.count("What each filter found in") == 3
        assert "0.2 (" in shown

    def test_what_names_no_variant_is_refused_and_not_searched_for(self, world: World) -> None:
        genome = files.read(world)
        to = reverse("genome_ask", args=[world.record.pk])
        sent = {"genome": str(genome.pk), "variant": "chr99:5"}
        answer = world.client("clinician").post(to, sent)
        assert answer.status_code == 422
        assert "chr7:117559590" in answer.content.decode()
        assert not GenomeQuestion.objects.exists()

    def test_an_answer_of_another_matching_is_not_shown(self, world: World) -> None:
        genome = files.read(world)
        files.ask(world, genome, "FBN1")
        Genome.objects.update(turn=genome.turn + 1)
        question = GenomeQuestion.objects.get()
        assert "Ask again" in page(world, "genome_answer", question.pk)

    def test_until_it_is_answered_the_page_asks_again(self, world: World) -> None:
        genome = files.read(world)
        client = world.client("clinician")
        to = reverse("genome_ask", args=[world.record.pk])
        answer = client.post(to, {"genome": str(genome.pk), "variant": "FBN1"}, follow=True)
        question = GenomeQuestion.objects.get()
        progress = reverse("genome_answer_progress", args=[world.record.pk, question.pk])
        assert f'hx-get="{progress}"' in answer.content.decode()
        assert "HX-Refresh" not in client.get(progress).headers
        genome_reading.answer_from_file(question.pk)
        assert client.get(progress).headers["HX-Refresh"] == "true"

    @pytest.mark.parametrize("who", ["patient", "parent", "outsider", "stranger", "researcher"])
    def test_for_nobody_else_is_there_a_genome(self, who: str, described: World) -> None:
        genome = files.read(described)
        variant = genome.variants.first()
        assert variant is not None
        for name, more in (("genome", ()), ("genome_one", (genome.pk,)), ("genome_variant", (variant.pk,))):
            assert described.client(who).get(reverse(name, args=[described.record.pk, *more])).status_code == 404

    def test_a_variant_of_another_record_is_not_reached_through_ones_own(self, world: World) -> None:
        genome = files.read(world)
        own = build.record(world.clinic, team=[world.outsider])
        variant = genome.variants.first()
        assert variant is not None
        client = world.client("outsider")
        for name, row in (("genome_one", genome.pk), ("genome_variant", variant.pk), ("genome_progress", genome.pk)):
            assert client.get(reverse(name, args=[own.pk, row])).status_code == 404

    def test_the_portal_shows_nothing_of_it(self, described: World) -> None:
        files.read(described)
        for name in ("portal_record", "portal_talked", "portal_documents", "portal_looked", "portal_left"):
            shown = page(described, name, who="parent")
            assert "FBN1" not in shown
            assert "S-mother" not in shown

    def test_each_step_is_one_event_that_holds_no_value(self, described: World) -> None:
        genome = files.read(described)
        files.ask(described, genome, f"chr15:{COMMON}")
        page(described, "genome_variant", genome.variants.latest("place").pk)
        steps = [verb for verb in verbs(described) if verb.startswith(("genome", "variant"))]
        assert steps == [
            "genome:add", "genome:match", "genome:analyse", "genome:ask", "genome:read", "variant:read",
        ]  # fmt: skip
        told = str(list(Event.objects.values_list("detail", flat=True)))
        for value in (str(COMMON), "FBN1", "S-child", "trio"):
            assert value not in told


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_genome_and_gives_it_back(described: World, tmp_path: Path, documents: Path) -> None:
    genome = files.read(described)
    with_it = score(described)
    path = documents / genome.file
    back_up(tmp_path / "clinic.backup")
    path.unlink()
    Genome.objects.all().delete()
    User.objects.filter(pk=described.stranger.pk).update(name="Changed since")
    restore(tmp_path / "clinic.backup", replace=True)
    assert path.read_bytes() == trio()
    assert score(described) == with_it
    assert "Counts in FBN1" in files.ask(described, Genome.objects.get(), f"chr15:{NEW}")
