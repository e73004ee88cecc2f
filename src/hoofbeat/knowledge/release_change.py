"""What one release states that another did not: annotation rows added, changed and gone, and new gene links.

A row is the same row where entry, term, references and negation agree; its frequency is what may change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.annotations import AnnotationTable
from hoofbeat.knowledge.columns import Lists
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.stated_frequency import from_columns

Numbers = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]
ABSENT = -1  # in place of a frequency's text, where the row is negated

RowKey = tuple[str, str, tuple[str, ...], bool]  # entry, term, references, negated


@dataclass(frozen=True, slots=True)
class RowChange:
    """One annotation row before and after, as its frequency is shown to people; None where there was none."""

    entry: str
    term: str
    label: str
    references: tuple[str, ...]
    before: str | None
    after: str | None

    @property
    def what(self) -> str:
        """`added`, `gone` or `changed`."""
        return "added" if self.before is None else "gone" if self.after is None else "changed"


@dataclass(frozen=True)
class ReleaseChange:
    """The differences between two releases as numbers, and per gene symbol the (id, name) of diseases newly linked."""

    rows_added: int = 0
    rows_changed: int = 0
    rows_gone: int = 0
    diseases_added: tuple[str, ...] = ()
    diseases_gone: tuple[str, ...] = ()
    new_links: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def release_change(before: Facts, after: Facts) -> ReleaseChange:
    """Everything that differs between two releases, in a second."""
    keys, texts, is_after = _all_rows(before, after)
    then, now = np.unique(keys[~is_after]), np.unique(keys[is_after])
    entries_before, entries_after = set(before.diseases.member_ids), set(after.diseases.member_ids)
    return ReleaseChange(
        rows_added=len(np.setdiff1d(now, then, assume_unique=True)),
        rows_changed=len(np.intersect1d(_unbalanced(keys, texts, is_after), np.intersect1d(then, now))),
        rows_gone=len(np.setdiff1d(then, now, assume_unique=True)),
        diseases_added=tuple(sorted(entries_after - entries_before)),
        diseases_gone=tuple(sorted(entries_before - entries_after)),
        new_links=new_links(before, after),
    )


def new_links(before: Facts, after: Facts) -> dict[str, tuple[tuple[str, str], ...]]:
    """Per gene symbol the (identifier, name) of the diseases that it is linked to and was not before, under any of
    their entries.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for index in range(len(after.diseases)):
        if not len(after.diseases.genes[index]):
            continue
        disease = after.diseases.disease(index)
        earlier = {before.diseases.find(member.id) for member in disease.members} - {None}
        linked = {int(gene) for one in earlier if one is not None for gene in before.diseases.genes[one]}
        known = {int(before.diseases.gene_ids[gene]) for gene in linked}
        for gene in disease.genes:
            if gene.ncbi_id not in known:
                found[gene.symbol].append((disease.id, disease.name))
    return {symbol: tuple(diseases) for symbol, diseases in sorted(found.items())}


def changed_rows(before: Facts, after: Facts, disease: str, *, terms: Collection[str]) -> tuple[RowChange, ...]:
    """The rows of one disease (any of its ids) on some terms that differ, by entry, term and references."""
    then, now = (_rows_of(facts, facts.diseases.find(disease), terms) for facts in (before, after))
    changes = []
    for key in sorted({*then, *now}):
        was, is_now = then.get(key), now.get(key)
        if was != is_now:
            entry, term, references, _ = key
            changes.append(RowChange(entry, term, _name(after, before, term), references, was, is_now))
    return tuple(changes)


def _name(after: Facts, before: Facts, term: str) -> str:
    for facts in (after, before):
        index = facts.ontology.resolve(term).index
        if index is not None:
            return facts.ontology.name(index)
    return term


def _rows_of(facts: Facts, disease: int | None, terms: Collection[str]) -> dict[RowKey, str]:
    """The rows of a disease on some terms; several with one key are joined."""
    if disease is None:
        return {}
    table = facts.annotations.findings
    of_disease = table.rows(disease)
    its_terms = table.term[of_disease.start : of_disease.stop]
    wanted = [term for term in np.unique(its_terms).tolist() if facts.ontology.id(term) in terms]
    chosen = np.flatnonzero(np.isin(its_terms, wanted)) + of_disease.start
    found: dict[RowKey, list[str]] = defaultdict(list)
    for number in chosen.tolist():
        row = facts.annotations.row(number, facts.diseases)
        found[row.entry, facts.ontology.id(row.term), row.references, row.negated].append(row.frequency_text())
    return {key: " or ".join(sorted(texts)) for key, texts in found.items()}


def _all_rows(before: Facts, after: Facts) -> tuple[Numbers, Numbers, BoolArray]:
    """All rows of findings of both releases, one after the other: their keys and the texts of their frequencies as
    numbers that mean the same on both sides, and which rows are the later release's.
    """
    sides = (before, after)
    tables = [one.annotations.findings for one in sides]
    entry = _named_alike(*((one.diseases.member_ids, table.member) for one, table in zip(sides, tables, strict=True)))
    term = _named_alike(*((_term_ids(one.ontology), table.term) for one, table in zip(sides, tables, strict=True)))
    references = _lists_alike(*((one.annotations.reference_ids, one.annotations.findings.references) for one in sides))
    negated = np.concatenate([table.negated for table in tables])
    keys = _together(entry, term, references, negated)
    is_after = np.arange(len(keys)) >= len(tables[0])
    return keys, np.where(negated, ABSENT, _frequency_texts(tables)), is_after


def _term_ids(ontology: Ontology) -> list[str]:
    return [ontology.id(index) for index in range(len(ontology))]


def _named_alike(*sides: tuple[Iterable[str], Numbers]) -> Numbers:
    """Columns of indices into texts, end to end, with the same number for the same text."""
    numbers: dict[str, int] = {}
    columns = []
    for texts, column in sides:
        columns.append(np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)[column])
    return np.concatenate(columns)


def _lists_alike(*sides: tuple[Iterable[str], Lists]) -> Numbers:
    """Columns of lists of indices into texts, end to end, with the same number for the same list of texts."""
    values = _named_alike(*((texts, lists.values) for texts, lists in sides)).tolist()
    numbers: dict[tuple[int, ...], int] = {}
    found, start = [], 0
    for _, lists in sides:
        for length in np.diff(lists.offsets).tolist():
            found.append(numbers.setdefault(tuple(values[start : start + length]), len(numbers)))
            start += length
    return np.array(found, dtype=np.int64)


def _frequency_texts(tables: Sequence[AnnotationTable]) -> Numbers:
    """Per row of the tables, end to end, a number of the text that shows its frequency."""
    by_table = ((one.frequency_kind, one.n, one.m, one.low, one.high) for one in tables)
    columns = [np.concatenate(parts) for parts in zip(*by_table, strict=True)]
    _, examples, which = np.unique(_together(*columns), return_index=True, return_inverse=True)
    texts = [from_columns(*(column[row].item() for column in columns)).text() for row in examples.tolist()]
    return _named_alike((texts, which))


def _together(*columns: NDArray[Any]) -> Numbers:
    """One number per row that is the same where all columns are."""
    together = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, which = np.unique(column, return_inverse=True)
        together = np.unique(together * len(values) + which, return_inverse=True)[1]
    return together


def _unbalanced(keys: Numbers, texts: Numbers, is_after: BoolArray) -> Numbers:
    """The keys of which some text is not told equally often on both sides."""
    pairs = _together(keys, texts)
    balance = np.bincount(pairs, weights=np.where(is_after, 1, -1))
    return np.unique(keys[balance[pairs] != 0])
