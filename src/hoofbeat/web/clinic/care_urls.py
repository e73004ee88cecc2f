"""Addresses of a record's pages for care: details, family, tests, documents, visits, messages, team and access."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.clinic import demographics, documents, earlier_tests, family, looked, messages, sharing, team, visits

ONE = "patients/<uuid:record>/"
DOCUMENT = f"{ONE}documents/<uuid:document>/"

urlpatterns = [
    path(f"{ONE}details/", demographics.demographics, name="demographics"),
    path(f"{ONE}family/", family.family, name="family"),
    path(f"{ONE}family/add/", family.add, name="relative_add"),
    path(f"{ONE}family/<uuid:relative>/", family.edit, name="relative_edit"),
    path(f"{ONE}family/<uuid:relative>/remove/", family.remove, name="relative_remove"),
    path(f"{ONE}family/<uuid:relative>/restore/", family.restore, name="relative_restore"),
    path(f"{ONE}tests/", earlier_tests.tests, name="tests"),
    path(f"{ONE}tests/add/", earlier_tests.add_one_test, name="test_add"),
    path(f"{ONE}tests/<uuid:test>/end/", earlier_tests.change_test, {"what": "end"}, name="test_end"),
    path(f"{ONE}tests/<uuid:test>/restore/", earlier_tests.change_test, {"what": "restore"}, name="test_restore"),
    path(f"{ONE}notes/add/", earlier_tests.add_one_note, name="note_add"),
    path(f"{ONE}notes/<uuid:note>/end/", earlier_tests.change_note, {"what": "end"}, name="note_end"),
    path(f"{ONE}notes/<uuid:note>/restore/", earlier_tests.change_note, {"what": "restore"}, name="note_restore"),
    path(f"{ONE}documents/", documents.documents, name="documents"),
    path(f"{ONE}documents/add/", documents.add, name="document_add"),
    path(f"{DOCUMENT}file/", documents.document_file, {"picture": False}, name="document_file"),
    path(f"{DOCUMENT}picture/", documents.document_file, {"picture": True}, name="document_picture"),
    path(f"{DOCUMENT}share/", documents.change, {"what": "share"}, name="document_share"),
    path(f"{DOCUMENT}hide/", documents.change, {"what": "hide"}, name="document_hide"),
    path(f"{DOCUMENT}end/", documents.change, {"what": "end"}, name="document_end"),
    path(f"{DOCUMENT}restore/", documents.change, {"what": "restore"}, name="document_restore"),
    path(f"{ONE}visits/", visits.visits, name="visits"),
    path(f"{ONE}visits/plan/", visits.plan, name="visit_plan"),
    path(f"{ONE}visits/<uuid:visit>/move/", visits.change, {"what": "move"}, name="visit_move"),
    path(f"{ONE}visits/<uuid:visit>/cancel/", visits.change, {"what": "cancel"}, name="visit_cancel"),
    path(f"{ONE}visits/<uuid:visit>/hold/", visits.change, {"what": "hold"}, name="visit_hold"),
    path(f"{ONE}visits/<uuid:visit>/reopen/", visits.change, {"what": "reopen"}, name="visit_reopen"),
    path(f"{ONE}messages/", messages.messages, name="messages"),
    path(f"{ONE}messages/send/", messages.send, name="message_send"),
    path(f"{ONE}messages/read/", messages.read_all, name="messages_read"),
    path(f"{ONE}team/", team.team, name="team"),
    path(f"{ONE}team/add/", team.add, name="team_add"),
    path(f"{ONE}team/<int:member_id>/end/", team.end_member, name="team_end"),
    path(f"{ONE}sharing/", sharing.sharing, name="sharing"),
    path(f"{ONE}sharing/no/", sharing.write_down, name="dissent_write"),
    path(f"{ONE}sharing/no/<uuid:dissent>/resolve/", sharing.resolve, name="dissent_resolve"),
    path(f"{ONE}who-looked/", looked.looked, name="looked"),
]
