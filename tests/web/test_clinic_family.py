"""Relatives: added in plain words, never in circles, never with two fathers; every removal can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.actions.family import (
    Relative,
    add_relative,
    edit_relative,
    remove_relative,
    restore_relative,
)
from hoofbeat.web.records.models import FamilyMember
from tests.web.world import World, record

pytestmark = pytest.mark.django_db


def add(world: World, relation: str, of: str, label: str, **rest: Any) -> FamilyMember:
    other = rest.pop("other_parent", "")
    return add_relative(
        actor=world.actor("clinician"), record=world.record.pk, relation=relation, of=of,
        relative=Relative(label, **rest), other_parent=other,
    )  # fmt: skip


def proband(world: World) -> FamilyMember:
    return world.record.family.get(is_proband=True)


def test_the_mother_of_the_patient_is_female_and_above_them(world: World) -> None:
    mother = add(world, "mother", "patient", "mother", affected="yes")
    assert (mother.sex, mother.affected) == ("female", "yes")
    assert proband(world).mother == mother


def test_a_second_father_is_refused_and_names_the_first(world: World) -> None:
    add(world, "father", "patient", "his father")
    with pytest.raises(RefusedError, match="already has a father here: his father"):
        add(world, "father", "patient", "another")
    assert world.record.family.count() == 2


def test_a_sibling_brings_the_parents_that_are_not_drawn_yet(world: World) -> None:
    sister = add(world, "sibling", "patient", "sister", sex="female")
    patient = proband(world)
    assert sister.mother is not None
    assert (sister.mother, sister.father) == (patient.mother, patient.father)


def test_a_half_sibling_shares_one_parent_only(world: World) -> None:
    half = add(world, "maternal_half_sibling", "patient", "half brother")
    assert half.mother == proband(world).mother
    assert half.father is None


def test_a_child_hangs_on_father_and_mother_whichever_is_named_first(world: World) -> None:
    father = add(world, "father", "patient", "father")
    mother = add(world, "mother", "patient", "mother")
    child = add(world, "child", str(mother.pk), "baby", other_parent=str(father.pk))
    assert (child.father, child.mother) == (father, mother)


def test_nobody_becomes_their_own_ancestor(world: World) -> None:
    mother = add(world, "mother", "patient", "mother")
    grandmother = add(world, "mother", str(mother.pk), "grandmother")
    with pytest.raises(RefusedError, match="circle"):
        edit_relative(
            actor=world.actor("clinician"), record=world.record.pk, member=grandmother.pk,
            relative=Relative("grandmother", "female"), mother=str(mother.pk),
        )  # fmt: skip


def test_a_removed_link_still_counts_when_circles_are_looked_for(world: World) -> None:
    """The removal can be undone, which would close the circle."""
    actor: Actor = world.actor("clinician")
    mother = add(world, "mother", "patient", "mother")
    grandmother = add(world, "mother", str(mother.pk), "grandmother")
    remove_relative(actor=actor, record=world.record.pk, member=mother.pk)
    with pytest.raises(RefusedError, match="circle"):
        edit_relative(
            actor=actor, record=world.record.pk, member=grandmother.pk, relative=Relative("grandmother", "female"),
            mother=str(proband(world).pk),
        )  # fmt: skip


def test_a_relative_comes_back_where_they_were(world: World) -> None:
    actor = world.actor("clinician")
    mother = add(world, "mother", "patient", "mother")
    remove_relative(actor=actor, record=world.record.pk, member=mother.pk)
    assert b"Taken out" in world.client("clinician").get(reverse("family", args=[world.record.pk])).content
    restore_relative(actor=actor, record=world.record.pk, member=mother.pk)
    assert proband(world).mother == mother


def test_the_patient_stays_in_the_pedigree(world: World) -> None:
    add(world, "mother", "patient", "mother")
    with pytest.raises(RefusedError, match="stays"):
        remove_relative(actor=world.actor("clinician"), record=world.record.pk, member=proband(world).pk)


def test_a_mother_cannot_be_made_male(world: World) -> None:
    mother = add(world, "mother", "patient", "mother")
    with pytest.raises(RefusedError, match="drawn as a parent"):
        edit_relative(
            actor=world.actor("clinician"), record=world.record.pk, member=mother.pk, relative=Relative("x", "male")
        )


def test_a_relative_of_another_record_is_nobody_here(world: World) -> None:
    elsewhere = FamilyMember.objects.create(record=record(world.clinic), label="somebody")
    with pytest.raises(RefusedError, match="choose somebody"):
        add(world, "mother", str(elsewhere.pk), "mother")
    elsewhere.refresh_from_db()
    assert elsewhere.mother is None


def test_the_page_draws_the_family_and_says_the_same_in_words(world: World) -> None:
    add(world, "mother", "patient", "mother <b>", affected="yes", deceased=True)
    page = world.client("clinician").get(reverse("family", args=[world.record.pk])).content.decode()
    assert "<svg" in page
    assert "female, affected, has died" in page
    assert "mother <b>" not in page


def test_a_refused_relative_keeps_what_was_typed_and_leaves_no_row(world: World) -> None:
    sent = {"relation": "mother", "of": "patient", "label": "mother", "sex": "male", "affected": "no", "note": "tall"}
    answer = world.client("clinician").post(reverse("relative_add", args=[world.record.pk]), sent)
    assert answer.status_code == 422
    assert b'value="tall"' in answer.content
    assert b'href="#sex"' in answer.content
    assert not world.record.family.exists()
    assert not Event.objects.filter(verb="family:add").exists()
