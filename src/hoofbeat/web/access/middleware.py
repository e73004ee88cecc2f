"""Puts the actor on each request; staff without a second factor are sent to set one up before anything else."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import User

OPEN_PREFIXES = ("/sign-in/", "/static/", "/language/")


class ActorMiddleware:
    """`request.actor`: who is asking, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        user = request.user
        request.actor = Actor.of(user) if isinstance(user, User) else None  # type: ignore[attr-defined]
        actor = request.actor  # type: ignore[attr-defined]
        inside = not request.path.startswith(OPEN_PREFIXES)
        if actor is not None and actor.is_staff and inside and not is_mfa_enabled(user):
            return redirect(reverse("mfa_index"))
        return self.get_response(request)
