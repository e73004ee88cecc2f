"""Sign in as anybody in the demonstration by one click. It exists in demo mode alone, and for this machine alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.web.access.models import User
from hoofbeat.web.demo.people import PASSWORD
from hoofbeat.web.page import show

LOOPBACK = ("127.0.0.1", "::1")
# What a server in front adds, by which it shows that somebody is behind it.
PASSED_ON = {
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED",
    "HTTP_VIA",
}  # fmt: skip
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _only_in_the_demonstration(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: UUID, **kwargs: UUID) -> HttpResponse:
        near = request.META.get("REMOTE_ADDR") in LOOPBACK and not PASSED_ON & request.META.keys()
        if not (settings.CONFIGURATION.demo and near):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@_only_in_the_demonstration
def people(request: HttpRequest) -> HttpResponse:
    """Everybody one can be."""
    everybody = User.objects.filter(is_fictional=True, is_active=True).order_by("name")
    staff = [
        (person, person.memberships.get(end__isnull=True).role)
        for person in everybody.filter(memberships__end__isnull=True, memberships__isnull=False)
    ]
    family = [
        (person, [link.record for link in person.links.select_related("record")])
        for person in everybody.filter(links__isnull=False).distinct()
    ]
    return show(request, "demo/people.html", {"staff": staff, "family": family, "password": PASSWORD})


@require_POST
@_only_in_the_demonstration
def be(request: HttpRequest, user: UUID) -> HttpResponse:
    """Sign in as one of them."""
    found = User.objects.filter(pk=user, is_fictional=True, is_active=True).first()
    if found is None:
        raise Http404
    login(request, found, backend=BACKEND)
    # As every other sign-in does, so that it is listed and can be ended.
    UserSession.objects.create_from_request(request)
    return redirect("home")
