"""The best procedures and genetic tests of a case: by expected bits per burden, those that must wait last."""

from __future__ import annotations

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


def ranked_procedures(setting: Setting, top: int) -> tuple[Suggestion, ...]:
    """At most `top` procedures and genetic tests that tell at least WORTH_ASKING bits: those that may be done first."""
    candidates = [*_drawn(setting, top), *_tested(setting)]
    telling_enough = [one for one in candidates if one.bits >= WORTH_ASKING and one.burden.id not in setting.skipped]
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


def _drawn(setting: Setting, top: int) -> list[_Candidate]:
    """The procedures that could tell most for their burden, drawn until no other can be among the first `top`.

    What several findings tell together is at most the sum of what each tells, because they are independent given the
    disease, and at most all the doubt that there is.
    """
    doubt = float(entropy(setting.belief))
    bounds = []
    for action, terms in shown_terms(setting.knowledge, setting.burdens, unborn=setting.unborn).items():
        burden = setting.burdens.of(action)
        most = min(float(setting.information[terms] @ setting.open[terms]), doubt)
        if burden.family != GENETIC and action not in setting.skipped and most >= WORTH_ASKING:
            bounds.append((most / setting.burdens.weighed(burden), action, terms))
    bounds.sort(key=lambda item: (-item[0], item[1]))
    candidates = LeadingCandidates.of(setting.belief, setting.expectations)
    found: list[_Candidate] = []
    for bound, action, terms in bounds[:MOST_DRAWN]:
        done = sorted((one.worth for one in found if not one.must_wait), reverse=True)
        if len(done) >= top and done[top - 1] >= bound:
            break
        chosen = telling(terms[setting.open[terms]], setting.information, setting.knowledge)
        if len(chosen):
            drawn = drawn_information(action, chosen, candidates, setting.expectations)
            found.append(_candidate(setting, action, drawn.bits, drawn=drawn))
    return found


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
