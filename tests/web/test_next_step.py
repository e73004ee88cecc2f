"""The next step in the clinic: what is suggested, answered right there, decided, asked of the family; what must wait;
and the plan of the work-up, which the family reads once it is released.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from hoofbeat.cases.finding import FindingState
from hoofbeat.diagnosis.next_step import StepKind, Suggestion
from hoofbeat.diagnosis.next_step.limits import Limits
from hoofbeat.diagnosis.next_step.next_step import default_burdens
from hoofbeat.knowledge.avoid import AvoidRecord
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.audit.models import Event
from hoofbeat.web.clinic import work_up
from hoofbeat.web.clinic.step_words import burden_words, cards
from hoofbeat.web.records import next_steps, ranking
from hoofbeat.web.records.actions.change import NotAllowedError, RefusedError
from hoofbeat.web.records.actions.findings import set_finding, tell_finding
from hoofbeat.web.records.actions.next_step import ask_family, mark_step, release_plan
from hoofbeat.web.records.done_steps import EXOME, GENOME, MICROARRAY, PANEL, done_steps
from hoofbeat.web.records.models import AskedQuestion, EarlierTest, Genome, RecordedFinding, SharedPlan, StepMark
from hoofbeat.web.records.next_steps import NextSteps
from hoofbeat.web.records.plan import plan_of
from hoofbeat.web.records.plan_words import in_words
from hoofbeat.web.records.ranking import differential_of
from hoofbeat.web.records.step_tables import StepTables, step_tables
from hoofbeat.web.running.checks import remarks
from tests.web import genome_files as files
from tests.web import world as build
from tests.web.sent_forms import plan_seen, post, verbs
from tests.web.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_knowledge")]

HTMX = {"hx-request": "true"}
# Loose joints, bruises, stretchable skin: the Ehlers-Danlos syndromes, one of which forbids much.
FINDINGS = ("HP:0001382", "HP:0000978", "HP:0000974")
VASCULAR = "OMIM:130050"


@pytest.fixture
def ranked(world: World) -> World:
    """A record with findings that can be ranked."""
    for hpo in FINDINGS:
        set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=FindingState.OBSERVED)
    return world


@pytest.fixture
def vetoed(ranked: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[AvoidRecord]:
    """A record of the avoid file that forbids the best procedure while the first candidate is likely."""
    found = differential_of(ranked.record)
    assert found is not None
    best = procedures(ranked)[0]
    first = found.id_of(int(found.order[0]))
    record = AvoidRecord((first,), best.id, "it tears", "nothing else helps", "made up", "2026-01-31")
    tables = StepTables(default_burdens(found.knowledge.facts), (record,))
    monkeypatch.setattr(next_steps, "step_tables", lambda _facts: tables)
    forget()
    yield record
    forget()


def forget() -> None:
    """Steps are made anew."""
    next_steps._steps.cache_clear()
    next_steps._work_up.cache_clear()


def steps(world: World) -> NextSteps:
    """What can be asked or done now."""
    found = NextSteps.of(world.record)
    assert found is not None
    return found


def questions(world: World, top: int = 5) -> tuple[Suggestion, ...]:
    """The best questions now."""
    return steps(world).best(StepKind.QUESTION, top)


def procedures(world: World, top: int = 4) -> tuple[Suggestion, ...]:
    """The best procedures now."""
    return steps(world).best(StepKind.PROCEDURE, top)


def page(world: World, name: str = "next_step", who: str = "clinician", **query: str) -> str:
    """A page of the record."""
    answer = world.client(who).get(reverse(name, args=[world.record.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_best_questions_and_procedures_in_order_with_what_each_answer_does(ranked: World) -> None:
    text = page(ranked)
    places = [text.index(f"</span> {one.label}</h4>") for one in questions(ranked)]
    assert places == sorted(places)
    assert len(places) == 5
    for one in procedures(ranked):
        assert one.label[1:] in text
    assert text.count("If yes <span") == 5
    assert text.count("If no:") == 5
    assert text.count("If it finds nothing:") == len(procedures(ranked))
    assert "Not a diagnosis until a clinician confirms it." in text
    assert "A suggestion, not an order" in text


def test_the_drawing_and_the_sentence_say_what_ranking_with_the_answer_says(ranked: World) -> None:
    """The same answer given for real stands in the differential as the card said that it would."""
    found = differential_of(ranked.record)
    assert found is not None
    card = cards(questions(ranked), found)[0]
    said = {one.name: one.yes for one in card.stands if one.yes}
    set_finding(actor=ranked.actor("clinician"), record=ranked.record.pk, hpo=card.step.id, state=FindingState.OBSERVED)
    after = differential_of(ranked.record)
    assert after is not None
    stands = {one.disease.name: one.probability for one in after.top(5)}
    assert said
    for name, share in said.items():
        assert stands.get(name, share) == pytest.approx(share, abs=1e-9)
    first = after.knowledge.disease_name(int(after.order[0]))
    sentence = dict(card.sentences)["yes"]
    assert sentence.startswith(f"{first} would come first") or sentence.startswith(f"{first} stays first")


def test_a_question_is_answered_on_the_page_which_then_asks_others_and_the_differential_moves(ranked: World) -> None:
    first = questions(ranked)[0]
    before = differential_of(ranked.record)
    left = verbs(
        lambda: ranked.client("clinician").post(
            reverse("finding_set", args=[ranked.record.pk]),
            {"hpo": first.id, "state": "observed", "from": "next"},
            headers=HTMX,
        )
    )
    assert left == ["finding:set"]
    after = differential_of(ranked.record)
    assert before is not None
    assert after is not None
    assert (before.probabilities != after.probabilities).any()
    part = page(ranked, part="1")
    assert f'value="{first.id}"' not in part
    assert "<!doctype html>" not in part
    assert [one.id for one in questions(ranked)] != [first.id]


def test_without_scripts_an_answer_leads_back_to_the_page(ranked: World) -> None:
    answer = post(ranked, "finding_set", hpo=questions(ranked)[0].id, state="not_assessed", **{"from": "next"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("next_step", args=[ranked.record.pk]))


def test_each_look_is_one_event_and_each_change_one(ranked: World) -> None:
    assert verbs(lambda: page(ranked)) == ["next_step:read"]
    assert verbs(lambda: page(ranked, part="1")) == ["next_step:read"]
    assert verbs(lambda: page(ranked, "work_up")) == ["plan:read"]
    step = procedures(ranked)[0]
    assert verbs(lambda: post(ranked, "step_mark", step=step.id, what="declined", reason="x")) == ["next_step:mark"]
    mark = StepMark.objects.get()
    assert verbs(lambda: post(ranked, "step_mark_end", mark.pk)) == ["next_step:end_mark"]
    hpo = askable(ranked)
    assert verbs(lambda: post(ranked, "family_ask", hpo=hpo)) == ["next_step:ask"]
    asked = AskedQuestion.objects.get()
    assert verbs(lambda: post(ranked, "family_ask_end", asked.pk)) == ["next_step:take_question_back"]
    seen = plan_seen(ranked)
    assert verbs(lambda: post(ranked, "plan_release", words="x", previewed=seen)) == ["plan:release"]
    plan = SharedPlan.objects.get()
    assert verbs(lambda: post(ranked, "plan_end", plan.pk)) == ["plan:end"]
    # What is refused changes nothing: the page is shown again, which is a look.
    assert verbs(lambda: post(ranked, "step_mark", step=step.id, what="declined")) == ["next_step:read"]


def test_who_may_not_rank_sees_neither_page_nor_tab_and_strangers_find_nothing(ranked: World) -> None:
    for name in ("next_step", "work_up"):
        for who, status in (("coordinator", 403), ("outsider", 404), ("patient", 404), ("stranger", 404)):
            assert ranked.client(who).get(reverse(name, args=[ranked.record.pk])).status_code == status, (name, who)
    overview = ranked.client("coordinator").get(reverse("record", args=[ranked.record.pk])).content.decode()
    assert "Next step" not in overview
    assert "Next step" in page(ranked, "record")


def test_what_a_likely_candidate_forbids_stands_first_and_on_the_step(ranked: World, vetoed: AvoidRecord) -> None:
    text = page(ranked)
    first = differential_of(ranked.record)
    assert first is not None
    name = first.knowledge.disease_name(int(first.order[0]))
    assert text.index("Must wait while these diseases are not excluded") < text.index('id="questions-title"')
    assert f"Not before it is excluded: {name}" in page(ranked, kind=_family(ranked, vetoed))
    assert "it tears" in text
    assert "Acceptable if: nothing else helps" in text
    assert "it tears" in page(ranked, "work_up")


def _family(world: World, vetoed: AvoidRecord) -> str:
    """The kind of the procedure that is forbidden: where one looks at it alone, it is on the page."""
    return next(one.burden.family for one in procedures(world, 50) if one.id == vetoed.action)


def test_only_a_clinician_lets_a_forbidden_step_be_done_and_with_a_reason_that_is_shown(
    ranked: World, vetoed: AvoidRecord
) -> None:
    given = {"step": vetoed.action, "what": "all_the_same"}
    assert post(ranked, "step_mark", **given).status_code == 422
    with pytest.raises(NotAllowedError):
        mark_step(actor=ranked.actor("counsellor"), record=ranked.record.pk, reason="x", **given)
    assert not StepMark.objects.exists()
    assert post(ranked, "step_mark", reason="the bowel is torn already", **given).status_code == 302
    step = next(one for one in procedures(ranked, 50) if one.id == vetoed.action)
    assert not step.must_wait
    text = page(ranked, kind=_family(ranked, vetoed))
    assert "May be done all the same" in text
    assert "the bowel is torn already" in text
    post(ranked, "step_mark_end", StepMark.objects.get().pk)
    step = next(one for one in procedures(ranked, 50) if one.id == vetoed.action)
    assert step.must_wait


def test_what_was_not_done_after_all_leaves_no_earlier_test_on_the_list_and_stays_in_the_history(ranked: World) -> None:
    step = procedures(ranked)[0]
    post(ranked, "step_mark", step=step.id, what="done", when="2025-03", result="nothing found")
    other = EarlierTest.objects.create(record=ranked.record, kind="imaging", name=step.label, added_by=ranked.clinician)
    mark, test = StepMark.objects.get(), EarlierTest.objects.exclude(pk=other.pk).get()
    assert mark.test == test
    post(ranked, "step_mark_end", mark.pk)
    for row in (mark, test, other):
        row.refresh_from_db()
    assert (mark.ended_by, test.ended) == (ranked.clinician, mark.ended)
    assert other.ended is None, "one of the same name that somebody else noted stays"
    assert test.result == "nothing found"
    assert Event.objects.get(verb="next_step:end_mark").detail == {"row": str(mark.pk), "test": str(test.pk)}
    assert step.id not in {one.id for one in procedures(ranked, 50)}, "the other one still shows that it was done"
    other.delete()
    assert step.id in {one.id for one in procedures(ranked, 50)}


def test_an_earlier_test_that_is_taken_off_by_hand_takes_its_mark_along_and_brings_it_back(ranked: World) -> None:
    step = procedures(ranked)[0]
    post(ranked, "step_mark", step=step.id, what="done", when="2025-03", result="nothing found")
    mark, test = StepMark.objects.get(), EarlierTest.objects.get()
    assert verbs(lambda: post(ranked, "test_end", test.pk)) == ["test:end"]
    for row in (mark, test):
        row.refresh_from_db()
    assert (test.ended_by, mark.ended, mark.ended_by) == (ranked.clinician, test.ended, ranked.clinician)
    assert Event.objects.get(verb="test:end").detail == {"row": str(test.pk), "marks": [str(mark.pk)]}
    assert step.id in {one.id for one in procedures(ranked, 50)}, "it may be done anew"
    tests = ranked.client("clinician").get(f"/clinic/patients/{ranked.record.pk}/tests/").content.decode()
    assert f"{ranked.clinician.name} took this off" in tests
    post(ranked, "test_restore", test.pk)
    for row in (mark, test):
        row.refresh_from_db()
    assert (test.ended, test.ended_by, mark.ended, mark.ended_by) == (None, None, None, None)
    assert step.id not in {one.id for one in procedures(ranked, 50)}


def test_a_mark_does_not_come_back_over_what_was_decided_meanwhile(ranked: World) -> None:
    step = procedures(ranked)[0]
    post(ranked, "step_mark", step=step.id, what="done")
    done, test = StepMark.objects.get(), EarlierTest.objects.get()
    post(ranked, "test_end", test.pk)
    post(ranked, "step_mark", step=step.id, what="declined", reason="not now")
    post(ranked, "test_restore", test.pk)
    done.refresh_from_db()
    assert done.ended is not None
    assert StepMark.objects.get(ended__isnull=True).what == "declined"


@pytest.mark.parametrize(
    ("name", "done"),
    [
        ("Trio exome (WES), Berlin", {EXOME, PANEL}),
        ("Exom", {EXOME, PANEL}),
        ("whole-genome sequencing", {GENOME, EXOME, PANEL}),
        ("Genomsequenzierung", {GENOME, EXOME, PANEL}),
        ("array-CGH", {MICROARRAY}),
        ("chromosomal microarray testing", {MICROARRAY}),
        ("mitochondrial genome", set()),
        ("mitochondrial genome sequencing", {"own:mitochondrial-genome"}),
        ("FMR1 repeat", set()),
        ("panel of 12 genes", set()),
    ],
)
def test_an_earlier_genetic_test_is_known_by_how_people_write_it(name: str, done: set[str], world: World) -> None:
    burdens = step_tables(ranking.knowledge().facts).burdens
    row = EarlierTest.objects.create(record=world.record, kind="genetic", name=name, added_by=world.clinician)
    assert {one.id for one in done_steps(world.record, burdens)} == done
    EarlierTest.objects.update(kind="other", name="exome")
    assert not done_steps(world.record, burdens), "the word alone, of another kind of test, says nothing"
    row.refresh_from_db()
    row.kind, row.name, row.ended = "genetic", name, row.created
    row.save()
    assert not done_steps(world.record, burdens)


def test_an_exome_that_was_done_is_not_suggested_again_and_the_page_says_so(ranked: World) -> None:
    assert EXOME in {one.id for one in procedures(ranked, 50)}
    EarlierTest.objects.create(
        record=ranked.record, kind="genetic", name="Exome", when="2021", added_by=ranked.clinician
    )
    assert not {EXOME, PANEL} & {one.id for one in procedures(ranked, 50)}
    assert not {EXOME, PANEL} & set(_ids(plan_of(steps(ranked).work_up())))
    text = page(ranked)
    assert "Done already, so not suggested again" in text
    assert "shown by: Exome, 2021" in text


def test_the_exome_that_the_record_holds_counts_as_done(ranked: World) -> None:
    genome = files.read(ranked)
    Genome.objects.filter(pk=genome.pk).update(test="exome", turn=genome.turn + 1)
    assert not {EXOME, PANEL} & {one.id for one in procedures(ranked, 50)}
    assert f"shown by: {genome.title}" in page(ranked)


def test_what_is_done_joins_the_earlier_tests_and_is_not_suggested_again(ranked: World) -> None:
    step = procedures(ranked)[0]
    answer = post(ranked, "step_mark", step=step.id, what="done", when="2025-03", result="nothing found")
    assert answer.status_code == 302
    test = EarlierTest.objects.get()
    assert (test.name, test.when, test.result) == (step.label, "2025-03", "nothing found")
    assert step.id not in {one.id for one in procedures(ranked, 20)}
    work_up = steps(ranked).work_up()
    assert step.id not in _ids(plan_of(work_up))
    assert f"<strong>{step.label}</strong>" in page(ranked)


def test_a_decision_that_is_refused_says_why_at_its_field_and_keeps_what_was_written(ranked: World) -> None:
    step = procedures(ranked)[0]
    for given, words in (
        ({"what": "declined", "reason": " "}, "say why, in a few words"),
        ({"what": "", "reason": "kept"}, "say whether it is done"),
        ({"what": "done", "when": "soon", "reason": "kept"}, "give a year, a month or a day"),
    ):
        answer = post(ranked, "step_mark", step=step.id, **given)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert 'value="kept"' in answer.content.decode()
    assert post(ranked, "step_mark", step="MAXO:9999999", what="done").status_code == 422
    assert not StepMark.objects.exists()
    assert not EarlierTest.objects.exists()


def test_a_second_decision_about_a_step_ends_the_first_which_stays_in_the_history(ranked: World) -> None:
    step = procedures(ranked)[0].id
    for what in ("declined", "not_possible"):
        post(ranked, "step_mark", step=step, what=what, reason="because")
    assert [one.what for one in StepMark.objects.filter(ended__isnull=True)] == ["not_possible"]
    assert StepMark.objects.get(ended__isnull=False).ended_by == ranked.clinician


def askable(world: World) -> str:
    """A question that has a name in plain words."""
    found = differential_of(world.record)
    assert found is not None
    return next(one.step.id for one in cards(questions(world, 20), found) if one.plain and not one.step.how)


def test_a_question_is_put_to_the_family_in_plain_words_and_the_answer_waits_for_the_clinician(ranked: World) -> None:
    hpo = askable(ranked)
    before = differential_of(ranked.record)
    assert post(ranked, "family_ask", hpo=hpo).status_code == 302
    assert "the family is asked" in page(ranked, kind="question")
    home = ranked.client("parent").get(reverse("portal_record", args=[ranked.record.pk])).content.decode()
    assert "Your team asks you about 1 sign" in home
    story = ranked.client("parent").get(reverse("portal_story", args=[ranked.record.pk])).content.decode()
    assert "Your team asks" in story
    reader = ranked.client("reader").get(reverse("portal_story", args=[ranked.record.pk])).content.decode()
    assert "Your team asks" not in reader, "who may only see is asked nothing"
    ranked.client("parent").post(
        reverse("portal_tell_sign", args=[ranked.record.pk]), {"hpo": hpo, "answer": "yes", "typed": ""}
    )
    told = RecordedFinding.objects.get(standing="told")
    assert (told.hpo, told.state) == (hpo, "observed")
    assert AskedQuestion.objects.get().answered
    assert before is not None
    after = differential_of(ranked.record)
    assert after is not None
    assert (before.probabilities == after.probabilities).all(), "an answer moves nothing until a clinician decides"
    text = page(ranked)
    assert "told, waits for you" in text
    assert (
        "Your team asks"
        not in ranked.client("parent").get(reverse("portal_story", args=[ranked.record.pk])).content.decode()
    )


def test_the_family_is_asked_once_about_a_sign_and_only_where_somebody_can_answer(ranked: World) -> None:
    doctor, record, hpo = ranked.actor("clinician"), ranked.record.pk, askable(ranked)
    ask_family(actor=doctor, record=record, hpo=hpo)
    with pytest.raises(RefusedError, match="already"):
        ask_family(actor=doctor, record=record, hpo=hpo)
    with pytest.raises(RefusedError, match="plain words"):
        ask_family(actor=doctor, record=record, hpo="HP:9999999")
    post(ranked, "family_ask_end", AskedQuestion.objects.get().pk)
    ask_family(actor=doctor, record=record, hpo=hpo)
    alone = build.record(ranked.clinic, "Nobody Example", team=[ranked.people["clinician"]])
    build.proxy(alone, days=-1)
    with pytest.raises(RefusedError, match="can answer"):
        ask_family(actor=doctor, record=alone.pk, hpo=hpo)


def test_a_sign_that_the_family_tells_by_itself_answers_what_was_asked_about_it(ranked: World) -> None:
    hpo = askable(ranked)
    ask_family(actor=ranked.actor("clinician"), record=ranked.record.pk, hpo=hpo)
    tell_finding(actor=ranked.actor("parent"), record=ranked.record.pk, hpo=hpo, state=FindingState.EXCLUDED)
    assert AskedQuestion.objects.get().answered


def test_a_plan_that_changed_after_it_was_looked_at_is_not_released(ranked: World) -> None:
    seen = plan_seen(ranked)
    doctor, record = ranked.actor("clinician"), ranked.record.pk
    with pytest.raises(RefusedError, match="has changed"):
        release_plan(actor=doctor, record=record, words="x", previewed="0" * 64)
    assert not ranked.record.plans.exists()
    release_plan(actor=doctor, record=record, words="x", previewed=seen)
    assert ranked.record.plans.count() == 1


def test_a_plan_that_knowledge_failed_for_is_not_released_and_says_why(
    ranked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Knowledge was not there for a moment: when the page comes, it is there again."""

    def failing(**given: object) -> None:
        raise KnowledgeError("the release is being replaced")

    monkeypatch.setattr(work_up, "release_plan", failing)
    answer = post(ranked, "plan_release", words="x", previewed="0" * 64)
    assert answer.status_code == 503
    assert "the release is being replaced" in answer.content.decode()


def test_what_is_done_is_not_done_twice(ranked: World) -> None:
    step = steps(ranked).best(StepKind.PROCEDURE, 1)[0].id
    doctor, record = ranked.actor("clinician"), ranked.record.pk
    mark_step(actor=doctor, record=record, step=step, what="done")
    with pytest.raises(RefusedError, match="done already"):
        mark_step(actor=doctor, record=record, step=step, what="done")
    assert ranked.record.tests.count() == 1


def test_nobody_is_asked_what_the_clinic_states_itself(ranked: World) -> None:
    doctor, record, hpo = ranked.actor("clinician"), ranked.record.pk, askable(ranked)
    ask_family(actor=doctor, record=record, hpo=hpo)
    set_finding(actor=doctor, record=record, hpo=hpo, state=FindingState.EXCLUDED)
    question = AskedQuestion.objects.get()
    assert question.ended is not None
    assert not question.answered
    with pytest.raises(RefusedError, match="stated in the record already"):
        ask_family(actor=doctor, record=record, hpo=hpo)


def test_the_kind_the_burden_and_sleep_limit_what_is_shown(ranked: World) -> None:
    only = page(ranked, kind="question")
    assert 'id="procedures-title"' not in only
    assert only.count('class="card step"') > 5
    assert 'id="questions-title"' not in page(ranked, kind="genetic")
    light = steps(ranked).best(StepKind.PROCEDURE, 10, limits=Limits(None, 5.0, awake=True))
    text = page(ranked, kind="", burden="light", awake="1")
    for one in light[:4]:
        assert one.label[1:] in text
    assert all(one.weighed <= 5 and one.burden.anaesthesia in (0.0, 1.0) for one in light)
    assert page(ranked, kind="rubbish", burden="rubbish", awake="rubbish").count("<h4") == page(ranked).count("<h4")


def test_steps_are_kept_until_the_case_or_a_decision_changes(ranked: World) -> None:
    forget()
    page(ranked)
    made = next_steps._steps.cache_info().misses
    page(ranked)
    assert next_steps._steps.cache_info().misses == made
    post(ranked, "step_mark", step=procedures(ranked)[0].id, what="declined", reason="no")
    page(ranked)
    assert next_steps._steps.cache_info().misses > made


def test_an_unknown_burden_is_said_and_never_counted_as_nothing(ranked: World) -> None:
    known = procedures(ranked)[0].burden
    blank = replace(known, cost_eur=None, risk_per_1000=None, delay_days=None, anaesthesia=None, radiation_msv=None)
    assert burden_words(blank) == [
        "cost unknown", "wait unknown", "risk unknown", "anaesthesia unknown", "radiation unknown",
    ]  # fmt: skip
    free = replace(known, cost_eur=0.0, risk_per_1000=0.0, delay_days=0.0, anaesthesia=0.0, radiation_msv=0.0)
    assert burden_words(free) == ["nothing that counts"]


def test_without_findings_nothing_is_suggested_and_without_knowledge_the_page_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Nothing can be suggested yet." in page(world)
    assert "Nothing can be suggested yet." in page(world, "work_up")

    class Missing:
        @staticmethod
        def open(**_: object) -> None:
            raise KnowledgeError("no knowledge is built")

    monkeypatch.setattr(ranking, "Knowledge", Missing)
    ranking.knowledge.cache_clear()
    for name in ("next_step", "work_up"):
        assert world.client("clinician").get(reverse(name, args=[world.record.pk])).status_code == 503


def test_the_clinic_s_own_tables_count_and_wrong_ones_stop_every_suggestion(ranked: World, settings: Any) -> None:
    """Without its own warnings nothing is suggested: one that is missing might do harm."""
    found = differential_of(ranked.record)
    assert found is not None
    folder = settings.CONFIGURATION.folder
    first = found.id_of(int(found.order[0]))
    avoid = folder / "avoid.csv"
    try:
        for disease, status, words in ((first, 200, "it breaks"), ("Marfan", 503, "line 2")):
            row = f"{disease},radiation,,it breaks,ours,2026-11-24"
            avoid.write_text(f"diseases,action,unless,reason,source,date\n{row}\n", encoding="utf-8")
            step_tables.cache_clear()
            forget()
            for name in ("next_step", "work_up"):
                answer = ranked.client("clinician").get(reverse(name, args=[ranked.record.pk]))
                assert (answer.status_code, words in answer.content.decode()) == (status, True), (name, words)
        assert any("avoid.csv" in one.what and one.error for one in remarks())
    finally:
        avoid.unlink()
        step_tables.cache_clear()
        forget()


def _ids(steps: list[dict[str, Any]]) -> list[str]:
    return [one for step in steps for one in (step["id"], *_ids(step["then"]))]


def test_the_plan_for_the_family_names_no_disease_and_no_probability(ranked: World) -> None:
    found = differential_of(ranked.record)
    assert found is not None
    assert post(ranked, "plan_release", words="As we said on Monday", previewed=plan_seen(ranked)).status_code == 302
    text = ranked.client("patient").get(reverse("portal_plan", args=[ranked.record.pk])).content.decode()
    assert "As we said on Monday" in text
    assert f"Written by {ranked.clinician.name}" in text
    stored = str(SharedPlan.objects.get().steps)
    for index in found.order[:40]:
        name = found.knowledge.disease_name(int(index))
        assert name not in text
        assert name not in stored
    assert "%" not in text.split("<main")[1].split("</main")[0]
    assert "EUR" not in text
    steps = SharedPlan.objects.get().steps
    assert all(not inner["then"] for step in steps for inner in step["then"])
    assert text.count('class="plan__step"') == len(steps) + sum(len(step["then"]) for step in steps)


def test_the_plan_is_there_only_while_it_is_released_and_stays_as_it_was(ranked: World) -> None:
    address = reverse("portal_plan", args=[ranked.record.pk])
    assert "Nothing here yet." in ranked.client("patient").get(address).content.decode()
    release_plan(actor=ranked.actor("clinician"), record=ranked.record.pk, words="first", previewed=plan_seen(ranked))
    plan = SharedPlan.objects.get()
    before = list(plan.steps)
    set_finding(
        actor=ranked.actor("clinician"), record=ranked.record.pk, hpo=questions(ranked)[0].id,
        state=FindingState.OBSERVED,
    )  # fmt: skip
    plan.refresh_from_db()
    assert plan.steps == before, "what the family reads changes only when a clinician releases it anew"
    release_plan(actor=ranked.actor("clinician"), record=ranked.record.pk, words="second", previewed=plan_seen(ranked))
    assert SharedPlan.objects.filter(ended__isnull=True).count() == 1
    text = ranked.client("patient").get(address).content.decode()
    assert "second" in text
    assert ">first<" not in text
    post(ranked, "plan_end", SharedPlan.objects.get(ended__isnull=True).pk)
    assert "Nothing here yet." in ranked.client("patient").get(address).content.decode()
    with pytest.raises(NotAllowedError):
        release_plan(actor=ranked.actor("counsellor"), record=ranked.record.pk, words="x", previewed=plan_seen(ranked))


def test_the_plan_is_read_in_the_language_of_the_reader(ranked: World) -> None:
    work_up = steps(ranked).work_up()
    stored = plan_of(work_up)
    with translation.override("de"):
        german = in_words(stored)
    english = in_words(stored)
    assert [one.is_question for one in german] == [one.is_question for one in english]
    assert german[0].what != english[0].what
