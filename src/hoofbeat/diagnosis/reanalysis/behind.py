"""Which facts are behind a move: what the later release or case library states of a disease and the earlier did not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from hoofbeat.diagnosis.rank import Differential
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.release_change import RowChange, changed_rows

MOST_ROWS = 5  # annotation rows that are named per disease that moved (ours)

NewLinks = Mapping[str, Collection[tuple[str, str]]]


class FactKind(StrEnum):
    """What is new."""

    NEW_DISEASE = "new disease"
    NEW_GENE = "new gene"
    SOLVED_CASES = "solved cases"
    LIBRARY_ALONE = "known from solved cases alone"
    ROW_ADDED = "row added"
    ROW_CHANGED = "row changed"
    ROW_GONE = "row gone"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a disease. `what` is the gene's symbol or the finding's name; `before` and `after` are the stated
    frequencies or the numbers of solved cases.
    """

    kind: FactKind
    what: str = ""
    before: str = ""
    after: str = ""
    references: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As kept."""
        return {
            "kind": self.kind.value,
            "what": self.what,
            "before": self.before,
            "after": self.after,
            "references": list(self.references),
        }


_OF_ROW = {"added": FactKind.ROW_ADDED, "changed": FactKind.ROW_CHANGED, "gone": FactKind.ROW_GONE}


def related_terms(now: Differential) -> frozenset[str]:
    """The findings of a case with all that is above and below them: the terms whose annotations can count for it."""
    return terms_around((*now.evidence.observed, *now.evidence.excluded), now.knowledge.ontology)


def terms_around(terms: Iterable[int], ontology: Ontology) -> frozenset[str]:
    """Some terms with all above and below them, by identifier."""
    near = [part for term in terms for part in (ontology.ancestors[term], ontology.descendants[term])]
    return frozenset(ontology.id(term) for term in np.unique(np.concatenate(near)).tolist()) if near else frozenset()


def rows_behind(disease: str, near: Collection[str], before: Facts, after: Facts) -> tuple[RowChange, ...]:
    """The annotation rows of a disease that differ and can count for a case with these terms, the first few."""
    return changed_rows(before, after, disease, terms=near)[:MOST_ROWS]


def facts_behind(
    disease: str,
    near: Collection[str],
    *,
    before: Facts | None,
    after: Facts,
    links: NewLinks,
    solved: tuple[int | None, int],
) -> tuple[Fact, ...]:
    """What is new of a disease, what says most first. Without the earlier release, nothing is known of its rows.

    `links` are the genes newly linked (`release_change.new_links`), `solved` the solved cases before (None:
    nobody kept how many) and now.
    """
    found = []
    if before is not None and before.diseases.find(disease) is None and after.diseases.find(disease) is not None:
        found.append(Fact(FactKind.NEW_DISEASE))
    genes = sorted(gene for gene, linked in links.items() if any(identifier == disease for identifier, _ in linked))
    found += [Fact(FactKind.NEW_GENE, what=gene) for gene in genes]
    if solved[0] is None:
        if after.diseases.find(disease) is None:
            found.append(Fact(FactKind.LIBRARY_ALONE, after=str(solved[1])))
    elif solved[0] != solved[1]:
        found.append(Fact(FactKind.SOLVED_CASES, before=str(solved[0]), after=str(solved[1])))
    rows = rows_behind(disease, near, before, after) if before is not None else ()
    found += [Fact(_OF_ROW[row.what], row.label, row.before or "", row.after or "", row.references) for row in rows]
    return tuple(found)
