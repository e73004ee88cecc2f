"""How people come in: by invitation only, with their own credentials, or through a provider that the clinic runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest
from django.utils.translation import get_language, override

from hoofbeat.web.access.language import spoken
from hoofbeat.web.access.models import User
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.oidc.failed import failed


class ByInvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; an invitation makes the account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the account that has the address, else of the page it was asked for on."""
        known = User.objects.filter(email__iexact=email).first()
        with override(spoken(known.language) if known else get_language()):
            super().send_mail(template_prefix, email, context)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether the password is theirs, for accounts of every origin; throttled as a sign-in is."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class InvitedOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A provider's sign-in opens an account that an invitation made, by its verified address, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: the provider knows somebody whom no letter was for."""
        add_event("sign_in:failed", actor=None, detail={"provider": True, "kind": "not invited"})
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: object, error: object = None, exception: BaseException | None = None,
        extra_context: object = None,
    ) -> None:  # fmt: skip
        """Our page instead of allauth's."""
        if error != AuthError.CANCELLED:
            raise ImmediateHttpResponse(failed(request, exception))

    def get_requests_session(self) -> Any:
        """What is fetched from the provider is fetched where it said, and from nowhere else."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session


def states_second_step(claims: Mapping[str, Any], wanted: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a checked token says, in a way that the clinic named, that there was a second step."""
    methods = claims.get("amr")
    stated = set(methods) if isinstance(methods, list) else set()
    return bool(stated & set(wanted.get("amr", ())) or claims.get("acr") in wanted.get("acr", ()))
