"""The provider as allauth finds it: like its own, but each sign-in carries a nonce, and who somebody is comes from
the signed token alone.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from hoofbeat.web.oidc.adapter import CheckedAdapter
from hoofbeat.web.oidc.nonce import secret_half, sent_for


class ClinicProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider of an installation."""

    id = "clinic_oidc"
    name = "OpenID Connect"
    oauth2_adapter_class = CheckedAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To the provider, with a nonce of which this session keeps the secret half."""
        kept = secret_half()
        # What a link to us says is not passed on: the parameters are ours.
        kwargs["auth_params"] = {"nonce": sent_for(kept)}
        kwargs["scope"] = self.get_scope()
        answer: HttpResponse = super().redirect(request, process, next_url, data, nonce=kept, **kwargs)
        return answer

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Our address that leads to the provider."""
        address = reverse("clinic_oidc_login")
        return f"{address}?{urlencode(kwargs)}" if kwargs else address

    def get_callback_url(self) -> str:
        """Our address to which the provider leads back."""
        return reverse("clinic_oidc_callback")

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address, verified only where the provider says exactly that."""
        email = data.get("email")
        return [EmailAddress(email=email, verified=data.get("email_verified") is True, primary=True)] if email else []


provider_classes = [ClinicProvider]
