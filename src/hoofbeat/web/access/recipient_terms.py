"""Which terms of use a recipient has today: those that the clinic was given last and that are in force."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from hoofbeat.web.access.models import RecipientTerms


def terms_in_force(clinic: UUID, recipient: str) -> RecipientTerms | None:
    """The version in force today; None where the clinic keeps no terms of this recipient."""
    begun = RecipientTerms.objects.filter(clinic=clinic, recipient=recipient, in_force__lte=timezone.localdate())
    return begun.order_by("-in_force", "-created").first()
