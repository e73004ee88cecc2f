"""What an answer would do: the case is ranked anew with it, so that the screen shows what the ranking would really
say.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.answered import answered, ranked_again
from hoofbeat.diagnosis.differential import Named
from hoofbeat.diagnosis.next_step.suggestion import AnswerEffect, Place
from hoofbeat.diagnosis.rank import Differential, NothingToRankError
from hoofbeat.diagnosis.share_words import percent_by_tenths
from hoofbeat.knowledge.knowledge import Knowledge

SHOWN = 5  # diseases

FloatArray = NDArray[np.float64]


def ranked_effect(
    differential: Differential,
    belief: FloatArray,
    answer: str,
    chance: float | None,
    *,
    observed: tuple[str, ...] = (),
    excluded: tuple[str, ...] = (),
) -> AnswerEffect:
    """The effect of an answer by ranking the case with it. `belief` is what the diseases have now; where it is not the
    differential's own probability (a genetic test was negative), the difference is carried over.
    """
    after = belief
    if observed or excluded:
        try:
            again = ranked_again(differential, answered(differential.case, observed, excluded))
            after = carried(belief, differential.probabilities, again.probabilities)
        except NothingToRankError:
            pass
    return effect(differential.knowledge, belief, after, answer, chance, observed=observed, excluded=excluded)


def carried(belief: FloatArray, before: FloatArray, after: FloatArray) -> FloatArray:
    """`after`, changed as `belief` is from `before`; they sum to 1."""
    changed = after * belief / np.maximum(before, 1e-300)
    return np.asarray(changed / changed.sum())


def effect(
    knowledge: Knowledge,
    before: FloatArray,
    after: FloatArray,
    answer: str,
    chance: float | None,
    *,
    observed: tuple[str, ...] = (),
    excluded: tuple[str, ...] = (),
) -> AnswerEffect:
    """The first diseases after an answer, and in words what it changes."""
    top = top_places(knowledge, after)
    was_first = int(np.argmax(before[:-1]))
    first = int(np.argmax(after[:-1]))
    name = knowledge.disease_name(first)
    if np.array_equal(before, after):
        sentence = f"{name} stays first ({percent_by_tenths(after[first])}): nothing changes."
    else:
        listed = ", ".join(f"{one.disease.name} {percent_by_tenths(one.probability)}" for one in top)
        change = f"{name} stays first" if first == was_first else f"{name} would come first"
        now, then = percent_by_tenths(before[first]), percent_by_tenths(after[first])
        sentence = f"{change} ({now} now, {then} then). First five: {listed}."
    return AnswerEffect(
        answer=answer,
        chance=chance,
        top=top,
        none_of_these=float(after[-1]),
        sentence=sentence,
        observed=observed,
        excluded=excluded,
    )


def top_places(knowledge: Knowledge, probabilities: FloatArray, number: int = SHOWN) -> tuple[Place, ...]:
    """The first diseases by probability; equal ones in the order of the diseases."""
    known = probabilities[:-1]
    least = np.partition(known, -number)[-number] if len(known) > number else -1.0
    leading = np.flatnonzero(known >= least)
    order = leading[np.argsort(-known[leading], kind="stable")][:number].tolist()
    return tuple(
        Place(Named(knowledge.disease_id(d), knowledge.disease_name(d)), float(probabilities[d])) for d in order
    )
