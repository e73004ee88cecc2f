"""The jobs that read a file of variants. Each may run twice and does no harm then: it begins anew, and a reading that
was overtaken by another matching writes nothing.
"""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from hoofbeat.web.records.actions.genome_reading import answer_from_file, read_from_file


@task()
def read_genome(genome: str, turn: int) -> None:
    """Read a file and keep what counts."""
    read_from_file(UUID(genome), turn)


@task()
def answer_question(question: str) -> None:
    """Search a file for what somebody asked about."""
    answer_from_file(UUID(question))
