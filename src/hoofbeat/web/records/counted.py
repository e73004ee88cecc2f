"""How many rows of several kinds lie in the records that somebody reads: one short question (decision record 0039)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import CareTeamMember
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.records.models import Record

KEPT = 64  # far more than there are kinds of rows that wait

Rows = Callable[[], QuerySet[Any]]


def count_in_records(actor: Actor, rows: Iterable[Rows], of_team: Iterable[Rows] = ()) -> int:
    """How many of all these rows, each of a model with a `record`, lie in records that the actor reads; of those in
    `of_team` only where the actor is in the team, for a broken glass lets nobody see to what lasts. What rows they are
    must not depend on who asks or when: it is put into words once.

    Which records these are is said by `readable_by`, and the database finds them once. As a condition on each kind of
    rows it would be put into words again for each: that was a fifth of the work of a whole page.
    """
    team = CareTeamMember.objects.filter(lasting(), user=actor.user)
    said: list[str] = []
    given: list[Any] = []
    for name, found in (("mine", Record.objects.readable_by(actor).values("pk")), ("team", team.values("record"))):
        sql, parameters = found.query.sql_with_params()
        said.append(f"{name} (record) AS ({sql})")
        given += parameters
    within = {"record IN (SELECT record FROM mine)": rows}
    within["record IN (SELECT record FROM mine) AND record IN (SELECT record FROM team)"] = of_team
    counts = ["0"]
    for condition, kinds in within.items():
        for kind in kinds:
            sql, parameters = _said(kind)
            counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS kind WHERE {condition})")
            given += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(said)} SELECT {' + '.join(counts)}", given)
        (count,) = cursor.fetchone()
    return int(count)


@lru_cache(maxsize=KEPT)
def _said(kind: Rows) -> tuple[str, tuple[Any, ...]]:
    """The question for the records of some rows, and its parameters."""
    sql, parameters = kind().order_by().values("record").query.sql_with_params()
    return sql, tuple(parameters)
