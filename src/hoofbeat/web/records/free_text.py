"""Reads free text of a record, in the process that answers: the lexicon of the release, made once, and a length for
which reading stays far below half a minute.

Work grows with the length and no faster, for a sentence is cut where it does not end (`interchange.text.sentences`),
and only the nearest words that deny a finding are tried. The slowest of nine made-up texts of 200,000 characters ("no
tic no tic ...") took 2.2 seconds of work. So no process of its own is needed, which would have to open the knowledge
each time.
"""

from __future__ import annotations

from functools import lru_cache

from hoofbeat.interchange.archive import Document
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.text.decode import text_to_show
from hoofbeat.interchange.text.reader import ReadText, read_text
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.lexicon import Lexicon
from hoofbeat.web.records.ranking import knowledge

LONGEST = 200_000  # characters: about a hundred pages


@lru_cache(maxsize=1)
def _made_of(source: Knowledge) -> Lexicon:
    return Lexicon.of(source.ontology)


def lexicon() -> Lexicon:
    """The names of the release in use. Raises KnowledgeError where none is built."""
    return _made_of(knowledge())


def read_note(data: bytes) -> ReadText:
    """What a note says. Raises InputError where it is no text or too long, KnowledgeError without knowledge."""
    found = text_to_show(data, longest=LONGEST)
    read = read_text(Document("note", found.text.encode(errors="replace")), lexicon())
    if read.error:  # nothing but what a page could not hold
        raise InputError(read.messages[0].what, code=read.messages[0].code, repair=read.messages[0].repair)
    return ReadText(read.text, read.mentions, (*found.messages, *read.messages))
