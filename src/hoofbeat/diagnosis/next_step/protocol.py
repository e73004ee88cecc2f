"""The whole work-up of a case as a small tree: what first, what then if it is found or not, and when to stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.case import Case
from hoofbeat.diagnosis.answered import answered, ranked_again
from hoofbeat.diagnosis.next_step.effects import top_places
from hoofbeat.diagnosis.next_step.genetic_tests import TESTS, expected_result
from hoofbeat.diagnosis.next_step.limits import EVERY_STEP, Limits
from hoofbeat.diagnosis.next_step.next_step import best_step, setting_of
from hoofbeat.diagnosis.next_step.suggestion import Place, StepKind, Suggestion
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.share_words import whole_percent
from hoofbeat.knowledge.avoid import AvoidRecord
from hoofbeat.knowledge.burden import Burdens

STEPS = 6  # on the way where every answer is no (ours)
AFTER_YES = 2  # steps that follow a yes (ours)
SURE = 0.9  # of the first disease: time to confirm it rather than to ask on (ours)

FloatArray = NDArray[np.float64]
_TESTS = {test.id: test for test in TESTS}


class Stop(StrEnum):
    """Why a work-up ends somewhere."""

    SURE = "sure"
    NAMED = "named"
    LONG = "long"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ProtocolNode:
    """Where the work-up stands: the first diseases, and the next step, or why it ends here. After an unclear answer go
    on as after a no.
    """

    top: tuple[Place, ...]
    step: Suggestion | None = None
    on_yes: ProtocolNode | None = None
    on_no: ProtocolNode | None = None
    stop: str = ""
    why: Stop | None = None

    @property
    def size(self) -> int:
        """How many steps the tree holds."""
        below = sum(node.size for node in (self.on_yes, self.on_no) if node is not None)
        return below + (self.step is not None)


@dataclass(frozen=True, slots=True)
class Protocol:
    """The work-up of a case."""

    case: str
    start: ProtocolNode


@dataclass(frozen=True, slots=True)
class _Rules:
    burdens: Burdens | None
    avoid: tuple[AvoidRecord, ...] | None
    overrides: Mapping[str, str]
    kinds: tuple[StepKind, ...]
    limits: Limits


def protocol(
    case: Case,
    differential: Differential,
    *,
    burdens: Burdens | None = None,
    avoid: Iterable[AvoidRecord] | None = None,
    overrides: Mapping[str, str] | None = None,
    kind: StepKind | str | None = None,
    skipped: Iterable[str] = (),
    limits: Limits = EVERY_STEP,
    steps: int = STEPS,
) -> Protocol:
    """The work-up: at each place the step of either kind (or of `kind`) that tells most per burden and need not wait.

    At most `steps` in a row, and AFTER_YES after each yes. It stops where the first disease has SURE, and where nothing
    is worth asking. `skipped` and `limits` are those of `next_step`.
    """
    kinds = tuple(StepKind) if kind is None else (StepKind(kind),)
    rules = _Rules(burdens, None if avoid is None else tuple(avoid), dict(overrides or {}), kinds, limits)
    ones = np.ones_like(differential.probabilities)
    return Protocol(case.id, _node(differential, ones, frozenset(skipped), rules, steps))


def _node(
    differential: Differential, factor: FloatArray, done: frozenset[str], rules: _Rules, left: int
) -> ProtocolNode:
    """`factor`: what tests have told beside findings, per disease and none of these."""
    knowledge = differential.knowledge
    belief = differential.probabilities * factor
    belief = belief / belief.sum()
    top = top_places(knowledge, belief)
    if top and top[0].probability >= SURE:
        return ProtocolNode(
            top,
            stop=f"{top[0].disease.name} stands at {whole_percent(top[0].probability)}: confirm or refute it",
            why=Stop.SURE,
        )
    if left == 0:
        return ProtocolNode(top, stop="look at the whole picture again before going on", why=Stop.LONG)
    step = _best(differential, belief, done, rules)
    if step is None:
        return ProtocolNode(
            top,
            stop="nothing more is worth asking: keep the case open, and look again with new knowledge",
            why=Stop.NOTHING,
        )
    then = done | {step.id}
    if step.id in _TESTS:
        result = expected_result(_TESTS[step.id], belief, knowledge)
        negative = factor * (1.0 - result.shown)
        named = ProtocolNode(
            step.answers["yes"].top if "yes" in step.answers else top,
            stop="a cause is named: a clinician weighs it",
            why=Stop.NAMED,
        )
        return ProtocolNode(top, step, named, _node(differential, negative, then, rules, left - 1))
    after = {name: _ranked(differential, step, name) for name in ("yes", "no")}
    return ProtocolNode(
        top,
        step,
        _node(after["yes"], factor, then, rules, min(left - 1, AFTER_YES)),
        _node(after["no"], factor, then, rules, left - 1),
    )


def _best(differential: Differential, belief: FloatArray, done: frozenset[str], rules: _Rules) -> Suggestion | None:
    setting = setting_of(
        differential.case,
        differential,
        differential.knowledge,
        rules.burdens,
        rules.avoid,
        rules.overrides,
        belief=belief,
        skipped=done,
        limits=rules.limits,
    )
    return best_step(setting, rules.kinds)


def _ranked(differential: Differential, step: Suggestion, answer: str) -> Differential:
    said = step.answers[answer]
    case = answered(differential.case, said.observed, said.excluded)
    return ranked_again(differential, case)
