"""Has the records looked at again because somebody asks for it, and not only next month."""

from __future__ import annotations

from django.db import transaction

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import needs_in_clinic
from hoofbeat.web.records.reanalysis_jobs import begin


def begin_looking_again(*, actor: Actor) -> bool:
    """Have all open records looked at again now; False where that waits already. Raises NotAllowedError."""
    needs_in_clinic(actor, Permission.RANK)
    with transaction.atomic():
        if not begin():
            return False
        add_event("reanalysis:begin", actor=actor)
    return True
