"""Which steps a record shows to be done already: the genome that it holds, and the earlier tests that somebody noted.
They are not suggested again, and the page says so; a test that is to be done anew is taken off the list of earlier
ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hoofbeat.diagnosis.genotype.evidence import TestKind
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.web.records.genomes import evidence_from, genome_in_use
from hoofbeat.web.records.models import EarlierTest, Record

MICROARRAY, PANEL, EXOME, GENOME = "MAXO:0001612", "MAXO:0001615", "MAXO:0009004", "MAXO:0009006"
# How people write the tests that are the same for whatever they are done, and what each contains. A panel, a test of
# methylation or of one repeat is another one for each question, so that only its very name counts.
_WORDS = (
    (re.compile(r"\b(whole[- ]?)?exom(e|es|ic)?\b|\bWES\b", re.IGNORECASE), (EXOME, PANEL)),
    (re.compile(r"\bwhole[- ]?genome\b|\bWGS\b|\bgenome sequenc|\bgenom(sequen|analyse)", re.IGNORECASE),
     (GENOME, EXOME, PANEL)),
    (re.compile(r"\bmicro-?array\b|\b(array|a)-?CGH\b|\bSNP[- ]?array\b|\bCMA\b", re.IGNORECASE), (MICROARRAY,)),
)  # fmt: skip
_OTHER_GENOME = re.compile(r"mitochond", re.IGNORECASE)
_OF_FILE = {TestKind.EXOME: (EXOME, PANEL), TestKind.GENOME: (GENOME, EXOME, PANEL)}


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step, its name, and what in the record shows it: the earlier test, or the title of the genome."""

    id: str
    label: str
    shown_by: str


def done_steps(record: Record, burdens: Burdens) -> tuple[DoneStep, ...]:
    """Each step that is done, once."""
    found: dict[str, str] = {}
    genome = genome_in_use(record)
    if genome is not None:
        for step in _OF_FILE.get(evidence_from(genome, record).evidence.kind, ()):
            found.setdefault(step, genome.title)
    actions = burdens.actions
    named = {name.casefold(): step for step, name in zip(actions.ids, actions.names, strict=True)}
    named |= {row.name.casefold(): step for step, row in burdens.rows.items()}
    for test in record.tests.filter(ended__isnull=True).order_by("created", "pk"):
        same = named.get(test.name.casefold())
        for step in (same,) if same else _written(test):
            found.setdefault(step, ", ".join(part for part in (test.name, test.when) if part))
    return tuple(DoneStep(step, burdens.of(step).name, shown_by) for step, shown_by in found.items())


def _written(test: EarlierTest) -> tuple[str, ...]:
    if test.kind != EarlierTest.Kind.GENETIC or _OTHER_GENOME.search(test.name):
        return ()
    return tuple(step for pattern, steps in _WORDS if pattern.search(test.name) for step in steps)
