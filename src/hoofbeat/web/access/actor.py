"""Who is asking: a person, at most one clinic they work for now, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hoofbeat.web.access.models import Membership, User
from hoofbeat.web.access.roles import GRANTS, Permission, Role


@dataclass(frozen=True)
class Actor:
    """A signed-in person. `clinic` and `role` are of their current membership; both None for patients and proxies."""

    user: User
    clinic: UUID | None = None
    role: Role | None = None

    @classmethod
    def of(cls, user: User) -> Actor:
        """The actor that a user is now."""
        current = Membership.objects.filter(user=user, end__isnull=True).order_by("start", "pk").first()
        return cls(user) if current is None else cls(user, current.clinic_id, Role(current.role))

    @property
    def is_staff(self) -> bool:
        """Whether they act for a clinic."""
        return self.clinic is not None

    def may_in_clinic(self, permission: Permission) -> bool:
        """Whether their role in the clinic allows what concerns no particular record."""
        return self.role is not None and permission in GRANTS[self.role]
