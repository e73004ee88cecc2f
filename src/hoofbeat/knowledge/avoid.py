"""Records of what must not be done before a disease is excluded, such as an elective arterial catheter in vascular
Ehlers-Danlos syndrome.
"""

from __future__ import annotations

from dataclasses import dataclass

FAMILY = "family:"  # an action that is a whole family of the burden file, such as family:tissue
ANY_RADIATION = "radiation"
GENERAL_ANAESTHESIA = "anaesthesia:general"


@dataclass(frozen=True, slots=True)
class AvoidRecord:
    """`diseases` are identifiers; of a group all narrower diseases are meant too. `action` is a MAXO identifier (with
    all below it), `family:...`, `radiation` or `anaesthesia:general`. `unless` says with what the action is acceptable.
    """

    diseases: tuple[str, ...]
    action: str
    reason: str
    unless: str = ""
    source: str = ""
    date: str = ""
