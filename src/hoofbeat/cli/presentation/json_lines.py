"""The differential for programs: one JSON document per case, on one line. The fields are a contract; see the reference
page of the command line.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from hoofbeat.diagnosis.differential import Candidate, Change, Comparison, Contribution, Excerpt, GenotypeSummary, Named

# What JSON may hold as it is but a terminal or a reader of lines takes for a command: control characters beyond ASCII,
# line ends of Unicode, and marks that turn the direction of text around.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def differential_line(excerpt: Excerpt) -> str:
    """One line, without its end. Raises ValueError where a number is none (NaN), which JSON cannot say."""
    document: dict[str, Any] = {
        "case": excerpt.case,
        "release": dict(excerpt.release),
        "candidates": [_candidate(candidate) for candidate in excerpt.candidates],
        "none_of_these": excerpt.none_of_these,
        "diseases_compared": excerpt.n_diseases,
        "observed": [_named(finding) for finding in excerpt.observed],
        "excluded": [_named(finding) for finding in excerpt.excluded],
        "notes": [{"what": note.what, "repair": note.repair} for note in excerpt.notes],
    }
    if excerpt.genotype is not None:
        document["genotype"] = _genotype(excerpt.genotype)
    if excerpt.comparison is not None:
        document["comparison"] = _comparison(excerpt.comparison)
    return json_line(document)


def failure_line(*, file: str, error: str, **named: str | None) -> str:
    """The line of what could not be done. The `case` is named before the file, as None where not even one could be
    read; a text has none.
    """
    return json_line({**named, "file": file, "error": error})


def json_line(document: dict[str, Any]) -> str:
    """A document on one line that no terminal and no reader of lines takes for anything else."""
    # A lone surrogate in a file name cannot be written as UTF-8; escaped it can.
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    text = _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _named(one: Named) -> dict[str, str]:
    return {"id": one.id, "name": one.name}


def _genotype(one: GenotypeSummary) -> dict[str, Any]:
    return {
        "source": one.source,
        "build": one.build or None,
        "test": one.kind,
        "alleles": one.alleles,
        "passed": one.passed,
        "dropped": dict(one.dropped),
        "why_filtered": [
            {"variant": trace.variant, "verdict": trace.verdict, "steps": [asdict(step) for step in trace.steps]}
            for trace in one.asked
        ],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        **_place(candidate),
        "genes": list(candidate.genes),
        "contributions": [_contribution(one) for one in candidate.contributions],
        "unexplained": list(candidate.unexplained),
        "expected": [{"finding": one.finding, "label": one.label, "share": one.share} for one in candidate.expected],
        **({"variants": [asdict(one) for one in candidate.variants]} if candidate.variants else {}),
    }


def _place(candidate: Candidate) -> dict[str, Any]:
    return {
        "rank": candidate.rank,
        "disease": _named(candidate.disease),
        "same_as": [twin.id for twin in candidate.same_as],
        "probability": candidate.probability,
        "score": candidate.score,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "a": _place(comparison.a),
        "b": _place(comparison.b),
        "lead": comparison.lead,
        "rows": [
            {
                "kind": row.kind.value,
                "finding": row.finding,
                "label": row.label,
                "difference": row.difference,
                "a": None if row.a is None else _contribution(row.a),
                "b": None if row.b is None else _contribution(row.b),
                "sentence": row.sentence,
            }
            for row in comparison.rows
        ],
        "change": None if comparison.change is None else _change(comparison.change),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "answers": [{"finding": one.finding, "label": one.label, "present": one.present} for one in change.answers],
        "lead_before": change.lead_before,
        "lead_after": change.lead_after,
    }


def _contribution(one: Contribution) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "finding": one.finding,
        "label": one.label,
        "state": one.state,
        "log_lr": one.log_lr,
        "matched": one.matched,
        "frequency": one.frequency,
        "source": ";".join(one.sources) or None,
        "match": None if one.match is None else one.match.value,
        "matched_label": one.matched_label,
        "library_share": one.library_share,
        "weight": one.weight,
        "sentence": one.sentence,
    }
