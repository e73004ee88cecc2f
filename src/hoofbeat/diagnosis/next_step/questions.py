"""The best questions of a case: open findings by expected bits per burden, near-duplicates left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.next_step.ahead import in_order
from hoofbeat.diagnosis.next_step.effects import ranked_effect
from hoofbeat.diagnosis.next_step.limits import EVERY_STEP
from hoofbeat.diagnosis.next_step.open_questions import NEARLY_THE_SAME
from hoofbeat.diagnosis.next_step.procedures import shown_terms
from hoofbeat.diagnosis.next_step.setting import WORTH_ASKING, Setting
from hoofbeat.diagnosis.next_step.suggestion import AnswerEffect, StepKind, Suggestion
from hoofbeat.knowledge.burden import QUESTION, Burden, Burdens
from hoofbeat.knowledge.knowledge import Knowledge

LOOKED_AT = 300  # questions whose burden is looked up, the most telling first (ours)
LEADING = 100  # candidates by which near-duplicates are told (ours)
ALIKE = 0.9  # two questions that the leading candidates answer with this correlation are one (ours)
ASKED_OR_SEEN = frozenset({QUESTION, "examination"})  # families of actions that are asking and looking

FloatArray = NDArray[np.float64]


def ranked_questions(setting: Setting, top: int) -> tuple[Suggestion, ...]:
    """At most `top` questions that tell at least WORTH_ASKING bits, best first."""
    return tuple(suggested_question(setting, term) for term in best_questions(setting, top))


def best_questions(setting: Setting, top: int) -> list[int]:
    """The terms of these questions."""
    shortlist = _shortlist(setting)
    if not len(shortlist):
        return []
    weighed = question_burdens(setting.knowledge, setting.burdens, setting.unborn).weighed
    return _different(setting, in_order(setting, shortlist, weighed[shortlist]), top)


def worth_of_question(setting: Setting, term: int) -> float:
    """Bits of the sharper doubt that a question tells per burden."""
    weighed = question_burdens(setting.knowledge, setting.burdens, setting.unborn).weighed
    return float(setting.aim[term] / weighed[term])


def best_question(setting: Setting) -> int | None:
    """The best open finding, whatever it asks of the patient; None where none is worth asking."""
    shortlist = _shortlist(setting)
    return int(in_order(setting, shortlist, np.ones(len(shortlist)))[0]) if len(shortlist) else None


def _shortlist(setting: Setting) -> NDArray[np.int64]:
    """The most telling open findings, most telling first."""
    usable = (
        setting.open
        & setting.stated
        & ~setting.skipped_terms
        & _wanted(setting)
        & (setting.information >= WORTH_ASKING)
    )
    terms = np.flatnonzero(usable)
    return terms[np.lexsort((terms, -setting.aim[terms]))][:LOOKED_AT]


@dataclass(frozen=True, eq=False)
class QuestionBurdens:
    """Per term what answering its question asks, in questions (`weighed`), and through which of `actions` it is
    answered (`through`; -1: by asking or looking).
    """

    weighed: FloatArray
    through: NDArray[np.int64]
    actions: tuple[str, ...]


@lru_cache(maxsize=4)
def question_burdens(knowledge: Knowledge, burdens: Burdens, unborn: bool) -> QuestionBurdens:
    """What answering asks: a question where asking or looking is enough, as far as is known; else the lightest action
    that shows the finding.
    """
    question = burdens.weighed(burdens.of(QUESTION))
    shown = shown_terms(knowledge, burdens, unborn)
    lightest = np.full(len(knowledge.ontology), np.inf)
    through = np.full(len(knowledge.ontology), -1, dtype=np.int64)
    for place in sorted(range(len(shown.actions)), key=lambda one: shown.actions[one]):
        burden, terms = burdens.of(shown.actions[place]), shown.terms[place]
        is_asking = burden.family in ASKED_OR_SEEN
        weighed = question if is_asking else burdens.weighed(burden)
        lighter = terms[weighed < lightest[terms]]
        lightest[lighter] = weighed
        through[lighter] = -1 if is_asking or weighed <= question else place
    weighed_all = np.where(np.isfinite(lightest), lightest, question)
    return QuestionBurdens(weighed_all, through, shown.actions)


def burden_of_question(setting: Setting, term: int) -> tuple[Burden, str]:
    """The burden that answering a question has, and the name of the action that it takes where asking is not enough."""
    found = question_burdens(setting.knowledge, setting.burdens, setting.unborn)
    place = int(found.through[term])
    if place < 0:
        return setting.burdens.of(QUESTION), ""
    burden = setting.burdens.of(found.actions[place])
    return burden, burden.name


def _wanted(setting: Setting) -> NDArray[np.bool_]:
    """Per term, whether the limits allow what answering it asks. Families are those of procedures."""
    limits = replace(setting.limits, families=None)
    if limits == EVERY_STEP:
        return np.ones(len(setting.knowledge.ontology), dtype=np.bool_)
    found = question_burdens(setting.knowledge, setting.burdens, setting.unborn)
    rows = [setting.burdens.of(one) for one in (*found.actions, QUESTION)]  # asking comes last: place -1
    return np.array([limits.allow(row, setting.burdens.weighed(row)) for row in rows])[found.through]


def _different(setting: Setting, ordered: NDArray[np.int64], top: int) -> list[int]:
    """The first questions of which no two are nearly the same."""
    ontology, content = setting.knowledge.ontology, setting.knowledge.information_content
    leading = np.argsort(-setting.belief[:-1], kind="stable")[:LEADING]
    weights = setting.belief[leading] / setting.belief[leading].sum()
    kept: list[int] = []
    answers: list[FloatArray] = []
    for term in ordered.tolist():
        if len(kept) == top:
            break
        own = setting.expectations.yes_of(np.array([term]), leading)[0]
        own = own - own @ weights
        own = own / max(float(np.sqrt((own**2) @ weights)), 1e-12)
        related = any(
            (ontology.is_a(term, other) or ontology.is_a(other, term))
            and abs(content[term] - content[other]) < NEARLY_THE_SAME
            for other in kept
        )
        if related or any(abs(float((own * other) @ weights)) >= ALIKE for other in answers):
            continue
        kept.append(term)
        answers.append(own)
    return kept


def suggested_question(setting: Setting, term: int) -> Suggestion:
    """The question about a term, with what its answers would do."""
    ontology = setting.knowledge.ontology
    burden, how = burden_of_question(setting, term)
    weighed = setting.burdens.weighed(burden)
    return Suggestion(
        kind=StepKind.QUESTION,
        id=ontology.id(term),
        label=ontology.name(term),
        bits=float(setting.information[term]),
        standard_error=0.0,
        burden=burden,
        weighed=weighed,
        worth=float(setting.aim[term]) / weighed,
        answers=answers_of_question(setting, term),
        how=how,
        notes=unknown_note(burden),
    )


def answers_of_question(setting: Setting, term: int) -> dict[str, AnswerEffect]:
    """What yes, no and unclear would do, by ranking the case anew."""
    finding = (setting.knowledge.ontology.id(term),)
    yes = float(setting.chance[term])
    before, differential = setting.belief, setting.differential
    return {
        "yes": ranked_effect(differential, before, "yes", yes, observed=finding),
        "no": ranked_effect(differential, before, "no", 1.0 - yes, excluded=finding),
        "unclear": ranked_effect(differential, before, "unclear", None),
    }


def unknown_note(burden: Burden) -> tuple[str, ...]:
    """That something of a burden is unknown, where it is."""
    if not burden.unknown:
        return ()
    names = ", ".join(name.split("_")[0] for name in burden.unknown)
    return (f"{names}: unknown, reckoned with the worst that the burden file assumes",)
