"""Suggested steps for programs: one JSON document per case, on one line. The fields are a contract; see the reference
page of the command line.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hoofbeat.cli.presentation.json_lines import json_line
from hoofbeat.cli.presentation.steps import ShownSteps
from hoofbeat.diagnosis.next_step import AnswerEffect, ProtocolNode, Suggestion, Veto
from hoofbeat.diagnosis.next_step.suggestion import Place
from hoofbeat.knowledge.burden import ANAESTHESIA, QUANTITIES


def steps_line(shown: ShownSteps) -> str:
    """One line, without its end."""
    document: dict[str, Any] = {"case": shown.case, "release": dict(shown.release)}
    if shown.suggestions is not None:
        document["suggestions"] = [_suggestion(one) for one in shown.suggestions]
    if shown.protocol is not None:
        document["protocol"] = _node(shown.protocol.start)
    document["weights"] = dict(shown.burdens.weights)
    document["notes"] = list(shown.notes)
    return json_line(document)


def _suggestion(step: Suggestion) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "id": step.id,
        "label": step.label,
        "bits": step.bits,
        "standard_error": step.standard_error,
        "worth": step.worth,
        "on_front": step.on_front,
        "burden": _burden(step),
        "vetoed_by": None if step.vetoed_by is None else _veto(step.vetoed_by),
        "answers": {name: _answer(said) for name, said in step.answers.items()},
        "findings": [asdict(one) for one in step.findings],
        "how": step.how,
        "notes": list(step.notes),
    }


def _burden(step: Suggestion) -> dict[str, Any]:
    burden = step.burden
    values: dict[str, Any] = {name: getattr(burden, name) for name in QUANTITIES}
    if burden.anaesthesia is not None:
        values["anaesthesia"] = ANAESTHESIA[int(burden.anaesthesia)]
    return {
        "weighed": step.weighed,
        "family": burden.family,
        **values,
        "unknown": list(burden.unknown),
        "source": burden.source,
        "date": burden.date,
    }


def _veto(veto: Veto) -> dict[str, Any]:
    return {
        "disease": asdict(veto.disease),
        "probability": veto.probability,
        "reason": veto.reason,
        "unless": veto.unless,
        "source": veto.source,
        "overridden": veto.overridden or None,
    }


def _answer(said: AnswerEffect) -> dict[str, Any]:
    return {
        "chance": said.chance,
        "top": [_place(one) for one in said.top],
        "none_of_these": said.none_of_these,
        "sentence": said.sentence,
        "observed": list(said.observed),
        "excluded": list(said.excluded),
    }


def _place(one: Place) -> dict[str, Any]:
    return {"disease": asdict(one.disease), "probability": one.probability}


def _node(node: ProtocolNode) -> dict[str, Any]:
    return {
        "top": [_place(one) for one in node.top],
        "step": None if node.step is None else _suggestion(node.step),
        "on_yes": None if node.on_yes is None else _node(node.on_yes),
        "on_no": None if node.on_no is None else _node(node.on_no),
        "stop": node.stop or None,
    }
