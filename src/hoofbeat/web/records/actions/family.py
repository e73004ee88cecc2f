"""Adds, changes and removes relatives of the pedigree. Nobody becomes their own ancestor, nobody has two fathers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.cases.subject import Sex
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import Change, RefusedError, changing, in_one_line
from hoofbeat.web.records.actions.snapshot import ranking_moved
from hoofbeat.web.records.because import Because
from hoofbeat.web.records.genomes import PATIENT, genome_in_use
from hoofbeat.web.records.models import FamilyMember

MAX_FAMILY = 150


class Relation(StrEnum):
    """What a new relative is to somebody who is in the pedigree already."""

    MOTHER = "mother"
    FATHER = "father"
    SIBLING = "sibling"
    MATERNAL_HALF_SIBLING = "maternal_half_sibling"
    PATERNAL_HALF_SIBLING = "paternal_half_sibling"
    CHILD = "child"


@dataclass(frozen=True)
class Relative:
    """What is known of a relative; never a name."""

    label: str
    sex: str = Sex.UNKNOWN.value
    affected: str = FamilyMember.Affected.UNKNOWN.value
    deceased: bool = False
    note: str = ""


def add_relative(
    *, actor: Actor, record: UUID, relation: str, of: str, relative: Relative, other_parent: str = ""
) -> FamilyMember:
    """Add somebody who is the mother, a sibling, a child ... `of` somebody (an identifier, or `patient`).

    A sibling of somebody whose parents are not drawn brings those with them, nothing known of them. `other_parent`
    is for a child.
    """
    with changing(actor, record, Permission.DESCRIBE, "family:add") as change:
        if relation not in list(Relation):
            raise RefusedError(_("choose what this person is to the family"), field="relation")
        if change.record.family.filter(ended__isnull=True).count() >= MAX_FAMILY:
            raise RefusedError(_("a pedigree holds at most %(count)d people") % {"count": MAX_FAMILY})
        somebody = _reference(change, of, "of")
        made = FamilyMember(record=change.record)
        _describe(made, _with_sex_of(Relation(relation), relative))
        _relate(change, made, Relation(relation), somebody, other_parent)
        change.detail = {"row": str(made.pk)}
        _may_have_moved(change)
    return made


def edit_relative(
    *, actor: Actor, record: UUID, member: UUID, relative: Relative, father: str = "", mother: str = ""
) -> FamilyMember:
    """Change what is known of somebody, and who their parents are (identifiers, or empty for not drawn)."""
    with changing(actor, record, Permission.DESCRIBE, "family:edit") as change:
        found = _of(change, member)
        _describe(found, relative)
        if found.is_proband:
            found.sex = change.record.sex  # said once, with the patient's details
        found.father = _reference(change, father, "father") if father else None
        found.mother = _reference(change, mother, "mother") if mother else None
        if found.father is not None and found.father == found.mother:
            raise RefusedError(_("father and mother cannot be one person"), field="mother")
        _must_be(found.father, Sex.FEMALE, _("%(who)s is drawn as female and cannot be the father"), "father")
        _must_be(found.mother, Sex.MALE, _("%(who)s is drawn as male and cannot be the mother"), "mother")
        for parent, field in ((found.father, "father"), (found.mother, "mother")):
            if parent is not None and found.pk in _line_above(change, parent):
                message = _("%(parent)s descends from %(who)s and cannot be a parent: the lines would run in a circle")
                raise RefusedError(message % {"parent": parent.label, "who": found.label}, field=field)
        _suits_children(change, found)
        found.save()
        change.detail = {"row": str(found.pk)}
        _may_have_moved(change)
    return found


def remove_relative(*, actor: Actor, record: UUID, member: UUID) -> FamilyMember:
    """Take somebody out of the drawing; who they were to the others is kept, so that it can be undone."""
    with changing(actor, record, Permission.DESCRIBE, "family:remove") as change:
        found = _of(change, member)
        if found.is_proband:
            raise RefusedError(_("the patient is the middle of the pedigree and stays"))
        found.ended = timezone.now()
        found.save(update_fields=["ended"])
        change.detail = {"row": str(found.pk)}
        _may_have_moved(change)
    return found


def restore_relative(*, actor: Actor, record: UUID, member: UUID) -> FamilyMember:
    """Undo: put somebody back where they were."""
    with changing(actor, record, Permission.DESCRIBE, "family:restore") as change:
        found = change.record.family.filter(pk=member, ended__isnull=False).first()
        if found is None:
            raise RefusedError(_("this person is in the pedigree already"))
        found.ended = None
        found.save(update_fields=["ended"])
        change.detail = {"row": str(found.pk)}
        _may_have_moved(change)
    return found


def _may_have_moved(change: Change) -> None:
    """A genome is ranked with the family as it stands."""
    if genome_in_use(change.record) is not None:
        ranking_moved(change.record, Because.FAMILY, "family")


def _relate(change: Change, made: FamilyMember, relation: Relation, of: FamilyMember, other_parent: str) -> None:
    if relation in (Relation.MOTHER, Relation.FATHER):
        role = relation.value
        present = getattr(of, role)
        if present is not None and present.ended is None:
            message = {
                "mother": _("%(who)s already has a mother here: %(parent)s. Change or remove her first."),
                "father": _("%(who)s already has a father here: %(parent)s. Change or remove him first."),
            }[role]
            raise RefusedError(message % {"who": of.label, "parent": present.label}, field="relation")
        made.save()
        setattr(of, role, made)
        of.save(update_fields=[role])
        return
    if relation is Relation.CHILD:
        other = _reference(change, other_parent, "other_parent") if other_parent else None
        made.father, made.mother = _as_parents(of, other)
    else:
        made.mother = None if relation is Relation.PATERNAL_HALF_SIBLING else _parent(change, of, Relation.MOTHER)
        made.father = None if relation is Relation.MATERNAL_HALF_SIBLING else _parent(change, of, Relation.FATHER)
    made.save()


def _as_parents(one: FamilyMember, other: FamilyMember | None) -> tuple[FamilyMember | None, FamilyMember | None]:
    """Father and mother from two people in either order."""
    if other is not None and other == one:
        raise RefusedError(_("the other parent must be another person"), field="other_parent")
    sexes = {one.sex, other.sex if other else ""}
    if other is not None and one.sex == other.sex and sexes & {Sex.MALE.value, Sex.FEMALE.value}:
        message = _("%(one)s and %(other)s are drawn with one sex; a child here has one mother and one father")
        raise RefusedError(message % {"one": one.label, "other": other.label}, field="other_parent")
    one_is_mother = one.sex == Sex.FEMALE or (one.sex != Sex.MALE and other is not None and other.sex == Sex.MALE)
    return (other, one) if one_is_mother else (one, other)


def _parent(change: Change, of: FamilyMember, role: Relation) -> FamilyMember:
    """The mother or father of somebody, drawn now when not yet there: siblings hang on their parents."""
    present: FamilyMember | None = getattr(of, role.value)
    if present is not None and present.ended is None:
        return present
    label = _("Mother") if role is Relation.MOTHER else _("Father")
    if not of.is_proband:
        label = _("%(parent)s of %(who)s") % {"parent": label, "who": of.label}
    sex = Sex.FEMALE if role is Relation.MOTHER else Sex.MALE
    made = FamilyMember.objects.create(record=change.record, label=label[:60], sex=sex.value)
    setattr(of, role.value, made)
    of.save(update_fields=[role.value])
    return made


def _with_sex_of(relation: Relation, given: Relative) -> Relative:
    needed = {Relation.MOTHER: Sex.FEMALE, Relation.FATHER: Sex.MALE}.get(relation)
    if needed is None or given.sex == needed:
        return given
    if given.sex != Sex.UNKNOWN:
        raise RefusedError(_("a mother is drawn as female and a father as male; look at the sex"), field="sex")
    return Relative(given.label, needed.value, given.affected, given.deceased, given.note)


def _describe(row: FamilyMember, given: Relative) -> None:
    row.label, row.note = in_one_line(60, given.label, "label"), in_one_line(200, given.note, "note")
    if not row.label:
        raise RefusedError(_("say who this is, for instance “older sister”; no name is needed"), field="label")
    if given.sex not in [sex.value for sex in Sex]:
        raise RefusedError(_("choose one of the answers"), field="sex")
    if given.affected not in FamilyMember.Affected.values:
        raise RefusedError(_("choose one of the answers"), field="affected")
    row.sex, row.affected, row.deceased = given.sex, given.affected, given.deceased


def _reference(change: Change, given: str, field: str) -> FamilyMember:
    """Somebody of this pedigree; the patient is drawn when the first relative comes."""
    if given == PATIENT:
        present = change.record.family.filter(is_proband=True, ended__isnull=True).first()
        return present or FamilyMember.objects.create(
            record=change.record,
            label=_("Patient"),
            sex=change.record.sex,
            affected=FamilyMember.Affected.YES,
            is_proband=True,
        )
    try:
        found = change.record.family.filter(pk=UUID(given), ended__isnull=True).first()
    except ValueError:
        found = None
    if found is None:
        raise RefusedError(_("choose somebody who is in the pedigree"), field=field)
    return found


def _of(change: Change, member: UUID) -> FamilyMember:
    found = change.record.family.filter(pk=member, ended__isnull=True).first()
    if found is None:
        raise RefusedError(_("this person is not in the pedigree any more; look at it again"))
    return found


def _must_be(parent: FamilyMember | None, never: Sex, message: str, field: str) -> None:
    if parent is not None and parent.sex == never:
        raise RefusedError(message % {"who": parent.label}, field=field)


def _suits_children(change: Change, member: FamilyMember) -> None:
    """A mother does not become male while she is drawn as a mother, nor a father female."""
    wrong = {Sex.MALE.value: "mother", Sex.FEMALE.value: "father"}.get(member.sex)
    if wrong and change.record.family.filter(**{wrong: member}).exists():
        raise RefusedError(_("this person is drawn as a parent, which the sex does not fit"), field="sex")


def _line_above(change: Change, start: FamilyMember) -> set[UUID]:
    """Somebody and all their ancestors, those taken out included: a removal can be undone."""
    parents = {row.pk: (row.father_id, row.mother_id) for row in change.record.family.all()}
    seen: set[UUID] = set()
    open_ends: list[UUID | None] = [start.pk]
    while open_ends:
        one = open_ends.pop()
        if one is not None and one not in seen:
            seen.add(one)
            open_ends += parents.get(one, ())
    return seen
