"""The parts of the measurements that do not depend on the machine."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.batch.benchmark import read_known_cases
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE, Facts
from hoofbeat.knowledge.sources import Sources
from hoofbeat.knowledge.store import write_store
from hoofbeat.statistics.places import mid_rank
from tests.benchmark_cases import ARACHNODACTYLY, HEART, MARFAN, PALATE, UNANNOTATED, solved_packet, write_packets
from tests.conftest import ROOT
from validation import hpo3_runner
from validation.cases import made_up_cases
from validation.clinic_knowledge import VoidError
from validation.clinic_load import Seen, refuse_errors
from validation.hpo3_comparison import figures, report, sampled
from validation.measures import numbers_from


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), min_size=1, max_size=9))
def test_both_sides_of_the_comparison_count_places_alike(scores: list[float]) -> None:
    for index in range(len(scores)):
        assert hpo3_runner.mid_rank(scores, index) == mid_rank(np.array(scores), index)


def test_the_runner_needs_nothing_of_ours() -> None:
    text = (ROOT / "validation" / "hpo3_runner.py").read_text(encoding="utf-8")
    assert "import hoofbeat" not in text
    assert "from hoofbeat" not in text
    assert "numpy" not in text


def test_the_sample_is_the_same_in_whatever_order_the_cases_come(small_release: Path, tmp_path: Path) -> None:
    knowledge_file = build(Sources.in_folder(small_release), tmp_path / "built").path
    packets = write_packets(
        tmp_path / "packets",
        *(solved_packet(f"case-{n}", MARFAN if n % 2 else HEART, f"PMID:{n}", excluded=(PALATE,)) for n in range(1, 9)),
        solved_packet("absent", UNANNOTATED, "PMID:20"),
        solved_packet("no-finding", MARFAN, "PMID:21", observed=()),
    )
    known = read_known_cases(packets, knowledge_file, processes=1)
    candidates = {154700, 600001}
    chosen = sampled(known, candidates, 4)
    assert len(chosen) == 4
    assert [case.blind.case.id for case in sampled(known, candidates, 100)][:4] == [c.blind.case.id for c in chosen]
    every = {case.blind.case.id for case in sampled(known, candidates, 100)}
    assert every == {f"case-{n}" for n in range(1, 9)}
    assert chosen[0].request == {"id": "0", "observed": [ARACHNODACTYLY], "disease": chosen[0].omim}
    assert chosen[0].blind.case.excluded == ()
    assert {case.omim for case in sampled(known, {154700}, 100)} == {154700}


def test_the_comparison_is_reported_with_both_and_their_ratio() -> None:
    answers: list[dict[str, Any]] = [
        {"case": "0", "rank": 1.0, "seconds": 0.2, "cpu_seconds": 0.1},
        {"case": "1", "rank": None, "seconds": 0.4, "cpu_seconds": 0.1},
    ]
    one = figures(answers, {"0": "a", "1": "b"}, {"0": "p", "1": "q"})
    assert one["micro"]["top_1"]["mean"] == 0.5
    assert one["seconds_per_case"] == pytest.approx(0.3)
    text = report(
        {
            "cases": 2,
            "candidates": 8359,
            "release": {"hoofbeat": "2025-01-16"},
            "hoofbeat": one,
            "hpo3_best": {"method": "jc funSimMax", **one},
            "hpo3_enrichment": one,
            "times_faster": 150.0,
            "times_faster_by_processor_time": 140.0,
        }
    )
    assert "hpo3 jc funSimMax" in text
    assert "150.0 by the clock, 140.0 by processor time" in text


def test_made_up_cases_are_the_same_every_time_and_have_findings(hpo_facts: Facts) -> None:
    cases = made_up_cases(hpo_facts, 5)
    assert cases == made_up_cases(hpo_facts, 5)
    assert len({case.id for case in cases}) == 5
    assert all(2 <= len(case.observed) <= 7 for case in cases)


def test_a_fresh_process_tells_its_own_memory(tmp_path: Path) -> None:
    (own,) = numbers_from("print(memory('VmRSS'))", home=tmp_path)
    assert 1e6 < own < 200e6


@pytest.mark.parametrize("module", ["bench", "frozen", "hpo3_comparison"])
def test_each_measurement_says_how_it_is_called(module: str) -> None:
    called = subprocess.run(
        [sys.executable, "-m", f"validation.{module}", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert called.returncode == 0
    assert "--out" in called.stdout


def test_frozen_results_hold_no_place_of_a_machine() -> None:
    for path in (ROOT / "validation" / "results").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        json.loads(text)
        assert re.findall(r'"(?:/|~|[A-Z]:)[^"]*"', text) == []


@pytest.mark.parametrize("written", [False, True])
def test_the_clinic_is_not_measured_where_its_pages_would_say_that_knowledge_is_missing(
    tmp_path: Path, written: bool
) -> None:
    if written:
        write_store(tmp_path / "knowledge" / "2030-01-01" / KNOWLEDGE_FILE, {}, {})
    for module in ("clinic_load", "clinic_pages"):
        called = subprocess.run(
            [sys.executable, "-m", f"validation.{module}", "--freeze"],
            cwd=ROOT,
            env={**os.environ, "HOOFBEAT_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert called.returncode == 2
        assert ("written by an earlier version" if written else "no knowledge has been built") in called.stderr
        assert called.stdout == ""


def test_a_load_with_errors_is_void_and_says_which_kinds_failed() -> None:
    seen = Seen()
    for method, path, status in (("GET", "/a/", 200), ("POST", "/b/", 302)):
        seen.note("fine", 0.1, httpx.Response(status, request=httpx.Request(method, f"http://localhost{path}")))
    refuse_errors(seen)
    for kind, status in (("findings", 503), ("findings", 503), ("caseload", 302)):
        seen.note(kind, 0.1, httpx.Response(status, request=httpx.Request("GET", "http://localhost/")))
    seen.fail("record", httpx.ReadTimeout("slow"))
    with pytest.raises(VoidError, match=r"findings: 503 \(2\), caseload: 302 \(1\), record: ReadTimeout \(1\)") as void:
        refuse_errors(seen)
    assert void.value.exit_code == 2
