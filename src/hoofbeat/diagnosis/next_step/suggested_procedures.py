"""The best procedures and genetic tests of a case: by expected bits per burden, those that must wait last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hoofbeat.diagnosis.differential import Named
from hoofbeat.diagnosis.next_step.effects import effect, ranked_effect
from hoofbeat.diagnosis.next_step.genetic_tests import TESTS, ExpectedResult, GeneticTest, expected_result
from hoofbeat.diagnosis.next_step.information import entropy
from hoofbeat.diagnosis.next_step.procedures import (
    Drawn,
    LeadingCandidates,
    drawn_information,
    shown_terms,
    telling,
)
from hoofbeat.diagnosis.next_step.questions import unknown_note
from hoofbeat.diagnosis.next_step.setting import WORTH_ASKING, Setting
from hoofbeat.diagnosis.next_step.suggestion import StepKind, Suggestion, Veto
from hoofbeat.diagnosis.next_step.veto import veto_of
from hoofbeat.knowledge.burden import Burden

GENETIC = "genetic"
MOST_DRAWN = 14  # procedures whose patients are drawn, by what they could tell at most (ours)
NAMED = 8  # findings of a procedure that are named
ABSENT = 5  # its most likely findings that a procedure without result excludes (ours)


def ranked_procedures(setting: Setting, top: int, *, least: float = 0.0) -> tuple[Suggestion, ...]:
    """At most `top` procedures and genetic tests that tell at least WORTH_ASKING bits: those that may be done first.

    Those that are worth less than `least` may be left out.
    """
    tested = [one for one in _tested(setting) if one.is_wanted(setting)]
    telling_enough = [*_drawn(setting, top, tested, least), *tested]
    telling_enough.sort(key=lambda one: (one.must_wait, -one.worth, one.burden.id))
    return tuple(one.suggestion(setting) for one in telling_enough[:top])


@dataclass(frozen=True)
class _Candidate:
    """A step whose information is known; what its answers would do is ranked only where it is shown."""

    burden: Burden
    bits: float
    worth: float
    veto: Veto | None
    drawn: Drawn | None = None
    test: GeneticTest | None = None
    result: ExpectedResult | None = None

    @property
    def must_wait(self) -> bool:
        return self.veto is not None and self.veto.binds

    def is_wanted(self, setting: Setting) -> bool:
        return self.bits >= WORTH_ASKING and _is_asked_for(setting, self.burden)

    def suggestion(self, setting: Setting) -> Suggestion:
        if self.drawn is not None:
            return _procedure(setting, self, self.drawn)
        assert self.test is not None
        assert self.result is not None
        return _genetic_test(setting, self, self.test, self.result)


def _candidate(setting: Setting, action: str, bits: float, **of_kind: Any) -> _Candidate:
    burden = setting.burdens.of(action)
    veto = veto_of(burden, setting.burdens, setting.avoid, setting.belief, setting.knowledge, setting.overrides)
    return _Candidate(burden, bits, bits / setting.burdens.weighed(burden), veto, **of_kind)


def _is_asked_for(setting: Setting, burden: Burden) -> bool:
    return burden.id not in setting.skipped and setting.limits.allow(burden, setting.burdens.weighed(burden))


def _drawn(setting: Setting, top: int, others: Sequence[_Candidate], least: float) -> list[_Candidate]:
    """The procedures that could tell most for their burden, drawn until no other can be among the first `top`, beside
    `others`.

    What several findings tell together is at most the sum of what each tells, because they are independent given the
    disease, and at most all the doubt that there is. A first bound adds up all that an action can show, a second one
    only what would be drawn.
    """
    doubt = float(entropy(setting.belief))
    shown = shown_terms(setting.knowledge, setting.burdens, setting.unborn)
    could_tell = np.minimum(shown.sums(np.where(setting.open, setting.information, 0.0)), doubt)
    bounds = []
    for place in np.flatnonzero(could_tell >= WORTH_ASKING).tolist():
        burden = setting.burdens.of(shown.actions[place])
        if burden.family != GENETIC and _is_asked_for(setting, burden):
            bounds.append((float(could_tell[place]) / setting.burdens.weighed(burden), burden.id, place))
    bounds.sort(key=lambda item: (-item[0], item[1]))
    closer = []
    enough = max(least, _enough(top, others))
    for _bound, action, place in (one for one in bounds[:MOST_DRAWN] if one[0] >= enough):
        terms = shown.terms[place]
        chosen = telling(terms[setting.open[terms]], setting.information, setting.knowledge)
        if len(chosen):
            most = min(float(setting.information[chosen].sum()), doubt)
            closer.append((most / setting.burdens.weighed(setting.burdens.of(action)), action, most, chosen))
    closer.sort(key=lambda item: (-item[0], item[1]))
    candidates = LeadingCandidates.of(setting.belief, setting.chance)
    found: list[_Candidate] = []
    for bound, action, most, chosen in closer:
        if bound < max(least, _enough(top, (*others, *found))):
            break
        drawn = drawn_information(action, chosen, candidates, setting.expectations, most=most)
        found.append(_candidate(setting, action, drawn.bits, drawn=drawn))
    return [one for one in found if one.bits >= WORTH_ASKING]


def _enough(top: int, found: Sequence[_Candidate]) -> float:
    """What a step must be worth to be among the first `top`, now that some are found."""
    done = sorted((one.worth for one in found if not one.must_wait), reverse=True)
    return done[top - 1] if len(done) >= top else 0.0


def _tested(setting: Setting) -> list[_Candidate]:
    found = []
    for test in TESTS:
        if test.id in setting.burdens.rows:
            result = expected_result(test, setting.belief, setting.knowledge)
            found.append(_candidate(setting, test.id, result.bits, test=test, result=result))
    return found


def _procedure(setting: Setting, candidate: _Candidate, drawn: Drawn) -> Suggestion:
    burden, knowledge = candidate.burden, setting.knowledge
    ontology = knowledge.ontology
    found = ontology.id(int(drawn.terms[0]))
    likely = drawn.terms[np.argsort(-setting.chance[drawn.terms], kind="stable")][:ABSENT]
    absent = tuple(ontology.id(int(term)) for term in likely)
    before, differential = setting.belief, setting.differential
    return Suggestion(
        kind=StepKind.PROCEDURE,
        id=burden.id,
        label=burden.name,
        bits=drawn.bits,
        standard_error=drawn.standard_error,
        burden=burden,
        weighed=setting.burdens.weighed(burden),
        worth=candidate.worth,
        vetoed_by=candidate.veto,
        answers={
            "yes": ranked_effect(differential, before, "yes", float(setting.chance[drawn.terms[0]]), observed=(found,)),
            "no": ranked_effect(differential, before, "no", 1.0 - drawn.some, excluded=absent),
            "unclear": ranked_effect(differential, before, "unclear", None),
        },
        findings=tuple(Named(ontology.id(int(t)), ontology.name(int(t))) for t in drawn.terms[:NAMED]),
        notes=(
            f"yes: it shows {ontology.name(int(drawn.terms[0]))}; no: it shows none of its {len(absent)} likeliest "
            f"findings",
            *unknown_note(burden),
        ),
    )


def _genetic_test(setting: Setting, candidate: _Candidate, test: GeneticTest, result: ExpectedResult) -> Suggestion:
    knowledge, before, burden = setting.knowledge, setting.belief, candidate.burden
    answers = {
        "no": effect(knowledge, before, result.after_negative(before), "no", 1.0 - result.positive),
        "unclear": effect(knowledge, before, before, "unclear", None),
    }
    notes = [
        f"it looks for {' and '.join(kind.value for kind in test.detects)}; "
        f"the chance that it names a cause here: {100 * result.positive:.0f} of 100",
    ]
    if test.found_in_100 is not None:
        notes.append(
            f"in children with a suspected genetic disease it named one in {test.found_in_100} of 100 (PMC6037748)"
        )
    gene, chance = result.likeliest
    if chance > 0:
        answers["yes"] = effect(knowledge, before, result.after_positive(before), "yes", chance)
        notes.insert(0, f"yes: a cause in {gene}; no: no cause is found")
    return Suggestion(
        kind=StepKind.PROCEDURE,
        id=test.id,
        label=burden.name,
        bits=result.bits,
        standard_error=0.0,
        burden=burden,
        weighed=setting.burdens.weighed(burden),
        worth=candidate.worth,
        vetoed_by=candidate.veto,
        answers=answers,
        notes=(*notes, *unknown_note(burden)),
    )
