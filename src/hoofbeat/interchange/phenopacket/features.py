"""`phenotypicFeatures` of a packet become findings and attributes, under the rules of `interchange.findings`."""

from __future__ import annotations

from dataclasses import dataclass

from hoofbeat.cases import Attribute, Evidence, Finding, FindingState
from hoofbeat.cases.case import MAX_FINDINGS
from hoofbeat.interchange.findings import FindingRules, Use, Verdict, is_contradicted, merged
from hoofbeat.interchange.phenopacket import parts
from hoofbeat.interchange.phenopacket.own_words import is_asked
from hoofbeat.interchange.phenopacket.parts import Node
from hoofbeat.interchange.phenopacket.schema import Ledger
from hoofbeat.interchange.report import InputError, Where


@dataclass(frozen=True, slots=True)
class _Stated:
    node: Node
    verdict: Verdict
    state: FindingState
    given_id: str
    given_label: str
    path: str


@dataclass(slots=True)
class Features:
    """`phenotypicFeatures` under the rules of `interchange.findings`."""

    ledger: Ledger
    rules: FindingRules
    findings: tuple[Finding, ...] = ()
    attributes: tuple[Attribute, ...] = ()

    def read(self, packet: Node) -> Features:
        """Take the findings out of a packet; what is not used stays in it. Raises InputError on too many."""
        stated: list[_Stated] = []
        nodes: list[Node] = packet.get("phenotypicFeatures", [])
        if len(nodes) > MAX_FINDINGS:
            raise InputError(
                f"a packet has {len(nodes):,} findings; the limit is {MAX_FINDINGS:,}",
                code="findings-limit",
                repair="give one person per packet",
                where=Where(path=f"{self.ledger.base}/phenotypicFeatures"),
            )
        for number, node in enumerate(nodes):
            path = f"/phenotypicFeatures/{number}"
            term = node.get("type", {})
            identifier, label = term.get("id", ""), term.get("label", "")
            verdict = self.rules.judge(
                identifier, label, path=f"{self.ledger.base}{path}/type/id", notes=self.ledger.notes
            )
            state = FindingState.EXCLUDED if node.get("excluded") else FindingState.OBSERVED
            stated.append(_Stated(node, verdict, state, identifier, label, path))
        self._settle(stated)
        return self

    def _settle(self, stated: list[_Stated]) -> None:
        used = [one for one in stated if one.verdict.use is Use.FINDING]
        both, overruled = self.rules.contradictions(
            (one.verdict.index for one in used if one.state is FindingState.OBSERVED),
            (one.verdict.index for one in used if one.state is FindingState.EXCLUDED),
        )
        findings: dict[str, Finding] = {}
        attributes: list[Attribute] = []
        for one in stated:
            if one.verdict.use is Use.ATTRIBUTE:
                attributes.append(_attribute(one))
            elif one.verdict.use is Use.FINDING:
                place = f"{self.ledger.base}{one.path}"
                if is_contradicted(
                    self.rules, one.verdict, one.state, both, overruled, path=place, notes=self.ledger.notes
                ):
                    if one.verdict.index in both:  # the excluded ancestor stays in the tree and so is carried
                        self.ledger.drop(one.node)
                        one.node.clear()
                    continue
                finding = self._finding(one)
                before = findings.get(finding.id)
                if before is None:
                    findings[finding.id] = finding
                else:
                    findings[finding.id] = merged(before, finding)
                    self.ledger.notes.info(
                        "finding-merged",
                        f"{finding.id} {finding.label} stands twice",
                        repair="read as one, with the earliest onset",
                        path=place,
                        value=finding.id,
                    )
        self.findings, self.attributes = tuple(findings.values()), tuple(attributes)

    def _finding(self, one: _Stated) -> Finding:
        node, path = one.node, one.path
        term = node.pop("type")
        term.pop("id", None)
        term.pop("label", None)
        node.pop("excluded", None)
        if not node:  # most findings are an identifier, a label and perhaps "excluded"
            return Finding(
                one.verdict.id,
                one.verdict.label,
                one.state,
                given_id=one.given_id,
                given_label=one.given_label,
                paths=(path,),
            )
        evidence = tuple(
            Evidence(parts.concept(child, "evidenceCode"), parts.reference(child, "reference"))
            for child in node.pop("evidence", ())
        )
        return Finding(
            id=one.verdict.id,
            label=one.verdict.label,
            state=one.state,
            onset=parts.time(node, "onset", path, self.ledger),
            resolution=parts.time(node, "resolution", path, self.ledger),
            severity=parts.concept(node, "severity"),
            modifiers=parts.concepts(node, "modifiers"),
            evidence=tuple(each for each in evidence if not is_asked(each)),
            description=parts.text(node, "description"),
            asked=any(map(is_asked, evidence)),
            given_id=one.given_id,
            given_label=one.given_label,
            paths=(path,),
        )


def _attribute(one: _Stated) -> Attribute:
    term = one.node.pop("type")
    term.clear()
    one.node.pop("excluded", None)
    assert one.verdict.kind is not None
    return Attribute(
        one.verdict.kind, one.verdict.id, one.verdict.label, one.state is FindingState.EXCLUDED, path=one.path
    )
