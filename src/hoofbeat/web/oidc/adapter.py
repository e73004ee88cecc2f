"""Checks a sign-in at the provider as OpenID Connect Core 1.0, section 3.1.3.7, asks: signature, issuer, audience, time
and nonce of the token, and that the provider is the one that was set up.

allauth trusts a token that came from the provider's own address without looking at its signature or at a nonce. Here a
token counts only with both.
"""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse

from hoofbeat.web.oidc.nonce import sent_for

# What a provider may sign with: keys that it publishes. No secret that we hold too, and never nothing at all.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCK_SECONDS = 60  # clocks of two machines differ
NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in under way. `nonce` is what the session kept of its beginning."""

    nonce = ""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The address to which the provider leads back."""
        return str(build_absolute_uri(request, reverse("clinic_oidc_callback"), self.redirect_uri_protocol))

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description. Raises OAuth2Error where it describes another provider."""
        config: dict[str, Any] = super().openid_config
        issuer = self.get_provider().app.settings["server_url"]
        if str(config.get("issuer", "")).rstrip("/") != issuer:
            raise OAuth2Error("the provider names another issuer than was set up")
        for name in ENDPOINTS:
            # A page of ours must not lead to plain HTTP because a provider's description says so.
            if urlsplit(str(config.get(name, ""))).scheme != urlsplit(issuer).scheme:
                raise OAuth2Error(f"the provider's {name} is missing or not as safe as its issuer")
        return config

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """The provider's answer to the code. Raises OAuth2Error without a token that says who somebody is."""
        given: dict[str, Any] = super().get_access_token_data(request, app, client, pkce_code_verifier)
        if not given.get("id_token"):
            raise OAuth2Error("the provider gave no id_token")
        return given

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Who signed in, from the checked token alone. Raises OAuth2Error."""
        claims = self.checked(str(kwargs["response"]["id_token"]), app.client_id)
        return self.get_provider().sociallogin_from_response(request, claims)

    def checked(self, token: str, client: str) -> dict[str, Any]:
        """What a token says. Raises OAuth2Error for one that the provider did not sign, for us, now, for this try."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._key(token), algorithms=list(ALGORITHMS), audience=client,
                issuer=self.openid_config["issuer"], leeway=CLOCK_SECONDS,
                options={"require": list(NEEDED), "verify_signature": True},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the token does not hold: {type(error).__name__}") from None
        audience = claims["aud"]
        if (isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client) or (
            "azp" in claims and claims["azp"] != client
        ):
            raise OAuth2Error("the token is for somebody else")
        if not hmac.compare_digest(str(claims["nonce"]), sent_for(self.nonce)):
            raise OAuth2Error("the token is of another try")
        return claims

    def _key(self, token: str) -> Any:
        """The published key that a token names. The provider's keys are fetched anew: they change."""
        kid = jwt.get_unverified_header(token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = [one for one in jwt.PyJWKSet.from_dict(answer.json()).keys if one.public_key_use in (None, "sig")]
        found = [one for one in keys if one.key_id == kid] if kid else keys
        if len(found) != 1:
            raise OAuth2Error("the token names no key of the provider")
        return found[0]
