"""How often each disease is reported: the publications that its annotated findings quote, and the sources of its solved
cases, each once. It stands for a prevalence, which most rare diseases have none of.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from hoofbeat.knowledge.columns import IntArray
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_rows import LibraryRows


def report_counts(
    facts: Facts, library: Library, rows: LibraryRows, n_diseases: int, taken_out: Set[str] = frozenset()
) -> IntArray:
    """Per disease (the release's, then those only the library knows) its publications and clinics, but for those taken
    out; `library` must hold nothing of these any more. A publication that both quote counts once.
    """
    pairs = facts.annotations.quoted_publications
    if taken_out:
        places = facts.annotations.reference_places
        gone = [places[source] for source in taken_out if source in places]
        pairs = pairs[~np.isin(pairs & 0xFFFFFFFF, gone)]
    if len(library):
        block_disease = rows.disease_of_block(len(facts.diseases))
        pairs = np.unique(np.concatenate([pairs, block_disease.astype(np.int64) << 32 | _numbers(library, facts)]))
    return np.bincount(pairs >> 32, minlength=n_diseases).astype(np.int32)


def _numbers(library: Library, facts: Facts) -> IntArray:
    """Per block, the number of its source: the place among the references where they have it, else one of its own."""
    places = facts.annotations.reference_places
    numbers = np.empty(len(library), dtype=np.int32)
    for number, (source, blocks) in enumerate(library.blocks.of_source.items(), len(places)):
        numbers[blocks] = places.get(source, number)
    return numbers
