"""The page for a sign-in at the provider that did not work. What exactly was wrong is not told to whoever tried."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from requests import RequestException

from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.page import show


def failed(request: HttpRequest, reason: BaseException | None) -> HttpResponse:
    """503 where the provider does not answer, 403 where its answer does not hold; with one event."""
    add_event("sign_in:failed", actor=None, detail={"provider": True, "kind": type(reason).__name__})
    if isinstance(reason, RequestException):
        words = _("The sign-in service of your clinic does not answer. Try again in a few minutes, or use a password.")
    else:
        words = _("What the sign-in service answered could not be checked, so nobody was signed in. Begin again.")
    status = 503 if isinstance(reason, RequestException) else 403
    return show(request, "access/provider_failed.html", {"words": words}, status=status)
