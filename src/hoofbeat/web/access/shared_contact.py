"""Whether two accounts are reached at one mailbox: then what is told in confidence could reach the other person too.

An address is its account's and no other's, so a family that shares a mailbox uses a variant of it (`name+child@...`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import Role

if TYPE_CHECKING:
    from hoofbeat.web.records.models import Record

# Providers where dots in the name do not count.
DOTLESS = frozenset({"gmail.com", "googlemail.com"})


def mailbox(address: str) -> str:
    """The mailbox that an address leads to, as far as that can be told from how it is written."""
    name, _at, host = address.strip().casefold().rpartition("@")
    name = name.split("+", 1)[0]
    if host in DOTLESS:
        name, host = name.replace(".", ""), "gmail.com"
    return f"{name}@{host}"


def shared_with(record: Record) -> PatientLink | None:
    """The link of somebody who acts for the patient and is reached where the patient is; None where nobody is."""
    own = record.links.filter(lasting(), role=Role.PATIENT).select_related("user").first()
    if own is None:
        return None
    place = mailbox(own.user.email)
    others = record.links.filter(lasting(), role=Role.PROXY).select_related("user").order_by("start", "pk")
    return next((one for one in others if mailbox(one.user.email) == place), None)
