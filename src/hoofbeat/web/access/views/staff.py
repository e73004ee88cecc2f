"""Who works in the clinic: the administrator invites, and ends somebody's work at once. No record is opened here."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoofbeat.web.access.actions.law import confirm_pack
from hoofbeat.web.access.actions.people import NoSuchLetterError, end_membership, invite_staff
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import EXAMPLE
from hoofbeat.web.access.models import Clinic, ConfirmedPack, Invitation, Membership
from hoofbeat.web.access.plain_words import role_name
from hoofbeat.web.access.roles import STAFF_ROLES, Permission, Role
from hoofbeat.web.access.views.people import show_letter
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.posted import done_or_refused
from hoofbeat.web.records.actions.change import RefusedError


@signed_in(Permission.STAFF)
def staff(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody who works here, the letters under way, and the form that invites."""
    if request.method != "POST":
        return _staff(request, actor, {"name": "", "email": "", "role": Role.CLINICIAN.value}, {})
    given = {key: request.POST.get(key, "") for key in ("name", "email", "role")}
    try:
        letter = invite_staff(actor=actor, **given)
    except RefusedError as refusal:
        return _staff(request, actor, given, {refusal.field: refusal.message})
    return show_letter(request, actor, letter, request.path)


@require_POST
@signed_in(Permission.STAFF)
def confirm_law(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Confirm that the ages are those of the law here."""
    done = _("Confirmed. Your colleagues can invite those who act for patients now.")
    done_or_refused(request, partial(confirm_pack, actor=actor), done)
    return redirect("staff")


@require_POST
@signed_in(Permission.STAFF)
def end_work(request: HttpRequest, actor: Actor, membership: int) -> HttpResponse:
    """End somebody's work here and sign them out everywhere."""
    try:
        ended = end_membership(actor=actor, membership=membership)
    except NoSuchLetterError:
        raise Http404 from None
    except RefusedError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(name)s no longer works here and is signed out.") % {"name": ended.user.name})
    return redirect("staff")


def _staff(request: HttpRequest, actor: Actor, given: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    assert actor.clinic is not None  # the guard's permission is of a clinic
    members = Membership.objects.filter(clinic=actor.clinic, end__isnull=True).select_related("user")
    add_event("staff:read", actor=actor, detail={"people": members.count()})
    context = {
        "clinic": Clinic.objects.get(pk=actor.clinic),
        "members": [(one, role_name(one.role)) for one in members.order_by("user__name")],
        "letters": Invitation.objects.filter(
            clinic=actor.clinic, record__isnull=True, accepted__isnull=True, withdrawn__isnull=True,
            expires__gt=timezone.now(),
        ).order_by("-created"),
        "roles": [(role.value, role_name(role.value)) for role in STAFF_ROLES],
        "pack": EXAMPLE,
        "confirmed": ConfirmedPack.objects.filter(clinic=actor.clinic, pack=EXAMPLE.key)
        .select_related("confirmed_by")
        .first(),
        "given": given,
        "errors": errors,
        "me": actor.user,
    }  # fmt: skip
    return show(request, "access/staff.html", context, status=422 if errors else 200)
