"""What the README and the reference claim is what was measured, and nothing else."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.diagnosis.benchmark.case_score import CaseScore
from hoofbeat.diagnosis.benchmark.summary import summary
from hoofbeat.diagnosis.benchmark.truth import EntryKind, Stratum
from tests.conftest import ROOT
from validation.claims import NOT_MEASURED, claims, page
from validation.frozen import RUNS
from validation.goal_claims import goals
from validation.measures import Measure
from validation.next_step_claims import BARS
from validation.next_step_simulation import POLICIES, Asked
from validation.next_step_simulation import summary as simulation_summary
from validation.results_folder import (
    BENCH,
    BENCHMARK,
    CLINIC,
    EXOMES,
    HPO3,
    LOAD,
    NEXT_STEP,
    REANALYSIS,
    freeze,
    frozen,
)

README_CLAIMS = re.compile(r"<!-- measured: start -->\n(.*?)<!-- measured: end -->", re.DOTALL)


def score(number: int, rank: float, stratum: Stratum, in_library: bool) -> CaseScore:
    name = f"PMID:{number}"
    return CaseScore(
        case=name,
        file=f"{number}.json",
        publication=name,
        group=name,
        disease=f"OMIM:{number}",
        key=f"OMIM:{number}",
        stratum=stratum,
        entry=EntryKind.OWN,
        in_library=in_library,
        fold=None,
        n_observed=4,
        n_excluded=0,
        rank=rank,
        related_rank=rank,
        probability=0.5,
        first=f"OMIM:{number}",
        first_probability=0.5,
        none_of_these=0.1,
    )


def a_run(with_library: bool) -> dict[str, Any]:
    scores = [
        score(1, 1.0, Stratum.CITED, True),
        score(2, 1.0, Stratum.CLEAN, True),
        score(3, 7.0, Stratum.CLEAN, False),
        score(4, float("nan"), Stratum.ABSENT, False),
    ]
    return {
        "command": "hoofbeat benchmark cases.zip",
        "input": {"name": "cases.zip", "documents_sha256": "a" * 64},
        "knowledge": {"release": "2025-01-16", "content_sha256": "b" * 64},
        "library": {"cases": 3, "publications": 3, "left_out_for": 4} if with_library else None,
        "cases": {"scored": 4, "without_findings": 0, "not_scored": {}, "unread_documents": 0},
        **summary(scores, with_library=with_library),
    }


def figures(top_1: float, seconds: float) -> dict[str, Any]:
    interval = {"mean": top_1, "low": top_1 - 0.1, "high": top_1 + 0.1}
    both = {kind: dict.fromkeys(("top_1", "top_3", "top_10", "mrr"), interval) for kind in ("micro", "macro")}
    return {**both, "seconds_per_case": seconds, "cpu_seconds_per_case": seconds}


def a_simulation() -> dict[str, Any]:
    """Two patients: ours needs 4 and 8 questions, every other policy 10 and 20, the last one never reaching the
    first.
    """
    patients = [
        {name: Asked(4, 2, True, True) if name == "ours" else Asked(10, 5, True, True) for name in POLICIES},
        {name: Asked(8, 2, True, True) if name == "ours" else Asked(20, 5, False, True) for name in POLICIES},
    ]
    return {"command": "x", "cap": 40, "runs": {"drawn": simulation_summary(patients)}}


def test_the_simulation_is_told_with_its_bars_held_or_not(results: Path) -> None:
    """12 questions of 30 are .40: less than the bars of two policies, more than that of random."""
    text = page(results)
    assert "| ours | 6.0 (4.0–8.0) | 2.0 (2.0–2.0) | 1.00 (1.00–1.00) | 1.00 (1.00–1.00) |" in text
    assert "| random | 15.0 (10.0–20.0) | 5.0 (5.0–5.0) | 0.50 (0.00–1.00) |" in text
    assert "| random | 0.40 (0.40–0.40) | <= 0.35 | falls short |" in text
    assert "| most frequent | 0.40 (0.40–0.40) | <= 0.80 | holds |" in text
    assert set(BARS) == set(POLICIES) - {"ours"}
    assert "6.0 on average with ours, which is 0.40 of random (bar 0.35: falls short)" in claims(results)


def test_re_analysis_is_told_part_by_part(tmp_path: Path) -> None:
    counts = {"cases": 1_200, "alerting": 3}
    rate = Measure("alerts", 0.25, "of 100", 0.5)
    part = {"command": "c", "measures": [rate.to_json()], "total": counts, "months": [{}] * 12}
    freeze(REANALYSIS, {"alerts": part}, tmp_path)
    assert "| alerts | 0.25 of 100 | <= 0.5 of 100 | holds |" in page(tmp_path)
    assert "3 alerts in 1,200 looks at a case, over 12 months." in page(tmp_path)
    freeze(REANALYSIS, {"kills": {"command": "c", "cases": 2_000, "kills": 10, "same": False}}, tmp_path)
    assert "killed 10 times at random moments in 2,000 cases, the results were **not** the same." in page(tmp_path)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    runs = {name: a_run("--split" in options) for name, options in RUNS.items()}
    freeze(BENCHMARK, {"command": "python -m validation.frozen", "runs": runs}, tmp_path)
    machine = {"cores": 2, "processor": "P", "system": "S", "python": "3.11.1", "numpy": "2.0", "yardstick_ms": 300}
    measures = [Measure("rank one case", 2.345678, "ms", 3), Measure("knowledge file", 31.4, "MB")]
    bench = {"machine": machine, "cases": "cases.zip", "measures": [one.to_json() for one in measures]}
    freeze(BENCH, bench, tmp_path)
    best = figures(0.4, 0.3)
    compared = {
        "command": "python -m validation.hpo3_comparison cases.zip",
        "cases": 300,
        "candidates": 8359,
        "hpo3": {"hpo3": "1.5.1"},
        "hoofbeat": figures(0.5, 0.002),
        "hpo3_best": {"method": "jc funSimMax", **best},
        "hpo3_enrichment": figures(0.41, 0.03),
        "hpo3_finalists": {"jc funSimMax": best},
        "hpo3_pilot": {"cases": 40},
        "times_faster": 150.0,
        "times_faster_by_processor_time": 149.6,
    }
    freeze(HPO3, compared, tmp_path)
    freeze(NEXT_STEP, a_simulation(), tmp_path)
    return tmp_path


def test_the_claims_are_the_frozen_figures(results: Path) -> None:
    text = claims(results)
    # In the release: places 1, 1 and 7 of three diseases.
    assert "| all cases whose disease is annotated, no library | 3 | 3 | 0.667 (" in text
    assert "| annotations do not quote the case | 2 | 2 | 0.500 (" in text
    assert "| and the library has another case of the disease | 1 | 1 | 1.000 (1.00–1.00) |" in text
    assert "| disease not annotated at all | 1 | 1 | 0.000 (" in text
    assert "| rank one case | 2.35 ms | <= 3 ms | holds |" in text
    assert "| knowledge file | 31.4 MB |  |  |" in text
    assert (
        "Hoofbeat takes 2.0 ms a case and hpo3 1.5.1 with its best-ranking similarity (jc funSimMax) 300 ms: 150"
        in text
    )


def test_every_goal_is_told_with_what_was_measured_of_it_reached_or_not(results: Path) -> None:
    """Places 1, 1 and 7 of three annotated diseases, 1 and 7 where nobody quotes the case; 1 with another case."""
    exome = {"micro": {"top_1": {"mean": 0.9}, "top_3": {"mean": 0.94}}}
    parents = {"micro": {"top_1": {"mean": 0.88}, "top_3": {"mean": 0.98}}}
    settings = {"findings alone": exome, "exome, person alone": exome, "exome, with both parents": parents}
    strata = {"disease in the release": {"cases": 534, "settings": settings}}
    freeze(EXOMES, {"bars": {"top_1": 0.88, "top_3": 0.95}, "strata": strata}, results)
    told = {one.what: (round(one.value, 3), one.bar, one.holds) for one in goals(results)}
    assert told.pop("annotated diseases, no library: micro top-1") == (0.667, 0.54, True)
    assert told.pop("annotated diseases, no library: micro top-10") == (1.0, 0.72, True)
    assert told.pop("annotations do not quote the case: macro top-1") == (0.5, 0.45, True)
    assert told.pop("annotations do not quote the case: macro top-10") == (1.0, 0.75, True)
    assert told.pop("and the library has another case of the disease: macro top-1") == (1.0, 0.55, True)
    assert told.pop("and the library has another case of the disease: macro top-10") == (1.0, 0.83, True)
    assert told.pop("annotations quote the case: macro top-1") == (1.0, 0.85, True)
    assert told.pop("annotations quote the case: macro top-10") == (1.0, 0.96, True)
    for library in ("with library", "no library"):
        error, bar, holds = told.pop(f"calibration error over all cases, {library}")
        assert (bar, holds) == (0.05, error <= 0.05)
        # The one case has .5 for a first place that is wrong.
        assert told.pop(f"the same where nobody has annotated the disease, {library}") == (0.5, None, None)
    assert told.pop("diseases first more often than 3 × their cases + 5, with library") == (0, 0, True)
    person = "made-up exomes, 534 cases, exome, person alone: micro"
    assert (told.pop(f"{person} top-1"), told.pop(f"{person} top-3")) == ((0.9, 0.88, True), (0.94, 0.95, False))
    family = "made-up exomes, 534 cases, exome, with both parents: micro"
    assert (told.pop(f"{family} top-1"), told.pop(f"{family} top-3")) == ((0.88, 0.88, True), (0.98, 0.95, True))
    whole = "made-up exomes, 534 cases, each once alone and once with parents: micro"
    assert told.pop(f"{whole} top-1") == (0.89, 0.88, True)
    assert told.pop(f"{whole} top-3") == (0.96, 0.95, True)
    assert [holds for _, _, holds in told.values()] == [None, None]  # by findings alone, for comparison
    assert f"| {person} top-3 | 0.94 | >= 0.95 | falls short |" in claims(results)


def test_people_at_work_and_re_analysis_are_claimed_where_they_have_a_bar(results: Path) -> None:
    load = [Measure("all answers", 115, "ms", 200), Measure("median", 46.2, "ms"), Measure("errors", 3, "", 0)]
    freeze(LOAD[1], {"what": "50 people", "measures": [one.to_json() for one in load]}, results)
    speed = [Measure("10,000 cases", 37.9, "s", 60), Measure("a case", 7.03, "ms")]
    freeze(REANALYSIS, {"speed": {"measures": [one.to_json() for one in speed]}}, results)
    text = claims(results)
    assert "| 50 people: all answers | 115 ms | <= 200 ms | holds |" in text
    assert "| 50 people: errors | 3 | <= 0 | falls short |" in text
    assert "| 10,000 cases | 37.9 s | <= 60 s | holds |" in text
    assert "46.2" not in text
    assert "7.03" not in text


def test_the_page_shows_every_run_and_every_method(results: Path) -> None:
    text = page(results)
    for name in RUNS:
        assert f"### {name[0].upper()}{name[1:]}" in text
    assert "| clean, not in library | 1 | 1 |" in text
    assert "| hpo3 enrichment, hypergeometric | 0.410" in text
    assert "Measured on 2 cores of P" in text


def test_without_results_nothing_is_claimed(tmp_path: Path) -> None:
    assert set(claims(tmp_path).split("\n")) == {NOT_MEASURED, ""}
    assert page(tmp_path).count(NOT_MEASURED) == 7 + len(CLINIC)


def test_what_is_frozen_reads_back_the_same(tmp_path: Path) -> None:
    content = {"a": [], "b": {"c": [{"d": {"e": [1, 2.5, None]}}], "f": "µ"}, "g": True}
    freeze("some.json", content, tmp_path)
    assert frozen("some.json", tmp_path) == content
    assert frozen("other.json", tmp_path) is None


def test_a_bar_is_held_or_not() -> None:
    assert [Measure("", value, "ms", 3).holds for value in (2.0, 3.0, 3.1)] == [True, True, False]
    assert [Measure("", value, "1/s", 3, at_least=True).holds for value in (2.0, 3.0)] == [False, True]
    assert Measure("", 5, "MB").holds is None
    assert "FALLS SHORT" in Measure("slow", 9, "ms", 3).line()


def test_the_reference_is_made_of_the_frozen_results(generated_doc: Callable[[str, str], None]) -> None:
    generated_doc("docs/reference/benchmarks.md", page())


def test_the_readme_claims_what_was_measured() -> None:
    found = README_CLAIMS.search((ROOT / "README.md").read_text(encoding="utf-8"))
    if found is None:
        assert frozen(BENCHMARK) is None, (
            "the README shows no measured figures: put `python -m validation.claims` there"
        )
        return
    assert found[1].strip() == claims().strip(), "put what `python -m validation.claims` prints into the README"
