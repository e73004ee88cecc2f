"""The figures of a benchmark as a table for the terminal: strata as rows, micro and macro averages as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_COLUMNS = (
    ("micro", "top_1", True),
    ("micro", "top_3", False),
    ("micro", "top_10", True),
    ("micro", "mrr", False),
    ("macro", "top_1", True),
    ("macro", "top_3", False),
    ("macro", "top_10", True),
    ("macro", "mrr", False),
)
_NAMES = {"top_1": "top-1", "top_3": "top-3", "top_10": "top-10", "mrr": "MRR"}
_IN_LIBRARY = {None: "", True: ", in library", False: ", not in library"}


def benchmark_table(results: Mapping[str, Any]) -> str:
    """The table of strata, then calibration and what was left out, as lines of text."""
    rows = [_head(), *(_cells(row) for row in results["strata"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    return "\n".join([_over(widths), *lines, "", *_after(results)])


def _head() -> list[str]:
    return ["stratum", "cases", "diseases", *(_NAMES[name] for _, name, _ in _COLUMNS)]


def _over(widths: Sequence[int]) -> str:
    """The line above the head: which columns are micro averages and which macro."""
    micro = sum(widths[:3]) + 6
    macro = micro + sum(widths[3:7]) + 8
    return " " * micro + "micro: every case alike".ljust(macro - micro) + "macro: every disease alike"


def _cells(row: Mapping[str, Any]) -> list[str]:
    name = row["stratum"] + _IN_LIBRARY[row["in_library"]]
    figures = [_figure(row[kind][figure], with_interval) for kind, figure, with_interval in _COLUMNS]
    return [name, f"{row['cases']:,}", f"{row['diseases']:,}", *figures]


def _figure(value: Mapping[str, float], with_interval: bool) -> str:
    mean = share(value["mean"])
    return f"{mean} ({share(value['low'])}-{share(value['high'])})" if with_interval else mean


def share(value: float) -> str:
    """A share 0..1 with three digits and without the zero before the point: `.452`, `1.000`."""
    return f"{value:.3f}".removeprefix("0")


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    left = 0, *range(3, len(row))
    return [
        cell.ljust(width) if at in left else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _after(results: Mapping[str, Any]) -> list[str]:
    lines = [
        "In brackets: 95 % intervals from resampling publications. Not ranked counts as failure; ties share a place."
    ]
    errors = results["calibration"]["expected_calibration_error"]
    lines.append("calibration error (ECE, 15 bins): " + ", ".join(f"{name} {share(e)}" for name, e in errors.items()))
    library = results["library"]
    if library is None:
        lines.append("no case library")
    else:
        lines.append(
            f"library: {library['cases']:,} cases of {library['publications']:,} publications; "
            f"what shares a publication with the case was taken out for {library['left_out_for']:,} cases"
        )
    magnets = results["first_too_often"]
    if magnets:
        named = ", ".join(f"{one['disease']} ({one['first']} times, {one['cases']} cases)" for one in magnets[:5])
        lines.append(f"first more often than 3 x its cases + 5: {named}")
    lines += _not_scored(results["cases"])
    run = results["run"]
    lines.append(
        f"{run['seconds']:.1f} s in {run['processes']} processes, {run['ranked_per_second']:,.0f} cases ranked a second"
    )
    return lines


def _not_scored(cases: Mapping[str, Any]) -> list[str]:
    said = [f"{number:,} with {reason}" for reason, number in cases["not_scored"].items() if number]
    if cases["unread_documents"]:
        said.append(f"{cases['unread_documents']:,} documents that could not be read")
    lines = [f"not scored: {', '.join(said)}"] if said else []
    if cases["without_findings"]:
        lines.append(f"{cases['without_findings']:,} cases without a finding to rank by count as failures")
    if cases["without_publication"]:
        lines.append(f"{cases['without_publication']:,} cases name no publication: nothing could be left out for them")
    return lines
