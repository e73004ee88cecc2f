"""A document of phenopackets: tells packet, family, cohort and list apart by content, and reads each packet by itself.

A packet that cannot be read is an error in the report; the others of the same document are still read.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from hoofbeat.cases import AffectedStatus, Carried, Case, CaseError, Family, PedigreePerson, Sex, Source
from hoofbeat.cases.family import MAX_FAMILY_MEMBERS
from hoofbeat.interchange.findings import FindingRules
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.phenopacket import parts, version1
from hoofbeat.interchange.phenopacket.parts import Node
from hoofbeat.interchange.phenopacket.reader import case_from, provenance_from, with_references_of
from hoofbeat.interchange.phenopacket.schema import MESSAGES, Ledger, check_with_protobuf, leaves, normal
from hoofbeat.interchange.places import with_lines
from hoofbeat.interchange.report import InputError, Notes, Where, shown
from hoofbeat.interchange.strict_json import DEFAULT_LIMITS, JsonLimits, parse
from hoofbeat.knowledge.ontology import Ontology

FORMAT = "phenopacket"
_KNOWN = frozenset(
    {
        "id",
        "subject",
        "phenotypicFeatures",
        "phenotypic_features",
        "interpretations",
        "diseases",
        "metaData",
        "meta_data",
        "measurements",
        "medicalActions",
        "medical_actions",
        "genes",
        "variants",
    }
)


def read(
    data: bytes, *, name: str, ontology: Ontology, line: int | None = None, limits: JsonLimits = DEFAULT_LIMITS
) -> Imported:
    """The cases of a document.

    `name` is shown in the report and gives a case without id its name; `line` is that of NDJSON.
    Never raises for bad input: what could not be read is an error in the report.
    """
    notes = Notes(file=name, line=line)
    try:
        value = parse(data, limits=limits)
        source = Source(name, hashlib.sha256(data).hexdigest(), len(data))
        document = _Document(notes, FindingRules(ontology), source)
        document.read(value)
    except InputError as error:
        notes.failure(error)
        return Imported((), notes.report(format=FORMAT, accepted=False))
    cases = tuple(document.cases)
    report = notes.report(format=FORMAT, accepted=bool(cases), cases=len(cases))
    if line is None:
        report = with_lines(report, data)
    return Imported(cases, report, tuple(document.carried))


@dataclass(slots=True)
class _Document:
    notes: Notes
    rules: FindingRules
    source: Source
    cases: list[Case] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)

    @property
    def stem(self) -> str:
        return PurePosixPath(self.source.name.replace("\\", "/")).stem or "case"

    def read(self, value: Any) -> None:
        if isinstance(value, list):
            for number, member in enumerate(value):
                self._one(member, f"/{number}", f"{self.stem}-{number + 1}")
                value[number] = None  # a long list need not stay in memory twice
            if not value:
                raise InputError("the list is empty", code="no-packet", repair="give at least one phenopacket")
            return
        self._one(value, "", self.stem)

    def _one(self, value: Any, base: str, fallback_id: str) -> None:
        """Read one packet, family or cohort; where it cannot be read, note it and drop its values."""
        before = (self.notes.mapped, self.notes.carried, self.notes.dropped, len(self.cases), len(self.carried))
        try:
            self._any(value, base, fallback_id)
        except InputError as error:
            self.notes.mapped, self.notes.carried, self.notes.dropped = before[:3]
            del self.cases[before[3] :], self.carried[before[4] :]
            self.notes.dropped += leaves(value)
            if not error.where.path and base:
                error.where = replace(error.where, path=base)
            self.notes.failure(error)

    def _any(self, value: Any, base: str, fallback_id: str) -> None:
        if not isinstance(value, dict):
            raise _not_a_packet(base, "it is no JSON object")
        if "proband" in value:
            self._family(value, base, fallback_id)
        elif "members" in value:
            self._cohort(value, base, fallback_id)
        elif value.keys().isdisjoint(_KNOWN) or "resourceType" in value:
            of_what = " (it looks like FHIR)" if "resourceType" in value else ""
            raise _not_a_packet(base, "it has none of the fields of one" + of_what)
        else:
            case = self._packet(value, base, fallback_id)
            if case is not None:
                self.cases.append(case)

    def _packet(self, value: Any, base: str, fallback_id: str, *, need_findings: bool = True) -> Case | None:
        ledger = Ledger(self.notes, base)
        if not isinstance(value, dict):
            raise _not_a_packet(base, "it is no JSON object")
        if version1.is_version1(value):
            return self._version1(value, ledger, fallback_id, need_findings)
        return self._version2(value, ledger, fallback_id, need_findings)

    def _version2(self, value: Node, ledger: Ledger, fallback_id: str, need_findings: bool) -> Case | None:
        node = normal(value, MESSAGES["phenopacket"].DESCRIPTOR, ledger)
        check_with_protobuf(node, "phenopacket", ledger)
        case = case_from(
            node, ledger, self.rules, source=self.source, fallback_id=fallback_id, need_findings=need_findings
        )
        ledger.close()
        return case

    def _version1(self, value: Node, ledger: Ledger, fallback_id: str, need_findings: bool) -> Case | None:
        self.notes.warning(
            "version-1",
            "this is a phenopacket of version 1",
            repair="converted to version 2: negated findings are read as excluded",
            path=ledger.base,
        )
        first = len(self.notes.messages)
        try:
            converted, added = version1.to_version2(value)
            ledger.total -= added
            case = self._version2(converted, ledger, fallback_id, need_findings)
        except InputError as error:
            error.where = replace(error.where, path=version1.place_in_version1(error.where.path))
            raise
        for number in range(first, len(self.notes.messages)):
            message = self.notes.messages[number]
            where = replace(message.where, path=version1.place_in_version1(message.where.path))
            self.notes.messages[number] = replace(message, where=where)
        return case

    def _family(self, value: Node, base: str, fallback_id: str) -> None:
        rest = {key: member for key, member in value.items() if key not in ("proband", "relatives")}
        members = _list(value, "relatives", base)
        ledger = Ledger(self.notes, base)
        if version1.is_version1(rest):
            rest, added = version1.to_version2(rest)
            ledger.total -= added
        node = normal(rest, MESSAGES["family"].DESCRIPTOR, ledger)
        check_with_protobuf(node, "family", ledger)
        proband = self._packet(value["proband"], f"{base}/proband", fallback_id)
        relatives = [
            self._packet(one, f"{base}/relatives/{number}", f"{fallback_id}-relative-{number + 1}", need_findings=False)
            for number, one in enumerate(members)
        ]
        consanguineous = node.pop("consanguinousParents", None)
        pedigree = _pedigree(node)
        family_id, provenance = parts.text(node, "id"), provenance_from(node)
        ledger.carry("", node)
        ledger.close()
        if proband is None:
            return
        try:
            family = Family(
                id=family_id,
                relatives=tuple(one for one in relatives if one is not None),
                pedigree=pedigree,
                consanguineous_parents=consanguineous,
                provenance=provenance,
                carried=tuple(ledger.carried),
            )
        except CaseError as error:
            raise InputError(error.what, code="not-a-case", repair=error.repair, where=Where(path=base)) from None
        self.cases.append(replace(proband, family=family))

    def _cohort(self, value: Node, base: str, fallback_id: str) -> None:
        rest = {key: member for key, member in value.items() if key != "members"}
        ledger = Ledger(self.notes, base)
        if version1.is_version1(rest):
            rest, added = version1.to_version2(rest)
            ledger.total -= added
        node = normal(rest, MESSAGES["cohort"].DESCRIPTOR, ledger)
        check_with_protobuf(node, "cohort", ledger)
        provenance = provenance_from(copy.deepcopy(node))  # its members may cite nothing themselves
        ledger.carry("", node)
        ledger.close()
        depth = base.count("/")  # of a list of cohorts
        for one in ledger.carried:
            lists = (*range(depth), *(at + depth for at in one.lists))
            self.carried.append(Carried(base + one.path, one.value, lists))
        first = len(self.cases)
        members = _list(value, "members", base)
        if not members:
            raise InputError("the cohort is empty", code="no-packet", repair="give at least one phenopacket")
        for number, member in enumerate(members):
            self._one_member(member, f"{base}/members/{number}", f"{fallback_id}-{number + 1}")
        self.cases[first:] = [with_references_of(case, provenance) for case in self.cases[first:]]

    def _one_member(self, value: Any, base: str, fallback_id: str) -> None:
        """A bad member of a cohort does not spoil the others."""
        if isinstance(value, dict) and ("members" in value or "proband" in value):
            self.notes.failure(_not_a_packet(base, "a cohort has packets as members"))
            self.notes.dropped += leaves(value)
            return
        self._one(value, base, fallback_id)


def _list(value: Node, key: str, base: str) -> list[Any]:
    members = value.get(key)
    if members is None:
        return []
    if not isinstance(members, list):
        where = Where(path=f"{base}/{key}")
        raise InputError("a list expected here", code="wrong-type", repair="correct the value", where=where)
    if key == "relatives" and len(members) > MAX_FAMILY_MEMBERS:
        raise InputError(
            f"a family has {len(members):,} relatives; the limit is {MAX_FAMILY_MEMBERS:,}",
            code="family-limit",
            repair="split the family",
            where=Where(path=f"{base}/{key}"),
        )
    return members


def _pedigree(node: Node) -> tuple[PedigreePerson, ...]:
    pedigree: Node = node.get("pedigree", {})
    return tuple(
        PedigreePerson(
            individual_id=parts.text(one, "individualId"),
            family_id=parts.text(one, "familyId"),
            paternal_id=parts.text(one, "paternalId"),
            maternal_id=parts.text(one, "maternalId"),
            sex=Sex.of(one.pop("sex", "UNKNOWN_SEX")),
            affected_status=AffectedStatus(one.pop("affectedStatus", "MISSING")),
        )
        for one in pedigree.pop("persons", ())
    )


def _not_a_packet(base: str, why: str) -> InputError:
    return InputError(
        f"this is not a phenopacket: {why}",
        code="not-a-phenopacket",
        repair="give a GA4GH Phenopacket, version 2",
        where=Where(path=shown(base)),
    )
