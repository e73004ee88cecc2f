"""What people change of their own account."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.audit.chain import add_event


def choose_language(*, actor: Actor, language: str) -> bool:
    """Keep the language that somebody chose. False where it is not offered, or theirs already: nothing is changed."""
    if language not in dict(settings.LANGUAGES) or language == actor.user.language:
        return False
    with transaction.atomic():
        actor.user.language = language
        actor.user.save(update_fields=["language"])
        add_event("account:choose_language", actor=actor, detail={"language": language})
    return True
