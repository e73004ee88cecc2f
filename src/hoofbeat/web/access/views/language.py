"""The switch at the foot of every page: the language of the account, or before the sign-in of this browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from hoofbeat.web.access.actions.account import choose_language
from hoofbeat.web.page import actor_of


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Choose, and come back to the page. An address of another host is not followed."""
    answer: HttpResponse = set_language(request)
    actor = actor_of(request)
    if actor is not None:
        choose_language(actor=actor, language=request.POST.get("language", ""))
        answer.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)  # the account holds it
    return answer
