"""The words and numbers that every form of a differential shows alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hoofbeat.diagnosis.differential import (
    Candidate,
    Comparison,
    Contribution,
    ContributionKind,
    Excerpt,
    FoundVariant,
    GenotypeSummary,
    MatchKind,
)
from hoofbeat.diagnosis.ratio_words import NEUTRAL
from hoofbeat.diagnosis.share_words import percent
from hoofbeat.knowledge.stated_frequency import UNKNOWN

NOT_A_DIAGNOSIS = "Not a diagnosis until a clinician confirms it."
CHECKSUM_SHOWN = 12

# What a filter drops, in a few words; the names are those of `diagnosis.genotype.filters` and of the reader.
_FILTER_WORDS = {
    "carried": "not carried",
    "caller": "FILTER not PASS",
    "frequency": "too frequent",
    "consequence": "without consequence",
    "benign": "called benign",
    "quality": "poor quality",
    "contig": "outside the chromosomes",
    "no allele": "no allele (*)",
    "repeated": "on another line too",
}

# What a row that is no finding rests on, where its label does not say so itself.
_RESTS_ON = {
    ContributionKind.PRIOR: "known before any finding",
    ContributionKind.GENOTYPE: "variants",
    ContributionKind.PICTURE: "all findings together",
}


def class_words(one: FoundVariant) -> str:
    """The classes of a variant as they were given, or that none was."""
    given = [f"laboratory: {one.acmg}"] if one.acmg else []
    given += [f"ClinVar: {one.clinvar}"] if one.clinvar else []
    return "; ".join(given) or "no class was given"


def genotype_counts(summary: GenotypeSummary) -> str:
    """How many alleles there were, which filters dropped how many, and how many passed, in one sentence."""
    dropped = ", ".join(f"{_FILTER_WORDS.get(name, name)} {number:,}" for name, number in summary.dropped)
    build = f" ({summary.build})" if summary.build else ""
    rest = f"; dropped: {dropped}" if dropped else ""
    return f"{summary.source}{build}: {counted(summary.alleles, 'allele')}, {summary.passed:,} passed{rest}"


def signed(number: float) -> str:
    """A number with its sign, to two places, with a true minus."""
    text = f"{number:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", "−")


def kind_name(contribution: Contribution) -> str:
    """What a row that is no finding rests on; empty where its label says it."""
    return _RESTS_ON.get(contribution.kind, "")


def match_words(contribution: Contribution) -> str:
    """How the finding meets what is known of the disease, in a few words; empty for rows that are no finding."""
    other = contribution.matched_label or contribution.matched or ""
    if contribution.matched == contribution.finding:
        other = ""
    match contribution.match:
        case MatchKind.EXACT:
            return "described as such"
        case MatchKind.GENERAL:
            return f"described more precisely: {other}" if other else "described more precisely"
        case MatchKind.NEAR:
            return f"only near: {other}" if other else "only something near it is described"
        case MatchKind.NONE:
            return "not described"
        case MatchKind.EXCLUDED:
            return f"counted as: {other}" if other else ""
        case None:
            return ""


def explanation(contribution: Contribution) -> list[str]:
    """How often the disease shows it and how the finding meets it; for other rows what their sentence says."""
    observed = contribution.match not in (None, MatchKind.EXCLUDED)
    often = "how often is not stated" if contribution.frequency == UNKNOWN.text() else contribution.frequency
    parts = (often, match_words(contribution), "" if observed else contribution.sentence)
    return [part for part in parts if part]


def strongest(contributions: Iterable[Contribution], limit: int) -> list[Contribution]:
    """The rows that move the score most, strongest first, neutral ones left out."""
    telling = (one for one in contributions if abs(one.log_lr) >= NEUTRAL)
    return sorted(telling, key=lambda one: (-abs(one.log_lr), one.label))[:limit]


def for_to_against(contributions: Iterable[Contribution]) -> list[Contribution]:
    """All rows, from what speaks most for the disease to what speaks most against it."""
    return sorted(contributions, key=lambda one: (-one.log_lr, one.label))


def names_of(ids: Iterable[str], excerpt: Excerpt) -> list[str]:
    """Findings given by identifier, by their names where the case has them."""
    known = {finding.id: finding.name for finding in (*excerpt.observed, *excerpt.excluded)}
    return [known.get(identifier, identifier) for identifier in ids]


def entry_ids(candidate: Candidate) -> str:
    """The identifiers of a candidate's entries, its own first."""
    return ", ".join((candidate.disease.id, *(twin.id for twin in candidate.same_as)))


def others(excerpt: Excerpt) -> tuple[int, float]:
    """How many diseases are compared but not shown, and their probability together."""
    shown = sum(candidate.probability for candidate in excerpt.candidates)
    rest = max(0.0, 1.0 - shown - excerpt.none_of_these)
    # Sums of shares differ from 1 by rounding: that is no probability left.
    return max(0, excerpt.n_diseases - len(excerpt.candidates)), rest if rest > 1e-9 else 0.0


def lead(comparison: Comparison) -> str:
    """Which of two diseases stands before the other, and by how much, in one sentence."""
    first, second = sorted((comparison.a, comparison.b), key=lambda candidate: candidate.rank)
    places = [f"{one.disease.name} (place {one.rank:,}, {percent(one.probability)})" for one in (first, second)]
    return f"{places[0]} stands before {places[1]}: their scores differ by {abs(comparison.lead):.2f}."


def change(comparison: Comparison) -> str:
    """Which answers would reverse the order of two diseases, in one sentence."""
    if comparison.change is None:
        return "No one or two answers on what either often has, and nobody looked for, were found to reverse the order."
    answers = [f"{one.label} {'observed' if one.present else 'excluded'}" for one in comparison.change.answers]
    pair = (comparison.a, comparison.b) if comparison.change.lead_after > 0 else (comparison.b, comparison.a)
    ahead, behind = (one.disease.name for one in pair)
    by = f"{abs(comparison.change.lead_after):.2f}"
    return f"{' and '.join(answers)} would put {ahead} before {behind}: their scores would differ by {by}."


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 finding", "2 findings"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], limit: int) -> str:
    """The first names, and how many more there are."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")


def release_facts(release: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a result says of its release, as names and texts; checksums shortened, what is empty or 0 left out."""
    facts: list[tuple[str, str]] = []
    for name, value in release.items():
        if isinstance(value, Mapping):
            text = ", ".join(f"{inner} {shown}" for inner, shown in release_facts(value)) or "none"
        elif isinstance(value, bool):
            text = "yes" if value else ""
        elif isinstance(value, list | tuple):
            text = ", ".join(str(one) for one in value)
        elif isinstance(value, int):
            text = f"{value:,}" if value else ""
        else:
            text = "" if value is None else str(value)
        if "sha256" in name or "checksum" in name:
            name, text = name.replace("content_sha256", "checksum"), text[:CHECKSUM_SHOWN]
        if text:
            facts.append((name.replace("_", " "), text))
    return facts
