"""`hoofbeat next`: what to ask or do next for a case, and why; or the whole work-up, as table, JSON lines or page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hoofbeat.cli.given_cases import ASK, GivenCase, given_cases
from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.output import Output, opened_output
from hoofbeat.cli.tally import Tally

if TYPE_CHECKING:
    from hoofbeat.cli.presentation.steps import ShownSteps
    from hoofbeat.knowledge.avoid import AvoidRecord
    from hoofbeat.knowledge.burden import Burdens
    from hoofbeat.knowledge.knowledge import Knowledge

ENDINGS = {"table": ".txt", "json": ".json", "html": ".html"}
KINDS = ("question", "procedure")
MAX_TOP = 50


def _override(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """ACTION=REASON, each with a reason. Raises click.BadParameter without one."""
    reasons = {}
    for text in given:
        action, _, reason = text.partition("=")
        if not action.strip() or not reason.strip():
            raise click.BadParameter(f"{text!r}: write ACTION=REASON; a veto is overridden with a reason or not at all")
        reasons[action.strip()] = reason.strip()
    return reasons


@click.command("next")
@click.argument("case", type=GivenPath(), metavar="CASE")
@click.option(
    "--kind", type=click.Choice(KINDS), help="Questions, or procedures and genetic tests; default: questions."
)
@click.option("--protocol", "whole", is_flag=True, help="The whole work-up, of both kinds unless --kind names one.")
@click.option("--top", type=click.IntRange(1, MAX_TOP), default=5, show_default=True, metavar="N", help="Suggestions.")
@click.option(
    "--burdens", type=GivenPath(path_type=Path), metavar="FILE", help="Your burden file, for the shipped one."
)
@click.option("--avoid", type=GivenPath(path_type=Path), metavar="FILE", help="Your avoid file, for the shipped one.")
@click.option(
    "--override", multiple=True, callback=_override, metavar="ACTION=REASON", help="Do it although a veto stands."
)
@click.option("--format", "form", type=click.Choice(list(ENDINGS)), default="table", show_default=True)
@click.option("--out", type=GivenPath(), metavar="FILE|DIR", help="Write there: one file, or a file per case.")
@click.option("--release", metavar="NAME|PATH", help="Knowledge release to use; default: the newest one built.")
@click.option("--no-library", is_flag=True, help="Public annotations only, without the case library.")
def next_verb(
    case: str,
    kind: str | None,
    whole: bool,
    top: int,
    burdens: Path | None,
    avoid: Path | None,
    override: dict[str, str],
    form: str,
    out: str | None,
    release: str | None,
    no_library: bool,
) -> None:
    """Suggest what to ask or do next, and why: what each answer is expected to tell, what it asks of the patient, and
    what must wait.

    CASE is a phenopacket file, a folder or zip of them, or NDJSON with one per line; - is standard input.

    A suggestion is no order: a clinician decides, with the patient.
    """
    from hoofbeat.cli.opened_knowledge import opened_knowledge
    from hoofbeat.interchange.avoid_file import read_avoid_records, shipped_avoid_records
    from hoofbeat.interchange.burden_file import read_burdens, shipped_burdens
    from hoofbeat.interchange.report import InputError, shown

    # The tables are read before anything is ranked: a wrong line in them should not cost the wait.
    records = shipped_avoid_records() if avoid is None else read_avoid_records(avoid)
    table = None if burdens is None else read_burdens(burdens)
    knowledge = opened_knowledge(release, with_library=not no_library)
    actions = knowledge.facts.actions
    table = shipped_burdens(actions=actions) if table is None else table.with_actions(actions)
    for action in override:
        if action not in table.rows and actions.index(action) is None:
            raise InputError(
                f"--override: no action has the identifier {shown(action)}",
                code="no-action",
                repair="copy it from the brackets behind the step that must wait",
            )
    tally = Tally("done", form=form, out=out)
    work = _Work(knowledge, table, records, override, kind, whole, top, _shown_as(form, whole), tally)
    with opened_output(out, ending=ENDINGS[form], page=form == "html", between=_between(form)) as output:
        for given in given_cases((case,), ontology=knowledge.ontology):
            work.do(given, output)
        tally.stop_if_nothing_to_write()
    tally.finish()


@dataclass(frozen=True, slots=True)
class _Work:
    """Suggests steps for cases one by one."""

    knowledge: Knowledge
    burdens: Burdens
    avoid: tuple[AvoidRecord, ...]
    overrides: dict[str, str]
    kind: str | None
    whole: bool
    top: int
    show: Callable[[ShownSteps], str]
    tally: Tally

    def do(self, given: GivenCase, output: Output) -> None:
        """One case, or why that cannot be."""
        for note in given.notes:
            click.echo(f"note: {given.file}: {note.what}" + (f" ({note.repair})" if note.repair else ""), err=True)
        from hoofbeat.diagnosis.rank import NothingToRankError

        error = given.error
        if given.case is not None:
            try:
                output.put(given.case.id, self.show(self._steps(given)))
                self.tally.done += 1
                return
            except NothingToRankError as nothing:
                error = f"{nothing}\n  repair: {ASK}"
        if error:
            self.tally.refuse(output, case=given.name, file=given.file, error=error)

    def _steps(self, given: GivenCase) -> ShownSteps:
        from hoofbeat.cli.presentation.steps import ShownSteps
        from hoofbeat.diagnosis.next_step import next_step, protocol
        from hoofbeat.diagnosis.next_step.next_step import remarks
        from hoofbeat.diagnosis.rank import rank
        from hoofbeat.knowledge.plain_terms import plain_name

        assert given.case is not None
        differential = rank(given.case, self.knowledge)
        shared = {"burdens": self.burdens, "avoid": self.avoid, "overrides": self.overrides}
        tree = steps = None
        if self.whole:
            tree = protocol(given.case, differential, kind=self.kind, **shared)  # type: ignore[arg-type]
        else:
            steps = next_step(
                given.case,
                differential,
                self.knowledge,
                kind=self.kind or KINDS[0],
                top=self.top,
                **shared,  # type: ignore[arg-type]
            )
        return ShownSteps(
            case=given.case.id,
            release=differential.release,
            burdens=self.burdens,
            suggestions=steps,
            protocol=tree,
            notes=remarks(self.knowledge),
            made=date.today(),
            plain_name=partial(plain_name, self.knowledge.ontology),
        )


def _shown_as(form: str, whole: bool) -> Callable[[ShownSteps], str]:
    if form == "json":
        from hoofbeat.cli.presentation.step_lines import steps_line

        return lambda shown: steps_line(shown) + "\n"
    if form == "html":
        from hoofbeat.cli.presentation.step_page import protocol_page, steps_page

        return protocol_page if whole else steps_page
    from hoofbeat.cli.presentation.step_table import steps_table

    return steps_table


def _between(form: str) -> str:
    return "\n" + "─" * 40 + "\n\n" if form == "table" else ""
