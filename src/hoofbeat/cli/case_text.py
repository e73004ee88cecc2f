"""`rank --text`: the findings of a note join the case; notes say which ones, and that nobody confirmed them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hoofbeat.cases import Case
from hoofbeat.cli.given_cases import ASK, NO_FINDING, GivenCase
from hoofbeat.cli.given_texts import given_texts
from hoofbeat.cli.standard_input import STANDARD_INPUT
from hoofbeat.diagnosis.differential import Note
from hoofbeat.interchange.report import InputError, Severity, shown
from hoofbeat.interchange.text.into_case import Joined, joined
from hoofbeat.interchange.text.mention import Assertion, Mention
from hoofbeat.interchange.text.reader import ReadText, line_of, read_text
from hoofbeat.knowledge.lexicon import Lexicon
from hoofbeat.knowledge.ontology import Ontology

_LISTED = 40  # findings that one note names


def text_alone(path: str, case: Case) -> GivenCase:
    """A case of which nothing is known but what a text will say; it is called after the file."""
    name = "standard input" if path == STANDARD_INPUT else os.path.basename(path) or "text"
    return GivenCase(shown(path, limit=1000), replace(case, id=name), name)


def with_text(given: Iterable[GivenCase], path: str, ontology: Ontology) -> Iterator[GivenCase]:
    """The given case with the findings of the text at `path`. Raises InputError where that is no single readable text,
    or where there are several cases: a text is about one person.
    """
    called, read = _read(path, ontology)
    have_one = False
    for one in given:
        if one.case is None:
            yield one
            continue
        if have_one:
            raise InputError(
                "--text is of one person, and there are several cases", code="many", repair="give one CASE"
            )
        have_one = True
        result = joined(one.case, read.mentions, ontology)
        notes = (*one.notes, *_notes(called, read, result))
        if result.case.observed or result.case.excluded:
            yield replace(one, case=result.case, notes=notes)
        else:
            yield GivenCase(one.file or called, None, one.name, notes, f"{NO_FINDING}\n  repair: {ASK}")


def _read(path: str, ontology: Ontology) -> tuple[str, ReadText]:
    texts = [one for one in given_texts([path]) if one.error or _is_text(one.document.problem)]
    if len(texts) != 1:
        raise InputError(f"--text {shown(path)}: {len(texts)} texts are there, and one is wanted", code="many")
    (one,) = texts
    read = ReadText(error=one.error) if one.error else read_text(one.document, Lexicon.of(ontology))
    if read.error:
        what, _, repair = read.error.partition("\n  repair: ")
        raise InputError(f"{one.file}: {what}", code="text", repair=repair)
    return one.file, read


def _is_text(problem: object) -> bool:
    return getattr(problem, "severity", None) is not Severity.INFO


def _notes(called: str, read: ReadText, result: Joined) -> Iterator[Note]:
    for message in read.messages:
        place = f" ({message.where})" if str(message.where) else ""
        yield Note(f"{called}{place}: {message.what}", message.repair)
    if result.used:
        count = f"{len(result.used)} finding" + ("" if len(result.used) == 1 else "s")
        yield Note(
            f"{count} read from the text {called} by a program, and confirmed by nobody",
            "check each of them before relying on the ranking",
        )
    for assertion, state in ((Assertion.PRESENT, "observed"), (Assertion.NEGATED, "excluded")):
        found = [one for one in result.used if one.assertion is assertion]
        if found:
            yield Note(f"from the text, as {state}: {_listed(read, found)}")
    if result.left:
        left = [f"{_named(read, one)} ({why})" for one, why in result.left[:_LISTED]]
        more = len(result.left) - len(left)
        yield Note(f"in the text but not used: {'; '.join(left)}" + (f" and {more} more" if more > 0 else ""))


def _listed(read: ReadText, mentions: Sequence[Mention]) -> str:
    more = len(mentions) - _LISTED
    return "; ".join(_named(read, one) for one in mentions[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _named(read: ReadText, one: Mention) -> str:
    words = " ".join(one.text.split())
    said = "" if words.casefold() == one.label.casefold() else f' ("{shown(words)}")'
    return f"{one.label}{said}, line {line_of(read.text, one.start)}"
