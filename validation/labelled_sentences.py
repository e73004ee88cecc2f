"""Reads the clinical sentences that the reader of free text is measured on, and says which line and field is wrong.

The format, one sentence or short note a line, `#` before a comment:

    KIND: There is {long fingers|HP:0001166 Arachnodactyly} but no {scoliosis|HP:0002650 Scoliosis|negated}.

Words in braces are a mention: the words as they stand, the term and its label, and what is said of it where it is not
`present`: `negated`, `uncertain`, `past`, `planned`, or `family:mother` with the relative. `\\n` is a line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hoofbeat.interchange.text.mention import Assertion
from hoofbeat.knowledge.ontology import Ontology

FOLDER = Path(__file__).parent / "free_text"
DEVELOPMENT = FOLDER / "development.txt"
HELD_BACK = FOLDER / "held_back.txt"
KINDS = (
    "present", "negation", "pseudo", "uncertain", "family", "abbreviation", "typing", "list", "past", "planned", "lay",
    "normal", "coordination", "homograph", "discussed",
)  # fmt: skip
_BRACES = re.compile(r"[{}]")
_MENTION = re.compile(r"\{([^{}]*)\}")


class LabelError(Exception):
    """A line of labelled sentences that cannot be read: file, line, field, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One mention as it should be found."""

    start: int
    end: int
    hpo: str
    assertion: Assertion
    who: str = ""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A sentence, its kind, the line it stands on, and its mentions in order."""

    line: int
    kind: str
    text: str
    mentions: tuple[Labelled, ...]


def labelled_sentences(path: Path, ontology: Ontology) -> tuple[LabelledText, ...]:
    """All sentences of a file. Raises LabelError at the first line that is wrong."""
    return tuple(_read(path.name, path.read_text(encoding="utf-8"), ontology))


def _read(name: str, content: str, ontology: Ontology) -> Iterator[LabelledText]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            kind, colon, marked = line.partition(": ")
            place = f"{name}, line {number}"
            if not colon or kind not in KINDS:
                raise LabelError(f"{place}, kind: {kind[:40]!r} is none of {', '.join(KINDS)}")
            yield _sentence(place, number, kind, marked, ontology)


def _sentence(place: str, number: int, kind: str, marked: str, ontology: Ontology) -> LabelledText:
    text, at = "", 0
    mentions: list[Labelled] = []
    for found in _MENTION.finditer(marked):
        text += _plain(place, marked[at : found.start()])
        words, *fields = found.group(1).split("|")
        which = f"{place}, mention {len(mentions) + 1}"
        if not words.strip() or not 1 <= len(fields) <= 2:
            raise LabelError(f"{which}, fields: {{words|HP:1234567 Label|assertion}} is wanted, not {found.group()}")
        hpo = _term(which, fields[0], ontology)
        assertion, who = _assertion(which, fields[1] if len(fields) == 2 else "present")
        words = words.replace("\\n", "\n")
        mentions.append(Labelled(len(text), len(text) + len(words), hpo, assertion, who))
        text += words
        at = found.end()
    return LabelledText(number, kind, text + _plain(place, marked[at:]), tuple(mentions))


def _plain(place: str, text: str) -> str:
    if _BRACES.search(text):
        raise LabelError(f"{place}, text: a brace without its partner, near {text[:40]!r}")
    return text.replace("\\n", "\n")


def _term(which: str, field: str, ontology: Ontology) -> str:
    identifier, _, label = field.partition(" ")
    resolved = ontology.resolve(identifier)
    if resolved.index is None or resolved.id != identifier or not ontology.is_phenotype[resolved.index]:
        raise LabelError(f"{which}, term: {identifier!r} is no finding of HPO {ontology.release}")
    if ontology.name(resolved.index) != label:
        raise LabelError(f"{which}, label: {identifier} is {ontology.name(resolved.index)!r}, not {label!r}")
    return identifier


def _assertion(which: str, field: str) -> tuple[Assertion, str]:
    name, _, who = field.partition(":")
    if name not in list(Assertion):
        raise LabelError(f"{which}, assertion: {name!r} is none of {', '.join(Assertion)}")
    if (name == Assertion.FAMILY) != bool(who):
        raise LabelError(f"{which}, assertion: the relative is named with family, as in family:mother, and only there")
    return Assertion(name), who
