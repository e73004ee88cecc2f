"""Every address of the application, and who gets what there. A new address needs a row here, or a test fails.

A row says what `get` and `post` answer to those it lets in; everybody it does not name is an outsider and gets 404 (on
a page) or the sign-in page (not signed in). `refused` are those who may read the record but not do this: 403.

The words for people are those of `World.small()` in tests/web/world.py; `elsewhere` is a clinician of another clinic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

CARE = frozenset({"clinician", "counsellor", "coordinator"})  # in the team of the record
DOCTORS = frozenset({"clinician", "counsellor"})
COLLEAGUES = CARE | {"outsider", "elsewhere"}  # may open the clinic's pages that concern no single record
ADMINISTRATORS = frozenset({"administrator"})
FAMILY = frozenset({"patient", "parent", "reader"})
ACTING_FAMILY = frozenset({"patient", "parent"})  # `reader` may only see
PORTAL = FAMILY | {"former", "stranger"}  # everybody who works in no clinic
RELATED = CARE | FAMILY
SIGNED_IN = COLLEAGUES | ADMINISTRATORS | PORTAL | {"researcher"}
NOBODY: frozenset[str] = frozenset()
EVERYBODY = SIGNED_IN | {"anonymous"}

# What `allowed` means: shown, done and led on, or told what is wrong with the (empty) form.
ALLOWED = frozenset({200, 201, 204, 302, 303, 400, 422})


@dataclass(frozen=True)
class Row:
    """One address by its name. `get` and `post`: who may; None: the method does nothing there."""

    name: str
    get: frozenset[str] | None
    post: frozenset[str] | None = None
    refused: frozenset[str] = NOBODY
    # Those of `refused` that only a POST is refused to.
    refused_post: frozenset[str] = NOBODY
    # A read of one record: leaves one event of it for each GET.
    of_record: bool = False
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def insiders(self) -> frozenset[str]:
        """Everybody for whom the address exists."""
        return (self.get or NOBODY) | (self.post or NOBODY) | self.refused | self.refused_post


def clinic_page(name: str, get: frozenset[str] | None = CARE, post: frozenset[str] | None = None) -> Row:
    """A page of one record in the clinic: those of the team who may not are told so."""
    everybody = (get or NOBODY) | (post or NOBODY)
    return Row(
        name, get, post, refused=CARE - everybody, refused_post=CARE & everybody - (post or everybody), of_record=True
    )


def portal_page(name: str, get: frozenset[str] | None = FAMILY, post: frozenset[str] | None = None) -> Row:
    """A page of one record in the portal: staff have no such page, whatever their relation."""
    everybody = (get or NOBODY) | (post or NOBODY)
    return Row(
        name, get, post, refused=FAMILY - everybody, refused_post=FAMILY & everybody - (post or everybody),
        of_record=True,
    )  # fmt: skip


ROWS = (
    # First page and lists
    Row("home", get=EVERYBODY),
    Row("caseload", get=COLLEAGUES),
    Row("inbox", get=COLLEAGUES),
    Row("staff", get=ADMINISTRATORS),
    Row("portal", get=PORTAL),
    Row("set_language", get=None, post=EVERYBODY),
)

# Sign-in, second factor, sessions: allauth's pages, about nobody but the one who asks. They are held to show nothing of
# a record and never to fail; who gets which is allauth's to test.
_SIGN_IN = """
account_login account_logout account_inactive account_signup account_reauthenticate account_email
account_email_verification_sent account_change_password account_set_password account_reset_password
account_confirm_login_code account_confirm_email account_reset_password_from_key_done account_reset_password_from_key
account_reset_password_done mfa_index mfa_authenticate mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp
mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn
mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_edit_webauthn mfa_login_webauthn socialaccount_login_cancelled
socialaccount_login_error socialaccount_signup socialaccount_connections openid_connect_login openid_connect_callback
usersessions_list
"""
SIGN_IN_PAGES = frozenset(_SIGN_IN.split())


def row_of(name: str) -> Row:
    """The row of an address."""
    for row in ROWS:
        if row.name == name:
            return row
    raise LookupError(f"the address {name!r} has no row: add one to ROWS in tests/web/url_table.py")


def names(rows: Iterable[Row] = ROWS) -> list[str]:
    """The names of rows."""
    return [row.name for row in rows]
