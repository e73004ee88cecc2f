"""What only somebody at the machine itself does: the first clinic, and an account where no invitation can be sent."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from hoofbeat.web.access.models import Clinic, Membership, User
from hoofbeat.web.access.roles import STAFF_ROLES, Role
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import RefusedError


def add_staff_account(
    *,
    clinic: str,
    name: str,
    email: str,
    password: str,
    role: Role = Role.ADMINISTRATOR,
    language: str = "en",
    fictional: bool = False,
) -> User:
    """An account that works in a clinic, which is founded where there is none of that name. Raises RefusedError."""
    clinic, name, email = clinic.strip(), name.strip(), email.strip().lower()
    if not clinic:
        raise RefusedError("the clinic needs a name", field="clinic")
    if not name:
        raise RefusedError("the person needs a name", field="name")
    if role not in STAFF_ROLES:
        raise RefusedError(f"{role.value} is not a role of staff", field="role")
    try:
        validate_email(email)
    except ValidationError:
        raise RefusedError(f"{email!r} is no e-mail address", field="email") from None
    if User.objects.filter(email__iexact=email).exists():
        raise RefusedError(f"there is an account with the e-mail address {email}", field="email")
    made = User(email=email, name=name, language=language, is_fictional=fictional)
    try:
        validate_password(password, made)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field="password") from None
    made.set_password(password)
    with transaction.atomic():
        place, founded = Clinic.objects.get_or_create(name=clinic)
        made.save()
        EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
        Membership.objects.create(user=made, clinic=place, role=role.value)
        add_event(
            "user:add", actor=None, clinic=place.pk, detail={"user": str(made.pk), "role": role, "founded": founded}
        )
    return made
