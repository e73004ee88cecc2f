"""Bare identifiers as somebody typed them become a case, under the rules of `interchange.findings`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hoofbeat.cases import Case, CaseError, Finding, FindingState, Sex, TimeElement
from hoofbeat.interchange.findings import FindingRules, Use, Verdict, is_contradicted, merged
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.report import Notes
from hoofbeat.knowledge.ontology import Ontology


@dataclass(frozen=True, slots=True)
class _Stated:
    given: str
    verdict: Verdict
    state: FindingState
    asked: bool
    path: str

    @property
    def finding(self) -> Finding:
        verdict = self.verdict
        return Finding(verdict.id, verdict.label, self.state, asked=self.asked, given_id=self.given, paths=(self.path,))


def case_of(
    observed: Sequence[str],
    excluded: Sequence[str] = (),
    asked_not: Sequence[str] = (),
    *,
    ontology: Ontology,
    sex: Sex | str = Sex.UNKNOWN,
    age: float | str | TimeElement | None = None,
    id: str = "case",
) -> Imported:
    """A case of these findings. `asked_not`: excluded, and asked about or looked for in this very person.

    `path` in the report is `/observed/0` etc.
    """
    notes = Notes(file=id)
    rules = FindingRules(ontology)
    stated = [
        *_judged(observed, "observed", FindingState.OBSERVED, rules, notes),
        *_judged(excluded, "excluded", FindingState.EXCLUDED, rules, notes),
        *_judged(asked_not, "asked_not", FindingState.EXCLUDED, rules, notes, asked=True),
    ]
    findings = _settled(stated, rules, notes)
    rules.note_general_findings(findings, notes)
    try:
        case = replace(Case.of(sex=sex, age=age, id=id), findings=findings)
    except CaseError as error:
        notes.error("case-value", error.what, repair=error.repair)
        return Imported((), notes.report(format="hpo", accepted=False))
    notes.mapped = len(findings)
    notes.dropped = len(observed) + len(excluded) + len(asked_not) - notes.mapped
    if not findings:
        notes.error("no-finding", "no usable finding", repair="give at least one HPO identifier, such as HP:0001166")
        return Imported((), notes.report(format="hpo", accepted=False))
    return Imported((case,), notes.report(format="hpo", accepted=True, cases=1))


def _judged(
    ids: Sequence[str], name: str, state: FindingState, rules: FindingRules, notes: Notes, *, asked: bool = False
) -> Iterator[_Stated]:
    """Of one list the identifiers that name a finding; the others are noted."""
    for number, given in enumerate(ids):
        path = f"/{name}/{number}"
        verdict = rules.judge(given.strip(), "", path=path, notes=notes)
        if verdict.use is Use.FINDING:
            yield _Stated(given.strip(), verdict, state, asked, path)


def _settled(stated: Sequence[_Stated], rules: FindingRules, notes: Notes) -> tuple[Finding, ...]:
    """What contradicts nothing, each finding once."""
    both, overruled = rules.contradictions(
        (one.verdict.index for one in stated if one.state is FindingState.OBSERVED),
        (one.verdict.index for one in stated if one.state is FindingState.EXCLUDED),
    )
    findings: dict[str, Finding] = {}
    for one in stated:
        if is_contradicted(rules, one.verdict, one.state, both, overruled, path=one.path, notes=notes):
            continue
        known = findings.get(one.verdict.id)
        findings[one.verdict.id] = merged(known, one.finding) if known is not None else one.finding
    return tuple(findings.values())
