"""By which inheritance each disease is described, from the annotations (HPOA aspect I)."""

from __future__ import annotations

from enum import IntFlag
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.facts import Facts


class Mode(IntFlag):
    """Modes of inheritance, to be combined. NONE stated means that nobody said, and every mode is possible."""

    NONE = 0
    DOMINANT = 1
    RECESSIVE = 2
    X_DOMINANT = 4
    X_RECESSIVE = 8
    MITOCHONDRIAL = 16
    Y_LINKED = 32


EVERY = Mode(63)
# Terms with all below them; what is not here (multifactorial, sporadic, somatic) says no mode.
_TERMS = {
    "HP:0000006": Mode.DOMINANT,
    "HP:0000007": Mode.RECESSIVE,
    "HP:0032113": Mode.DOMINANT | Mode.RECESSIVE,  # semidominant
    "HP:0001417": Mode.X_DOMINANT | Mode.X_RECESSIVE,
    "HP:0001423": Mode.X_DOMINANT,
    "HP:0001419": Mode.X_RECESSIVE,
    "HP:0001427": Mode.MITOCHONDRIAL,
    "HP:0001450": Mode.Y_LINKED,
}


@lru_cache(maxsize=4)
def modes_of(facts: Facts) -> NDArray[np.uint8]:
    """Per disease of the release, its modes; EVERY where none is stated."""
    ontology, inheritance = facts.ontology, facts.diseases.inheritance
    of_term: dict[int, Mode] = {}
    # The narrower terms come last in the table above and stand for themselves alone.
    for identifier, mode in _TERMS.items():
        index = ontology.resolve(identifier).index
        if index is None:
            continue
        for below in ontology.descendants[index]:
            of_term[int(below)] = mode
    modes = np.zeros(len(facts.diseases), dtype=np.uint8)
    for disease in range(len(modes)):
        combined = Mode.NONE
        for term in inheritance[disease].tolist():
            combined |= of_term.get(term, Mode.NONE)
        modes[disease] = combined or EVERY
    return modes
