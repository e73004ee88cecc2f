"""A differential written by hand, of diseases that do not exist, for tests of how differentials are shown."""

from __future__ import annotations

from dataclasses import replace

from hoofbeat.diagnosis.differential import (
    Answer,
    Candidate,
    Change,
    ComparedRow,
    Comparison,
    Contribution,
    ContributionKind,
    Excerpt,
    ExpectedFinding,
    MatchKind,
    Named,
    Note,
)

RELEASE = {
    "release": "2024-02-01",
    "checksum": "0123456789abcdef0123456789abcdef",
    "library": {"cases": 412, "publications": 87},
    "model": "core 1",
}
OBSERVED = (
    Named("HP:0001166", "Arachnodactyly"),
    Named("HP:0001083", "Ectopia lentis"),
    Named("HP:0002616", "Aortic root aneurysm"),
    Named("HP:0000365", "Hearing impairment"),
)
EXCLUDED = (Named("HP:0002705", "High, narrow palate"),)


def finding(
    term: Named,
    log_lr: float,
    *,
    match: MatchKind = MatchKind.EXACT,
    matched: Named | None = None,
    frequency: str | None = None,
    sources: tuple[str, ...] = (),
    library_share: float = 0.0,
    weight: float = 1.0,
) -> Contribution:
    """A row about a finding; excluded where the match says so."""
    state = "excluded" if match is MatchKind.EXCLUDED else "observed"
    met = matched or (None if match is MatchKind.NONE else term)
    return Contribution(
        kind=ContributionKind.FINDING,
        log_lr=log_lr,
        label=term.name,
        finding=term.id,
        state=state,
        match=match,
        matched=None if met is None else met.id,
        matched_label=None if met is None else met.name,
        frequency=frequency,
        sources=sources,
        library_share=library_share,
        weight=weight,
    )


def candidate(rank: int, name: str, probability: float, rows: tuple[Contribution, ...]) -> Candidate:
    """A candidate whose score is the sum of its rows."""
    return Candidate(
        rank=rank,
        disease=Named(f"OMIM:99900{rank}", name),
        same_as=(Named(f"ORPHA:99900{rank}", name),) if rank == 1 else (),
        genes=("ZEB1A", "ZEB2A") if rank == 1 else (),
        probability=probability,
        score=sum(row.log_lr for row in rows),
        contributions=rows,
        unexplained=("HP:0000365",) if rank == 1 else (),
        expected=(ExpectedFinding("HP:0000098", "Tall stature", 0.62),) if rank == 1 else (),
    )


FIRST = candidate(
    1,
    "Long-finger lens syndrome",
    0.83,
    (
        finding(OBSERVED[0], 2.41, frequency="124/197", sources=("PMID:28050285", "PMID:33436942")),
        finding(OBSERVED[1], 4.2, frequency="119/251", sources=("PMID:28050285",), library_share=0.6),
        finding(
            OBSERVED[2],
            3.1,
            match=MatchKind.GENERAL,
            matched=Named("HP:0004970", "Ascending aortic dilation"),
            frequency="very frequent (80-99 %)",
            sources=("ORPHA:999001",),
            weight=0.7,
        ),
        finding(OBSERVED[3], 0.0, match=MatchKind.NONE),
        finding(EXCLUDED[0], -0.2, match=MatchKind.EXCLUDED, frequency="70/100", sources=("PMID:1",)),
        Contribution(ContributionKind.ONSET, 0.7, "Age 12 years", sentence="Mostly seen in childhood."),
        Contribution(ContributionKind.PICTURE, -0.9, "A third of the disease's picture is present"),
    ),
)
SECOND = candidate(
    2,
    "Aortic fragility syndrome 2",
    0.03,
    (
        finding(OBSERVED[2], 3.3, frequency="frequent (30-79 %)", sources=("ORPHA:999002",)),
        finding(OBSERVED[1], -2.3, match=MatchKind.NEAR, matched=Named("HP:0000517", "Abnormal lens morphology")),
    ),
)
EXCERPT = Excerpt(
    case="proband-7",
    release=RELEASE,
    n_diseases=10_421,
    observed=OBSERVED,
    excluded=EXCLUDED,
    candidates=(FIRST, SECOND),
    none_of_these=0.1,
    notes=(Note("HP:0009999 is obsolete", "read as HP:0001166 Arachnodactyly"),),
)

COMPARISON = Comparison(
    FIRST,
    SECOND,
    rows=(
        ComparedRow(
            ContributionKind.FINDING,
            OBSERVED[1].name,
            OBSERVED[1].id,
            FIRST.contributions[1],
            SECOND.contributions[1],
            "Ectopia lentis: 119/251 in Long-finger lens syndrome, only Abnormal lens morphology in Aortic fragility "
            "syndrome 2",
        ),
        ComparedRow(
            ContributionKind.FINDING,
            OBSERVED[2].name,
            OBSERVED[2].id,
            FIRST.contributions[2],
            SECOND.contributions[0],
            "Aortic root aneurysm: described as Ascending aortic dilation in Long-finger lens syndrome, frequent "
            "(30-79 %) in Aortic fragility syndrome 2",
        ),
    ),
    change=Change(
        (Answer("HP:0000098", "Tall stature", present=False), Answer("HP:0004933", "Aortic dissection", present=True)),
        lead_before=FIRST.score - SECOND.score,
        lead_after=-0.75,
    ),
)
COMPARED = replace(EXCERPT, comparison=COMPARISON)

HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)>&\"'`{{7*7}}\x1b[31m\u202eabc"


def hostile_excerpt() -> Excerpt:
    """The same differential, with what an attacker would write wherever a text comes from outside."""
    bad = Named(HOSTILE, HOSTILE)
    row = finding(bad, 1.0, match=MatchKind.NEAR, matched=Named("HP:1", HOSTILE), frequency=HOSTILE, sources=(HOSTILE,))
    rows = (replace(row, sentence=HOSTILE), replace(row, log_lr=-1.0))
    first = replace(
        FIRST,
        disease=bad,
        same_as=(bad,),
        genes=(HOSTILE,),
        contributions=rows,
        score=0.0,
        unexplained=(HOSTILE,),
        expected=(ExpectedFinding(HOSTILE, HOSTILE, 0.5),),
    )
    return replace(
        EXCERPT,
        case=HOSTILE,
        release={HOSTILE: HOSTILE},
        observed=(bad,),
        excluded=(bad,),
        candidates=(first,),
        notes=(Note(HOSTILE, HOSTILE),),
        comparison=_hostile_comparison(first),
    )


def _hostile_comparison(first: Candidate) -> Comparison:
    row = ComparedRow(ContributionKind.FINDING, HOSTILE, HOSTILE, first.contributions[0], None, HOSTILE)
    change = Change((Answer(HOSTILE, HOSTILE, present=True),), lead_before=1.0, lead_after=-1.0)
    return Comparison(first, first, (row,), change)
