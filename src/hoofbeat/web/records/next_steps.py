"""The next steps and the work-up of a record: kept per case like its ranking, with what was decided about steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from hoofbeat.diagnosis.next_step import Protocol, StepKind, Suggestion, next_step, protocol
from hoofbeat.diagnosis.next_step.limits import EVERY_STEP, Limits
from hoofbeat.diagnosis.next_step.veto import StandingVeto, standing_vetoes
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.web.records.done_steps import DoneStep, done_steps
from hoofbeat.web.records.models import Record, StepMark
from hoofbeat.web.records.ranking import differential_of
from hoofbeat.web.records.step_tables import step_tables

# Fewer people look at steps than at rankings; what is kept of a step keeps its ranking too.
KEPT_WORK_UPS = 32
# Of each record that is open questions and procedures, and one other way to limit them.
KEPT_STEPS = 4 * KEPT_WORK_UPS


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about steps: those that are not suggested any more, and the reasons for which one is done
    although a veto stands against it; and those that the record shows to be done.
    """

    skipped: frozenset[str] = frozenset()
    all_the_same: tuple[tuple[str, str], ...] = field(default=())
    done: tuple[DoneStep, ...] = ()

    @classmethod
    def of(cls, record: Record, burdens: Burdens) -> Decided:
        """The decisions that stand, and what is done."""
        done = done_steps(record, burdens)
        standing = list(record.step_marks.filter(ended__isnull=True).values_list("step", "what", "reason"))
        same = StepMark.What.ALL_THE_SAME
        return cls(
            frozenset(step for step, what, _reason in standing if what != same).union(one.id for one in done),
            tuple(sorted((step, reason) for step, what, reason in standing if what == same)),
            done,
        )


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What can be asked or done next in a record as it is ranked and decided about now."""

    ranked: Differential
    decided: Decided

    @classmethod
    def of(cls, record: Record) -> NextSteps | None:
        """Those of a record; None while nothing can be ranked. Raises KnowledgeError where no knowledge is built."""
        ranked = differential_of(record)
        if ranked is None:
            return None
        return cls(ranked, Decided.of(record, step_tables(ranked.knowledge.facts).burdens))

    def best(self, kind: StepKind, top: int, *, limits: Limits = EVERY_STEP) -> tuple[Suggestion, ...]:
        """At most `top` steps of a kind, best first."""
        return _steps(self.ranked, kind, limits, self.decided, top) if top else ()

    def work_up(self) -> Protocol:
        """The whole work-up."""
        return _work_up(self.ranked, self.decided)

    def vetoes(self) -> tuple[StandingVeto, ...]:
        """All that likely candidates forbid."""
        tables = step_tables(self.ranked.knowledge.facts)
        return standing_vetoes(tables.avoid, tables.burdens, self.ranked.probabilities, self.ranked.knowledge)


# A ranking is one object for as long as it is kept, so that it is the key.
@lru_cache(maxsize=KEPT_STEPS)
def _steps(found: Differential, kind: StepKind, limits: Limits, decided: Decided, top: int) -> tuple[Suggestion, ...]:
    tables = step_tables(found.knowledge.facts)
    return next_step(
        found.case, found, found.knowledge, kind=kind, limits=limits, top=top, skipped=decided.skipped,
        overrides=dict(decided.all_the_same), burdens=tables.burdens, avoid=tables.avoid,
    )  # fmt: skip


@lru_cache(maxsize=KEPT_WORK_UPS)
def _work_up(found: Differential, decided: Decided) -> Protocol:
    tables = step_tables(found.knowledge.facts)
    return protocol(
        found.case, found, skipped=decided.skipped, overrides=dict(decided.all_the_same),
        burdens=tables.burdens, avoid=tables.avoid,
    )  # fmt: skip


def forget_steps() -> None:
    """Find anew whatever is asked for next."""
    _steps.cache_clear()
    _work_up.cache_clear()
