"""The form that adds a passkey, in plain words; signing in without the password is what people expect of it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for the key, and whether it signs in by itself."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["name"].label = _("A name for it, such as “my phone”")
        by_itself = self.fields["passwordless"]
        by_itself.label = _("Sign in with it alone, without the password")
        by_itself.help_text = _("Leave the tick unless it is a plain security key without PIN.")
        by_itself.initial = True
