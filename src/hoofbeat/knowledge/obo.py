"""Reader of OBO 1.2/1.4 ontology files (HPO, MAxO).

Our own because the libraries need 30 to 150 times as long for the few tags that are used here; `tests/integration`
compares it with pronto.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hoofbeat.knowledge.errors import KnowledgeError, reading
from hoofbeat.knowledge.ontology import Synonym, Term

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_SCOPES = frozenset({"EXACT", "BROAD", "NARROW", "RELATED"})


@dataclass(frozen=True, slots=True)
class OboDocument:
    """What one OBO file holds: its release, and its terms in file order."""

    release: str
    terms: tuple[Term, ...]


def read_obo(path: Path) -> OboDocument:
    """Read an OBO file from disk. Raises KnowledgeError with file and line where the file is not OBO."""
    with reading(path):
        text = path.read_text(encoding="utf-8")
    return parse_obo(text.splitlines(), name=str(path))


def parse_obo(lines: Iterable[str], *, name: str = "OBO") -> OboDocument:
    """Read OBO lines; `name` stands in error messages."""
    header: dict[str, list[str]] = {}
    terms: list[Term] = []
    for kind, start, tags in _stanzas(lines):
        if kind == "":
            header = tags
        elif kind == "Term":
            if len(tags.get("id", ())) != 1:
                raise KnowledgeError(
                    f"{name}:{start}: a [Term] has no single id", repair="use an unaltered release file"
                )
            terms.append(_term(tags))
    if not terms:
        raise KnowledgeError(f"{name}: no [Term] in it", repair="give the hp.obo of an HPO release")
    version = header.get("data-version", header.get("date", ["unknown"]))[0]
    return OboDocument(_release_date(version), tuple(terms))


def _release_date(version: str) -> str:
    """`hp/releases/2025-01-16` names the release 2025-01-16."""
    found = re.search(r"\d{4}-\d{2}-\d{2}", version)
    return found.group(0) if found else version


def _stanzas(lines: Iterable[str]) -> Iterator[tuple[str, int, dict[str, list[str]]]]:
    """Yield (kind, first line number, tag -> values); the header has the kind ''."""
    kind, start = "", 1
    tags: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 1):
        if line.startswith("["):
            yield kind, start, tags
            kind, start, tags = line.strip().strip("[]"), number, {}
            continue
        tag, colon, value = line.partition(": ")
        if colon:
            tags.setdefault(tag, []).append(value.strip())
    yield kind, start, tags


def _reference(value: str) -> str:
    """The id in `HP:0000107 ! Renal cyst` or `HP:0000107 {source="x"}`."""
    return value.split(" ", 1)[0]


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t"}.get(found.group(1), found.group(1)), text)


def _term(tags: dict[str, list[str]]) -> Term:
    definition = _QUOTED.match(tags.get("def", [""])[0])
    return Term(
        id=tags["id"][0],
        name=_plain(tags.get("name", [""])[0]),
        definition=_plain(definition.group(1)) if definition else "",
        synonyms=tuple(_synonym(value) for value in tags.get("synonym", ())),
        parents=tuple(_reference(value) for value in tags.get("is_a", ())),
        alternative_ids=tuple(tags.get("alt_id", ())),
        xrefs=tuple(_reference(value) for value in tags.get("xref", ())),
        is_obsolete=tags.get("is_obsolete", ["false"])[0] == "true",
        replaced_by=tuple(_reference(value) for value in tags.get("replaced_by", ())),
        consider=tuple(_reference(value) for value in tags.get("consider", ())),
    )


def _synonym(value: str) -> Synonym:
    """`"Big calvaria" EXACT layperson [ORCID:...]`: text, scope and, when given, the kind."""
    quoted = _QUOTED.match(value)
    if quoted is None:
        return Synonym(value, "RELATED", "")
    words = value[quoted.end() :].split("[", 1)[0].split()
    scope = words[0] if words and words[0] in _SCOPES else "RELATED"
    kind = words[1] if len(words) > 1 else ""
    return Synonym(_plain(quoted.group(1)), scope, kind)
