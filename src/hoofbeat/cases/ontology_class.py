"""A coded concept with its label, and a reference to a publication or another record, as a source states them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hoofbeat.cases.errors import CaseError

_HPO_ID = re.compile(r"HP:\d{7}", re.ASCII)
_PMID = re.compile(r"PMID\s*[:_]?\s*0*([1-9]\d{0,8})", re.ASCII | re.IGNORECASE)
_PMID_ADDRESS = re.compile(
    r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/0*([1-9]\d{0,8})/?", re.ASCII
)


def is_hpo_id(text: str) -> bool:
    """Whether a text has the form of an HPO identifier (`HP:` and seven digits)."""
    return _HPO_ID.fullmatch(text) is not None


def pmid(text: str) -> str | None:
    """The PubMed identifier, as `PMID:123`, that a whole text states as identifier or PubMed address, or None."""
    found = _PMID.fullmatch(text.strip()) or _PMID_ADDRESS.fullmatch(text.strip())
    return f"PMID:{found.group(1)}" if found else None


@dataclass(frozen=True, slots=True)
class OntologyClass:
    """A concept of an ontology or code system: identifier (`OMIM:154700`) and label; one of them may be empty."""

    id: str
    label: str = ""

    def __post_init__(self) -> None:
        if not self.id and not self.label:
            raise CaseError("a concept has neither identifier nor label", repair="give its identifier")

    def __str__(self) -> str:
        return f"{self.id} {self.label}".strip()


@dataclass(frozen=True, slots=True)
class ExternalReference:
    """A publication or record that a statement comes from: identifier (`PMID:123`), address, its title or the like."""

    id: str = ""
    reference: str = ""
    description: str = ""

    @property
    def pmid(self) -> str | None:
        """`PMID:123` when the identifier or the address states one."""
        return pmid(self.id) or pmid(self.reference)
