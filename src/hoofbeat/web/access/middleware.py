"""Puts the actor on each request; staff without a second step are sent to set one up before anything else. No answer is
kept by a cache, whoever made it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import User
from hoofbeat.web.access.second_step import passed_second_step

# The pages that come with allauth, static files and the choice of language: none of them shows a record, and no
# address of ours begins like them (a test holds that).
OPEN_PREFIXES = ("/sign-in/", "/static/", "/language/")


class ActorMiddleware:
    """`request.actor`: who is asking, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        answer = self._answer(request)
        # Static files never come this far.
        answer["Cache-Control"] = "no-store"
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        actor = Actor.of(user) if isinstance(user, User) else None
        request.actor = actor  # type: ignore[attr-defined]
        inside = not request.path_info.startswith(OPEN_PREFIXES)
        if actor is not None and actor.is_staff and inside and not passed_second_step(request, actor.user):
            place = reverse("mfa_index")
            # A part of a page is not to be filled with the set-up page: the whole page goes there.
            htmx = request.headers.get("HX-Request") == "true"
            return HttpResponseClientRedirect(place) if htmx else redirect(place)
        return self.get_response(request)
