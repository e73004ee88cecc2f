"""What steps ask of the patient and what must wait: the clinic's own tables where they lie in the folder of the
installation, else those that ship.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from hoofbeat.diagnosis.next_step.next_step import default_burdens
from hoofbeat.interchange.avoid_file import read_avoid_records, shipped_avoid_records
from hoofbeat.interchange.burden_file import read_burdens
from hoofbeat.interchange.report import InputError
from hoofbeat.knowledge.avoid import AvoidRecord
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts

BURDENS, AVOID = "burdens.csv", "avoid.csv"


class StepTablesError(KnowledgeError):
    """A table of the clinic cannot be read. Nothing is suggested then: without its vetoes that might do harm."""


@dataclass(frozen=True, eq=False)
class StepTables:
    """Both tables."""

    burdens: Burdens
    avoid: tuple[AvoidRecord, ...]


@lru_cache(maxsize=2)
def step_tables(facts: Facts) -> StepTables:
    """The tables for a release, read once per process. Raises StepTablesError naming the lines that are wrong."""
    folder = settings.CONFIGURATION.folder
    burdens, avoid = folder / BURDENS, folder / AVOID
    try:
        return StepTables(
            read_burdens(burdens, actions=facts.actions) if burdens.exists() else default_burdens(facts),
            read_avoid_records(avoid) if avoid.exists() else shipped_avoid_records(),
        )
    except InputError as error:
        raise StepTablesError(error.what, repair=error.repair) from error
