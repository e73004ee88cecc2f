"""What must wait: an action that a record forbids before a disease is excluded, while that disease is still likely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.differential import Named
from hoofbeat.diagnosis.next_step.suggestion import Veto
from hoofbeat.knowledge.avoid import ANY_RADIATION, FAMILY, GENERAL_ANAESTHESIA, AvoidRecord
from hoofbeat.knowledge.burden import ANAESTHESIA, Burden, Burdens
from hoofbeat.knowledge.knowledge import Knowledge

LIKELY = 0.01  # a candidate of 1 % is not excluded (diagnosis specification, section 5)

_GENERAL = float(ANAESTHESIA.index("general"))


@dataclass(frozen=True, slots=True)
class StandingVeto:
    """What a candidate makes dangerous, whether or not anybody would suggest it: `action` is as in the record, `name`
    that of a MAxO action (empty for a family, radiation or anaesthesia).
    """

    action: str
    name: str
    veto: Veto


def standing_vetoes(
    records: Iterable[AvoidRecord], burdens: Burdens, belief: NDArray[np.float64], knowledge: Knowledge
) -> tuple[StandingVeto, ...]:
    """All that must wait while a candidate is likely, by the likeliest candidate; each action and reason once."""
    found: dict[tuple[str, str], StandingVeto] = {}
    for record in records:
        likely = [(float(belief[one]), -one) for one in _meant(record, knowledge) if belief[one] >= LIKELY]
        if not likely:
            continue
        probability, disease = max(likely)
        name = Named(knowledge.disease_id(-disease), knowledge.disease_name(-disease))
        is_action = burdens.actions.index(record.action) is not None or record.action in burdens.rows
        one = StandingVeto(
            record.action,
            burdens.of(record.action).name if is_action else "",
            Veto(name, probability, record.reason, record.unless, record.source),
        )
        before = found.get((record.action, record.reason))
        if before is None or before.veto.probability < probability:
            found[record.action, record.reason] = one
    return tuple(sorted(found.values(), key=lambda one: (-one.veto.probability, one.action, one.veto.reason)))


def veto_of(
    burden: Burden,
    burdens: Burdens,
    records: Iterable[AvoidRecord],
    belief: NDArray[np.float64],
    knowledge: Knowledge,
    overrides: Mapping[str, str],
) -> Veto | None:
    """The veto of the likeliest disease that forbids an action, or None. `overrides` has reasons by action."""
    found: Veto | None = None
    for record in records:
        if not forbids(record, burden, burdens):
            continue
        for disease in _meant(record, knowledge):
            probability = float(belief[disease])
            if probability >= LIKELY and (found is None or probability > found.probability):
                name = Named(knowledge.disease_id(disease), knowledge.disease_name(disease))
                reason = overrides.get(burden.id, "").strip()
                found = Veto(name, probability, record.reason, record.unless, record.source, reason)
    return found


def forbids(record: AvoidRecord, burden: Burden, burdens: Burdens) -> bool:
    """Whether a record speaks of an action: by its family, its radiation, its anaesthesia, or as it or one above it.

    Radiation and anaesthesia that nobody filled in are taken as there: a veto may be lifted, harm may not.
    """
    if record.action.startswith(FAMILY):
        return burden.family == record.action.removeprefix(FAMILY)
    if record.action == ANY_RADIATION:
        return burden.radiation_msv is None or burden.radiation_msv > 0
    if record.action == GENERAL_ANAESTHESIA:
        return burden.anaesthesia is None or burden.anaesthesia >= _GENERAL
    return record.action == burden.id or record.action in burdens.actions.ancestors(burden.id)


def _meant(record: AvoidRecord, knowledge: Knowledge) -> set[int]:
    """The diseases that a record names, and those that a named group holds."""
    diseases = knowledge.facts.diseases
    meant: set[int] = set()
    for identifier in record.diseases:
        found = knowledge.find_disease(identifier)
        if found is not None:
            meant.add(found)
        meant.update(diseases.related(identifier)[1].tolist())
    return meant
