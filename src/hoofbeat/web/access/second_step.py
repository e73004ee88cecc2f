"""What counts as a second step at sign-in. Recovery codes alone do not: they are for the day the phone is lost."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from hoofbeat.web.access.models import User

STATED = "second_step_stated"  # in the session of a sign-in through the clinic's provider
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def note_second_step(request: HttpRequest, stated: bool) -> None:
    """Keep for this session that the clinic's provider stated a second step."""
    request.session[STATED] = stated


def passed_second_step(request: HttpRequest, user: User) -> bool:
    """Whether somebody may work in this session: with a second step here, or one that the clinic's provider stated."""
    return bool(request.session.get(STATED)) or has_second_step(user)


def has_second_step(user: User) -> bool:
    """Whether the account has an app with codes, a passkey or a security key."""
    return bool(is_mfa_enabled(user, SECOND_STEPS))
