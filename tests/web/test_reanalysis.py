"""Re-analysis in the clinic: what new knowledge moves is kept with its reason, told by the rule of the command line,
once, whoever is killed; and somebody looks at it. Everybody is fictional, and both releases are of a few entries.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from _pytest.monkeypatch import MonkeyPatch
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hoofbeat.cases.finding import FindingState
from hoofbeat.cli.main import run
from hoofbeat.diagnosis.rank import rank
from hoofbeat.diagnosis.reanalysis.alert import ALERT_CHANCE, ALERT_FIRST, AlertKind
from hoofbeat.diagnosis.reanalysis.change import MOVED
from hoofbeat.diagnosis.reanalysis.outcome import outcome_of
from hoofbeat.diagnosis.second_stage import Calibration, plain_weights
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_file import replace_library
from hoofbeat.knowledge.solved_case import SolvedCase
from hoofbeat.knowledge.sources import Sources
from hoofbeat.web.audit.models import Event, Listed
from hoofbeat.web.clinic.moved_words import reasons
from hoofbeat.web.records import earlier_knowledge, ranking, reanalysis_jobs
from hoofbeat.web.records import reanalysis as looks
from hoofbeat.web.records.actions import reanalysis
from hoofbeat.web.records.actions.diagnosis import confirm_diagnosis, rank_again
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.genome import match_genome
from hoofbeat.web.records.actions.genome_reading import read_from_file
from hoofbeat.web.records.actions.reanalysis import Kept, look_again
from hoofbeat.web.records.models import RankingChange, RankingSnapshot, Record, Task
from hoofbeat.web.records.reanalysis import Look, look
from hoofbeat.web.running import reanalysis_job, start
from tests import small_release
from tests.small_release import LENS, MARFAN, write_small_release
from tests.vcf_files import CSQ_LINE, HG38, csq, line, vcf
from tests.web import genome_files as files
from tests.web import world as build_world
from tests.web.conftest import use
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, NARROW_PALATE, World

pytestmark = pytest.mark.django_db

Use = Callable[[Knowledge], None]
OLDER = "2024-01-01"
# What the older release does not state: that Marfan syndrome has either finding; nor does it know the other disease.
OF_MARFAN = {"HP:0001166", "HP:0001083"}
# The shipped weights are for thousands of diseases: of five, none would ever be likely.
SHARP = Calibration((1.2, 0.0), (0.0, 0.0), 0.0)
WEIGHTS = replace(plain_weights(), alone=SHARP, with_library=SHARP)


@pytest.fixture(autouse=True)
def _sharp(monkeypatch: MonkeyPatch) -> None:
    for module in (ranking, looks):
        monkeypatch.setattr(module, "rank", partial(rank, weights=WEIGHTS))


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    folder = tmp_path_factory.mktemp("older-knowledge")
    kept = tuple(one for one in small_release.ROWS if not _is_new(one))
    write_small_release(folder / "release", rows=kept)
    annotations = folder / "release" / "phenotype.hpoa"
    annotations.write_text(small_release.hpoa_text(kept, release=OLDER), encoding="utf-8")
    return Knowledge.open(build(Sources.in_folder(folder / "release"), folder / "built").path)


def _is_new(line: str) -> bool:
    cells = line.split("\t")
    return (cells[0] in (MARFAN[0], "ORPHA:558") and cells[3] in OF_MARFAN) or cells[0] == LENS[0]


@pytest.fixture
def using(monkeypatch: MonkeyPatch) -> Iterator[Use]:
    """Has the application rank with some knowledge from here on."""
    earlier_knowledge._facts.cache_clear()
    yield lambda knowledge: use(knowledge, monkeypatch)
    earlier_knowledge._facts.cache_clear()


@pytest.fixture
def at_hand(older: Knowledge, monkeypatch: MonkeyPatch) -> None:
    """The older release lies in this installation still."""
    monkeypatch.setattr(Facts, "open", lambda _path: older.facts)
    monkeypatch.setattr(earlier_knowledge, "locate", lambda name=None: Path(str(name)))


def entered(world: World, record: Record | None = None, *, findings: tuple[str, ...] = (ARACHNODACTYLY,)) -> Record:
    record = record or world.record
    for hpo in findings:
        set_finding(actor=world.actor("clinician"), record=record.pk, hpo=hpo, state=FindingState.OBSERVED)
    record.refresh_from_db()
    return record


def looked() -> list[Kept]:
    return [done for _record, done in look_again()]


def moved_world(world: World, using: Use, older: Knowledge, newer: Knowledge) -> RankingChange:
    """A record whose differential new knowledge has moved."""
    using(older)
    entered(world, findings=(ARACHNODACTYLY, ECTOPIA_LENTIS))
    using(newer)
    looked()
    return RankingChange.objects.get()


def page(world: World, who: str = "clinician", which: str = "") -> str:
    answer = world.client(who).get(reverse("changes"), {"which": which} if which else {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_moved_is_kept_with_both_sides_and_told_once(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    change = moved_world(world, using, older, small_knowledge)
    assert (change.before.release["knowledge"], change.after.release["knowledge"]) == (OLDER, small_release.RELEASE)
    assert change.after == world.record.snapshots.order_by("created").last()
    (event,) = Event.objects.filter(verb="reanalysis:moved")
    assert (event.actor, event.record) == (None, world.record.pk)
    assert "OMIM" not in str(event.detail)
    assert looked() == []
    assert RankingChange.objects.count() == 1
    with_parts = [one.pk for one in RankingSnapshot.objects.all() if one.parts is not None]
    assert with_parts == [change.after.pk], "what only the next comparison needs is kept until then"


def test_the_team_is_asked_exactly_where_the_rule_of_the_command_line_says_so(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    change = moved_world(world, using, older, small_knowledge)
    first = change.after.first[:ALERT_FIRST]
    was = {one["id"]: (place, one["probability"]) for place, one in enumerate(change.before.first, 1)}
    newly = [
        one["id"]
        for one in first
        if one["probability"] >= ALERT_CHANCE
        and not (was.get(one["id"], (99, 0))[0] <= ALERT_FIRST and was[one["id"]][1] >= ALERT_CHANCE)
    ]
    assert newly == [MARFAN[0]]
    assert [alert["disease"] for alert in change.alerts] == newly
    (task,) = Task.objects.filter(kind=Task.Kind.MOVED)
    assert task.about == change.alerts[0]["id"]
    inbox = world.client("clinician").get(reverse("inbox")).content.decode()
    assert "New knowledge makes a disease likely" in inbox
    assert reverse("changes") in inbox


def test_what_was_seen_to_once_is_not_asked_again(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    moved_world(world, using, older, small_knowledge)
    Task.objects.update(done=timezone.now(), done_by=world.clinician)
    using(older)
    looked()
    using(small_knowledge)
    looked()
    assert RankingChange.objects.count() == 3, "it moved there and back again"
    assert Task.objects.filter(kind=Task.Kind.MOVED, done__isnull=True).count() == 0


def test_the_reason_names_the_row_where_the_earlier_release_is_here(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge, at_hand: None
) -> None:
    moved_world(world, using, older, small_knowledge)
    said = page(world)
    assert "Marfan syndrome: Ectopia lentis is newly described in it (119/251)." in said
    assert "PMID:28050285" in said
    history = world.client("clinician").get(reverse("ranking_history", args=[world.record.pk])).content.decode()
    assert "Ectopia lentis is newly described in it" in history


def test_without_the_earlier_release_the_part_of_the_score_is_named(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    moved_world(world, using, older, small_knowledge)
    assert "counts more for it than before." in page(world)


def test_a_new_solved_case_is_named_as_the_reason(world: World, using: Use, small_knowledge: Knowledge) -> None:
    using(small_knowledge)
    entered(world, findings=(NARROW_PALATE,))
    using(small_knowledge.with_library(solved_marfan(small_knowledge)))
    looked()
    change = RankingChange.objects.get()
    assert change.before.release["knowledge"] == change.after.release["knowledge"]
    assert "Marfan syndrome: the library has 3 solved cases of it now; it had 0." in page(world)


def solved_marfan(knowledge: Knowledge) -> Library:
    """Three fictional people with Marfan syndrome and a narrow palate."""
    cases = [SolvedCase(MARFAN[0], "clinic:elsewhere", (NARROW_PALATE,)) for _ in range(3)]
    return Library.of(cases, knowledge.ontology)


def test_what_may_be_due_to_the_record_is_not_said_to_be_due_to_other_diseases() -> None:
    nothing = RankingChange(alerts=[], moves=[], engine_changed=False, record_changed=False)
    assert [str(one) for one in reasons(nothing)] == [
        "These diseases are described as before. Others beside them are not, or the library has another number of "
        "solved cases."
    ]
    nothing.record_changed = True
    assert [str(one) for one in reasons(nothing)] == [
        "The record has changed too since then, and may have a part in it."
    ]


def test_a_program_that_changed_is_no_alert_where_the_release_is_here(
    world: World, using: Use, small_knowledge: Knowledge, monkeypatch: MonkeyPatch
) -> None:
    using(small_knowledge)
    entered(world)
    monkeypatch.setattr(Facts, "open", lambda _path: small_knowledge.facts)
    monkeypatch.setattr(earlier_knowledge, "locate", lambda name=None: Path(str(name)))
    RankingSnapshot.objects.update(
        release={**RankingSnapshot.objects.get().release, "engine": {"hoofbeat": "0.0.1", "weights": "other"}}
    )
    RankingSnapshot.objects.update(first=[{**one, "probability": 0.0} for one in RankingSnapshot.objects.get().first])
    assert looked() == [Kept()]
    assert not RankingChange.objects.exists()
    last = world.record.snapshots.order_by("created").last()
    assert last is not None
    assert last.because.startswith("program:")


@pytest.mark.parametrize("is_at_hand", [False, True])
@pytest.mark.parametrize("edit", ["a finding", "ranked again"])
def test_news_is_told_once_although_somebody_was_quicker_with_the_new_knowledge(
    edit: str, is_at_hand: bool, world: World, using: Use, older: Knowledge, small_knowledge: Knowledge,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    if is_at_hand:
        request.getfixturevalue("at_hand")
    using(older)
    entered(world, findings=(ARACHNODACTYLY, ECTOPIA_LENTIS))
    using(small_knowledge)
    if edit == "a finding":
        entered(world, findings=(NARROW_PALATE,))
    else:
        rank_again(actor=world.actor("clinician"), record=world.record.pk)
    assert looked() == [Kept(moved=True, asked=1)]
    change = RankingChange.objects.get()
    assert change.before.release["knowledge"] == OLDER
    assert change.record_changed == (edit == "a finding" and not is_at_hand)
    assert change.moves[0]["disease"] == MARFAN[0]
    assert change.moves[0]["parts"], "why it moved can be said although the snapshot is not the newest"
    Record.objects.update(reanalysed_with="")
    assert looked() == [Kept()], "once"


def test_what_somebody_entered_with_known_knowledge_is_no_news_later(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    using(small_knowledge)
    entered(world, findings=(NARROW_PALATE,))
    looked()
    entered(world, findings=(ARACHNODACTYLY, ECTOPIA_LENTIS))
    using(small_knowledge.with_library(solved_marfan(small_knowledge)))
    world.record.refresh_from_db()
    found = look(world.record)
    assert found.last == world.record.snapshots.order_by("created").last()
    assert not found.record_changed
    assert found.alerts == (), "it was likely when the clinician entered the findings"


def test_that_a_patient_has_grown_older_is_no_new_knowledge(
    world: World, using: Use, small_knowledge: Knowledge, monkeypatch: MonkeyPatch
) -> None:
    heavy = replace(WEIGHTS, linear={**WEIGHTS.linear, "onset": 4.0})  # of few diseases, or age would move little
    for module in (ranking, looks):
        monkeypatch.setattr(module, "rank", partial(rank, weights=heavy))
    using(small_knowledge)
    born = timezone.make_aware(datetime(2019, 5, 5, 12))
    with monkeypatch.context() as then:
        then.setattr(timezone, "localdate", lambda: born.date())
        entered(world, findings=(ECTOPIA_LENTIS,))
    RankingSnapshot.objects.update(created=born)
    kept_then, today = RankingSnapshot.objects.get(), ranking.differential_of(world.record)
    assert today is not None
    gained = {one["id"]: one["probability"] for one in kept_then.first}
    moved_most = max(abs(one.probability - gained[one.disease]) for one in outcome_of(today).standings)
    assert moved_most > MOVED, "the age alone moves it, or this tests nothing"
    assert looked() == [Kept()]
    assert not RankingChange.objects.exists()


class TestGenome:
    """What new knowledge and a newer file say of the variants that a record holds; nothing of it leaves."""

    @pytest.fixture
    def unlinked(self, tmp_path: Path, monkeypatch: MonkeyPatch) -> Knowledge:
        """An earlier release, which knows no gene of Marfan syndrome."""
        with monkeypatch.context() as patched:
            patched.setattr(small_release, "GENES", small_release.GENES[1:])
            write_small_release(tmp_path / "unlinked")
        annotations = tmp_path / "unlinked" / "phenotype.hpoa"
        annotations.write_text(small_release.hpoa_text(release=OLDER), encoding="utf-8")
        made = Knowledge.open(build(Sources.in_folder(tmp_path / "unlinked"), tmp_path / "built").path)
        monkeypatch.setattr(Facts, "open", lambda _path: made.facts)
        monkeypatch.setattr(earlier_knowledge, "locate", lambda name=None: Path(str(name)))
        return made

    def test_a_gene_that_is_newly_linked_meets_a_variant_of_the_genome(
        self, world: World, using: Use, unlinked: Knowledge, small_knowledge: Knowledge
    ) -> None:
        using(unlinked)
        entered(world, findings=(ARACHNODACTYLY,))
        files.read(world)
        using(small_knowledge)
        looked()
        (change,) = RankingChange.objects.all()
        (told,) = [one for one in change.alerts if one["kind"] == AlertKind.GENE_LINK]
        assert (told["gene"], told["disease"]) == ("FBN1", MARFAN[0])
        assert "FBN1, in which a variant is known of this person, is now linked to Marfan syndrome." in page(world)
        assert Task.objects.filter(kind=Task.Kind.MOVED, about=told["id"]).exists()
        assert "FBN1" not in str([event.detail for event in Event.objects.all()])
        assert looked() == []

    def test_the_gene_of_the_first_solved_case_of_a_disease_is_told_with_its_reason(
        self, world: World, using: Use, small_knowledge: Knowledge
    ) -> None:
        using(small_knowledge)
        entered(world, findings=(ARACHNODACTYLY,))
        files.read(world)
        solved = [SolvedCase("OMIM:999999", "PMID:9", (ARACHNODACTYLY,), genes=("FBN1",))]
        using(small_knowledge.with_library(Library.of(solved, small_knowledge.ontology)))
        looked()
        (change,) = RankingChange.objects.all()
        (move,) = [one for one in change.moves if one["disease"] == "OMIM:999999"]
        assert (move["before"], move["after"]["rank"]) == (None, 2)
        assert "OMIM:999999 is known from 1 solved case of the library alone." in page(world)

    def test_genes_that_are_added_to_a_library_of_before_are_told_with_their_reason(
        self, world: World, using: Use, small_knowledge: Knowledge
    ) -> None:
        def library(*genes: str) -> Library:
            solved = [SolvedCase("OMIM:999999", "PMID:9", (ARACHNODACTYLY,), genes=genes) for _ in range(3)]
            return Library.of(solved, small_knowledge.ontology)

        using(small_knowledge.with_library(library()))
        entered(world, findings=(ARACHNODACTYLY,))
        files.read(world)
        using(small_knowledge.with_library(library("FBN1")))
        looked()
        (change,) = RankingChange.objects.all()
        assert [alert["disease"] for alert in change.alerts] == ["OMIM:999999"]
        assert "OMIM:999999: more speaks for it than before: the variants of a test." in page(world)

    def test_a_gene_without_a_variant_is_no_alert(
        self, world: World, using: Use, unlinked: Knowledge, small_knowledge: Knowledge
    ) -> None:
        using(unlinked)
        entered(world, findings=(ARACHNODACTYLY,))
        using(small_knowledge)
        looked()
        assert AlertKind.GENE_LINK not in {
            one["kind"] for change in RankingChange.objects.all() for one in change.alerts
        }

    def test_a_variant_that_a_newer_file_calls_pathogenic_is_told_once(
        self, world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
    ) -> None:
        def stop(given: str) -> bytes:
            effect = csq("FBN1", "stop_gained", coding="ENST1:c.8176C>T", clinvar=given)
            return vcf(line("chr15", files.NEW, effect, "0/1"), samples=[files.CHILD], head=[HG38, CSQ_LINE]).encode()

        def bring(given: str) -> None:
            genome = files.uploaded(world, stop(given))
            whose = {files.CHILD: "patient"}
            match_genome(actor=world.actor("clinician"), record=world.record.pk, genome=genome.pk, whose=whose)
            genome.refresh_from_db()
            read_from_file(genome.pk, genome.turn)

        using(older)
        entered(world, findings=(ARACHNODACTYLY,))
        bring("uncertain_significance")
        looked()
        bring("pathogenic")
        entered(world, findings=(ECTOPIA_LENTIS,))
        using(small_knowledge)
        looked()
        told = [one for change in RankingChange.objects.all() for one in change.alerts if one["variant"]]
        assert [(one["gene"], one["variant"].startswith(f"15-{files.NEW}")) for one in told] == [("FBN1", True)]
        assert "The class of the variant 15-48411112" in page(world)
        using(older)
        looked()
        again = [one for change in RankingChange.objects.all() for one in change.alerts if one["variant"]]
        assert again == told


def test_only_records_that_still_look_for_a_diagnosis_are_looked_at(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    using(older)
    entered(world)
    closed = entered(world, build_world.record(world.clinic, "Closed Example", team=[world.clinician]))
    Record.objects.filter(pk=closed.pk).update(status=Record.Status.CLOSED)
    confirm_diagnosis(actor=world.actor("clinician"), record=world.record.pk, disease=MARFAN[0], reason="a test")
    using(small_knowledge)
    assert looked() == []


def test_a_record_without_a_snapshot_gets_one_and_no_change(world: World, using: Use, older: Knowledge) -> None:
    using(older)
    entered(world)
    RankingSnapshot.objects.all().delete()
    assert looked() == [Kept()]
    assert RankingSnapshot.objects.count() == 1


def test_killed_at_random_moments_it_ends_with_the_same_as_undisturbed(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge, monkeypatch: MonkeyPatch
) -> None:
    """Its database and its ranking end the job ten times, wherever that is; a change, its task and its event are there
    once for each record all the same.
    """
    using(older)
    kinds = [(ARACHNODACTYLY,), (ECTOPIA_LENTIS,), (NARROW_PALATE,), (ARACHNODACTYLY, ECTOPIA_LENTIS)]
    for number in range(24):
        one = build_world.record(world.clinic, f"Patient {number} Example", team=[world.clinician])
        entered(world, one, findings=kinds[number % 4])
    using(small_knowledge)
    with transaction.atomic():
        looked()
        undisturbed = results()
        transaction.set_rollback(True)
    assert sum(result != ([], 0, 0) for result in undisturbed.values()) >= 12
    assert results() != undisturbed
    chance = random.Random(20261124)
    for _ in range(10):
        with monkeypatch.context() as patched:
            kill_after(chance.randint(1, 12), patched)
            with pytest.raises(KilledError):
                looked()
    looked()
    assert results() == undisturbed


class KilledError(BaseException):
    """Stands for the end of the process."""


def kill_after(limit: int, patched: MonkeyPatch) -> None:
    """End the process before or after one of the steps that each record takes."""
    steps = count(1)

    def stepwise(then: Callable[..., object]) -> Callable[..., object]:
        def stepping(*given: object, **named: object) -> object:
            if next(steps) == limit:
                raise KilledError
            done = then(*given, **named)
            if next(steps) == limit:
                raise KilledError
            return done

        return stepping

    for name in ("look", "keep_snapshot", "ask_team", "add_event", "moves_to_json"):
        patched.setattr(reanalysis, name, stepwise(getattr(reanalysis, name)))


def results() -> dict[UUID, tuple[list[object], int, int]]:
    """What re-analysis left in each record: the moves, and how many tasks and events."""
    return {
        one.pk: (
            [change.moves for change in one.ranking_changes.all()],
            one.tasks.filter(kind=Task.Kind.MOVED).count(),
            Event.objects.filter(record=one.pk, verb="reanalysis:moved").count(),
        )
        for one in Record.objects.order_by("pk")
    }


def test_somebody_who_writes_meanwhile_is_not_overwritten(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge, monkeypatch: MonkeyPatch
) -> None:
    using(older)
    entered(world)
    using(small_knowledge)
    then = look

    def looks_while_somebody_writes(record: Record) -> Look:
        found = then(record)
        entered(world, findings=(ECTOPIA_LENTIS,))
        return found

    with monkeypatch.context() as patched:
        patched.setattr(reanalysis, "look", looks_while_somebody_writes)
        looked()
    assert not RankingChange.objects.exists()
    assert world.record.snapshots.count() == 2
    assert Record.objects.get(pk=world.record.pk).reanalysed_with == ""


def test_a_record_that_fails_does_not_stop_the_others(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge, monkeypatch: MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    using(older)
    records = [entered(world), entered(world, build_world.record(world.clinic, team=[world.clinician]))]
    using(small_knowledge)
    bad = min(one.pk for one in records)
    then = look

    def fails_for_one(record: Record) -> Look:
        if record.pk == bad:
            raise ValueError("Quetzalcanary")
        return then(record)

    monkeypatch.setattr(reanalysis, "look", fails_for_one)
    assert len(looked()) == 2
    assert {one.record_id for one in RankingChange.objects.all()} == {one.pk for one in records} - {bad}
    assert "could not be looked at again" in caplog.text
    assert "Quetzalcanary" not in caplog.text


def test_the_monthly_job_waits_exactly_once_and_looks_at_some_records_at_a_time(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge, monkeypatch: MonkeyPatch
) -> None:
    using(older)
    for number in range(4):
        entered(world, build_world.record(world.clinic, f"Patient {number} Example", team=[world.clinician]))
    using(small_knowledge)
    monkeypatch.setattr(reanalysis_jobs, "AT_ONCE", 2)
    reanalysis_job.plan_monthly()
    reanalysis_job.plan_monthly()
    assert waiting(reanalysis_job.monthly.module_path) == 1
    first = DBTaskResult.objects.get(task_path=reanalysis_job.monthly.module_path).run_after
    assert timezone.now() < first <= timezone.now() + timedelta(hours=25), "in the night to come, not among the visits"
    reanalysis_job.monthly.call()
    later = DBTaskResult.objects.get(task_path=reanalysis_job.monthly.module_path, status="READY").run_after
    assert later > timezone.now() + timedelta(days=29)
    rounds = 0
    while (job := DBTaskResult.objects.filter(task_path=reanalysis_jobs.look_at_some.module_path).first()) is not None:
        after = job.args_kwargs["args"]
        job.delete()
        reanalysis_jobs.look_at_some.call(*after)
        assert waiting(reanalysis_jobs.look_at_some.module_path) <= 1
        rounds += 1
    assert rounds == 3
    assert RankingChange.objects.count() == 4


def waiting(path: str) -> int:
    return int(DBTaskResult.objects.filter(task_path=path, status="READY").count())


def test_who_has_looked_is_noted_with_the_task_and_taken_back(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    change = moved_world(world, using, older, small_knowledge)
    client, record = world.client("clinician"), world.record.pk
    client.post(reverse("change_seen", args=[record, change.pk]))
    change.refresh_from_db()
    assert (change.seen_by, Task.objects.get().done_by) == (world.clinician, world.clinician)
    assert "Mira Example" not in page(world)
    assert f"Looked at by {world.clinician.name}" in page(world, which="all")
    client.post(reverse("change_unseen", args=[record, change.pk]))
    change.refresh_from_db()
    assert (change.seen, change.seen_by, Task.objects.get().done) == (None, None, None)
    assert "Mira Example" in page(world)
    assert Event.objects.filter(verb="reanalysis:see", actor=world.clinician).count() == 1
    assert Event.objects.filter(verb="reanalysis:unsee", actor=world.clinician).count() == 1


def test_its_task_is_seen_to_on_the_page_alone(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    moved_world(world, using, older, small_knowledge)
    client = world.client("clinician")
    answer = client.post(reverse("task_finish", args=[world.record.pk, Task.objects.get().pk]), follow=True)
    assert "under “What changed”" in answer.content.decode()
    assert Task.objects.get().done is None


def test_others_see_no_line_and_each_line_that_is_shown_is_a_look(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    change = moved_world(world, using, older, small_knowledge)
    assert "Mira Example" not in page(world, "outsider")
    assert not Listed.objects.filter(record=world.record.pk).exists()
    assert "Mira Example" in page(world, "counsellor")
    assert Listed.objects.get(record=world.record.pk).actor_id == world.counsellor.pk
    assert world.client("coordinator").get(reverse("changes")).status_code == 404
    refused = world.client("outsider").post(reverse("change_seen", args=[world.record.pk, change.pk]))
    assert refused.status_code == 404
    change.refresh_from_db()
    assert change.seen is None


def test_a_clinician_has_all_looked_at_now(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    using(older)
    entered(world)
    using(small_knowledge)
    assert "Look again now: 1 waits" in page(world)
    world.client("clinician").post(reverse("look_again"))
    world.client("clinician").post(reverse("look_again"))
    assert waiting(reanalysis_jobs.look_at_some.module_path) == 1
    assert Event.objects.filter(verb="reanalysis:begin", actor=world.clinician).count() == 1
    assert "Looking again is under way." in page(world)
    DBTaskResult.objects.update(status="RUNNING")
    assert "Looking again is under way." in page(world), "it is while the job runs, too"
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert "Look again now: 1 waits" in page(world)


def test_a_process_notices_knowledge_that_was_built_while_it_lives(
    world: World, monkeypatch: MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing stands in for the release here: it is opened from where an installation keeps it."""
    monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path))
    monkeypatch.setattr(ranking, "Knowledge", Knowledge)
    ranking.knowledge.cache_clear()
    build_into(tmp_path, OLDER)
    entered(world)
    assert f"the release {OLDER}" in page(world)
    first = ranking.knowledge()
    page(world)
    assert ranking.knowledge() is first, "it is opened once"
    build_into(tmp_path, small_release.RELEASE)
    assert f"the release {small_release.RELEASE}" in page(world)
    assert "Look again now: 1 waits" in page(world)
    replace_library(solved_marfan(ranking.knowledge()))
    page(world)
    assert len(ranking.knowledge().library) > 0
    ranking.knowledge.cache_clear()


def build_into(home: Path, release: str) -> None:
    """Build a release as `hoofbeat knowledge build` does."""
    write_small_release(home / f"from-{release}")
    annotations = home / f"from-{release}" / "phenotype.hpoa"
    annotations.write_text(small_release.hpoa_text(small_release.ROWS, release=release), encoding="utf-8")
    build(Sources.in_folder(home / f"from-{release}"), home / "knowledge" / release)


def test_the_list_of_patients_leads_to_what_changed(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge
) -> None:
    moved_world(world, using, older, small_knowledge)
    listed = world.client("clinician").get(reverse("caseload")).content.decode()
    assert f'href="{reverse("changes")}">What changed <span class="count">1' in listed
    assert reverse("changes") not in world.client("coordinator").get(reverse("caseload")).content.decode()


def test_the_command_does_it_now_and_goes_on_where_it_was(
    world: World, using: Use, older: Knowledge, small_knowledge: Knowledge, monkeypatch: MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for name in ("start", "need_tables"):
        # The tests' Django is set up already.
        monkeypatch.setattr(start, name, lambda **_: SimpleNamespace(folder="the folder of the tests"))
    using(older)
    for one in (world.record, build_world.record(world.clinic, team=[world.clinician])):
        entered(world, one, findings=(ARACHNODACTYLY, ECTOPIA_LENTIS))
    using(small_knowledge)
    next(look_again())
    assert run(["clinic", "reanalyse"]) == 0
    assert capsys.readouterr().out == "1 record looked at again: 1 moved, 1 alert for the teams\n"
    assert run(["clinic", "reanalyse"]) == 0
    said = capsys.readouterr().out
    assert said == "every open record in the folder of the tests has been looked at with this knowledge already\n"
