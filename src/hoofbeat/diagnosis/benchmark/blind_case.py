"""A case with a known diagnosis as a benchmark uses it: what the ranking may see, and apart from it the answer.

Also which cases belong together, because they share a publication, and in which fold they fall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hoofbeat.cases import Case, Provenance, Reported


class Terms(StrEnum):
    """Which findings the ranking may see."""

    OBSERVED = "observed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class BlindCase:
    """One test case. `case` holds no reported diagnosis; `diseases` are the ids that its source states, solved ones
    where there are any; `file` is the document it was read from.
    """

    file: str
    case: Case
    diseases: tuple[str, ...]
    publications: tuple[str, ...]

    @classmethod
    def of(cls, case: Case, file: str) -> BlindCase:
        """Take the answer out of a case."""
        hidden = replace(case, reported=Reported(), provenance=Provenance(), carried=(), source=None)
        return cls(file, hidden, _stated(case.reported), case.publications)

    def seen(self, terms: Terms) -> Case:
        """What the ranking is given. With OBSERVED, nothing that was excluded: in published cases, what was looked for
        mirrors the feature table of the paper, and so tells the disease.
        """
        if terms is Terms.ALL:
            return self.case
        return replace(
            self.case,
            findings=tuple(finding for finding in self.case.findings if finding.is_observed),
            attributes=tuple(attribute for attribute in self.case.attributes if not attribute.excluded),
        )


def _stated(reported: Reported) -> tuple[str, ...]:
    """The diseases that a source states as solved; where its search is marked as unfinished, none."""
    if reported.solved_ids or reported.is_unfinished:
        return reported.solved_ids
    return reported.disease_ids


def publication_groups(cases: Sequence[BlindCase]) -> tuple[str, ...]:
    """Per case the name of the group of cases that it belongs to: all that share a publication with it, directly or
    through others.

    A group is named by its lowest publication. A case without publication is a group of its own.
    """
    leader: dict[str, str] = {}

    def find(publication: str) -> str:
        while leader.setdefault(publication, publication) != publication:
            leader[publication] = leader[leader[publication]]
            publication = leader[publication]
        return publication

    for case in cases:
        for other in case.publications[1:]:
            low, high = sorted((find(case.publications[0]), find(other)), key=_publication_order)
            leader[high] = low
    return tuple(
        find(case.publications[0]) if case.publications else f"case:{case.file}#{number}:{case.case.id}"
        for number, case in enumerate(cases)
    )


def fold(group: str, folds: int) -> int:
    """The fold 0..folds-1 of a group: the same on every machine and with every set of cases (diagnosis specification,
    section 9).
    """
    return int(hashlib.sha256(f"fold:{group}".encode()).hexdigest(), 16) % folds


def _publication_order(publication: str) -> tuple[int, str]:
    return len(publication), publication


def has_findings(case: Case) -> bool:
    """Whether a case has any finding to rank by."""
    return bool(case.observed or case.excluded)
