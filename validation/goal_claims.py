"""What was measured of the goals for accuracy that the project set itself, reached or not, from the frozen results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from validation.measures import Measure
from validation.results_folder import BENCHMARK, EXOMES, frozen

WITH, WITHOUT = "observed findings, with library", "observed findings, without library"


class Goal(NamedTuple):
    """The least share of the cases of a stratum whose disease is first, and among the first ten."""

    words: str
    run: str
    stratum: str
    in_library: bool | None
    average: str
    top_1: float
    top_10: float


# The first step of the diagnosis specification, section 9.
GOALS = (
    Goal("annotated diseases, no library", WITHOUT, "in the release", None, "micro", 0.54, 0.72),
    Goal("annotations do not quote the case", WITH, "clean", None, "macro", 0.45, 0.75),
    Goal("and the library has another case of the disease", WITH, "clean", True, "macro", 0.55, 0.83),
    Goal("annotations quote the case", WITH, "cited", None, "macro", 0.85, 0.96),
)
CALIBRATION = 0.05  # at most, the same section
# Section 6 is about cases of a disease that the release has.
_WITH_EXOMES = "disease in the release"


def goals(folder: Path) -> list[Measure]:
    """Each goal that was measured."""
    benchmark, exomes = frozen(BENCHMARK, folder), frozen(EXOMES, folder)
    return [
        *(() if benchmark is None else _by_findings(benchmark["runs"])),
        *(() if exomes is None else _with_exomes(exomes)),
    ]


def _by_findings(runs: Mapping[str, Any]) -> Iterator[Measure]:
    for goal in GOALS:
        for row in runs[goal.run]["strata"]:
            if (row["stratum"], row["in_library"]) == (goal.stratum, goal.in_library):
                for figure, words, bar in (("top_1", "top-1", goal.top_1), ("top_10", "top-10", goal.top_10)):
                    value = row[goal.average][figure]["mean"]
                    yield Measure(f"{goal.words}: {goal.average} {words}", value, "", bar, at_least=True)
    for words, name in (("with library", WITH), ("no library", WITHOUT)):
        errors = runs[name]["calibration"]["expected_calibration_error"]
        yield Measure(f"calibration error over all cases, {words}", errors["all"], "", CALIBRATION)
        if "absent" in errors:
            yield Measure(f"the same where nobody has annotated the disease, {words}", errors["absent"], "")
    magnets = len(runs[WITH]["first_too_often"])
    yield Measure("diseases first more often than 3 × their cases + 5, with library", magnets, "", 0)


def _with_exomes(exomes: Mapping[str, Any]) -> Iterator[Measure]:
    stratum = exomes["strata"].get(_WITH_EXOMES)
    if stratum is None:
        return
    for setting, row in stratum["settings"].items():
        bars = exomes["bars"] if setting.startswith("exome") else {}
        for figure, words in (("top_1", "top-1"), ("top_3", "top-3")):
            value, bar = row["micro"][figure]["mean"], bars.get(figure)
            what = f"made-up exomes, {stratum['cases']:,} cases, {setting}: micro {words}"
            yield Measure(what, value, "", bar, at_least=True)
    with_exome = [row for setting, row in stratum["settings"].items() if setting.startswith("exome")]
    for figure, words in (("top_1", "top-1"), ("top_3", "top-3")):
        value = sum(row["micro"][figure]["mean"] for row in with_exome) / len(with_exome)
        what = f"made-up exomes, {stratum['cases']:,} cases, each once alone and once with parents: micro {words}"
        yield Measure(what, value, "", exomes["bars"][figure], at_least=True)
