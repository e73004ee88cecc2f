"""The one set of rules by which any format's statements become findings (interchange specification, section 3).

Older identifiers are replaced, unknown ones carried, terms that are no phenotype become attributes, and contradictions
are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hoofbeat.cases import AttributeKind, Finding, FindingState
from hoofbeat.cases.time_element import earlier
from hoofbeat.interchange.report import Notes
from hoofbeat.knowledge.ontology import (
    CLINICAL_COURSE,
    CLINICAL_MODIFIER,
    FREQUENCY,
    INHERITANCE,
    ONSET,
    PAST_HISTORY,
    IdStatus,
    Ontology,
    ResolvedId,
)

_ATTRIBUTE_OF_BRANCH = {
    INHERITANCE: AttributeKind.INHERITANCE,
    ONSET: AttributeKind.ONSET,
    CLINICAL_MODIFIER: AttributeKind.MODIFIER,
    CLINICAL_COURSE: AttributeKind.COURSE,
    FREQUENCY: AttributeKind.FREQUENCY,
    PAST_HISTORY: AttributeKind.HISTORY,
}
_CURIE = re.compile(r"[A-Za-z][\w.-]{0,30}:\S{1,100}", re.ASCII)
_SPACES = re.compile(r"\s+")


class Use(StrEnum):
    """What a statement is used as."""

    FINDING = "finding"
    ATTRIBUTE = "attribute"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one stated identifier is read: the use, and for findings and attributes the term in use."""

    use: Use
    id: str = ""
    index: int = -1
    label: str = ""
    kind: AttributeKind | None = None


_NOT_USED = Verdict(Use.CARRIED)


@dataclass(frozen=True, slots=True)
class FindingRules:
    """The rules for one HPO release."""

    ontology: Ontology

    def judge(self, given_id: str, given_label: str, *, path: str, notes: Notes) -> Verdict:
        """Read one stated term; what is changed or not used is noted with `path`."""
        resolved = self.ontology.resolve(given_id)
        if resolved.index is None:
            self._note_unused(resolved, given_label, path, notes)
            return _NOT_USED
        index = resolved.index
        identifier = resolved.id or given_id
        name = self.ontology.name(index)
        if resolved.status is IdStatus.CURRENT:
            if given_label and given_label != name and not self._is_name(index, given_label):
                notes.warning(
                    "label-mismatch",
                    f"{given_id} is {name!r} in HPO {self.ontology.release}, the source says another label",
                    repair="read by its identifier; check that it is the one meant",
                    path=path,
                    value=given_label,
                )
        else:
            obsolete = resolved.status is IdStatus.REPLACED
            notes.warning(
                "hpo-replaced" if obsolete else "hpo-alternative",
                f"{given_id} is {'obsolete' if obsolete else 'an older identifier'}",
                repair=f"read as {identifier} {name}",
                path=path,
                value=given_id,
            )
        if self.ontology.is_phenotype[index]:
            return Verdict(Use.FINDING, identifier, index, name)
        branch = self.ontology.branch(index)
        kind = _ATTRIBUTE_OF_BRANCH.get(branch)
        if kind is None:
            notes.warning(
                "not-a-finding",
                f"{identifier} {name} is not a phenotypic abnormality",
                repair="kept beside the case, not used",
                path=path,
                value=given_id,
            )
            return _NOT_USED
        notes.info(
            "hpo-attribute",
            f"{identifier} {name} is no finding",
            repair=f"read as an attribute of the case ({kind})",
            path=path,
            value=given_id,
        )
        return Verdict(Use.ATTRIBUTE, identifier, index, name, kind)

    def contradictions(self, observed: Iterable[int], excluded: Iterable[int]) -> tuple[frozenset[int], dict[int, int]]:
        """Terms both observed and excluded, and excluded ancestors of observed terms (with one such term).

        As indices.
        """
        present, absent = frozenset(observed), frozenset(excluded)
        both = present & absent
        overruled: dict[int, int] = {}
        if absent:
            for index in sorted(present - both):
                for ancestor in absent.intersection(self.ontology.ancestors[index].tolist()):
                    if ancestor not in both:
                        overruled.setdefault(ancestor, index)
        return both, overruled

    def note_general_findings(self, findings: Sequence[Finding], notes: Notes, *, base: str = "") -> None:
        """Note observed findings that another observed finding already implies; both stay."""
        observed = {self.ontology.index(one.id): one for one in findings if one.state is FindingState.OBSERVED}
        implied: dict[int, int] = {}
        for index in observed:
            for ancestor in observed.keys() & set(self.ontology.ancestors[index].tolist()):
                if ancestor != index:
                    implied.setdefault(ancestor, index)
        for ancestor, index in implied.items():
            general, special = observed[ancestor], observed[index]
            notes.info(
                "ancestor-observed",
                f"{general.id} {general.label} is implied by {special.id} {special.label}",
                repair="both kept",
                path=base + general.paths[0] if general.paths else base,
            )

    def _is_name(self, index: int, label: str) -> bool:
        wanted = _folded(label)
        term = self.ontology.term(index)
        return wanted == _folded(term.name) or any(wanted == _folded(synonym.text) for synonym in term.synonyms)

    def _note_unused(self, resolved: ResolvedId, label: str, path: str, notes: Notes) -> None:
        given, release = resolved.given, self.ontology.release
        if resolved.status is IdStatus.UNKNOWN:
            notes.warning(
                "hpo-unknown",
                f"{given} is not in HPO {release}, perhaps newer",
                repair="kept beside the case, not used; read again after the next release",
                path=path,
                value=given,
            )
        elif resolved.status is IdStatus.OBSOLETE:
            instead = ", ".join(resolved.consider)
            notes.warning(
                "hpo-obsolete",
                f"{given} is obsolete in HPO {release} and has no single successor",
                repair=f"kept beside the case, not used; consider {instead}"
                if instead
                else "kept beside the case, not used",
                path=path,
                value=given,
            )
        elif not given:
            notes.warning(
                "finding-without-id",
                "a finding has no identifier",
                repair="kept beside the case, not used; give its HPO identifier",
                path=path,
                value=label,
            )
        elif given[:3].upper() == "HP:" or _CURIE.fullmatch(given) is None:
            notes.warning(
                "id-malformed",
                "an identifier is not of the form HP: and seven digits",
                repair="kept beside the case, not used; correct it",
                path=path,
                value=given,
            )
        else:
            notes.warning(
                "needs-coding",
                "a finding is coded in another system than HPO",
                repair="kept beside the case, not used; give its HPO identifier too",
                path=path,
                value=given,
            )


def merged(first: Finding, second: Finding) -> Finding:
    """Two statements of one finding as one: the earliest onset, and everything else that either says."""
    descriptions = dict.fromkeys(text for text in (first.description, second.description) if text)
    return replace(
        first,
        onset=earlier(first.onset, second.onset),
        resolution=first.resolution or second.resolution,
        severity=first.severity or second.severity,
        modifiers=tuple(dict.fromkeys((*first.modifiers, *second.modifiers))),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
        description="; ".join(descriptions),
        asked=first.asked or second.asked,
        paths=(*first.paths, *second.paths),
    )


def is_contradicted(
    rules: FindingRules,
    verdict: Verdict,
    state: FindingState,
    both: frozenset[int],
    overruled: dict[int, int],
    *,
    path: str,
    notes: Notes,
) -> bool:
    """Whether a statement may not be used because another one contradicts it; noted if so."""
    if verdict.index in both:
        notes.error(
            "observed-and-excluded",
            f"{verdict.id} {verdict.label} is both observed and excluded (here: {state})",
            repair="neither is used; keep the right one",
            path=path,
            value=verdict.id,
        )
        return True
    if state is FindingState.EXCLUDED and verdict.index in overruled:
        below = overruled[verdict.index]
        special = f"{rules.ontology.id(below)} {rules.ontology.name(below)}"
        notes.warning(
            "excluded-ancestor",
            f"{verdict.id} {verdict.label} is excluded, but {special}, which is below it, is observed",
            repair="the observed finding counts, the excluded one is not used",
            path=path,
            value=verdict.id,
        )
        return True
    return False


def _folded(label: str) -> str:
    return _SPACES.sub(" ", label).strip().casefold()
