"""The work-up as its page shows it: one place after the other, with what a yes leads to inside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hoofbeat.diagnosis.next_step import ProtocolNode, StepKind
from hoofbeat.diagnosis.next_step.protocol import Stop
from hoofbeat.web.clinic.step_words import FAMILY_NAMES, burden_words, share_words
from hoofbeat.web.pages.english import around_english, english

NAMED = 4  # findings that a procedure looks for


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """One place: what stands first, the step, and where its answers lead; at an end `stop` says why."""

    first: str
    share: str
    label: str
    kind: str
    how: str
    burden: tuple[str, ...]
    looks_for: tuple[str, ...]
    is_question: bool
    on_yes: ShownPlace | None
    on_no: ShownPlace | None
    stop: str


def shown_place(node: ProtocolNode) -> ShownPlace:
    """A place of the tree, and all below it."""
    first, share = (node.top[0].disease.name, share_words(node.top[0].probability)) if node.top else ("", "")
    step = node.step
    if step is None:
        return ShownPlace(first, share, "", "", "", (), (), False, None, None, _stop(node))
    is_question = step.kind is StepKind.QUESTION
    return ShownPlace(
        first=first,
        share=share,
        label=step.label,
        kind=_("question") if is_question else str(FAMILY_NAMES.get(step.burden.family, step.burden.family)),
        how=step.how,
        burden=tuple(burden_words(step.burden)),
        looks_for=tuple(one.name for one in step.findings[:NAMED]),
        is_question=is_question,
        on_yes=None if node.on_yes is None else shown_place(node.on_yes),
        on_no=None if node.on_no is None else shown_place(node.on_no),
        stop="",
    )


def _stop(node: ProtocolNode) -> str:
    """Why the work-up ends here."""
    if node.why is Stop.NAMED:
        return _("A cause is named: a clinician weighs it.")
    if node.why is Stop.SURE:
        name, share = english(node.top[0].disease.name), share_words(node.top[0].probability)
        return around_english(_("%(disease)s stands at %(share)s: confirm or refute it."), disease=name, share=share)
    if node.why is Stop.LONG:
        return _("Look at the whole picture again before going on.")
    return _("Nothing more is worth asking: keep the case open, and look again with new knowledge.")
