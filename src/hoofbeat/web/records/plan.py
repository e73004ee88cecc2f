"""The work-up as a plan for the patient and family: what is asked and done in which order, without diseases and without
probabilities, as it is stored: in codes. `plan_words` puts it into the language of whoever reads it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hoofbeat.diagnosis.next_step import Protocol, ProtocolNode
from hoofbeat.diagnosis.next_step.protocol import Stop
from hoofbeat.knowledge.burden import QUESTION

# As much as a person keeps in mind; the tree goes on in the clinic.
MOST_FINDINGS = 3


def plan_of(protocol: Protocol) -> list[dict[str, Any]]:
    """The work-up as it is stored."""
    return _way(protocol.start)


def _way(node: ProtocolNode | None, *, is_inside: bool = False) -> list[dict[str, Any]]:
    """The steps in a row where each answer is no; what follows a yes is inside its step, and no tree inside that: the
    plan is made anew on the way.
    """
    steps: list[dict[str, Any]] = []
    while node is not None and node.step is not None:
        step, burden = node.step, node.step.burden
        steps.append(
            {
                "kind": step.kind.value,
                "id": step.id,
                "label": step.label,
                "how": step.how,
                "family": burden.family,
                "days": burden.delay_days,
                "sleep": burden.anaesthesia,
                "harm": burden.risk_per_1000,
                "rays": burden.radiation_msv,
                "asking": burden.id == QUESTION,
                "finds": [{"id": one.id, "label": one.name} for one in step.findings[:MOST_FINDINGS]],
                "then": [] if is_inside else _way(node.on_yes, is_inside=True),
                "after_find": _end(node.on_yes),
                "after_none": _end(node.on_no),
            }
        )
        node = node.on_no
    return steps


def _end(node: ProtocolNode | None) -> str:
    """Why the plan says no more behind a place; where the tree goes on in the clinic, that all is looked at again."""
    return str(node.why) if node is not None and node.why is not None else Stop.LONG.value


def checksum_of(steps: list[dict[str, Any]]) -> str:
    """A checksum of a plan, by which a page says which one was looked at."""
    return hashlib.sha256(json.dumps(steps, sort_keys=True).encode()).hexdigest()
