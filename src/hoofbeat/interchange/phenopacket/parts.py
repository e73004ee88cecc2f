"""The parts that occur all over a phenopacket (concepts, times, quantities), taken out of a normal JSON tree.

Each function pops what it maps: what is left in the tree afterwards is what was not mapped, and is carried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hoofbeat.cases import (
    Age,
    AgeRange,
    CaseError,
    ExternalReference,
    GestationalAge,
    Interval,
    OnsetClass,
    OntologyClass,
    Procedure,
    Quantity,
    ReferenceRange,
    TimeElement,
    Timestamp,
)
from hoofbeat.interchange.phenopacket.schema import Ledger

Node = dict[str, Any]
Part = TypeVar("Part")


def text(node: Node, key: str) -> str:
    """A text, empty where there is none."""
    value = node.pop(key, "")
    return value if isinstance(value, str) else str(value)


def texts(node: Node, key: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(node.pop(key, ()))


def whole(node: Node, key: str) -> int | None:
    """A whole number, which may stand as number or as text."""
    value = node.pop(key, None)
    return None if value is None else int(value)


def concept(node: Node, key: str) -> OntologyClass | None:
    """A concept, or None where there is none or an empty one."""
    return _concept(node.pop(key, None))


def concepts(node: Node, key: str) -> tuple[OntologyClass, ...]:
    """A list of concepts; empty ones are left out."""
    return tuple(one for one in map(_concept, node.pop(key, ())) if one is not None)


def _concept(child: Node | None) -> OntologyClass | None:
    if not child:
        return None
    identifier, label = child.pop("id", ""), child.pop("label", "")
    return made_concept(identifier, label) if identifier or label else None


def made_concept(identifier: str, label: str) -> OntologyClass:
    """A concept; a label that only repeats the identifier says nothing. Raises CaseError where both are empty."""
    return OntologyClass(identifier, "" if label == identifier else label)


def reference(node: Node, key: str) -> ExternalReference | None:
    """A reference, or None."""
    child = node.pop(key, None)
    return references([child])[0] if child else None


def references(children: list[Node]) -> tuple[ExternalReference, ...]:
    """A list of references."""
    return tuple(
        ExternalReference(child.pop("id", ""), child.pop("reference", ""), child.pop("description", ""))
        for child in children
    )


def accepted(node: Node, key: str, path: str, ledger: Ledger, make: Callable[[Node], Part]) -> Part | None:
    """A part made of the child `key`; where its values are impossible, an error is noted and they are dropped."""
    child = node.pop(key, None)
    if not child:
        return None
    try:
        return make(child)
    except (CaseError, ValueError) as error:
        what, repair = (error.what, error.repair) if isinstance(error, CaseError) else ("a value is impossible", "")
        ledger.notes.error(
            "impossible-value", what, repair=f"{repair or 'correct it'}; not used", path=f"{ledger.base}{path}/{key}"
        )
        ledger.drop(child)
        return None


def time(node: Node, key: str, path: str, ledger: Ledger) -> TimeElement | None:
    """A time in one of its six forms; an impossible one is noted as error and dropped."""
    return accepted(node, key, path, ledger, _time)


def timestamp(node: Node, key: str, path: str, ledger: Ledger) -> Timestamp | None:
    """A point in time; an impossible one is noted as error and dropped."""
    return accepted(node, key, path, ledger, lambda child: Timestamp(str(child)))


def interval(node: Node, key: str, path: str, ledger: Ledger) -> Interval | None:
    """The time between two points; an impossible one is noted as error and dropped."""
    return accepted(node, key, path, ledger, _interval)


def quantity(node: Node, key: str, path: str, ledger: Ledger) -> Quantity | None:
    """A number with unit and range; one that is not finite is noted as error and dropped."""
    return accepted(node, key, path, ledger, _quantity)


def procedure(node: Node, key: str, path: str, ledger: Ledger) -> Procedure | None:
    """A procedure, or None."""
    child = node.pop(key, None)
    if not child:
        return None
    performed = time(child, "performed", f"{path}/{key}", ledger)
    return Procedure(concept(child, "code"), concept(child, "bodySite"), performed)


def _time(child: Node) -> TimeElement:
    """Read without popping first, so that a time which is dropped can still be counted."""
    if "age" in child:
        return Age(child["age"].get("iso8601duration", ""))
    if "ageRange" in child:
        start, end = child["ageRange"].get("start", {}), child["ageRange"].get("end", {})
        return AgeRange(Age(start.get("iso8601duration", "")), Age(end.get("iso8601duration", "")))
    if "ontologyClass" in child:
        return OnsetClass(made_concept(child["ontologyClass"].get("id", ""), child["ontologyClass"].get("label", "")))
    if "timestamp" in child:
        return Timestamp(child["timestamp"])
    if "gestationalAge" in child:
        gestation = child["gestationalAge"]
        return GestationalAge(int(gestation.get("weeks", 0)), int(gestation.get("days", 0)))
    return _interval(child.get("interval", {}))


def _interval(child: Node) -> Interval:
    start, end = (Timestamp(child[side]) if child.get(side) else None for side in ("start", "end"))
    return Interval(start, end)


def _quantity(child: Node) -> Quantity:
    limits = child.get("referenceRange")
    span = None
    if limits:
        low, high = (float(limits[side]) if side in limits else None for side in ("low", "high"))
        span = ReferenceRange(low, high, _copied(limits.get("unit")))
    return Quantity(float(child.get("value", 0.0)), _copied(child.get("unit")), span)


def _copied(child: Node | None) -> OntologyClass | None:
    return _concept(dict(child)) if child else None
