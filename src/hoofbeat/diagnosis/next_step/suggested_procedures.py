"""The best procedures and genetic tests of a case: by expected bits per burden, those that must wait last."""

from __future__ import annotations

import numpy as np

from hoofbeat.diagnosis.differential import Named
from hoofbeat.diagnosis.next_step.effects import effect, ranked_effect
from hoofbeat.diagnosis.next_step.genetic_tests import TESTS, GeneticTest, expected_result
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
from hoofbeat.diagnosis.next_step.suggestion import StepKind, Suggestion
from hoofbeat.diagnosis.next_step.veto import veto_of

GENETIC = "genetic"
MOST_DRAWN = 14  # procedures whose patients are drawn, by what they could tell at most (ours)
NAMED = 8  # findings of a procedure that are named
ABSENT = 5  # its most likely findings that a procedure without result excludes (ours)


def ranked_procedures(setting: Setting, top: int) -> tuple[Suggestion, ...]:
    """At most `top` procedures and genetic tests that tell at least WORTH_ASKING bits: those that may be done first."""
    steps = [*_procedures(setting, top), *_genetic_tests(setting)]
    steps = [one for one in steps if one.bits >= WORTH_ASKING]
    steps.sort(key=lambda one: (one.must_wait, -one.worth, one.id))
    return tuple(steps[:top])


def _procedures(setting: Setting, top: int) -> list[Suggestion]:
    """Those that could tell most for their burden, drawn until no other can be among the first `top`.

    What several findings tell together is at most the sum of what each tells, because they are independent given the
    disease, and at most all the doubt that there is.
    """
    doubt = float(entropy(setting.belief))
    bounds = []
    for action, terms in shown_terms(setting.knowledge, setting.burdens, unborn=setting.unborn).items():
        burden = setting.burdens.of(action)
        if burden.family == GENETIC:
            continue
        chosen = telling(terms[setting.open[terms]], setting.information, setting.knowledge)
        most = min(float(setting.information[chosen].sum()), doubt)
        if most >= WORTH_ASKING:
            bounds.append((most / setting.burdens.weighed(burden), action, chosen))
    bounds.sort(key=lambda item: (-item[0], item[1]))
    candidates = LeadingCandidates.of(setting.belief, setting.expectations)
    drawn: list[tuple[str, Drawn, float]] = []
    for bound, action, chosen in bounds[:MOST_DRAWN]:
        done = sorted((worth for _, _, worth in drawn), reverse=True)
        if len(done) >= top and done[top - 1] >= bound:
            break
        one = drawn_information(action, chosen, candidates, setting.expectations)
        drawn.append((action, one, one.bits / setting.burdens.weighed(setting.burdens.of(action))))
    drawn.sort(key=lambda item: (-item[2], item[0]))
    return [_procedure(setting, action, one, worth) for action, one, worth in drawn[: 2 * top]]


def _procedure(setting: Setting, action: str, drawn: Drawn, worth: float) -> Suggestion:
    burden, knowledge = setting.burdens.of(action), setting.knowledge
    ontology = knowledge.ontology
    found = ontology.id(int(drawn.terms[0]))
    likely = drawn.terms[np.argsort(-setting.chance[drawn.terms], kind="stable")][:ABSENT]
    absent = tuple(ontology.id(int(term)) for term in likely)
    before, differential = setting.belief, setting.differential
    return Suggestion(
        kind=StepKind.PROCEDURE,
        id=action,
        label=burden.name,
        bits=drawn.bits,
        standard_error=drawn.standard_error,
        burden=burden,
        weighed=setting.burdens.weighed(burden),
        worth=worth,
        vetoed_by=veto_of(burden, setting.burdens, setting.avoid, before, knowledge, setting.overrides),
        answers={
            "yes": ranked_effect(differential, before, "yes", float(setting.chance[drawn.terms[0]]), observed=(found,)),
            "no": ranked_effect(differential, before, "no", 1.0 - drawn.some, excluded=absent),
            "unclear": ranked_effect(differential, before, "unclear", None),
        },
        findings=tuple(Named(ontology.id(int(t)), ontology.name(int(t))) for t in drawn.terms[:NAMED]),
        notes=(
            f"yes: it shows {ontology.name(int(drawn.terms[0]))}; no: it shows none of its {len(absent)} likeliest findings",
            *unknown_note(burden),
        ),
    )


def _genetic_tests(setting: Setting) -> list[Suggestion]:
    return [_genetic_test(setting, test) for test in TESTS if test.id in setting.burdens.rows]


def _genetic_test(setting: Setting, test: GeneticTest) -> Suggestion:
    knowledge, before = setting.knowledge, setting.belief
    burden = setting.burdens.of(test.id)
    weighed = setting.burdens.weighed(burden)
    result = expected_result(test, before, knowledge)
    answers = {
        "no": effect(knowledge, before, result.after_negative(before), "no", 1.0 - result.positive),
        "unclear": effect(knowledge, before, before, "unclear", None),
    }
    notes = [
        f"it looks for {' and '.join(kind.value for kind in test.detects)}; "
        f"the chance that it names a cause here: {100 * result.positive:.0f} of 100",
    ]
    if test.found_in_100 is not None:
        notes.append(f"in children with a suspected genetic disease it named one in {test.found_in_100} of 100 (PMC6037748)")
    if result.by_gene and result.by_gene[0][1] > 0:
        gene, chance = result.by_gene[0]
        answers["yes"] = effect(knowledge, before, result.after_positive(before, gene), "yes", chance)
        notes.insert(0, f"yes: a cause in {gene}; no: no cause is found")
    return Suggestion(
        kind=StepKind.PROCEDURE,
        id=test.id,
        label=burden.name,
        bits=result.bits,
        standard_error=0.0,
        burden=burden,
        weighed=weighed,
        worth=result.bits / weighed,
        vetoed_by=veto_of(burden, setting.burdens, setting.avoid, before, knowledge, setting.overrides),
        answers=answers,
        notes=(*notes, *unknown_note(burden)),
    )
