"""Medical actions of the Medical Action Ontology (MAxO), and which finding can be observed through which of them.

Optional: a release can be built without, and then says so. The files are those that MAxO and its annotations publish.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from hoofbeat.knowledge.columns import IntArray, Lists, Texts
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.obo import read_obo
from hoofbeat.knowledge.ontology import Ontology, Term
from hoofbeat.knowledge.tables import open_table

ROOT = "MAXO:0000001"  # "medical action": that a finding is observable through any action says nothing
OBSERVABLE = "is_observable_through"
PRENATAL = "is_prenatally_observable_through"
COLUMNS = ("hpo_id", "predicate_id", "maxo_id")
_REPAIR = "use unaltered maxo.obo and maxo_diagnostic_annotations.tsv of one time"


@dataclass(frozen=True, eq=False)
class Actions:
    """The actions in order of identifier. `parents` are action indices; `observable` and `prenatal` list per action the
    terms (indices) that it can show, in people who are born and in the unborn.
    """

    release: str
    ids: Texts
    names: Texts
    parents: Lists
    observable: Lists
    prenatal: Lists

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def empty(cls) -> Actions:
        """No actions: what a release holds that was built without MAxO."""
        return cls("", Texts.of(()), Texts.of(()), Lists.of(()), Lists.of(()), Lists.of(()))

    def index(self, identifier: str) -> int | None:
        """The index of an action, or None."""
        return self._places.get(identifier)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {identifier: place for place, identifier in enumerate(self.ids)}

    def name(self, identifier: str) -> str:
        """The name of an action; for an unknown one, its identifier."""
        place = self.index(identifier)
        return identifier if place is None else self.names[place]

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """The action itself and all above it, nearest first; empty for an unknown one."""
        if identifier not in self._found_above:
            self._found_above[identifier] = self._above(identifier)
        return self._found_above[identifier]

    @cached_property
    def _found_above(self) -> dict[str, tuple[str, ...]]:
        """What `ancestors` has answered: it is asked of every action for every case."""
        return {}

    def _above(self, identifier: str) -> tuple[str, ...]:
        start = self.index(identifier)
        found: dict[int, None] = {} if start is None else {start: None}
        waiting = list(found)
        while waiting:
            fresh = [int(p) for place in waiting for p in self.parents[place] if int(p) not in found]
            found.update(dict.fromkeys(fresh))
            waiting = fresh
        return tuple(self.ids[place] for place in found)

    def shows(self, identifier: str, ontology: Ontology, *, unborn: bool = False) -> IntArray:
        """The findings that an action can show, each with all below it, ascending; empty for an unknown action."""
        place = self.index(identifier)
        stated = () if place is None else (self.prenatal if unborn else self.observable)[place].tolist()
        below = [ontology.descendants[int(term)] for term in stated]
        return np.unique(np.concatenate(below)).astype(np.int32) if below else np.zeros(0, dtype=np.int32)


def read_actions(obo: Path, annotations: Path, ontology: Ontology) -> tuple[Actions, dict[str, Any]]:
    """Both files as one table, and what is to be said of them: counts, and rows that were left out.

    Raises KnowledgeError where a file is not what its name says.
    """
    document = read_obo(obo)
    used = sorted((t for t in document.terms if t.id.startswith("MAXO:") and not t.is_obsolete), key=lambda t: t.id)
    if not used:
        raise KnowledgeError(f"{obo}: no MAXO term in it", repair=_REPAIR)
    place = {term.id: index for index, term in enumerate(used)}
    table = open_table(annotations, COLUMNS, repair=_REPAIR)
    terms: dict[str, dict[int, set[int]]] = {OBSERVABLE: defaultdict(set), PRENATAL: defaultdict(set)}
    skipped: dict[str, int] = defaultdict(int)
    rows = 0
    for _, (finding, predicate, action) in table.rows:
        rows += 1
        reason = _why_not(finding, predicate, action, place, ontology)
        if reason:
            skipped[reason] += 1
            continue
        index = ontology.resolve(finding).index
        assert index is not None
        terms[predicate][place[action]].add(index)
    if rows == 0:
        raise KnowledgeError(f"{annotations}: no row in it", repair=_REPAIR)
    skipped["too few cells"] += len(table.short_lines)
    actions = Actions(
        release=document.release,
        ids=Texts.of(term.id for term in used),
        names=Texts.of(term.name for term in used),
        parents=Lists.of(_parents(used, place)),
        observable=Lists.of(sorted(terms[OBSERVABLE].get(index, ())) for index in range(len(used))),
        prenatal=Lists.of(sorted(terms[PRENATAL].get(index, ())) for index in range(len(used))),
    )
    kept = {predicate: sum(map(len, of.values())) for predicate, of in terms.items()}
    return actions, {
        "release": document.release,
        "annotation_release": table.comment("version") or "",
        "actions": len(used),
        "actions_that_show_findings": len({*terms[OBSERVABLE], *terms[PRENATAL]}),
        "observable": kept[OBSERVABLE],
        "prenatally_observable": kept[PRENATAL],
        "rows_read": rows,
        "rows_skipped": {reason: number for reason, number in sorted(skipped.items()) if number},
    }


def _why_not(finding: str, predicate: str, action: str, place: dict[str, int], ontology: Ontology) -> str:
    """Why a row is left out; empty where it is used."""
    if action == ROOT:
        return "observable through any action"
    if action not in place:
        return "no action in use"
    if predicate not in (OBSERVABLE, PRENATAL):
        return "unknown predicate"
    index = ontology.resolve(finding).index
    return "" if index is not None and ontology.is_phenotype[index] else "no finding of this release"


def _parents(used: Iterable[Term], place: dict[str, int]) -> list[list[int]]:
    return [sorted(place[parent] for parent in term.parents if parent in place) for term in used]
