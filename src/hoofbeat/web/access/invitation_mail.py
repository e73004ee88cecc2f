"""The mail that a letter was written: it says who writes and where to look, and nothing clinical, not even the name."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hoofbeat.web.access.language import spoken
from hoofbeat.web.access.models import Invitation, User


def mail_is_set_up() -> bool:
    """Whether this installation sends mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send_letter(invitation: Invitation, link: str) -> bool:
    """Send the link. Returns False where mail is not set up or the server refused; the letter can be handed over."""
    if not mail_is_set_up():
        return False
    with override(language_of(invitation)):
        subject, text = _("Your invitation"), _letter(link)
    try:
        return send_mail(subject, text, None, [invitation.email]) == 1
    except OSError:
        return False


def language_of(invitation: Invitation) -> str:
    """What its receiver reads: as their account has it, else as the patient's record has it, else as here and now."""
    account = User.objects.filter(email__iexact=invitation.email).first()
    if account is not None:
        return spoken(account.language)
    if invitation.record is not None:
        return spoken(invitation.record.language)
    return spoken(get_language() or "")


def _letter(link: str) -> str:
    return _(
        "You have been invited to make an account.\n\nOpen this link, it works once and for 14 days:\n%(link)s\n\n"
        "If you did not expect this, delete this mail; nothing happens."
    ) % {"link": link}
