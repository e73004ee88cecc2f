"""The person's family: the pedigree as drawn, and what is known of single relatives."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.provenance import Provenance
from hoofbeat.cases.subject import Sex

if TYPE_CHECKING:
    from hoofbeat.cases.case import Carried, Case

MAX_FAMILY_MEMBERS = 2_000  # interchange specification, section 9


class AffectedStatus(StrEnum):
    """Whether a member of the pedigree has the family's disease."""

    MISSING = "MISSING"
    UNAFFECTED = "UNAFFECTED"
    AFFECTED = "AFFECTED"


@dataclass(frozen=True, slots=True)
class PedigreePerson:
    """One line of a PED file. Identifiers of parents are empty or `0` where they are not in the pedigree."""

    individual_id: str = field(repr=False)
    family_id: str = field(default="", repr=False)
    paternal_id: str = field(default="", repr=False)
    maternal_id: str = field(default="", repr=False)
    sex: Sex = Sex.UNKNOWN
    affected_status: AffectedStatus = AffectedStatus.MISSING


@dataclass(frozen=True, slots=True)
class Family:
    """The family around the case that holds it: relatives with findings of their own, and the pedigree."""

    id: str = ""
    relatives: tuple[Case, ...] = ()
    pedigree: tuple[PedigreePerson, ...] = ()
    consanguineous_parents: bool | None = None
    provenance: Provenance = field(default_factory=Provenance)
    carried: tuple[Carried, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if len(self.relatives) > MAX_FAMILY_MEMBERS or len(self.pedigree) > MAX_FAMILY_MEMBERS:
            raise CaseError(f"a family has over {MAX_FAMILY_MEMBERS:,} members", repair="split the family")
