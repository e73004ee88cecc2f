"""A read text for a terminal: the text with the words marked, then one line per finding, within any width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from hoofbeat.cli.presentation import wording
from hoofbeat.cli.presentation.read_words import UNCONFIRMED, said
from hoofbeat.cli.presentation.table import MAX_WIDTH, MIN_WIDTH, PLAIN, Ink, cut, padded
from hoofbeat.interchange.report import is_unprintable, shown
from hoofbeat.interchange.text.mention import Assertion, Mention, pieces
from hoofbeat.interchange.text.reader import ReadText

TEXT_SHOWN = 6_000  # characters of a text that are repeated with the words marked; the table below has all findings
_COLOURS = {
    Assertion.PRESENT: "30;42",
    Assertion.NEGATED: "30;41",
    Assertion.UNCERTAIN: "30;43",
    Assertion.FAMILY: "30;46",
    Assertion.PAST: "30;47",
    Assertion.PLANNED: "30;45",
}


def read_table(file: str, read: ReadText, *, width: int = 80, ink: Ink = PLAIN) -> str:
    """The result as lines, ending with a newline. Without colours, the marked words stand in brackets."""
    width = max(MIN_WIDTH, min(width, MAX_WIDTH))
    count = wording.counted(len(read.mentions), "mention")
    parts = [
        [ink.bold(cut(f"{shown(file, limit=400)}: {count}", width))],
        list(_marked(read, width, ink)),
        list(_lines(read, width, ink)),
        list(_notes(read, width)),
        [ink.bold(line) for line in textwrap.wrap(UNCONFIRMED, width)] if read.mentions else [],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _marked(read: ReadText, width: int, ink: Ink) -> Iterator[str]:
    if len(read.text) > TEXT_SHOWN:
        return
    whole = "".join(_piece(text, mention, ink) for text, mention in pieces(read.text, read.mentions))
    for line in whole.strip("\n").split("\n"):
        if ink.colours:
            yield line.rstrip()  # the terminal wraps; colour signs have no width
        else:
            yield from textwrap.wrap(line, width, break_on_hyphens=False) or [""]


def _piece(text: str, mention: Mention | None, ink: Ink) -> str:
    clean = "".join(" " if is_unprintable(one) and one != "\n" else one for one in text)
    if mention is None:
        return clean
    if ink.colours:
        return f"\x1b[{_COLOURS[mention.assertion]}m{clean}\x1b[0m"
    return f"[{clean}]"


def _lines(read: ReadText, width: int, ink: Ink) -> Iterator[str]:
    """One line per mention: where, the words, the term, and what is said."""
    words_cells = max(12, (width - 34) // 3)
    said_cells = 16
    label_cells = width - 6 - words_cells - said_cells - 13
    for number, mention in read.by_line():
        words = cut(shown(" ".join(mention.text.split()), limit=200), words_cells)
        label = mention.label + (" (?)" if mention.is_unsure else "")
        line = f"{number:>4}  {padded(words, words_cells)} "
        state = padded(cut(said(mention), said_cells), said_cells)
        line += f"{ink.faint(state) if mention.assertion is not Assertion.PRESENT else state} {mention.hpo} "
        yield (line + cut(label, label_cells)).rstrip()


def _notes(read: ReadText, width: int) -> Iterator[str]:
    for message in read.messages:
        place = f"{message.where}: " if str(message.where) else ""
        text = f"Note: {place}{message.what}" + (f" ({message.repair})" if message.repair else "")
        yield from textwrap.wrap(shown(text, limit=600), width, break_on_hyphens=False)
    if any(mention.is_unsure for mention in read.mentions):
        yield "(?) an abbreviation, a loose synonym or a repaired typing error: look twice"
