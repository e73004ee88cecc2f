"""What counts as a second step at sign-in. Recovery codes alone do not: they are for the day the phone is lost."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

from hoofbeat.web.access.models import User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(user: User) -> bool:
    """Whether the account has an app with codes, a passkey or a security key."""
    return bool(is_mfa_enabled(user, SECOND_STEPS))
