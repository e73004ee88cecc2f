"""What `results.json` of a benchmark holds: how it was made, checksums of all that went in, and the figures."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import hoofbeat
from hoofbeat.batch.benchmark import KnownCases
from hoofbeat.batch.over import Failure
from hoofbeat.diagnosis.benchmark.blind_case import Terms, has_findings
from hoofbeat.diagnosis.benchmark.case_score import CaseScore
from hoofbeat.diagnosis.benchmark.plan import Plan
from hoofbeat.diagnosis.benchmark.ranker import RankerOptions
from hoofbeat.diagnosis.benchmark.summary import summary
from hoofbeat.knowledge.facts import Facts


@dataclass(frozen=True, slots=True)
class BenchmarkCall:
    """What was asked for."""

    path: Path
    library: Path | None
    split: int | None
    options: RankerOptions
    terms: Terms

    @property
    def command(self) -> str:
        """The command that makes the results again; files are named without their folder."""
        parts = ["hoofbeat benchmark", self.path.name, f"--protocol {self.options.protocol}", f"--terms {self.terms}"]
        parts.append(f"--weights {self.options.weights}")
        if self.library is not None:
            parts.append(f"--library {self.library.name}")
        if self.split is not None:
            parts.append(f"--split {self.split}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Run:
    """How long it took, in seconds: all of it, and the ranking alone."""

    seconds: float
    ranking_seconds: float
    processes: int


def benchmark_results(
    call: BenchmarkCall,
    test: KnownCases,
    plan: Plan,
    facts: Facts,
    scores: Sequence[CaseScore],
    failures: Sequence[tuple[str, Failure]],
    run: Run,
) -> dict[str, Any]:
    """All of it as a JSON object."""
    return {
        "hoofbeat": hoofbeat.__version__,
        "command": call.command,
        "protocol": call.options.protocol.value,
        "terms": call.terms.value,
        "split": call.split,
        "input": _input(call.path, test),
        "knowledge": _knowledge(facts),
        "model": call.options.model(),
        "library": _library(call, plan),
        "cases": _counts(call, test, failures),
        **summary(scores, with_library=bool(plan.library)),
        "run": {
            "seconds": round(run.seconds, 2),
            "ranking_seconds": round(run.ranking_seconds, 2),
            "ranked_per_second": round(len(scores) / max(run.ranking_seconds, 1e-9), 1),
            "processes": run.processes,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
    }


def _input(path: Path, test: KnownCases) -> dict[str, Any]:
    whole = {"name": path.name, "documents": test.documents, "documents_sha256": test.sha256}
    if path.is_dir():
        return whole
    with path.open("rb") as stream:
        return {**whole, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _knowledge(facts: Facts) -> dict[str, Any]:
    return {
        "release": facts.release,
        "content_sha256": facts.manifest["content_sha256"],
        "diseases": len(facts.diseases),
        "inputs": [{name: one[name] for name in ("name", "date", "sha256")} for one in facts.manifest["inputs"]],
    }


def _library(call: BenchmarkCall, plan: Plan) -> dict[str, Any] | None:
    if not plan.library:
        return None
    counts = plan.library.manifest()["counts"]
    return {
        "name": call.path.name if call.library is None else call.library.name,
        "content_sha256": plan.library.checksum,
        **{name: counts[name] for name in ("cases", "publications", "diseases")},
        "left_out_for": plan.cases_left_out_for,
    }


def _counts(call: BenchmarkCall, test: KnownCases, failures: Sequence[tuple[str, Failure]]) -> dict[str, Any]:
    return {
        "scored": len(test.cases),
        "not_scored": dict(sorted(test.not_scored.items())),
        "unread_documents": len(test.unread),
        "without_findings": sum(1 for case in test.cases if not has_findings(case.seen(call.terms))),
        "without_publication": sum(1 for case in test.cases if not case.publications),
        "with_several_publications": sum(1 for case in test.cases if len(case.publications) > 1),
        "failed": len(failures),
    }
