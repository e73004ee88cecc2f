"""`next_step(case, differential, knowledge) -> tuple[Suggestion, ...]`: what to ask or do next, and why. Pure.

Steps come by expected bits per weighed burden, those that must wait last; beside each stands whether it is on the front
of steps of which none tells more for less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.case import Case
from hoofbeat.cases.time_element import GestationalAge
from hoofbeat.diagnosis.next_step.expectations import expectations_of
from hoofbeat.diagnosis.next_step.limits import EVERY_STEP, Limits
from hoofbeat.diagnosis.next_step.open_questions import open_terms, stated_terms
from hoofbeat.diagnosis.next_step.questions import (
    best_questions,
    ranked_questions,
    suggested_question,
    worth_of_question,
)
from hoofbeat.diagnosis.next_step.setting import Setting
from hoofbeat.diagnosis.next_step.suggested_procedures import ranked_procedures
from hoofbeat.diagnosis.next_step.suggestion import StepKind, Suggestion
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.interchange.avoid_file import shipped_avoid_records
from hoofbeat.interchange.burden_file import shipped_burdens
from hoofbeat.knowledge.avoid import AvoidRecord
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge

TOP = 5
NO_ACTIONS = (
    "the knowledge holds no medical actions of MAxO: what a procedure can show is known only as far as the burden file "
    "says it; `hoofbeat knowledge update` fetches them"
)


def next_step(
    case: Case,
    differential: Differential,
    knowledge: Knowledge,
    *,
    kind: StepKind | str = StepKind.QUESTION,
    burdens: Burdens | None = None,
    avoid: Iterable[AvoidRecord] | None = None,
    overrides: Mapping[str, str] | None = None,
    belief: NDArray[np.float64] | None = None,
    skipped: Iterable[str] = (),
    limits: Limits = EVERY_STEP,
    least: float = 0.0,
    top: int = TOP,
) -> tuple[Suggestion, ...]:
    """The best questions, or procedures and genetic tests; empty where nothing is worth asking.

    `burdens` and `avoid` default to the files that ship; `overrides` gives per action the reason for doing it
    although a veto stands against it (an empty reason overrides nothing). `belief` takes the place of the
    differential's probabilities where more is known than findings, such as a negative genetic test; `skipped` names
    steps that were done, `limits` which are wanted at all; procedures that are worth less than `least` may be left out.
    Raises ValueError where the differential is of another case or knowledge.
    """
    setting = setting_of(
        case, differential, knowledge, burdens, avoid, overrides, belief=belief, skipped=skipped, limits=limits
    )
    if StepKind(kind) is StepKind.QUESTION:
        return _fronted(ranked_questions(setting, top))
    return _fronted(ranked_procedures(setting, top, least=least))


def best_step(setting: Setting, kinds: Iterable[StepKind]) -> Suggestion | None:
    """The one step of these kinds that is worth most and need not wait: the first of what `next_step` suggests of each
    kind, with what its answers would do worked out for this one alone.
    """
    kinds = tuple(kinds)
    term = next(iter(best_questions(setting, 1)), None) if StepKind.QUESTION in kinds else None
    worth = 0.0 if term is None else worth_of_question(setting, term)
    if StepKind.PROCEDURE in kinds:
        for procedure in ranked_procedures(setting, 1, least=worth):
            if not procedure.must_wait and (term is None or procedure.worth > worth):
                return replace(procedure, on_front=True)
    return None if term is None else replace(suggested_question(setting, term), on_front=True)


def setting_of(
    case: Case,
    differential: Differential,
    knowledge: Knowledge,
    burdens: Burdens | None,
    avoid: Iterable[AvoidRecord] | None,
    overrides: Mapping[str, str] | None,
    *,
    belief: NDArray[np.float64] | None,
    skipped: Iterable[str],
    limits: Limits,
) -> Setting:
    """What the steps of a case are judged by; the arguments are those of `next_step`."""
    if differential.knowledge is not knowledge or differential.case.findings != case.findings:
        raise ValueError("the differential is not of this case and knowledge")
    return Setting(
        case=case,
        differential=differential,
        belief=differential.probabilities if belief is None else belief,
        expectations=expectations_of(knowledge),
        open=open_terms(case, knowledge),
        stated=stated_terms(knowledge.facts),
        burdens=burdens if burdens is not None else default_burdens(knowledge.facts),
        avoid=tuple(shipped_avoid_records() if avoid is None else avoid),
        overrides=dict(overrides or {}),
        unborn=isinstance(case.subject.time_at_last_encounter, GestationalAge),
        skipped=frozenset(skipped),
        limits=limits,
    )


@lru_cache(maxsize=4)
def default_burdens(facts: Facts) -> Burdens:
    """The burden file that ships, with the names and the hierarchy of a release's actions."""
    return shipped_burdens(actions=facts.actions)


def remarks(knowledge: Knowledge) -> tuple[str, ...]:
    """What limits the suggestions that this knowledge allows."""
    return () if len(knowledge.facts.actions) else (NO_ACTIONS,)


def _fronted(steps: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The same, each marked whether none of the others tells at least as much for less, or more for as little."""

    def beaten(one: Suggestion) -> bool:
        return any(
            other.bits >= one.bits
            and other.weighed <= one.weighed
            and (other.bits, -other.weighed) != (one.bits, -one.weighed)
            for other in steps
        )

    return tuple(replace(one, on_front=not beaten(one)) for one in steps)
