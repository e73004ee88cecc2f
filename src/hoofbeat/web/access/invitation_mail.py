"""The mail that a letter was written: it says who writes and where to look, and nothing clinical, not even the name."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from hoofbeat.web.access.models import Invitation


def mail_is_set_up() -> bool:
    """Whether this installation sends mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send_letter(invitation: Invitation, link: str) -> bool:
    """Send the link. Returns False where mail is not set up or the server refused; the letter can be handed over."""
    if not mail_is_set_up():
        return False
    text = _(
        "You have been invited to make an account.\n\nOpen this link, it works once and for 14 days:\n%(link)s\n\n"
        "If you did not expect this, delete this mail; nothing happens."
    ) % {"link": link}
    try:
        return send_mail(_("Your invitation"), text, None, [invitation.email]) == 1
    except OSError:
        return False
