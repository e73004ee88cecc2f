"""Signs in a story: after somebody told in their own words, which signs they may mean, in plain words, to answer.

The words stay as they are. A yes is told to the team like any other sign and waits for a clinician; what was said of
somebody else in the family is never asked as the patient's, and what was told in confidence is not picked apart, for
signs are seen by everybody who acts for the patient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoofbeat.cases.finding import FindingState
from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.language import other_language
from hoofbeat.interchange.text.mention import Assertion
from hoofbeat.interchange.text.sentences import sentence_at, sentences
from hoofbeat.interchange.text.suggestions import suggestions
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.plain_terms import PlainTerm
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.guard import signed_in
from hoofbeat.web.portal.place import open_page_of, show_page
from hoofbeat.web.records.actions.change import NoSuchThingError, RefusedError, may_change
from hoofbeat.web.records.actions.findings import tell_findings
from hoofbeat.web.records.actions.stating import Statement
from hoofbeat.web.records.free_text import lexicon
from hoofbeat.web.records.models import Record, RecordedFinding, StoryEntry
from hoofbeat.web.records.plain_terms import plain_name, plain_terms

MOST = 12  # things asked about one story: each takes a moment to find and to answer. Ours.
LONGEST_QUOTE = 300
NONE, UNSURE = "none", "unsure"
FIELD = "sign-"  # before the place of the words in the story, so that an answer never lands on other words
# What a yes tells, by what the words say.
YES = {Assertion.NEGATED: FindingState.EXCLUDED, Assertion.UNCERTAIN: FindingState.UNCERTAIN,
       Assertion.PLANNED: FindingState.UNCERTAIN}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """Some words of a story, the sentence around them, and the signs that they may mean. `state`: what a yes tells."""

    name: str
    words: str
    sentence: str
    state: FindingState
    terms: tuple[PlainTerm, ...]
    may_be_unsure: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about a story, and what in it is of somebody else (words, and of whom)."""

    questions: tuple[Question, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()
    is_english: bool = True


def mentions_signs(text: str) -> bool:
    """Whether a story names a sign by a name that is known; a quick look."""
    try:
        return not other_language(text) and any(
            one.assertion is not Assertion.FAMILY for one in find_terms(text, lexicon())
        )
    except KnowledgeError:
        return False


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(portal=True)
def story_signs(request: HttpRequest, actor: Actor, pk: UUID, story: UUID) -> HttpResponse:
    """The questions; after sending them, what was told."""
    if request.method != "POST":
        return _page(request, actor, *_opened(actor, pk, story))
    entry = _entry(may_change(actor, pk, Permission.TELL), story)
    if entry is None:
        raise NoSuchThingError
    try:
        said = _answers(request.POST, _asked(entry))
        told = tell_findings(actor=actor, record=pk, told=said) if said else []
    except RefusedError as refusal:
        return _page(request, actor, *_opened(actor, pk, story), refusal)
    if told:
        names = ", ".join(plain_name(one.hpo, one.label) for one in told)
        messages.success(request, _("Told: %(sign)s. Somebody of your team looks at it.") % {"sign": names})
    else:
        messages.success(request, _("Thank you. Your words stay as you wrote them."))
    return redirect("portal_story", pk)


def asked_of(entry: StoryEntry) -> Asked:
    """What to ask about a story."""
    text = entry.text
    if other_language(text):
        return Asked(is_english=False)
    parts = list(sentences(text))
    told = set(
        entry.record.findings.filter(
            origin=RecordedFinding.Origin.FAMILY, standing=RecordedFinding.Standing.TOLD, ended__isnull=True
        ).values_list("hpo", flat=True)
    )
    questions: list[Question] = []
    others: list[tuple[str, str]] = []
    known: dict[str, str] = {}
    asked: set[str] = set()
    for one in suggestions(text, lexicon(), plain_terms(), most=MOST):
        said = one.mention.assertion if one.mention else Assertion.PRESENT
        if one.mention and said is Assertion.FAMILY:
            others.append((one.text, one.mention.who))
            continue
        if one.mention and one.mention.hpo in told:
            known[one.mention.hpo] = plain_name(one.mention.hpo, one.mention.label)
            continue
        # A name that is known means its sign; what merely sounds alike would frighten ("heart tumor" for a murmur).
        alike = one.terms[:1] if one.mention else one.terms
        terms = tuple(term for term in alike if term.hpo not in told | asked)
        if not terms:
            continue
        asked.update(term.hpo for term in terms[:1])
        sentence = " ".join(sentence_at(parts, one.start).text.split())[:LONGEST_QUOTE]
        state = YES.get(said, FindingState.OBSERVED)
        questions.append(Question(f"{FIELD}{one.start}", one.text, sentence, state, terms, one.mention is not None))
    return Asked(tuple(questions), tuple(dict.fromkeys(others)), tuple(known.values()))


def _opened(actor: Actor, pk: UUID, story: UUID) -> tuple[Record, StoryEntry]:
    return open_page_of(actor, pk, "signs", lambda record: _entry(record, story), Permission.TELL)


def _entry(record: Record, story: UUID) -> StoryEntry | None:
    return record.story.filter(pk=story, confidential=False).first()


def _answers(given: Mapping[str, str], asked: Asked) -> list[Statement]:
    """What was said yes to, or not sure of. Raises RefusedError where nothing was answered."""
    answers = [(one, given.get(one.name, "")) for one in asked.questions]
    names = {one.name for one in asked.questions}
    if any(name.startswith(FIELD) and name not in names for name in given):
        raise RefusedError(_("somebody has told one of these signs meanwhile; look at the questions again"))
    if not any(answer for _question, answer in answers):
        field = "questions" if asked.questions else ""
        raise RefusedError(_("choose an answer first; you can also go back to your story"), field=field)
    made: dict[str, Statement] = {}
    for question, answer in answers:
        state = FindingState.UNCERTAIN if answer == UNSURE and question.may_be_unsure else question.state
        hpo = question.terms[0].hpo if answer == UNSURE and question.may_be_unsure else answer
        if hpo in {term.hpo for term in question.terms}:
            made.setdefault(hpo, Statement(hpo, state, words=question.sentence))
    return list(made.values())


def _asked(entry: StoryEntry) -> Asked:
    """What to ask; nothing where the knowledge is not built."""
    try:
        return asked_of(entry)
    except KnowledgeError:
        return Asked()


def _page(
    request: HttpRequest, actor: Actor, record: Record, entry: StoryEntry, refusal: RefusedError | None = None
) -> HttpResponse:
    context = {"asked": _asked(entry), "entry": entry, "NONE": NONE, "UNSURE": UNSURE}
    return show_page(request, actor, record, "story_signs.html", context, refusal)
