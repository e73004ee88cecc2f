"""Notes that a clinic has checked the country pack against its law; until then nobody acts for a patient there."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import EXAMPLE
from hoofbeat.web.access.models import ConfirmedPack
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import RefusedError, needs_in_clinic


def confirm_pack(*, actor: Actor) -> ConfirmedPack:
    """The administrator says that the pack's ages are those of the law here. Raises RefusedError, NotAllowedError."""
    clinic = needs_in_clinic(actor, Permission.STAFF)
    with transaction.atomic():
        made, is_new = ConfirmedPack.objects.get_or_create(
            clinic_id=clinic, pack=EXAMPLE.key, defaults={"confirmed_by": actor.user}
        )
        if not is_new:
            raise RefusedError(_("this is confirmed already"))
        add_event("law:confirm", actor=actor, detail={"pack": EXAMPLE.key})
    return made


def needs_pack(clinic: UUID) -> None:
    """Raises RefusedError where the clinic has not confirmed the pack."""
    if not ConfirmedPack.objects.filter(clinic=clinic, pack=EXAMPLE.key).exists():
        message = _(
            "nobody can be invited to act for a patient yet: an administrator of your clinic first confirms the "
            "ages that your law sets, under “Staff”"
        )
        raise RefusedError(message, field="role")
