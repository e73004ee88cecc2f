"""Keeps a version of a recipient's terms of use. Whoever sends something accepts the version in force, once."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import RecipientTerms
from hoofbeat.web.access.recipient_terms import kept_name
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import RefusedError, at_most, needs_in_clinic
from hoofbeat.web.records.actions.consent import recipient_of

LONGEST_TEXT = 50_000
LONGEST_VERSION = 40
LONGEST_LINK = 300


def add_terms(
    *, actor: Actor, recipient: str, place: str, version: str, in_force: str, link: str, text: str
) -> RecipientTerms:
    """A new version, from the day on which it is in force. Raises RefusedError, NotAllowedError."""
    clinic = needs_in_clinic(actor, Permission.STAFF)
    given_to = kept_name(clinic, recipient_of(recipient, place))
    called = at_most(LONGEST_VERSION, version, "version")
    if not called:
        raise RefusedError(_("write which version it is, as the recipient calls it"), field="version")
    words = at_most(LONGEST_TEXT, text, "text")
    if not words:
        raise RefusedError(_("copy the text of the terms here: whoever sends something reads it"), field="text")
    with transaction.atomic():
        made, is_new = RecipientTerms.objects.get_or_create(
            clinic_id=clinic,
            recipient=given_to,
            version=called,
            defaults={"in_force": _day(in_force), "link": _link(link), "text": words, "added_by": actor.user},
        )
        if not is_new:
            raise RefusedError(_("this version is kept already; a changed text is a new version"), field="version")
        add_event("terms:add", actor=actor, detail={"row": str(made.pk), "version": called})
    return made


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise RefusedError(_("write from which day on it is in force"), field="in_force") from None


def _link(given: str) -> str:
    link = at_most(LONGEST_LINK, given, "link")
    if not link:
        return ""
    try:
        URLValidator(schemes=["https"])(link)
    except ValidationError:
        raise RefusedError(_("a link begins with https://; leave it empty where there is none"), field="link") from None
    return link
