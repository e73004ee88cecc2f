"""`hoofbeat read`: notes in, the findings they mention out, as table, JSON lines or a page with the words marked."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.given_texts import GivenText, expected_texts, given_texts
from hoofbeat.cli.output import Output, opened_output
from hoofbeat.cli.progress import progress_bar
from hoofbeat.cli.standard_input import STANDARD_INPUT
from hoofbeat.cli.tally import Tally
from hoofbeat.cli.terminal_ink import terminal_ink
from hoofbeat.interchange.report import Severity

if TYPE_CHECKING:
    from hoofbeat.interchange.text.reader import ReadText
    from hoofbeat.knowledge.lexicon import Lexicon

ENDINGS = {"table": ".txt", "json": ".json", "html": ".html"}
FILE_WIDTH = 100  # columns of a table that is not written to a terminal
# Texts from which on several processes are worth their start, in which each makes its own lexicon.
MANY = 300
_CHUNK = 32  # texts sent to a process at a time

Show = Callable[[str, "ReadText"], str]


@click.command("read")
@click.argument("notes", nargs=-1, required=True, type=GivenPath(), metavar="NOTES...")
@click.option("--format", "form", type=click.Choice(list(ENDINGS)), default="table", show_default=True)
@click.option(
    "--out", type=GivenPath(), metavar="FILE|DIR", help="Write there: one file, or in a folder a file per text."
)
@click.option("--release", metavar="NAME|PATH", help="Knowledge release to use; default: the newest one built.")
def read_verb(notes: tuple[str, ...], form: str, out: str | None, release: str | None) -> None:
    """Find the HPO findings that notes mention, with what is said of each: present, denied, uncertain, past, planned,
    or of a relative.

    NOTES are files of English text, folders or zips of them; - is standard input.

    What is found is a proposal: nothing of it is known of the patient before somebody confirms it.
    """
    if notes.count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input (-) can be read only once")
    lexicon_of = _Lexicon(str(_located(release)))
    show = shown_as(form, to_terminal=out is None and sys.stdout.isatty())
    tally = Tally("read", form=form, out=out)
    work = _Work(form, show, tally)
    between = "\n" + "─" * 40 + "\n\n" if form == "table" else ""
    with (
        opened_output(out, ending=ENDINGS[form], page=form == "html", between=between) as output,
        _counting(notes, quiet=out is None and sys.stdout.isatty()) as count,
    ):
        for given, read in _all_read(notes, lexicon_of):
            work.take(given, read, output)
            count(tally.tried)
        tally.stop_if_nothing_to_write()
    tally.finish()


def _located(release: str | None) -> Path:
    """Where the release is. Builds the one that came with the installation where none has been built."""
    from hoofbeat.cli.opened_knowledge import located_release

    return located_release(release)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Makes the lexicon of a release, once in each process."""

    release: str

    def __call__(self) -> Lexicon:
        from hoofbeat.knowledge.facts import Facts
        from hoofbeat.knowledge.lexicon import Lexicon

        return Lexicon.of(Facts.open(Path(self.release)).ontology)


def _all_read(notes: tuple[str, ...], lexicon_of: _Lexicon) -> Iterator[tuple[GivenText, ReadText]]:
    """Every text and what it gives, in order."""
    from hoofbeat.batch import Failure, available_cores, over
    from hoofbeat.interchange.text.reader import ReadText

    processes = available_cores() if expected_texts(notes) >= MANY else 1
    for given, read in over(_read, given_texts(notes), setup=lexicon_of, processes=processes, chunk=_CHUNK):
        yield given, ReadText(error=f"it could not be read: {read.what}") if isinstance(read, Failure) else read


def _read(lexicon: Lexicon, given: GivenText) -> ReadText:
    from hoofbeat.interchange.text.reader import ReadText, read_text

    return ReadText(error=given.error) if given.error else read_text(given.document, lexicon)


class _Work:
    """Writes texts one by one."""

    def __init__(self, form: str, show: Show, tally: Tally) -> None:
        self._form, self._show, self._tally = form, show, tally

    def take(self, given: GivenText, read: ReadText, output: Output) -> None:
        """Write one text; one that could not be read is named on standard error, and in JSON also as its line."""
        if read.error:
            self._tally.refuse(output, file=given.file, error=read.error)
            return
        if given.document.problem is not None:  # no text at all: a picture in a folder of notes
            click.echo(f"note: {given.file}: {read.messages[0].what} ({read.messages[0].repair})", err=True)
            return
        if self._form == "json":
            for message in read.messages:
                if message.severity is Severity.WARNING:
                    click.echo(f"note: {given.file}: {message}", err=True)
        output.put(given.file, self._show(given.file, read))
        self._tally.done += 1


def shown_as(form: str, *, to_terminal: bool) -> Show:
    """The function that makes the text of a result."""
    if form == "json":
        from hoofbeat.cli.presentation.read_json import read_line

        return lambda file, read: read_line(file, read) + "\n"
    if form == "html":
        from hoofbeat.cli.presentation.read_page import read_page

        made = date.today()
        return lambda file, read: read_page(file, read, made=made)
    from hoofbeat.cli.presentation.read_table import read_table

    width = shutil.get_terminal_size().columns if to_terminal else FILE_WIDTH
    ink = terminal_ink(to_terminal=to_terminal)
    return lambda file, read: read_table(file, read, width=width, ink=ink)


@contextmanager
def _counting(notes: tuple[str, ...], *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Progress on standard error over many texts, unless results appear on the same terminal."""
    expected = 0 if quiet or not sys.stderr.isatty() else expected_texts(notes)
    if expected < MANY:
        yield lambda done: None
        return
    with progress_bar() as progress:
        yield lambda done: progress(f"{done:,} of about {expected:,} texts", min(1.0, done / expected))
