"""The language of an account: kept with it, and spoken on its pages and in its mails, on whatever machine.

Before the sign-in the browser decides, or the switch on the page; what was chosen there goes to the account at the
sign-in, and is not left behind for whoever uses the machine next.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from hoofbeat.web.access.models import User


class AccountLanguageMiddleware:
    """Speaks the language of whoever is signed in. Stands after the middleware that knows who that is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        translation.activate(spoken(user.language))
        answer = self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_PATH)
        return answer


def spoken(language: str) -> str:
    """The language itself where the application speaks it, else the one that everything is written in."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
