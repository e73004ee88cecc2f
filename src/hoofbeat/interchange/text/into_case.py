"""Findings read from text as findings of a case, for a ranking that somebody asked for: what is present is observed,
what is denied is excluded, and nothing else is used. What the case states itself always counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hoofbeat.cases import Case, Finding, FindingState
from hoofbeat.interchange.text.mention import Assertion, Mention
from hoofbeat.knowledge.ontology import Ontology

UNCONFIRMED = "read from text, confirmed by nobody"


@dataclass(frozen=True, slots=True)
class Joined:
    """A case with findings of a text: the mentions that were used, one a finding, and the others with why not."""

    case: Case
    used: tuple[Mention, ...] = ()
    left: tuple[tuple[Mention, str], ...] = ()


def joined(case: Case, mentions: Iterable[Mention], ontology: Ontology) -> Joined:
    """The case and what a text says of the same person."""
    by_term: dict[str, list[Mention]] = {}
    left: list[tuple[Mention, str]] = []
    for mention in mentions:
        if mention.assertion in (Assertion.PRESENT, Assertion.NEGATED):
            by_term.setdefault(mention.hpo, []).append(mention)
        else:
            left.append((mention, mention.who or mention.assertion.value))
    stated = {finding.id for finding in case.findings}
    used: list[Mention] = []
    for hpo, same in by_term.items():
        if hpo in stated:
            left.append((same[0], "the case states it itself"))
        elif len({one.assertion for one in same}) > 1:
            left.append((same[0], "both present and denied in the text"))
        else:
            used.append(same[0])
    observed = [*case.observed, *(one.hpo for one in used if one.assertion is Assertion.PRESENT)]
    for mention in [one for one in used if one.assertion is Assertion.NEGATED]:
        special = _special_form(mention.hpo, observed, ontology)
        if special:
            used.remove(mention)
            left.append((mention, f"denied in general, but {special} is observed"))
    findings = tuple(_finding(one) for one in used)
    return Joined(replace(case, findings=(*case.findings, *findings)), tuple(used), tuple(left))


def _special_form(hpo: str, observed: Sequence[str], ontology: Ontology) -> str:
    """The name of an observed finding of which a denied one is the general form; empty where there is none."""
    general = ontology.index(hpo)
    for other in observed:
        index = ontology.resolve(other).index
        if index is not None and ontology.is_a(index, general):
            return ontology.name(index)
    return ""


def _finding(mention: Mention) -> Finding:
    present = mention.assertion is Assertion.PRESENT
    state = FindingState.OBSERVED if present else FindingState.EXCLUDED
    return Finding(mention.hpo, mention.label, state, description=UNCONFIRMED)
