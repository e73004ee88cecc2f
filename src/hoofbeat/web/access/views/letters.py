"""The letter that lets somebody in: what its holder sees, and how they make their account with it."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoofbeat.web.access.actions.people import NoSuchLetterError, accept, open_letter
from hoofbeat.web.access.models import Clinic, Invitation, User
from hoofbeat.web.access.plain_words import scope_words
from hoofbeat.web.page import actor_of, show
from hoofbeat.web.records.actions.change import RefusedError


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the letter and changes nothing, however often; POST uses it, once."""
    try:
        letter = open_letter(token)
        if request.method == "POST":
            return _accept(request, token, letter)
        return _letter(request, token, letter)
    except NoSuchLetterError:
        return _no_such_letter(request)


def _accept(request: HttpRequest, token: str, letter: Invitation) -> HttpResponse:
    actor = actor_of(request)
    given = {"name": request.POST.get("name", "")[:120]}
    try:
        used, person = accept(
            token=token, user=actor.user if actor else None, password=request.POST.get("password", ""), **given
        )
    except RefusedError as refusal:
        return _letter(request, token, letter, refusal, given)
    if actor is None:
        # They chose the password a moment ago: setting up a passkey does not ask for it again.
        record_authentication(request, person, "password", reauthenticated=True)
        messages.success(request, _("Your account is made. You sign in with your e-mail address and this password."))
        # Staff need a second step; everybody else may have a passkey, and is not kept from their pages by it.
        then = reverse("mfa_index" if used.record_id is None else "home")
        answer: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=then)
        return answer
    messages.success(request, _("The record is open to your account now."))
    return redirect("home")


def _letter(
    request: HttpRequest,
    token: str,
    letter: Invitation,
    refusal: RefusedError | None = None,
    given: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "letter": letter,
        "scopes": scope_words(letter.scopes),
        "has_account": User.objects.filter(email__iexact=letter.email).exists(),
        "sign_in": f"{reverse('account_login')}?next={reverse('invitation', args=[token])}",
        "errors": {refusal.field: refusal.message} if refusal else {},
        "given": given or {"name": letter.name},
    }
    return show(request, "access/invitation.html", context, status=422 if refusal else 200)


def _no_such_letter(request: HttpRequest) -> HttpResponse:
    """The same for every letter that does not open, down to the last byte; the clinic is named where there is one."""
    clinics = Clinic.objects.order_by("created")[:2]
    clinic = clinics[0] if len(clinics) == 1 else None
    return show(request, "access/no_such_letter.html", {"clinic": clinic}, status=404)
