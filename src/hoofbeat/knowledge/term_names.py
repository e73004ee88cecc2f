"""The names by which findings are known: every label and synonym of every phenotypic abnormality, in one place.

Searches for what somebody typed, names for families and the lexicon of free text are all made from this one list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from hoofbeat.knowledge.ontology import Ontology, Term
from hoofbeat.knowledge.own_names import FAMILY_WORDS, SHORTHAND

LABEL = "LABEL"
OWN = "OWN"
LAYPERSON = "layperson"


class TermName(NamedTuple):
    """One name of the term with index `term`: its scope (LABEL, EXACT, BROAD, NARROW, RELATED, OWN) and kind."""

    term: int
    text: str
    scope: str
    kind: str

    @property
    def is_plain(self) -> bool:
        """Whether it is a name for laypeople."""
        return self.kind == LAYPERSON


def term_names(ontology: Ontology) -> Iterator[TermName]:
    """The names of all phenotypic abnormalities, by term; each name once a term, whatever its upper and lower case.

    A label that stands among the synonyms as a name for laypeople is one.
    """
    names = list(ontology.names)
    # One parse of all details is three times as fast as one of each.
    details = json.loads(f"[{','.join(ontology.details)}]")
    for term in np.flatnonzero(ontology.is_phenotype).tolist():
        yield from _once(term, names[term], details[term]["syn"])


def own_term_names(ontology: Ontology) -> Iterator[TermName]:
    """Our own words for terms, of families and of notes, that HPO does not have; none for a term it no longer knows."""
    labels = {name.casefold(): term for term, name in enumerate(ontology.names) if ontology.is_phenotype[term]}
    for table, kind in ((SHORTHAND, ""), (FAMILY_WORDS, LAYPERSON)):
        for text, label in table.items():
            term = labels.get(label.casefold())
            if term is not None:
                yield TermName(term, text, OWN, kind)


def names_of(ontology: Ontology, term: int) -> tuple[TermName, ...]:
    """The names of one term, its label first."""
    stated: Term = ontology.term(term)
    synonyms = [[one.text, one.scope, one.kind] for one in stated.synonyms]
    return tuple(_once(term, stated.name, synonyms))


def _once(term: int, label: str, synonyms: list[list[str]]) -> list[TermName]:
    if not synonyms:
        return [TermName(term, label, LABEL, "")]
    found = {label.casefold(): TermName(term, label, LABEL, "")}
    for text, scope, kind in synonyms:
        folded = text.casefold()
        known = found.get(folded)
        if known is None:
            found[folded] = TermName(term, text, scope, kind)
        elif kind:
            found[folded] = known._replace(kind=kind)
    return list(found.values())
