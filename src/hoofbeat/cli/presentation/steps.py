"""What the forms of suggested steps are made of, and the words and numbers that they show alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoofbeat.diagnosis.next_step import Protocol, StepKind, Suggestion
from hoofbeat.diagnosis.share_words import percent
from hoofbeat.knowledge.burden import ANAESTHESIA, QUANTITIES, QUESTION, Burden, Burdens

NOTHING = "Nothing is worth asking: no open finding or test would tell enough."
NO_ORDER = "A suggestion, not an order: a clinician decides, with the patient."


def _no_plain_name(_hpo: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class ShownSteps:
    """The steps of one case: `suggestions`, or a `protocol`; one of them is None. `plain_name` tells what a family
    would call a finding, by its HPO number; None where it has no such name.
    """

    case: str
    release: Mapping[str, Any]
    burdens: Burdens
    suggestions: tuple[Suggestion, ...] | None
    protocol: Protocol | None
    notes: tuple[str, ...]
    made: date
    plain_name: Callable[[str], str | None] = _no_plain_name

    def for_a_family(self, hpo: str, label: str) -> str:
        """A finding in plain words, with the doctors' word in brackets where that is another one."""
        plain = self.plain_name(hpo)
        return label if plain is None or plain.casefold() == label.casefold() else f"{plain} ({label})"


def burden_words(burden: Burden) -> str:
    """What a step asks, in a line; what is unknown is said."""
    if burden.id == QUESTION:
        return "a question"
    parts = [
        "cost unknown" if burden.cost_eur is None else f"about {burden.cost_eur:g} EUR" if burden.cost_eur else "",
        "risk unknown"
        if burden.risk_per_1000 is None
        else f"serious harm in {burden.risk_per_1000:g} of 1,000"
        if burden.risk_per_1000
        else "",
        "delay unknown" if burden.delay_days is None else f"{burden.delay_days:g} days" if burden.delay_days else "",
        "anaesthesia unknown"
        if burden.anaesthesia is None
        else f"{ANAESTHESIA[int(burden.anaesthesia)]} anaesthesia".replace("sedation anaesthesia", "sedation")
        if burden.anaesthesia
        else "",
        "radiation unknown"
        if burden.radiation_msv is None
        else f"{burden.radiation_msv:g} mSv"
        if burden.radiation_msv
        else "",
    ]
    return ", ".join(part for part in parts if part) or "nothing that counts"


def order_words(given: ShownSteps) -> str:
    """What the steps are ordered by: not by the bits beside them alone."""
    if given.suggestions is None:
        return "At each place stands the step that tells most for what it asks and need not wait."
    return (
        "Ordered by what a step, and the best question after it, are expected to tell for what they ask, above all of "
        "the leading diseases; the bits beside it are those of the step alone, of all diseases."
    )


def weight_words(burdens: Burdens) -> str:
    """How burdens are weighed, so that nobody must guess."""
    units = {"cost_eur": "a EUR", "risk_per_1000": "1 in 1,000 harmed", "delay_days": "a day"}
    units |= {"anaesthesia": "a step of anaesthesia", "radiation_msv": "1 mSv"}
    weights = ", ".join(f"{units[name]} {burdens.weights[name]:g}" for name in QUANTITIES)
    return f"Burden in questions: every step 1, {weights} ({burdens.name}; it can be changed)."


def bits_words(step: Suggestion) -> str:
    """The information, with the error of sampling where there is one."""
    error = f" ± {step.standard_error:.2f}" if step.standard_error else ""
    return f"{step.bits:.2f}{error} bit"


def answer_words(step: Suggestion) -> list[tuple[str, str]]:
    """Each answer with its chance, and what it would do."""
    rows = []
    for name in ("yes", "no", "unclear"):
        said = step.answers.get(name)
        if said is not None:
            chance = f" ({percent(said.chance)})" if said.chance is not None else ""
            rows.append((f"{name}{chance}", said.sentence))
    return rows


def plain_request(step: Suggestion, given: ShownSteps) -> str:
    """The step as one says it to a patient."""
    if step.kind is StepKind.QUESTION:
        return f"We ask about: {given.for_a_family(step.id, step.label)}" + (f" (by {step.how})" if step.how else "")
    return f"We do: {step.label}"
