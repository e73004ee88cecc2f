"""Suggested steps, or the whole work-up, as one page to read, print and hand to a patient.

Like the page of the differential it is a single file that runs no script and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2

import hoofbeat
from hoofbeat.cli.presentation import steps, wording
from hoofbeat.cli.presentation.steps import ShownSteps
from hoofbeat.diagnosis.next_step import ProtocolNode, StepKind, Suggestion
from hoofbeat.diagnosis.share_words import percent
from hoofbeat.interchange.report import shown as clean

_LONGEST = 700
_FINDINGS = 4
INTRODUCTION = (
    "This page says what we would like to ask or examine, in which order, and what we do with each answer. You may say "
    "no "
    "to any step, and ask why it is there. It is a plan, and it may change."
)


def steps_page(given: ShownSteps) -> str:
    """The suggestions as HTML text."""
    found = given.suggestions or ()
    return _page(given, "Next step", lead=steps.NOTHING if not found else "", cards=[_card(one) for one in found])


def protocol_page(given: ShownSteps) -> str:
    """The work-up as HTML text, in plain words."""
    assert given.protocol is not None
    return _page(given, "Work-up", lead=INTRODUCTION, tree=_node(given.protocol.start, given))


@dataclass(frozen=True, slots=True)
class _Card:
    """One suggestion, as text."""

    label: str
    id: str
    kind: str
    bits: str
    burden: str
    weighed: str
    how: str
    front: bool
    veto: str
    waits: bool
    findings: str
    notes: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """One place of the work-up, as text."""

    request: str
    asks: str
    looks_for: str
    stop: str
    likely: str
    yes_word: str
    no_word: str
    on_yes: _Node | None
    on_no: _Node | None


def _card(step: Suggestion) -> _Card:
    veto = "" if step.vetoed_by is None else f"{step.vetoed_by.sentence} ({step.vetoed_by.source})"
    return _Card(
        label=_text(step.label),
        id=_text(step.id),
        kind=step.kind.value,
        bits=steps.bits_words(step),
        burden=_text(steps.burden_words(step.burden)),
        weighed=f"{step.weighed:.1f}",
        how=_text(step.how),
        front=step.on_front,
        veto=_text(veto),
        waits=step.must_wait,
        findings=_text(wording.listed([one.name for one in step.findings], _FINDINGS)),
        notes=tuple(_text(note) for note in step.notes),
        answers=tuple((name, _text(sentence)) for name, sentence in steps.answer_words(step)),
    )


def _node(node: ProtocolNode, given: ShownSteps) -> _Node:
    first = node.top[0] if node.top else None
    likely = "" if first is None else f"{first.disease.name}, {percent(first.probability)}"
    step = node.step
    if step is None:
        return _Node("", "", "", _text(node.stop), _text(likely), "", "", None, None)
    return _Node(
        request=_text(steps.plain_request(step, given)),
        asks="" if step.kind is StepKind.QUESTION and not step.how else _text(steps.burden_words(step.burden)),
        looks_for=_text(wording.listed([given.for_a_family(one.id, one.name) for one in step.findings], _FINDINGS)),
        stop="",
        likely=_text(likely),
        yes_word="If yes" if step.kind is StepKind.QUESTION else "If something of it is found",
        no_word="If no, or nobody can say" if step.kind is StepKind.QUESTION else "If nothing is found",
        on_yes=None if node.on_yes is None else _node(node.on_yes, given),
        on_no=None if node.on_no is None else _node(node.on_no, given),
    )


def _page(given: ShownSteps, heading: str, *, lead: str, cards: Any = (), tree: _Node | None = None) -> str:
    style = _file("differential.css") + _file("steps.css")
    return _template().render(
        heading=heading,
        title=_text(given.case),
        lead=lead,
        cards=cards,
        tree=tree,
        notes=[_text(note) for note in (*given.notes, steps.order_words(given), steps.weight_words(given.burdens))],
        release=[(_text(name), _text(text)) for name, text in wording.release_facts(given.release)],
        caution=f"{wording.NOT_A_DIAGNOSIS} {steps.NO_ORDER}",
        made=given.made.isoformat(),
        version=hoofbeat.__version__,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _text(text: str) -> str:
    """A text from outside, cut, and free of control and direction characters; its markup is escaped by the template."""
    return clean(text, limit=_LONGEST).replace(" %", "\u00a0%")


def _file(name: str) -> str:
    return (files("hoofbeat.cli.presentation") / "templates" / name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_file("steps.html.jinja"))
