"""Every address of the application, and who gets what there. A new address needs a row here, or a test fails.

A row says what `get` and `post` answer to those it lets in; everybody it does not name is an outsider and gets 404 (on
a page) or the sign-in page (not signed in). `refused` are those who may read the record but not do this: they get 403,
or 404 where their role has no such page at all, and whatever they get, nothing is changed.

The words for people are those of `World.small()` in tests/web/world.py; `elsewhere` is a clinician of another clinic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CARE = frozenset({"clinician", "counsellor", "coordinator"})  # in the team of the record
CLINICIANS = frozenset({"clinician"})
DOCTORS = frozenset({"clinician", "counsellor"})
GLASS_BREAKERS = DOCTORS | {"outsider", "elsewhere"}
TERM_FINDERS = GLASS_BREAKERS
COLLEAGUES = CARE | {"outsider", "elsewhere"}  # may open the clinic's pages that concern no single record
ADMINISTRATORS = frozenset({"administrator"})
RESEARCHERS = frozenset({"researcher"})
PATIENTS = frozenset({"patient"})
FAMILY = frozenset({"patient", "parent", "reader"})
ACTING_FAMILY = frozenset({"patient", "parent"})  # `reader` may only see
PORTAL = FAMILY | {"former", "stranger"}  # everybody who works in no clinic
RELATED = CARE | FAMILY
SIGNED_IN = COLLEAGUES | ADMINISTRATORS | PORTAL | RESEARCHERS
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
    # An empty form, or an identifier that the tests cannot know, may answer 404 even to those who may.
    may_be_missing: bool = False

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
    Row("caseload", get=COLLEAGUES, post=COLLEAGUES),
    Row("new_record", get=COLLEAGUES, post=COLLEAGUES),
    Row("inbox", get=COLLEAGUES),
    Row("changes", get=GLASS_BREAKERS),
    Row("look_again", get=None, post=GLASS_BREAKERS),
    clinic_page("change_seen", None, DOCTORS),
    clinic_page("change_unseen", None, DOCTORS),
    Row("assign", get=None, post=CARE, of_record=True),
    Row("task_finish", get=None, post=CARE, of_record=True),
    Row("research", get=RESEARCHERS),
    Row("confirm_law", get=None, post=ADMINISTRATORS),
    Row("break_glass", get=GLASS_BREAKERS, post=GLASS_BREAKERS),
    Row("terms", get=None, post=TERM_FINDERS),
    Row("staff", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row("recipients", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row("jobs", get=ADMINISTRATORS),
    Row("job_again", get=None, post=ADMINISTRATORS, may_be_missing=True),
    Row("job_aside", get=None, post=ADMINISTRATORS, may_be_missing=True),
    Row("end_work", get=None, post=ADMINISTRATORS, may_be_missing=True),
    Row("withdraw_invitation", get=None, post=CARE),
    Row("portal", get=PORTAL),
    Row("set_language", get=None, post=EVERYBODY),
    # It is the token that opens it (tests/web/test_access_invitations.py), and this one is of no letter.
    Row("invitation", get=EVERYBODY, post=EVERYBODY, may_be_missing=True),
    # One record, in the clinic: findings and differential
    clinic_page("record"),
    clinic_page("story_read", None, DOCTORS),
    clinic_page("findings"),
    clinic_page("findings_find", None, DOCTORS),
    clinic_page("finding_set", None, DOCTORS),
    clinic_page("findings_import", DOCTORS, DOCTORS),
    clinic_page("read_note", DOCTORS, DOCTORS),
    clinic_page("read_note_take", None, DOCTORS),
    clinic_page("read_note_undo", None, DOCTORS),
    clinic_page("finding_take_back", None, DOCTORS),
    clinic_page("finding_restore", None, DOCTORS),
    clinic_page("finding_decide", None, DOCTORS),
    clinic_page("differential", DOCTORS),
    clinic_page("differential_panel", DOCTORS),
    clinic_page("compare", None, DOCTORS),
    clinic_page("ranking_history", DOCTORS),
    clinic_page("genome", DOCTORS),
    clinic_page("genome_add", None, DOCTORS),
    clinic_page("genome_one", DOCTORS, DOCTORS),
    # Asked every two seconds; it says how many bytes are read, and is no look at the record.
    Row("genome_progress", DOCTORS, refused=CARE - DOCTORS),
    clinic_page("genome_end", None, DOCTORS),
    clinic_page("genome_restore", None, DOCTORS),
    clinic_page("genome_variant", DOCTORS),
    clinic_page("genome_ask", None, DOCTORS),
    clinic_page("genome_answer", DOCTORS),
    Row("genome_answer_progress", DOCTORS, refused=CARE - DOCTORS),
    clinic_page("rank_again", None, DOCTORS),
    clinic_page("next_step", DOCTORS),
    clinic_page("step_mark", None, DOCTORS),
    clinic_page("step_mark_end", None, DOCTORS),
    clinic_page("family_ask", None, DOCTORS),
    clinic_page("family_ask_end", None, DOCTORS),
    clinic_page("work_up", DOCTORS),
    clinic_page("plan_release", None, CLINICIANS),
    clinic_page("plan_end", None, CLINICIANS),
    clinic_page("diagnosis", DOCTORS),
    clinic_page("diagnosis_confirm", None, CLINICIANS),
    clinic_page("diagnosis_withdraw", None, CLINICIANS),
    clinic_page("status_set", None, CLINICIANS),
    clinic_page("release", None, CLINICIANS),
    clinic_page("release_end", None, CLINICIANS),
    # One record, in the clinic: person, family, tests, documents
    clinic_page("demographics", CARE, CARE),
    clinic_page("family"),
    clinic_page("relative_add", None, CARE),
    clinic_page("relative_edit", CARE, CARE),
    clinic_page("relative_remove", None, CARE),
    clinic_page("relative_restore", None, CARE),
    clinic_page("tests"),
    clinic_page("test_add", None, CARE),
    clinic_page("test_end", None, CARE),
    clinic_page("test_restore", None, CARE),
    clinic_page("note_add", None, CARE),
    clinic_page("note_end", None, CARE),
    clinic_page("note_restore", None, CARE),
    clinic_page("documents"),
    clinic_page("document_add", None, CARE),
    clinic_page("document_file"),
    clinic_page("document_picture"),
    clinic_page("document_share", None, CARE),
    clinic_page("document_hide", None, CARE),
    clinic_page("document_end", None, CARE),
    clinic_page("document_restore", None, CARE),
    # One record, in the clinic: visits, messages, people
    clinic_page("visits"),
    clinic_page("visit_plan", None, CARE),
    clinic_page("visit_move", None, CARE),
    clinic_page("visit_cancel", None, CARE),
    clinic_page("visit_hold", None, CARE),
    clinic_page("visit_reopen", None, CARE),
    clinic_page("messages"),
    clinic_page("message_send", None, CARE),
    Row("messages_read", get=None, post=CARE, of_record=True, may_be_missing=True),
    clinic_page("team"),
    clinic_page("team_add", None, CARE),
    clinic_page("team_end", None, CARE),
    clinic_page("sharing"),
    clinic_page("dissent_write", None, CARE),
    clinic_page("dissent_resolve", None, CLINICIANS),
    clinic_page("looked", DOCTORS),
    clinic_page("people", CARE, CARE),
    clinic_page("end_access", None, CARE),
    clinic_page("export", CLINICIANS, CLINICIANS),
    # One record, in the portal
    portal_page("portal_record"),
    portal_page("portal_story", FAMILY, ACTING_FAMILY),
    portal_page("portal_search_signs", None, ACTING_FAMILY),
    portal_page("portal_story_signs", ACTING_FAMILY, ACTING_FAMILY),
    Row("portal_tell_sign", None, ACTING_FAMILY, of_record=True, may_be_missing=True),
    portal_page("portal_take_back", None, ACTING_FAMILY),
    portal_page("portal_messages", FAMILY, ACTING_FAMILY),
    Row("portal_messages_read", None, ACTING_FAMILY, of_record=True, may_be_missing=True),
    portal_page("portal_visits"),
    portal_page("portal_documents", FAMILY, ACTING_FAMILY),
    Row("portal_document", FAMILY, of_record=True, may_be_missing=True),
    portal_page("portal_talked"),
    portal_page("portal_plan"),
    portal_page("portal_team"),
    portal_page("portal_consents", FAMILY, ACTING_FAMILY),
    portal_page("portal_consent"),
    portal_page("portal_withdraw_consent", None, ACTING_FAMILY),
    portal_page("portal_renew_consent", None, ACTING_FAMILY),
    portal_page("portal_assent", FAMILY, ACTING_FAMILY),
    portal_page("portal_dissent", None, ACTING_FAMILY),
    portal_page("portal_take_back_dissent", None, ACTING_FAMILY),
    portal_page("portal_left"),
    portal_page("portal_own_copy", None, PATIENTS),
    portal_page("portal_looked"),
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
socialaccount_login_error socialaccount_signup socialaccount_connections clinic_oidc_login clinic_oidc_callback
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
