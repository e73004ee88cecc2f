"""Decides about suggested steps, puts a question to the family, and releases the plan of the work-up to them."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.mail import Kind
from hoofbeat.web.records.actions.background import noted_test
from hoofbeat.web.records.actions.change import RefusedError, at_most, changing
from hoofbeat.web.records.actions.telling import links_that_may, tell_family
from hoofbeat.web.records.models import AskedQuestion, EarlierTest, SharedPlan, StepMark
from hoofbeat.web.records.next_steps import NextSteps
from hoofbeat.web.records.plain_terms import plain_terms
from hoofbeat.web.records.plan import checksum_of, plan_of
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.step_tables import step_tables

MAX_REASON = 1_000
MAX_WORDS = 2_000
MOST_ASKED = 10  # questions that wait for a family at once: more is a questionnaire (ours)

_KIND_OF_TEST = {
    "genetic": EarlierTest.Kind.GENETIC,
    "laboratory": EarlierTest.Kind.LABORATORY,
    "imaging": EarlierTest.Kind.IMAGING,
    "tissue": EarlierTest.Kind.TISSUE,
    "surgery": EarlierTest.Kind.TISSUE,
    "angiography": EarlierTest.Kind.VESSEL,
    "physiology": EarlierTest.Kind.FUNCTION,
}


def mark_step(
    *, actor: Actor, record: UUID, step: str, what: str, reason: str = "", when: str = "", result: str = ""
) -> StepMark:
    """Note that a step is done (it joins the earlier tests), declined or not possible, or that it may be done although
    a veto stands. Raises RefusedError without a reason, but for what is done.
    """
    permission = Permission.DIAGNOSE if what == StepMark.What.ALL_THE_SAME else Permission.FIND
    with changing(actor, record, permission, "next_step:mark") as change:
        if what not in StepMark.What.values:
            raise RefusedError(_("say whether it is done, declined or not possible"), field="what")
        identifier, label, family = _step(step)
        is_done = what == StepMark.What.DONE
        reason = at_most(MAX_REASON, reason, "reason")
        if not reason and not is_done:
            raise RefusedError(_("say why, in a few words"), field="reason")
        now = timezone.now()
        standing = change.record.step_marks.filter(step=identifier, ended__isnull=True)
        if is_done and standing.filter(what=StepMark.What.DONE).exists():
            raise RefusedError(_("this is marked as done already; look at the page again"))
        standing.update(ended=now, ended_by=actor.user)
        kind = _KIND_OF_TEST.get(family, EarlierTest.Kind.OTHER)
        test = noted_test(change, kind, label, when, result) if is_done else None
        made = StepMark.objects.create(
            record=change.record,
            step=identifier,
            label=label,
            what=what,
            reason=reason,
            test=test,
            marked_by=actor.user,
        )
        change.detail = {"row": str(made.pk)}
    return made


def end_mark(*, actor: Actor, record: UUID, mark: UUID) -> None:
    """Take a decision about a step back: it may be suggested again, and a veto binds again. What was noted as done was
    not: the earlier test that it became goes off the list, and stays in the history.
    """
    with changing(actor, record, Permission.FIND, "next_step:end_mark") as change:
        found = change.record.step_marks.filter(pk=mark, ended__isnull=True).select_related("test").first()
        if found is None:
            raise RefusedError(_("this is taken back already; look at the page again"))
        found.ended, found.ended_by = timezone.now(), actor.user
        found.save(update_fields=["ended", "ended_by"])
        change.detail = {"row": str(found.pk)}
        if found.test is not None and found.test.ended is None:
            found.test.ended, found.test.ended_by = found.ended, actor.user
            found.test.save(update_fields=["ended", "ended_by"])
            change.detail["test"] = str(found.test.pk)


def ask_family(*, actor: Actor, record: UUID, hpo: str) -> AskedQuestion:
    """Put a question to the patient and those who act for them, in plain words on their pages.

    Raises RefusedError for a sign without a name in plain words, one that is asked already, or where nobody at home
    could answer.
    """
    with changing(actor, record, Permission.FIND, "next_step:ask") as change:
        ontology = knowledge().ontology
        index = ontology.resolve(hpo.strip()).index
        if index is None or plain_terms().of(hpo.strip()) is None:
            raise RefusedError(_("this sign has no name in plain words; ask about it in a message or at the visit"))
        if not links_that_may(change.record, Permission.TELL):
            raise RefusedError(_("nobody of the family can answer here yet; invite somebody, or ask at the visit"))
        if change.record.findings.filter(hpo=ontology.id(index), standing="confirmed", ended__isnull=True).exists():
            raise RefusedError(_("this sign is stated in the record already"))
        waiting = change.record.asked.filter(ended__isnull=True)
        identifier = ontology.id(index)
        if waiting.filter(hpo=identifier).exists():
            raise RefusedError(_("the family is asked about this already"))
        if waiting.count() >= MOST_ASKED:
            message = _("%(count)d questions wait for the family already; take one back first")
            raise RefusedError(message % {"count": MOST_ASKED})
        made = AskedQuestion.objects.create(
            record=change.record, hpo=identifier, label=ontology.name(index)[:200], asked_by=actor.user
        )
        change.detail = {"row": str(made.pk)}
        tell_family(Kind.NEWS, change.record, who_may=Permission.TELL)
    return made


def take_question_back(*, actor: Actor, record: UUID, question: UUID) -> None:
    """The family is not asked any more."""
    with changing(actor, record, Permission.FIND, "next_step:take_question_back") as change:
        if not change.record.asked.filter(pk=question, ended__isnull=True).update(ended=timezone.now()):
            raise RefusedError(_("the family has answered, or somebody took it back; look at the page again"))
        change.detail = {"row": str(question)}


def release_plan(*, actor: Actor, record: UUID, words: str, previewed: str) -> SharedPlan:
    """Let the family read the work-up as it stands now, in plain words; what was released before ends.

    `previewed` is the checksum of the plan that was looked at (`checksum_of`); another one is never released.
    """
    with changing(actor, record, Permission.RELEASE, "plan:release") as change:
        words = at_most(MAX_WORDS, words, "words")
        found = NextSteps.of(change.record)
        steps = [] if found is None else plan_of(found.work_up())
        if not steps:
            raise RefusedError(_("there is no step to plan; enter findings first"), field="words")
        if previewed != checksum_of(steps):
            raise RefusedError(_("the plan has changed since you looked at it; read it again below"), field="words")
        made = change.once(SharedPlan, steps=steps, words=words, released_by=actor.user, ended=None)
        if change.is_repeat:
            return made
        change.record.plans.filter(ended__isnull=True).exclude(pk=made.pk).update(ended=timezone.now())
        change.detail = {"row": str(made.pk), "steps": len(steps)}
        tell_family(Kind.NEWS, change.record, who_may=Permission.READ)
    return made


def end_plan(*, actor: Actor, record: UUID, plan: UUID) -> None:
    """The family no longer sees the plan."""
    with changing(actor, record, Permission.RELEASE, "plan:end") as change:
        if not change.record.plans.filter(pk=plan, ended__isnull=True).update(ended=timezone.now()):
            raise RefusedError(_("this release has ended already; look at the page again"))
        change.detail = {"row": str(plan)}


def _step(given: str) -> tuple[str, str, str]:
    """Identifier, name and family of a procedure or test that the release or the burden file knows."""
    burdens = step_tables(knowledge().facts).burdens
    identifier = given.strip()
    if identifier not in burdens.rows and burdens.actions.index(identifier) is None:
        raise RefusedError(_("this step is not known any more; look at the page again"), field="what")
    burden = burdens.of(identifier)
    return identifier, burden.name[:200], burden.family
