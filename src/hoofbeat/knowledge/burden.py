"""What a step asks of the patient: cost, risk, waiting, anaesthesia and radiation of an action, and how they are
weighed.

The numbers are those of a file that a clinic edits. What nobody filled in is unknown, never free: it is reckoned with a
stated pessimistic assumption, and marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hoofbeat.knowledge.actions import Actions

QUANTITIES = ("cost_eur", "risk_per_1000", "delay_days", "anaesthesia", "radiation_msv")
ANAESTHESIA = ("none", "local", "sedation", "general")  # in the file; a step up counts as one
FAMILIES = (
    "question",
    "examination",
    "laboratory",
    "physiology",
    "imaging",
    "angiography",
    "endoscopy",
    "tissue",
    "surgery",
    "genetic",
)
QUESTION = "question"  # the row of a question to the patient or the family
UNIT = 1.0  # the least that any step weighs: the attention of one question


@dataclass(frozen=True, slots=True)
class Burden:
    """One action. Each quantity is None where it is unknown: EUR, serious harm per 1,000, days until the answer, step
    of ANAESTHESIA, mSv. `shows` are HPO identifiers that it can show beside what MAxO says; `shows_not` those that it
    does not show, whoever says so. Both mean the term with all below it.
    """

    id: str
    name: str
    family: str
    cost_eur: float | None = None
    risk_per_1000: float | None = None
    delay_days: float | None = None
    anaesthesia: float | None = None
    radiation_msv: float | None = None
    shows: tuple[str, ...] = ()
    shows_not: tuple[str, ...] = ()
    source: str = ""
    date: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """The quantities that nobody filled in."""
        return tuple(name for name in QUANTITIES if getattr(self, name) is None)


@dataclass(frozen=True, eq=False)
class Burdens:
    """All rows of a burden file by action; `weights` per quantity, and what is `assumed` of an unknown one."""

    rows: Mapping[str, Burden]
    weights: Mapping[str, float]
    assumed: Mapping[str, float]
    name: str = ""
    actions: Actions = field(default_factory=Actions.empty, repr=False)

    def with_actions(self, actions: Actions) -> Burdens:
        """The same with the names and the hierarchy of a release's actions."""
        return replace(self, actions=actions)

    def of(self, action: str) -> Burden:
        """The row of an action; for one that has none, a row whose every quantity is unknown, of the family of the
        nearest action above it that has one.
        """
        row = self.rows.get(action)
        if row is not None:
            return row
        above = next((self.rows[one] for one in self.actions.ancestors(action) if one in self.rows), None)
        return Burden(action, self.actions.name(action), above.family if above else "")

    def weighed(self, burden: Burden) -> float:
        """UNIT + Σ weight × quantity; an unknown quantity counts as assumed."""
        amounts = {name: getattr(burden, name) for name in QUANTITIES}
        return UNIT + sum(
            self.weights[name] * (self.assumed[name] if amount is None else amount) for name, amount in amounts.items()
        )
