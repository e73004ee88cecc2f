"""The tables of the simulation of the next step, made from its frozen result and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from validation.results_folder import NEXT_STEP, RESULTS, frozen
from validation.tables import interval, table

# What ours may need of the questions of another policy, at most (diagnosis specification, section 5).
BARS = {"random": 0.35, "most frequent": 0.80, "rank difference": 0.90}
_RUNS = {
    "drawn": "Patients drawn from counts that the ranking does not have",
    "published": "Published cases; what they do not mention is unclear",
}
_HEAD = ("policy", "questions to top-1", "questions to top-10", "reach top-1", "reach top-10")
_COLUMNS = ("to_first", "to_first_ten", "reached_first", "reached_first_ten")


def next_step_sentence(folder: Path = RESULTS) -> str:
    """What the README says of it; empty where it was not measured."""
    result = frozen(NEXT_STEP, folder)
    if result is None:
        return ""
    run = result["runs"]["drawn"]
    ratios = "; ".join(
        f"{run['ours_to'][policy]['mean']:.2f} of {policy} (bar {bar:.2f}: {_verdict(run, policy)})"
        for policy, bar in BARS.items()
    )
    mine = run["policies"]["ours"]
    return (
        f"Questions until the true disease is first, on {run['patients']} patients drawn from counts that the ranking "
        f"does not have, at most {result['cap']}: {mine['to_first']['mean']:.1f} on average with ours, which is "
        f"{ratios}."
    )


def next_step_section(folder: Path, not_measured: str) -> list[str]:
    """The section of the reference page."""
    result = frozen(NEXT_STEP, folder)
    lines = ["", "## The next step", ""]
    if result is None:
        return [*lines, not_measured]
    lines += [
        f"Frozen in `validation/results/next_step.json`, made by `{result['command']}`.",
        "",
        "Three findings of a patient are revealed, the least specific ones. Then one question after another is asked, "
        f"at most {result['cap']}, until the true disease is first; who is not found counts as {result['cap']}. In "
        "brackets stand 95 % intervals from resampling patients.",
        "",
        *_MEANING.strip().split("\n"),
    ]
    for name, words in _RUNS.items():
        if name in result["runs"]:
            lines += ["", f"### {words}", "", *_run(result["runs"][name], with_bars=name == "drawn")]
    return lines


def _run(run: Mapping[str, Any], *, with_bars: bool) -> list[str]:
    rows = [[policy, *(_shown(one[column], column) for column in _COLUMNS)] for policy, one in run["policies"].items()]
    lines = [f"{run['patients']} patients.", "", *table(_HEAD, rows), ""]
    if not with_bars:
        return lines[:-1]
    ratios = [
        [
            policy,
            interval(one, digits=2),
            f"<= {BARS[policy]:.2f}",
            _verdict(run, policy),
        ]
        for policy, one in run["ours_to"].items()
    ]
    mine = run["policies"]["ours"]["to_first_ten"]["mean"]
    best = min(one["to_first_ten"]["mean"] for policy, one in run["policies"].items() if policy != "ours")
    held = "holds" if mine <= best else "falls short"
    lines += table(("questions of ours to top-1, of those of", "ratio", "bar", ""), ratios)
    lines += [
        "",
        f"Questions to top-10: {mine:.1f} with ours, {best:.1f} with the best of the others (bar: no more): {held}.",
    ]
    return lines


def _verdict(run: Mapping[str, Any], policy: str) -> str:
    return "holds" if run["ours_to"][policy]["mean"] <= BARS[policy] else "falls short"


def _shown(one: Mapping[str, float], column: str) -> str:
    digits = 2 if column.startswith("reached") else 1
    return interval(one, digits=digits, ends=digits)


_MEANING = """
A **drawn** patient has each finding with the share that one publication counted (n of m, at least 3 people), and is
ranked with knowledge without that publication, which is taken out of every disease. At most one patient a disease.
The others' description must hold at least five of the publication's frequent findings, and the disease must be
first once all the patient's findings are given, since no question helps where it cannot be found at all, and not
yet first with the three revealed ones. An answer is "no" for what is counted and not drawn, for what nobody
describes in the disease, and for all below these; it is "unclear", and the question is spent, for what only other
sources describe. All policies profit from an asked "no", which counts more than one of a report. How questions are
ordered was fitted on patients of other diseases, a quarter of all by a hash of their id, which are left out with those
that were looked at before; so there may be fewer patients than asked for.

A **published** case is ranked without its publication, whether it can be found or not.

*Random* and *most frequent* take an open finding of the first ten candidates: any, and the one expected most often
over all candidates. *Rank difference* takes of the same the one whose presence moves the first twenty most, Σ
|change of rank| / rank, as maxodiff does. *Ours* is the order of `hoofbeat next` where all questions ask the same
of the patient. All rank the same way.
"""
