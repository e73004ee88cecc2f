"""Who a record exists for: those with a current relation to it, and nobody else."""

from __future__ import annotations

import pytest

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.models import Record
from tests.web.world import ARACHNODACTYLY, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("clinician", True), ("counsellor", True), ("coordinator", True), ("patient", True), ("parent", True),
        ("reader", True), ("outsider", False), ("administrator", False), ("researcher", False), ("former", False),
        ("stranger", False),
    ],
)  # fmt: skip
def test_a_record_exists_for_those_with_a_current_relation(world: World, who: str, reads: bool) -> None:
    assert Record.objects.readable_by(world.actor(who)).filter(pk=world.record.pk).exists() is reads


def test_nothing_of_another_clinic_is_readable() -> None:
    for seed in range(5):
        here, there = World.two_clinics(seed)
        theirs = {one.pk for one in there.records}
        for who in here.people:
            assert not theirs & {one.pk for one in Record.objects.readable_by(here.actor(who))}


def test_a_finding_moves_the_ranking(world: World) -> None:
    set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
    assert world.record.snapshots.get().because == "stated:observed|Arachnodactyly"


def test_a_signed_in_clinician_gets_the_caseload(world: World) -> None:
    answer = world.client("clinician").get("/clinic/patients/")
    assert answer.status_code == 200
    assert "Mira Example" in answer.content.decode()
