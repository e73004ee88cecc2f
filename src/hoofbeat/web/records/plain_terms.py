"""The signs in plain words of the release that the application works with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.plain_terms import PlainTerm, PlainTerms
from hoofbeat.web.records.ranking import knowledge


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """A sign for a family: by its plain name where it `is_plain`, else by the doctors' word; with what it means."""

    name: str
    meaning: str
    is_plain: bool


@lru_cache(maxsize=1)
def _made_of(source: Knowledge) -> PlainTerms:
    return PlainTerms(source.ontology)


def plain_terms() -> PlainTerms:
    """The signs of the release in use."""
    return _made_of(knowledge())


def plain_term(hpo: str) -> PlainTerm | None:
    """A term as a family would call it; None where it has no such name, or nothing is built to look it up in."""
    try:
        return plain_terms().of(hpo)
    except KnowledgeError:
        return None


def plain_name(hpo: str, otherwise: str) -> str:
    """What a family would call a term."""
    found = plain_term(hpo)
    return found.name if found else otherwise


def explained_term(hpo: str, otherwise: str) -> ExplainedTerm:
    """A term as a family can understand it; by `otherwise` alone while nothing is built to look it up in."""
    found = plain_term(hpo)
    if found is not None:
        return ExplainedTerm(found.name, found.meaning, True)
    try:
        known = plain_terms().meaning(hpo)
    except KnowledgeError:
        known = None
    return ExplainedTerm(otherwise, known.meaning if known is not None else "", False)


def first_sentence(text: str) -> str:
    """Where a definition is long, its beginning, without the full stop."""
    return text.partition(". ")[0].rstrip(".")
