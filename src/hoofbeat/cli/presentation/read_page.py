"""A read text as one page: the text with the words marked, and a table of what they were taken for.

Like the page of a differential it is a single file that runs no script and loads nothing, and everything from outside
passes the template's escaping.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date

import hoofbeat
from hoofbeat.cli.presentation.html_page import page_template, page_text
from hoofbeat.cli.presentation.read_words import UNCONFIRMED, said
from hoofbeat.cli.presentation.wording import counted
from hoofbeat.interchange.report import is_unprintable, shown
from hoofbeat.interchange.text.mention import Assertion, pieces
from hoofbeat.interchange.text.reader import ReadText

_LONGEST = 400  # characters of any name from outside
_LEGEND = (
    (Assertion.PRESENT, "present"), (Assertion.NEGATED, "denied"), (Assertion.UNCERTAIN, "uncertain"),
    (Assertion.FAMILY, "of a relative"), (Assertion.PAST, "past"), (Assertion.PLANNED, "looked for"),
)  # fmt: skip


def read_page(file: str, read: ReadText, *, made: date) -> str:
    """The page as HTML text."""
    style = page_text("differential.css") + page_text("read.css")
    return page_template("read.html.jinja").render(
        title=shown(file, limit=_LONGEST),
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        lead=f"{counted(len(read.mentions), 'mention')} of findings.",
        caution=UNCONFIRMED,
        pieces=[
            (_clean(text), None if mention is None else (mention.assertion.value, f"{mention.label}: {said(mention)}"))
            for text, mention in pieces(read.text, read.mentions)
        ],
        legend=[(one.value, words) for one, words in _LEGEND if any(m.assertion is one for m in read.mentions)],
        rows=[
            (
                line,
                shown(" ".join(one.text.split()), limit=_LONGEST),
                one.label,
                one.hpo,
                one.assertion.value,
                said(one),
                one.how.value,
            )
            for line, one in read.by_line()
        ],
        notes=[(shown(one.what, limit=_LONGEST), shown(one.repair, limit=_LONGEST)) for one in read.messages],
        made=made.isoformat(),
        version=hoofbeat.__version__,
    )


def _clean(text: str) -> str:
    """A piece of the text with its line ends, and without what could disturb a page."""
    return "".join(one if one == "\n" else " " if is_unprintable(one) else one for one in text)
