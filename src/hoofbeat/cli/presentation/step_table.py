"""Suggested steps for a terminal: what to ask or do, what it tells, what it asks, what must wait, what answers would
do.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from hoofbeat.cli.presentation import steps, wording
from hoofbeat.cli.presentation.steps import ShownSteps
from hoofbeat.diagnosis.next_step import ProtocolNode, Suggestion
from hoofbeat.interchange.report import shown as clean

WIDTH = 100
_LONGEST = 700


def steps_table(given: ShownSteps) -> str:
    """The steps, or the work-up, as lines of at most WIDTH characters, ending with a newline."""
    lines = [clean(given.case, limit=WIDTH), ""]
    if given.suggestions is not None:
        lines += _suggestions(given.suggestions)
    if given.protocol is not None:
        lines += _node(given.protocol.start, "")
    lines.append("")
    notes = (*given.notes, steps.order_words(given), steps.weight_words(given.burdens))
    lines += [line for note in notes for line in _wrapped(note, "")]
    facts = ", ".join(f"{name} {text}" for name, text in wording.release_facts(given.release))
    lines += _wrapped(f"Made {given.made.isoformat()} with {facts}", "")
    lines += _wrapped(f"{wording.NOT_A_DIAGNOSIS} {steps.NO_ORDER}", "")
    return "\n".join(lines) + "\n"


def _suggestions(found: tuple[Suggestion, ...]) -> Iterator[str]:
    if not found:
        yield steps.NOTHING
    for number, step in enumerate(found, 1):
        yield from _wrapped(f"{number:>2}. {step.label} ({step.id})", "")
        front = "; nothing else here tells more for less" if step.on_front else ""
        worth = f"{steps.bits_words(step)}; burden {step.weighed:.1f}: {steps.burden_words(step.burden)}{front}"
        yield from _wrapped(worth, "    ")
        if step.how:
            yield from _wrapped(f"by {step.how}", "    ")
        if step.vetoed_by is not None:
            mark = "MUST WAIT: " if step.must_wait else "veto: "
            yield from _wrapped(mark + step.vetoed_by.sentence + f" ({step.vetoed_by.source})", "    ")
        if step.findings:
            names = wording.listed([one.name for one in step.findings], 5)
            yield from _wrapped(f"may show: {names}", "    ")
        for note in step.notes:
            yield from _wrapped(note, "    ")
        for answer, sentence in steps.answer_words(step):
            yield from _wrapped(f"{answer}: {sentence}", "    ", "      ")


def _node(node: ProtocolNode, indent: str) -> Iterator[str]:
    if node.step is None:
        yield from _wrapped(f"stop: {node.stop}", indent)
        return
    step = node.step
    yield from _wrapped(
        f"{step.label} ({step.id}): {steps.bits_words(step)}, {steps.burden_words(step.burden)}", indent
    )
    if node.on_yes is not None:
        yield f"{indent}├ yes"
        yield from _node(node.on_yes, f"{indent}│   ")
    if node.on_no is not None:
        yield f"{indent}└ no, or unclear"
        yield from _node(node.on_no, f"{indent}  ")


def _wrapped(text: str, indent: str, after: str | None = None) -> list[str]:
    rest = indent if after is None else after
    return textwrap.wrap(
        clean(text, limit=_LONGEST), WIDTH, initial_indent=indent, subsequent_indent=rest, break_on_hyphens=False
    )
