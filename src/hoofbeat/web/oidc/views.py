"""There and back: to the provider, and from it with a code. Whatever goes wrong ends on a page that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from hoofbeat.web.oidc.adapter import CheckedAdapter
from hoofbeat.web.oidc.failed import failed

PROVIDER = "clinic"
View = Callable[[HttpRequest], HttpResponse]


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """The way back; hands the session's half of the nonce to what checks the token."""

    adapter: CheckedAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = str(state.get("nonce", ""))
        return state, response


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    return _through(OAuth2LoginView.adapter_view, request)


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest) -> HttpResponse:
    """Back from it."""
    return _through(Callback.adapter_view, request)


def _through(view: Callable[[CheckedAdapter], View], request: HttpRequest) -> HttpResponse:
    try:
        return view(CheckedAdapter(request, PROVIDER))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException, KeyError, TypeError, ValueError) as error:
        return failed(request, error)
