"""A stored plan in words for the patient and family, in the language of the page. The clinician reads the same before
it is released.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoofbeat.diagnosis.next_step import StepKind
from hoofbeat.diagnosis.next_step.protocol import Stop
from hoofbeat.knowledge.burden import ANAESTHESIA
from hoofbeat.web.pages.english import around_english, english
from hoofbeat.web.records.plain_terms import ExplainedTerm, explained_term, first_sentence

RARE = 0.1  # of 1,000: below that a number frightens more than it tells (ours)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One place of the plan in words: what is asked or done, what that means for the patient, and what comes then.

    Where no step follows a find, `after_find` says what does; `after_none` where it is the last in its row.
    """

    what: str
    meaning: str
    asks: tuple[str, ...]
    looks_for: tuple[str, ...]
    if_found: str
    then: tuple[PlannedStep, ...]
    after_find: str
    if_not: str
    after_none: str
    is_question: bool


def in_words(steps: list[dict[str, Any]]) -> tuple[PlannedStep, ...]:
    """A stored plan in the language of the page."""
    return tuple(_planned(one) for one in steps)


def _planned(step: Mapping[str, Any]) -> PlannedStep:
    is_question = step.get("kind") == StepKind.QUESTION.value
    label, how = str(step.get("label", "")), str(step.get("how", ""))
    meaning = ""
    if is_question:
        found = explained_term(str(step.get("id", "")), label)
        meaning = english(found.meaning) if found.meaning else ""
        if how:
            what = around_english(
                _("We look for: %(sign)s. This is done by: %(how)s."), sign=_called(found), how=english(how)
            )
        else:
            what = around_english(_("We ask you about: %(sign)s"), sign=_called(found))
    else:
        plain = plain_procedures().get(str(step.get("id", "")))
        if plain:
            what = around_english(
                _("We do: %(plain)s (medical word: %(procedure)s)"), plain=plain, procedure=english(label)
            )
        else:
            what = around_english(_("We do: %(procedure)s"), procedure=english(label))
    return PlannedStep(
        what=what,
        meaning=meaning,
        asks=() if step.get("asking") else tuple(_asks(step)),
        looks_for=tuple(_looked_for(str(one["id"]), str(one["label"])) for one in step.get("finds", ())),
        if_found=_("If yes") if is_question else _("If something is found"),
        then=in_words(step.get("then", [])),
        after_find=_what_then(str(step.get("after_find", ""))),
        if_not=_("If not, or if nobody can say") if is_question else _("If nothing is found"),
        after_none=_what_then(str(step.get("after_none", ""))),
        is_question=is_question,
    )


def plain_procedures() -> dict[str, str]:
    """What a family would call the more common procedures, by their identifier (ours), in the language of the page."""
    return {
        "MAXO:0000595": _("X-ray pictures"),
        "MAXO:0010356": _("an X-ray of the chest"),
        "MAXO:0035050": _("an X-ray of the spine"),
        "MAXO:0035001": _("an X-ray of the hand"),
        "MAXO:0035006": _("an X-ray of the foot"),
        "MAXO:0035052": _("an X-ray of the hip"),
        "MAXO:0010203": _("an ultrasound of the heart"),
        "MAXO:0010217": _("an ultrasound of the kidneys"),
        "MAXO:0010200": _("an ultrasound of the belly"),
        "MAXO:0000900": _("a recording of the heartbeat (ECG)"),
        "MAXO:0000932": _("a recording of brain waves (EEG)"),
        "MAXO:0035059": _("a test of how fast nerves carry signals"),
        "MAXO:0000915": _("a night in the sleep laboratory"),
        "MAXO:0000703": _("a visit to an eye doctor"),
        "MAXO:0000973": _("a look into the eyes with a special microscope"),
        "MAXO:0035004": _("a look at the back of the eyes"),
        "MAXO:0000873": _("a hearing test"),
        "MAXO:0000836": _("a blood test of clotting"),
        "MAXO:0001509": _("a count of the blood cells"),
        "MAXO:0000787": _("a blood test"),
        "MAXO:0000789": _("a urine test"),
        "MAXO:0009004": _("a test of the parts of all genes that make proteins"),
        "MAXO:0009006": _("a test of the whole genetic material"),
        "MAXO:0001615": _("a test of some chosen genes"),
        "MAXO:0001612": _("a test for missing or extra pieces of chromosomes"),
    }


def _called(term: ExplainedTerm) -> str:
    """A sign by its plain name; the doctors' word for one without is said to be one."""
    if term.is_plain:
        return english(term.name)
    return around_english(_("%(word)s (medical word)"), word=english(term.name))


def _looked_for(hpo: str, label: str) -> str:
    """What a procedure can show; a word of the doctors with what it means."""
    term = explained_term(hpo, label)
    if term.is_plain or not term.meaning:
        return _called(term)
    return around_english(
        _("%(word)s (medical word; it means: %(meaning)s)"),
        word=english(term.name), meaning=english(first_sentence(term.meaning)),
    )  # fmt: skip


def _what_then(why: str) -> str:
    """How it goes on where the plan says no more: in words without diseases and without probabilities."""
    return {
        Stop.NAMED.value: _("a cause is then named. Your doctors weigh it and talk about it with you."),
        Stop.SURE.value: _("one explanation fits better than all others. Your doctors check it together with you."),
        Stop.NOTHING.value: _("nothing more is worth asking now. The search stays open, and we look again later."),
    }.get(why, _("we look at the whole picture again with you."))


def _asks(step: Mapping[str, Any]) -> list[str]:
    """What a step means for the patient, without costs; what nobody knows is said."""
    said = [_how_it_feels().get(str(step.get("family", "")), "")]
    sleep = step.get("sleep")
    if sleep is None:
        said.append(_("whether you need to sleep for it: ask us"))
    elif sleep:
        words = {"local": _("the place is made numb"), "sedation": _("you doze"), "general": _("you sleep, fully")}
        said.append(words[ANAESTHESIA[int(sleep)]])
    days = step.get("days")
    if days is None:
        said.append(_("how long it takes: ask us"))
    elif days:
        count = max(1, round(days))
        told = ngettext("the answer takes about %(days)d day", "the answer takes about %(days)d days", count)
        said.append(told % {"days": count})
    harm = step.get("harm")
    if harm is None:
        said.append(_("what can go wrong: ask us"))
    elif harm >= 1:
        count = round(harm)
        text = ngettext(
            "in about %(count)d of 1,000 people something serious goes wrong",
            "in about %(count)d of 1,000 people something serious goes wrong",
            count,
        )
        said.append(text % {"count": count})
    elif harm >= RARE:
        said.append(_("in fewer than 1 of 1,000 people something serious goes wrong"))
    elif harm:
        said.append(_("something serious goes wrong very rarely"))
    if step.get("rays"):
        said.append(_("with X-rays"))
    return [one for one in said if one]


def _how_it_feels() -> Mapping[str, str]:
    return {
        "examination": _("somebody examines you"),
        "laboratory": _("blood, urine or another sample is taken"),
        "physiology": _("something of the body is measured"),
        "imaging": _("pictures of the inside of the body"),
        "angiography": _("pictures of the vessels, with a thin tube in one of them"),
        "endoscopy": _("somebody looks inside with a thin camera"),
        "tissue": _("a small piece of tissue is taken"),
        "surgery": _("an operation"),
        "genetic": _("blood or saliva for a genetic test"),
    }
