"""The family: the drawn pedigree, the same as a list, and the forms that change it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hoofbeat.cases.subject import Sex
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.pedigree import SIZE, Person, lay_out
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.records.actions.change import RefusedError, read, read_thing
from hoofbeat.web.records.actions.family import (
    Relation,
    Relative,
    add_relative,
    edit_relative,
    remove_relative,
    restore_relative,
)
from hoofbeat.web.records.genomes import PATIENT
from hoofbeat.web.records.models import FamilyMember, Record


@require_safe
@signed_in(Permission.CASELOAD)
def family(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The pedigree."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def add(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Add a relative."""
    try:
        made = add_relative(
            actor=actor,
            record=record,
            relation=request.POST.get("relation", ""),
            of=request.POST.get("of", ""),
            relative=_relative(request),
            other_parent=request.POST.get("other_parent", ""),
        )
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("%(who)s is in the pedigree.") % {"who": made.label})
    return redirect("family", record)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.CASELOAD)
def edit(request: HttpRequest, actor: Actor, record: UUID, relative: UUID) -> HttpResponse:
    """Change somebody of the pedigree."""
    refused = None
    if request.method == "POST":
        try:
            made = edit_relative(
                actor=actor,
                record=record,
                member=relative,
                relative=_relative(request),
                father=request.POST.get("father", ""),
                mother=request.POST.get("mother", ""),
            )
        except RefusedError as refusal:
            refused = refusal
        else:
            messages.success(request, _("%(who)s is changed.") % {"who": made.label})
            return redirect("family", record)
    found, one = read_thing(
        actor,
        record,
        Permission.DESCRIBE,
        "family:read",
        lambda kept: next((row for row in _rows(kept) if row.pk == relative), None),
        what="relative",
    )
    rows = _rows(found)
    others = [("", _("not drawn"))] + [(str(row.pk), row.label) for row in rows if row.pk != relative]
    given = request.POST if refused else _as_given(one)
    context = {"member": one, "others": others, "given": given, **_choices()}
    return answer(request, actor, found, "clinic/relative.html", context, refused)


@require_POST
@signed_in(Permission.CASELOAD)
def remove(request: HttpRequest, actor: Actor, record: UUID, relative: UUID) -> HttpResponse:
    """Take somebody out of the drawing."""
    try:
        gone = remove_relative(actor=actor, record=record, member=relative)
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("%(who)s is taken out. You can put them back below.") % {"who": gone.label})
    return redirect("family", record)


@require_POST
@signed_in(Permission.CASELOAD)
def restore(request: HttpRequest, actor: Actor, record: UUID, relative: UUID) -> HttpResponse:
    """Put somebody back."""
    try:
        back = restore_relative(actor=actor, record=record, member=relative)
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("%(who)s is back in the pedigree.") % {"who": back.label})
    return redirect("family", record)


def _page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.READ, "family:read", what="pedigree")
    rows = _rows(found)
    context = {
        "drawing": lay_out(_person(row) for row in rows),
        "half": SIZE / 2,
        "members": [(row, _sentence(row, rows)) for row in rows],
        "gone": found.family.filter(ended__isnull=False).order_by("-ended"),
        "people": [(PATIENT if row._state.adding else str(row.pk), row.label) for row in rows],
        "relations": [
            (Relation.MOTHER.value, _("mother of")), (Relation.FATHER.value, _("father of")),
            (Relation.SIBLING.value, _("brother or sister of")), (Relation.CHILD.value, _("child of")),
            (Relation.MATERNAL_HALF_SIBLING.value, _("half brother or sister, same mother, of")),
            (Relation.PATERNAL_HALF_SIBLING.value, _("half brother or sister, same father, of")),
        ],
        **_choices(),
    }  # fmt: skip
    return answer(request, actor, found, "clinic/family.html", context, refusal)


def _rows(record: Record) -> list[FamilyMember]:
    """The people as they are drawn; the patient alone while nobody else is known."""
    rows = list(record.family.filter(ended__isnull=True))
    if not any(row.is_proband for row in rows):
        yes = FamilyMember.Affected.YES
        rows.insert(0, FamilyMember(label=_("Patient"), sex=record.sex, affected=yes, is_proband=True))
    return rows


def _person(row: FamilyMember) -> Person:
    return Person(row.pk, row.label, row.sex, row.affected, row.deceased, row.is_proband, row.father_id, row.mother_id)


def _sentence(row: FamilyMember, rows: Sequence[FamilyMember]) -> str:
    """What the drawing shows of somebody, in words."""
    names = {one.pk: one.label for one in rows}
    affected = FamilyMember.Affected
    known = {affected.YES: _("affected"), affected.NO: _("not affected"), affected.UNKNOWN: _("not known if affected")}
    parts = [_sexes()[row.sex], known[affected(row.affected)]]
    if row.deceased:
        parts.append(_("has died"))
    parents = [names[one] for one in (row.mother_id, row.father_id) if one in names]
    if parents:
        said = _("child of %(one)s and %(other)s") if len(parents) == 2 else _("child of %(one)s")
        parts.append(said % {"one": parents[0], "other": parents[-1]})
    return ", ".join(str(part) for part in parts)


def _relative(request: HttpRequest) -> Relative:
    return Relative(
        label=request.POST.get("label", ""),
        sex=request.POST.get("sex", ""),
        affected=request.POST.get("affected", ""),
        deceased=bool(request.POST.get("deceased")),
        note=request.POST.get("note", ""),
    )


def _as_given(row: FamilyMember) -> dict[str, str]:
    return {
        "label": row.label, "sex": row.sex, "affected": row.affected, "deceased": "1" if row.deceased else "",
        "note": row.note, "father": str(row.father_id or ""), "mother": str(row.mother_id or ""),
    }  # fmt: skip


def _sexes() -> dict[str, str]:
    return {
        Sex.UNKNOWN.value: _("sex not known"), Sex.FEMALE.value: _("female"), Sex.MALE.value: _("male"),
        Sex.OTHER.value: _("other"),
    }  # fmt: skip


def _choices() -> dict[str, list[tuple[str, str]]]:
    affected = FamilyMember.Affected
    return {
        "sexes": list(_sexes().items()),
        "affected": [
            (affected.UNKNOWN.value, _("not known")), (affected.NO.value, _("no")), (affected.YES.value, _("yes")),
        ],
    }  # fmt: skip
