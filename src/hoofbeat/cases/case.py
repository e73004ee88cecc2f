"""The case: everything known of one person, as one immutable value that checks itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.family import Family
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.measurement import Measurement
from hoofbeat.cases.medical_action import MedicalAction
from hoofbeat.cases.ontology_class import pmid
from hoofbeat.cases.provenance import Provenance, Source
from hoofbeat.cases.reported import Reported
from hoofbeat.cases.subject import Sex, Subject
from hoofbeat.cases.time_element import Age, TimeElement

MAX_FINDINGS = 5_000  # interchange specification, section 9
MAX_CARRIED = 10_000  # interchange specification, section 9

Scalar = str | int | float | bool


class AttributeKind(StrEnum):
    """What an HPO term that is no finding says about the case."""

    INHERITANCE = "inheritance"
    ONSET = "onset"
    MODIFIER = "modifier"
    COURSE = "course"
    FREQUENCY = "frequency"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An HPO term beside the findings, such as a mode of inheritance or an onset, said of the case as a whole."""

    kind: AttributeKind
    id: str
    label: str = field(default="", compare=False)
    excluded: bool = False
    path: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Carried:
    """A value of the source that is kept but not used: its JSON Pointer within the packet, and the value itself.

    `lists` says which parts of the pointer (from 0) count members of a list; the others are names, even where they are
    digits.
    """

    path: str
    value: Scalar
    lists: tuple[int, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise CaseError("a carried value has no place", repair="give a JSON Pointer such as /files/0/uri")


@dataclass(frozen=True, slots=True)
class Case:
    """One person. What a source says about the diagnosis is in `reported` and nowhere else: ranking never reads it.

    Each finding stands once: the same identifier twice, in whatever states, is an error.
    """

    id: str
    subject: Subject = field(default_factory=Subject)
    findings: tuple[Finding, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    medical_actions: tuple[MedicalAction, ...] = ()
    family: Family | None = None
    reported: Reported = field(default_factory=Reported, repr=False)
    provenance: Provenance = field(default_factory=Provenance, repr=False)
    source: Source | None = field(default=None, compare=False, repr=False)
    carried: tuple[Carried, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.id:
            raise CaseError("a case has no identifier", repair="give it one")
        if len(self.findings) > MAX_FINDINGS:
            raise CaseError(
                f"a case has {len(self.findings):,} findings; the limit is {MAX_FINDINGS:,}",
                repair="give one person per case",
            )
        if len(self.carried) > MAX_CARRIED:
            raise CaseError(
                f"a case carries {len(self.carried):,} values that are not used; the limit is {MAX_CARRIED:,}",
                repair="leave out what is not needed, such as raw variation data",
            )
        seen: set[str] = set()
        for finding in self.findings:
            if finding.id in seen:
                raise CaseError(f"{finding.id} stands twice among the findings", repair="keep one of them")
            seen.add(finding.id)

    @classmethod
    def of(
        cls,
        observed: Iterable[str] = (),
        excluded: Iterable[str] = (),
        *,
        sex: Sex | str = Sex.UNKNOWN,
        age: float | str | TimeElement | None = None,
        id: str = "case",
    ) -> Case:
        """A case from bare HPO identifiers (repeats are ignored); `age` in years, as ISO 8601 duration, or as a time.

        Identifiers are taken as they are: `interchange.typed_findings.case_of` also checks them against a release.
        Raises CaseError on a malformed identifier, sex or age, or where a finding is both observed and excluded.
        """
        present, absent = tuple(dict.fromkeys(observed)), tuple(dict.fromkeys(excluded))
        for identifier in absent:
            if identifier in present:
                raise CaseError(f"{identifier} is both observed and excluded", repair="keep one of the two")
        if isinstance(age, str):
            age = Age(age)
        elif isinstance(age, int | float):
            age = Age.of_years(age)
        return cls(
            id=id,
            subject=Subject(sex=sex if isinstance(sex, Sex) else Sex.of(sex), time_at_last_encounter=age),
            findings=(
                *(Finding(identifier) for identifier in present),
                *(Finding(identifier, state=FindingState.EXCLUDED) for identifier in absent),
            ),
        )

    @property
    def observed(self) -> tuple[str, ...]:
        """HPO identifiers of the observed findings, in the order of the source."""
        return tuple(finding.id for finding in self.findings if finding.state is FindingState.OBSERVED)

    @property
    def excluded(self) -> tuple[str, ...]:
        """HPO identifiers of the excluded findings, in the order of the source."""
        return tuple(finding.id for finding in self.findings if finding.state is FindingState.EXCLUDED)

    @property
    def sex(self) -> Sex:
        """Sex of the person."""
        return self.subject.sex

    @property
    def age_years(self) -> float | None:
        """Age at the last encounter, in years, or None when unknown."""
        return self.subject.age_years

    @property
    def publications(self) -> tuple[str, ...]:
        """`PMID:...` of every publication the source cites for the case, in order, each once."""
        cited = [reference.pmid for reference in self.provenance.references]
        if not any(cited):
            cited.append(_pmid_in_id(self.id))
        return tuple(dict.fromkeys(one for one in cited if one))


def _pmid_in_id(case_id: str) -> str | None:
    """The publication that an identifier such as `PMID_28239884_Family_1` begins with."""
    parts = case_id.replace(":", "_").split("_")
    return pmid(f"{parts[0]}:{parts[1]}") if len(parts) >= 2 and parts[0].upper() == "PMID" else None
