"""Genome, ranking and what moved it are the clinic's until a clinician releases something of them after a talk: no page
of the family, no file of theirs and no letter to them holds a word of it.
"""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from tests.web.addresses import address, ours
from tests.web.full_record import fill
from tests.web.world import World

pytestmark = pytest.mark.django_db

SECRET = "Quaggacanary"
# Beside the words: the gene, the place and the change of the variant that every genome of `fill` has.
TRACES = (SECRET, "FBN1", "48411112", "48,411,112", "p.Cys1Tyr")
PORTAL = [name for name in ours() if name.startswith("portal")]


@pytest.mark.parametrize("who", ["patient", "parent", "reader"])
def test_unreleased_genetics_are_on_no_page_of_the_family(who: str, world: World) -> None:
    known = fill(world, "Our own words", unreleased=SECRET)
    client, seen = world.client(who), 0
    for name in PORTAL:
        for send in (client.get, client.post):
            answer = send(address(name, known))
            text = b"".join(answer).decode(errors="replace") + str(answer.headers)
            assert [one for one in TRACES if one in text] == [], f"{name} as {who}"
            seen += answer.status_code == 200
    assert seen >= 10, "the pages were really seen"
    assert not [one for letter in mail.outbox for one in TRACES if one in f"{letter.subject} {letter.body}"]


def test_the_clinic_sees_on_its_pages_what_the_family_does_not(world: World) -> None:
    """Or the sweep above would seek words that are nowhere."""
    known = fill(world, "Our own words", unreleased=SECRET)
    client = world.client("clinician")
    shown = "".join(client.get(address(name, known)).content.decode() for name in ("genome_variant", "ranking_history"))
    assert SECRET in shown + client.get(reverse("changes")).content.decode()
    assert "FBN1" in shown
