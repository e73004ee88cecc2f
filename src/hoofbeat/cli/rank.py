"""`hoofbeat rank`: a case in, its ranked and explained differential out, as table, JSON lines or printable page."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import click

from hoofbeat.cases import Case, CaseError, Sex
from hoofbeat.cases.time_element import Age
from hoofbeat.cli.given_cases import ASK, GivenCase, expected_cases, given_cases, typed_case
from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.given_variants import GivenVariants, Variants, check_variant_call, variant_options
from hoofbeat.cli.output import Output, opened_output
from hoofbeat.cli.progress import progress_bar
from hoofbeat.cli.standard_input import STANDARD_INPUT
from hoofbeat.cli.tally import Tally
from hoofbeat.cli.terminal_ink import terminal_ink
from hoofbeat.diagnosis.differential import Comparison, Excerpt, Note
from hoofbeat.interchange.report import shown

if TYPE_CHECKING:
    from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
    from hoofbeat.diagnosis.rank import Differential
    from hoofbeat.knowledge.knowledge import Knowledge

MAX_TOP = 20_000  # more diseases than there are: all of them
FILE_WIDTH = 100  # columns of a table that is not written to a terminal
ENDINGS = {"table": ".txt", "json": ".json", "html": ".html"}
MANY = 100  # cases: fewer are done within a second or so

_SPOKEN_AGE = re.compile(r"(?=\d)(?:\d+y)?(?:\d+m)?(?:\d+w)?(?:\d+d)?", re.ASCII)
_YEARS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


def _age(context: click.Context, parameter: click.Parameter, given: str | None) -> Age | None:
    """The age that `3y2m`, `P3Y2M` or a number of years says. Raises click.BadParameter with the forms it may have."""
    if given is None:
        return None
    text = given.strip().replace(" ", "").replace(",", ".")
    try:
        if _YEARS.fullmatch(text):
            return Age.of_years(float(text))
        return Age(text.upper() if text[:1] in ("P", "p") else _duration(text))
    except CaseError as error:
        forms = "write 3y2m, 18m, P3Y2M, or years such as 3.5"
        raise click.BadParameter(f"{shown(given)!r}: {error.what}; {forms}") from None


def _duration(text: str) -> str:
    spoken = text.lower()
    return f"P{spoken.upper()}" if _SPOKEN_AGE.fullmatch(spoken) else spoken


def _ids(given: Iterable[str]) -> tuple[str, ...]:
    """Identifiers out of lists separated by commas, in order."""
    return tuple(one.strip() for text in given for one in text.split(",") if one.strip())


@click.command("rank")
@click.argument("cases", nargs=-1, type=GivenPath(), metavar="[CASE ...]")
@click.option("--hpo", "observed", multiple=True, metavar="HP:..,..", help="Observed findings, in place of CASE.")
@click.option(
    "--not", "excluded", multiple=True, metavar="HP:..,..", help="Findings that are not there, as a report lists them."
)
@click.option(
    "--asked-not", multiple=True, metavar="HP:..,..", help="Asked in this very person: counts more than --not."
)
@click.option("--text", type=GivenPath(), metavar="F", help="A note to read findings from, which join the case.")
@click.option("--sex", type=click.Choice([Sex.FEMALE.value, Sex.MALE.value]), help="With --hpo or --text.")
@click.option("--age", callback=_age, metavar="AGE", help="With --hpo or --text: 3y2m, 18m, P3Y2M, or years.")
@click.option("--top", type=click.IntRange(1, MAX_TOP), default=10, show_default=True, metavar="N", help="Candidates.")
@click.option("--format", "form", type=click.Choice(list(ENDINGS)), default="table", show_default=True)
@click.option(
    "--compare", nargs=2, metavar="A B", help="Why disease A stands before B, or behind it, and what would change it."
)
@click.option(
    "--out", type=GivenPath(), metavar="FILE|DIR", help="Write there: one file, or in a folder a file per case."
)
@variant_options
@click.option("--release", metavar="NAME|PATH", help="Knowledge release to use; default: the newest one built.")
@click.option("--no-library", is_flag=True, help="Public annotations only, without the case library.")
def rank_verb(
    cases: tuple[str, ...],
    observed: tuple[str, ...],
    excluded: tuple[str, ...],
    asked_not: tuple[str, ...],
    text: str | None,
    sex: str | None,
    age: Age | None,
    top: int,
    form: str,
    compare: tuple[str, str] | None,
    out: str | None,
    release: str | None,
    no_library: bool,
    variants: GivenVariants,
) -> None:
    """Rank all known rare diseases for one or many cases, and say why.

    CASE is a phenopacket file, a folder or zip of them, or NDJSON with one per line; - is standard input. Or name the
    findings: --hpo HP:0001166,HP:0001083 --not HP:0000365 (what a report lists as absent) --asked-not HP:0001250 (what
    somebody asked about or looked for in this very person: it counts more). Or give a note with --text NOTE.txt: what
    it says is present or denied joins the case, unconfirmed.

    The result is a differential, not a diagnosis: a clinician confirms that.
    """
    typed = _Typed(_ids(observed), _ids(excluded), _ids(asked_not), sex, age, text)
    _check_call(cases, typed)
    _check_out(cases, out, form)
    check_variant_call(variants, cases)
    from hoofbeat.cli.opened_knowledge import opened_knowledge  # numpy: not before the call is known to be right

    knowledge = opened_knowledge(release, with_library=not no_library)
    given = _given(cases, typed, knowledge)
    read = Variants(variants) if variants.is_given else None
    show = shown_as(form, to_terminal=out is None and sys.stdout.isatty())
    tally = Tally("ranked", form=form, out=out)
    work = _Work(knowledge, top, _compared(knowledge, compare), read, show, tally)
    with (
        opened_output(out, ending=ENDINGS[form], page=form == "html", between=_between(form)) as output,
        _counting(cases, quiet=out is None and sys.stdout.isatty()) as count,
    ):
        for one in given:
            work.do(one, output)
            count(tally.tried)
        tally.stop_if_nothing_to_write()
    tally.finish()


@dataclass(frozen=True, slots=True)
class _Typed:
    """Findings named in the call."""

    observed: tuple[str, ...]
    excluded: tuple[str, ...]
    asked_not: tuple[str, ...]
    sex: str | None
    age: Age | None
    text: str | None = None

    @property
    def is_given(self) -> bool:
        return bool(self.observed or self.excluded or self.asked_not)


def _check_call(cases: tuple[str, ...], typed: _Typed) -> None:
    """Raises click.UsageError where files and typed findings are mixed, or neither is there."""
    if cases and typed.is_given:
        raise click.UsageError("either CASE or --hpo, --not and --asked-not: give one of the two")
    if cases and (typed.sex or typed.age):
        raise click.UsageError("--sex and --age go with --hpo or --text; a CASE states its own")
    if not cases and not typed.is_given and typed.text is None:
        raise click.UsageError("nothing to rank: give a CASE, or findings with --hpo HP:0001166,HP:0001083")
    if (*cases, typed.text).count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input (-) can be read only once")


def _check_out(cases: tuple[str, ...], out: str | None, form: str) -> None:
    """Raises click.UsageError where a result could take the place of a CASE."""
    for case in cases:
        if out is not None and os.path.exists(out) and os.path.exists(case) and _could_replace(case, out, form):
            raise click.UsageError(f"--out {shown(out)}: a result could take the place of a CASE; name another place")


def _could_replace(case: str, out: str, form: str) -> bool:
    if os.path.isdir(case):
        return form == "json" and os.path.samefile(case, out)
    beside = form == "json" and case.lower().endswith(".json") and os.path.samefile(os.path.dirname(case) or ".", out)
    return beside or os.path.samefile(case, out)


def _given(cases: tuple[str, ...], typed: _Typed, knowledge: Knowledge) -> Iterable[GivenCase]:
    given = _stated(cases, typed, knowledge)
    if typed.text is None:
        return given
    from hoofbeat.cli.case_text import with_text  # the lexicon, which nothing else needs

    return with_text(given, typed.text, knowledge.ontology)


def _stated(cases: tuple[str, ...], typed: _Typed, knowledge: Knowledge) -> Iterable[GivenCase]:
    """The cases as files or the call itself state them."""
    if cases:
        return given_cases(cases, ontology=knowledge.ontology)
    sex = typed.sex or Sex.UNKNOWN.value
    if typed.is_given:
        stated = (typed.observed, typed.excluded, typed.asked_not)
        return [typed_case(*stated, ontology=knowledge.ontology, sex=sex, age=typed.age)]
    from hoofbeat.cli.case_text import text_alone

    return [text_alone(str(typed.text), Case.of(sex=sex, age=typed.age))]


class _Work:
    """Ranks cases one by one."""

    def __init__(
        self,
        knowledge: Knowledge,
        top: int,
        compared: tuple[str, str] | None,
        variants: Variants | None,
        show: Callable[[Excerpt], str],
        tally: Tally,
    ) -> None:
        self._knowledge, self._top, self._compared, self._variants = knowledge, top, compared, variants
        self._show, self._tally = show, tally

    def do(self, given: GivenCase, output: Output) -> None:
        """Rank one case, or say why that cannot be: on standard error, and in JSON also as the line of the case."""
        if given.case is None:
            self._refuse(given, output)
            return
        from hoofbeat.diagnosis.rank import NothingToRankError, rank

        genotype = None if self._variants is None else self._variants.evidence(given.case)
        try:
            differential = rank(given.case, self._knowledge, genotype=genotype)
        except NothingToRankError as error:
            self._refuse(GivenCase(given.file, None, given.name, given.notes, f"{error}\n  repair: {ASK}"), output)
            return
        excerpt = self._with_traces(differential.excerpt(top=self._top), genotype)
        comparison = None if self._compared is None else _comparison(differential, *self._compared)
        output.put(excerpt.case, self._show(replace(excerpt, notes=_joined(given, excerpt), comparison=comparison)))
        self._tally.done += 1

    def _with_traces(self, excerpt: Excerpt, genotype: GenotypeEvidence | None) -> Excerpt:
        """The excerpt with what became of variants that were asked about, and of a file that could not be used."""
        if self._variants is None:
            return excerpt
        if self._variants.refused:
            note = Note(self._variants.refused, "ranked by the findings alone, as was asked for")
            return replace(excerpt, notes=(note, *excerpt.notes))
        traces = self._variants.traces(genotype)
        summary = excerpt.genotype
        return excerpt if summary is None else replace(excerpt, genotype=replace(summary, asked=traces))

    def _refuse(self, given: GivenCase, output: Output) -> None:
        for note in given.notes:
            click.echo(f"note: {given.file}: {note.what}" + (f" ({note.repair})" if note.repair else ""), err=True)
        if given.error:
            self._tally.refuse(output, case=given.name, file=given.file, error=given.error)


def _compared(knowledge: Knowledge, given: tuple[str, str] | None) -> tuple[str, str] | None:
    """The two diseases to compare, by their primary ids. Raises KnowledgeError where they cannot be, before any case is
    read.
    """
    if given is None:
        return None
    from hoofbeat.diagnosis.compare import named_pair  # brings rapidfuzz

    return named_pair(knowledge, *given)


def _comparison(differential: Differential, a: str, b: str) -> Comparison:
    """Two diseases beside each other, with what would change their order."""
    from hoofbeat.diagnosis.compare import compare, what_would_change

    return replace(compare(differential, a, b), change=what_would_change(differential, a, b))


def _joined(given: GivenCase, excerpt: Excerpt) -> tuple[Note, ...]:
    """What reading the case and what ranking it had to say, each once."""
    # What contradicts the test or its use comes before what was read of the case.
    own = excerpt.notes if excerpt.genotype is not None else ()
    return tuple(dict.fromkeys((*own, *given.notes, *excerpt.notes)))


def shown_as(form: str, *, to_terminal: bool) -> Callable[[Excerpt], str]:
    """The function that makes the text of an excerpt; a page's template or a terminal's width is asked for here."""
    made = date.today()
    if form == "json":
        from hoofbeat.cli.presentation.json_lines import differential_line

        return lambda excerpt: differential_line(excerpt) + "\n"
    if form == "html":
        from hoofbeat.cli.presentation.html_page import differential_page

        return lambda excerpt: differential_page(excerpt, made=made)
    from hoofbeat.cli.presentation.table import differential_table

    width = shutil.get_terminal_size().columns if to_terminal else FILE_WIDTH
    ink = terminal_ink(to_terminal=to_terminal)
    return lambda excerpt: differential_table(excerpt, made=made, width=width, ink=ink)


def _between(form: str) -> str:
    return "\n" + "─" * 40 + "\n\n" if form == "table" else ""


@contextmanager
def _counting(cases: tuple[str, ...], *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Progress on standard error over many cases, unless results appear on the same terminal."""
    expected = 0 if quiet or not sys.stderr.isatty() else expected_cases(cases)
    if expected < MANY:
        yield lambda done: None
        return
    with progress_bar() as progress:
        yield lambda done: progress(f"{done:,} of about {expected:,} cases", min(1.0, done / expected))
