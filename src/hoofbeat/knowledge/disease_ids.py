"""Disease identifiers of OMIM, ORPHA and DECIPHER: one spelling, one order.

The order decides which member of a merged disease gives its identifier: OMIM first, then ORPHA, then DECIPHER, then the
lower number.
"""

from __future__ import annotations

import re

SOURCES = ("OMIM", "ORPHA", "DECIPHER")

# `OMIMPS` (phenotypic series) is another space of numbers and stays what it is.
_SPELLINGS = {"MIM": "OMIM", "ORPHANET": "ORPHA", "ORPHANET.ORDO": "ORPHA", "ORPHACODE": "ORPHA"}
_ID = re.compile(r"\s*([A-Za-z.]+)\s*[:_]\s*(\S+)\s*")


def normal_disease_id(given: str) -> str:
    """`Orphanet:558`, `orpha:558` and `ORPHA_558` are ORPHA:558; `MIM:154700` is OMIM:154700. Anything else comes back
    stripped.
    """
    found = _ID.fullmatch(given)
    if found is None:
        return given.strip()
    source = found.group(1).upper()
    return f"{_SPELLINGS.get(source, source)}:{found.group(2)}"


def disease_source(identifier: str) -> str:
    """`OMIM` of `OMIM:154700`."""
    return identifier.partition(":")[0]


def disease_order(identifier: str) -> tuple[int, int, str]:
    """Sort key: source in the order of SOURCES (others last), then number, then text."""
    source, _, local = identifier.partition(":")
    rank = SOURCES.index(source) if source in SOURCES else len(SOURCES)
    return rank, int(local) if local.isdecimal() else 0, identifier
