"""Which terms of use a recipient has today: those that the clinic was given last and that are in force."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from django.utils import timezone

from hoofbeat.web.access.models import RecipientTerms


def terms_in_force(clinic: UUID, recipient: str) -> RecipientTerms | None:
    """The version in force today; None where the clinic keeps no terms of this recipient. A place that somebody named
    is the same one in small and in capital letters: each family writes it as it likes.
    """
    begun = RecipientTerms.objects.filter(clinic=clinic, in_force__lte=timezone.localdate())
    named = _as_read(recipient)
    newest = begun.order_by("-in_force", "-created")
    return next((one for one in newest if _as_read(one.recipient) == named), None)


def kept_name(clinic: UUID, recipient: str) -> str:
    """The recipient as the clinic's versions name it already; as it is given where there is none yet."""
    named = _as_read(recipient)
    names = RecipientTerms.objects.filter(clinic=clinic).order_by("created").values_list("recipient", flat=True)
    return next((one for one in names if _as_read(one) == named), recipient)


def _as_read(recipient: str) -> str:
    return unicodedata.normalize("NFKC", recipient).casefold()
