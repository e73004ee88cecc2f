"""One phenotypic finding of one person: which HPO term, and whether it is there, excluded, uncertain or unassessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.ontology_class import ExternalReference, OntologyClass, is_hpo_id
from hoofbeat.cases.time_element import TimeElement


class FindingState(StrEnum):
    """What is known of a finding. A finding that is not listed is not assessed, never excluded."""

    OBSERVED = "observed"
    EXCLUDED = "excluded"
    NOT_ASSESSED = "not_assessed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a finding is believed: an evidence code and where it is written."""

    evidence_code: OntologyClass | None = None
    reference: ExternalReference | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding. `id` is the identifier in use in the release it was read with.

    `given_id` and `given_label` are what the source said, `paths` where (JSON Pointers within the packet, two after a
    merge); these three do not count when findings are compared. `asked`: it was asked about or looked for in this very
    person, as far as is known; a report that lists what is not there may only repeat its table of findings.
    """

    id: str
    label: str = field(default="", compare=False)
    state: FindingState = FindingState.OBSERVED
    onset: TimeElement | None = None
    resolution: TimeElement | None = None
    severity: OntologyClass | None = None
    modifiers: tuple[OntologyClass, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    description: str = ""
    asked: bool = False
    given_id: str = field(default="", compare=False)
    given_label: str = field(default="", compare=False, repr=False)
    paths: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if not is_hpo_id(self.id):
            raise CaseError(
                "a finding is not an HPO identifier", repair="give it as HP: and seven digits, such as HP:0001166"
            )

    @property
    def is_observed(self) -> bool:
        """Whether the finding is present."""
        return self.state is FindingState.OBSERVED

    @property
    def is_excluded(self) -> bool:
        """Whether somebody looked and did not find it."""
        return self.state is FindingState.EXCLUDED
