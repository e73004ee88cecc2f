"""The differential as one page to read, print and hand on.

The page is a single file. It runs no script, loads nothing, and its own policy forbids both, so that it can be opened
from a mail or a memory stick and shows the same years later. Everything from outside passes the template's escaping.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import jinja2

import hoofbeat
from hoofbeat.cases.ontology_class import pmid
from hoofbeat.cli.presentation import wording
from hoofbeat.diagnosis.differential import (
    Candidate,
    Comparison,
    Contribution,
    ContributionKind,
    Excerpt,
    FilterStep,
    FilterTrace,
    FoundVariant,
    GenotypeSummary,
    Named,
)
from hoofbeat.diagnosis.ratio_words import NEUTRAL, times
from hoofbeat.diagnosis.share_words import percent
from hoofbeat.interchange.report import shown

OPENED = 3  # candidates whose reasons are open from the start, and so on paper
ROWS_SHOWN = 60  # rows of one explanation; what more there is is summed up in one row
SOURCES_SHOWN = 4
HALF = 100.0  # length of the longer half of a bar, in the units of its drawing
_LONGEST = 400  # characters of any text from outside
_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"


def differential_page(excerpt: Excerpt, *, made: date, title: str = "", publication: str = "") -> str:
    """The page as HTML text. `title` names it (default: the case); `publication` says where a published case is from.

    Bars of all candidates share one scale, so that they can be compared; those of a comparison have their own.
    """
    scale = max((abs(one.log_lr) for candidate in excerpt.candidates for one in candidate.contributions), default=0.0)
    style = page_text("differential.css")
    return page_template("differential.html.jinja").render(
        title=_clean(title or excerpt.case),
        publication=_clean(publication),
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        observed=[_finding(one) for one in excerpt.observed],
        excluded=[_finding(one) for one in excerpt.excluded],
        rows=_rows(excerpt, scale or 1.0),
        lead=_lead(excerpt),
        genotype=None if excerpt.genotype is None else _tested(excerpt.genotype),
        compared_pair=None if excerpt.comparison is None else _pair(excerpt.comparison),
        notes=[(_clean(note.what), _clean(note.repair)) for note in excerpt.notes],
        compared=f"{excerpt.n_diseases:,}",
        release=[(_clean(name), _clean(text)) for name, text in wording.release_facts(excerpt.release)],
        made=made.isoformat(),
        version=hoofbeat.__version__,
        not_a_diagnosis=wording.NOT_A_DIAGNOSIS,
    )


@dataclass(frozen=True, slots=True)
class _Link:
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class _Bar:
    """How much a row weighs: a bar from `start` of `length`, of 2 x HALF in all, and the amount said in text."""

    side: str  # for, against, neutral
    start: str
    length: str
    times: str
    log_lr: str

    @classmethod
    def of(cls, log_lr: float, scale: float) -> _Bar:
        neutral = abs(log_lr) < NEUTRAL
        # Even a row that says little is seen; one that says nothing is a mark at zero.
        length = max(HALF * abs(log_lr) / scale, 0.0 if neutral else 0.8)
        return cls(
            side="neutral" if neutral else "for" if log_lr > 0 else "against",
            start=_number(HALF if log_lr > 0 else HALF - length),
            length=_number(length),
            times=times(log_lr),
            log_lr=wording.signed(log_lr),
        )


@dataclass(frozen=True, slots=True)
class _Reason:
    """One row of an explanation."""

    label: str
    id: str
    kind: str
    is_excluded: bool
    bar: _Bar
    known: tuple[str, ...]
    sources: tuple[_Link, ...]
    more_sources: int
    library: str
    shared: str


@dataclass(frozen=True, slots=True)
class _Variant:
    """A variant in a gene of a candidate."""

    gene: str
    zygosity: str
    name: str
    place: str
    consequence: str
    frequency: str
    rule: str
    classes: str
    source: str


@dataclass(frozen=True, slots=True)
class _Tested:
    """What a test brought, and what became of the variants that were asked about."""

    counts: str
    traces: tuple[FilterTrace, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two diseases beside each other; the bars of the rows stand for the first one or against it."""

    a: str
    b: str
    lead: str
    rows: tuple[tuple[str, _Bar], ...]
    rest: str
    difference: str
    change: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the differential: a candidate, "none of these", or the rest."""

    rank: str
    name: str
    percent: str
    share: str
    is_candidate: bool = False
    is_open: bool = False
    ids: str = ""
    genes: str = ""
    score: str = ""
    summary: str = ""
    reasons: tuple[_Reason, ...] = ()
    rest: str = ""
    unexplained: tuple[str, ...] = ()
    expected: tuple[tuple[str, str, str], ...] = ()
    variants: tuple[_Variant, ...] = ()
    remark: str = ""


def _rows(excerpt: Excerpt, scale: float) -> list[_Row]:
    """The candidates in order, with "none of these" at its place among them and the other diseases last."""
    rows = [_candidate(candidate, excerpt, scale, place) for place, candidate in enumerate(excerpt.candidates)]
    none = _Row(
        rank="",
        name="None of these",
        percent=_percent(excerpt.none_of_these),
        share=_number(100 * excerpt.none_of_these),
        remark="The disease is not among those compared, or is not described well enough to be recognised.",
    )
    at = sum(candidate.probability >= excerpt.none_of_these for candidate in excerpt.candidates)
    rows.insert(at, none)
    number, share = wording.others(excerpt)
    if number:
        name = wording.counted(number, "other disease")
        rows.append(_Row("", name, _percent(share), _number(100 * share), remark="Together, each less likely."))
    return rows


def _candidate(candidate: Candidate, excerpt: Excerpt, scale: float, place: int) -> _Row:
    ordered = wording.for_to_against(candidate.contributions)
    kept = set(map(id, sorted(ordered, key=lambda one: -abs(one.log_lr))[:ROWS_SHOWN]))
    left_out = [one for one in ordered if id(one) not in kept]
    rest = ""
    if left_out:
        amount = wording.signed(sum(one.log_lr for one in left_out))
        rest = f"{wording.counted(len(left_out), 'weaker row')}, {amount} together"
    return _Row(
        rank=str(candidate.rank),
        name=_clean(candidate.disease.name),
        percent=_percent(candidate.probability),
        share=_number(100 * candidate.probability),
        is_candidate=True,
        is_open=place < OPENED,
        ids=_clean(wording.entry_ids(candidate)),
        genes=wording.listed([_clean(gene) for gene in candidate.genes], 6),
        score=wording.signed(candidate.score),
        summary=_summary(candidate),
        reasons=tuple(_reason(one, scale) for one in ordered if id(one) in kept),
        rest=rest,
        unexplained=tuple(_clean(name) for name in wording.names_of(candidate.unexplained, excerpt)),
        expected=tuple(
            (_clean(one.label), _percent(one.share), _number(100 * one.share)) for one in candidate.expected
        ),
        variants=tuple(_variant(one) for one in candidate.variants),
    )


def _variant(one: FoundVariant) -> _Variant:
    return _Variant(
        gene=_clean(one.gene),
        zygosity=one.zygosity,
        name=_clean(one.name),
        place="" if one.position == one.name else _clean(one.position),
        consequence=_clean(one.consequence),
        frequency=_clean(one.frequency),
        rule=_clean(one.rule),
        classes=_clean(wording.class_words(one)),
        source=_clean(one.source),
    )


def _tested(summary: GenotypeSummary) -> _Tested:
    traces = (
        FilterTrace(
            _clean(trace.variant),
            tuple(
                FilterStep(_clean(step.filter), _clean(step.value), _clean(step.threshold), step.passed)
                for step in trace.steps
            ),
            _clean(trace.verdict),
        )
        for trace in summary.asked
    )
    return _Tested(_clean(wording.genotype_counts(summary)), tuple(traces))


def _summary(candidate: Candidate) -> str:
    """The reasons in one sentence, for those who read no chart."""
    telling = wording.strongest(candidate.contributions, len(candidate.contributions))
    speak_for = [_worded(one) for one in telling if one.log_lr > 0]
    against = [_worded(one) for one in telling if one.log_lr < 0]
    parts = []
    if speak_for:
        parts.append(f"For it: {wording.listed(speak_for, 3)}.")
    if against:
        parts.append(f"Against it: {wording.listed(against, 2)}.")
    return " ".join(parts) or "Nothing speaks for or against it."


def _worded(one: Contribution) -> str:
    label = _clean(one.label)
    label = label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label
    return f"{'no ' if one.state == 'excluded' else ''}{label} ({times(one.log_lr)})"


def _reason(one: Contribution, scale: float) -> _Reason:
    sources = tuple(_source(source) for source in one.sources[:SOURCES_SHOWN])
    return _Reason(
        label=_clean(one.label),
        id=_clean(one.finding or ""),
        kind=wording.kind_name(one),
        is_excluded=one.state == "excluded",
        bar=_Bar.of(one.log_lr, scale),
        known=tuple(_clean(text) for text in wording.explanation(one)),
        sources=sources,
        more_sources=len(one.sources) - len(sources),
        library=_percent(one.library_share) if one.library_share > 0 else "",
        shared=f"{one.weight:.2f}" if one.kind is ContributionKind.FINDING and one.weight < 0.995 else "",
    )


def _pair(comparison: Comparison) -> _Pair:
    scale = max((abs(row.difference) for row in comparison.rows), default=0.0) or 1.0
    left_out = comparison.rows[ROWS_SHOWN:]
    amount = wording.signed(sum(row.difference for row in left_out))
    return _Pair(
        a=_clean(comparison.a.disease.name),
        b=_clean(comparison.b.disease.name),
        lead=_clean(wording.lead(comparison)),
        rows=tuple((_clean(row.sentence), _Bar.of(row.difference, scale)) for row in comparison.rows[:ROWS_SHOWN]),
        rest=f"{wording.counted(len(left_out), 'weaker row')}, {amount} together" if left_out else "",
        difference=wording.signed(comparison.lead),
        change=_clean(wording.change(comparison)),
    )


def _lead(excerpt: Excerpt) -> str:
    """The result in one sentence."""
    none = f"The chance that it is none of them: {_percent(excerpt.none_of_these)}."
    if not excerpt.candidates:
        return f"No disease stands out. {none}"
    first = excerpt.candidates[0]
    return (
        f"First of {excerpt.n_diseases:,} diseases: {_clean(first.disease.name)}, {_percent(first.probability)}. {none}"
    )


def _source(text: str) -> _Link:
    """Where a number is stated; publications lead to PubMed when clicked, everything else is text."""
    publication = pmid(text)
    return _Link(_clean(text), f"{_PUBMED}{publication.removeprefix('PMID:')}/" if publication else "")


def _finding(one: Named) -> tuple[str, str]:
    return _clean(one.name), _clean(one.id)


def _clean(text: str) -> str:
    """A text from outside, cut to a length that a page can bear and free of control and direction characters.

    Its markup is escaped by the template. No line breaks before a percent sign.
    """
    return shown(text, limit=_LONGEST).replace(" %", "\u00a0%")


def _percent(share: float) -> str:
    """A share as text that no line break parts."""
    return percent(share).replace(" ", "\u00a0")


def _number(value: float) -> str:
    """A coordinate."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def page_text(name: str) -> str:
    """One of our own files beside the templates."""
    return (files("hoofbeat.cli.presentation") / "templates" / name).read_text(encoding="utf-8")


@cache
def page_template(name: str) -> jinja2.Template:
    """A template of a page; whatever comes from outside is escaped."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(page_text(name))
