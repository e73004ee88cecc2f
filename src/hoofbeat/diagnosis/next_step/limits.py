"""What somebody wants to see of all steps: kinds of procedures, and how much a step may ask of the patient."""

from __future__ import annotations

from dataclasses import dataclass

from hoofbeat.knowledge.burden import ANAESTHESIA, Burden

AWAKE = float(ANAESTHESIA.index("local"))  # more than this is sleep, or nearly


@dataclass(frozen=True, slots=True)
class Limits:
    """`families` are those of the burden file (None: all), `at_most` is a burden in questions. `awake`: neither
    sedation nor general anaesthesia; what nobody filled in is taken as there.
    """

    families: frozenset[str] | None = None
    at_most: float | None = None
    awake: bool = False

    def allow(self, burden: Burden, weighed: float) -> bool:
        """Whether a step with this burden is wanted."""
        if self.families is not None and burden.family not in self.families:
            return False
        if self.awake and (burden.anaesthesia is None or burden.anaesthesia > AWAKE):
            return False
        return self.at_most is None or weighed <= self.at_most


EVERY_STEP = Limits()
