"""A document of free text as mentions with what there is to know of it; the door for every command that reads text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hoofbeat.interchange.archive import Document
from hoofbeat.interchange.report import InputError, Message, Severity
from hoofbeat.interchange.text.decode import decoded
from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.language import other_language
from hoofbeat.interchange.text.mention import Mention
from hoofbeat.knowledge.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class ReadText:
    """One text and its mentions; or, in `error`, why it could not be read."""

    text: str = ""
    mentions: tuple[Mention, ...] = ()
    messages: tuple[Message, ...] = ()
    error: str = ""

    def by_line(self) -> Iterator[tuple[int, Mention]]:
        """The mentions in order, each with the line (from 1) on which it begins; the text is gone through once."""
        line, at = 1, 0
        for mention in self.mentions:
            line += self.text.count("\n", at, mention.start)
            at = mention.start
            yield line, mention


def read_text(document: Document, lexicon: Lexicon) -> ReadText:
    """The mentions of one document. Never raises for bad input."""
    if document.problem is not None:
        problem = document.problem
        error = InputError(problem.what, code=problem.code, repair=problem.repair, where=problem.where)
        return ReadText(messages=(problem,), error="" if problem.severity is Severity.INFO else str(error))
    try:
        found = decoded(document.data)
    except InputError as error:
        return ReadText(messages=(error.message(),), error=str(error))
    mentions = find_terms(found.text, lexicon)
    return ReadText(found.text, mentions, (*found.messages, *_remarks(found.text, mentions)))


def _remarks(text: str, mentions: tuple[Mention, ...]) -> list[Message]:
    language = other_language(text)
    if language:
        name = "in another language" if language == "another language" else f"in {language}"
        what = f"the text seems to be mostly {name}; only English is read, so findings will be missed or misread"
        return [Message(Severity.WARNING, "text-language", what, "have it translated first")]
    if not mentions:
        return [
            Message(Severity.INFO, "text-no-finding", "no finding was recognised in the text", "name them by --hpo")
        ]
    return []


def line_of(text: str, offset: int) -> int:
    """The line (from 1) on which a character of a text stands."""
    return text.count("\n", 0, offset) + 1
