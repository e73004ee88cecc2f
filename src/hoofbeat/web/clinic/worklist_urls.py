"""Addresses of the worklists, of new records and of break-glass."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.clinic import caseload, changes, demographics, glass, inbox

urlpatterns = [
    path("patients/", caseload.caseload, name="caseload"),
    path("patients/new/", demographics.new_record, name="new_record"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("changes/", changes.changes, name="changes"),
    path("changes/look-again/", changes.look_again, name="look_again"),
    path("patients/<uuid:record>/changes/<uuid:change>/seen/", changes.seen, name="change_seen"),
    path("patients/<uuid:record>/changes/<uuid:change>/unseen/", changes.unseen, name="change_unseen"),
    path("patients/<uuid:record>/waiting/<uuid:thing>/assign/", inbox.assign, name="assign"),
    path("patients/<uuid:record>/tasks/<uuid:task>/finish/", inbox.finish, name="task_finish"),
    path("break-glass/", glass.glass, name="break_glass"),
]
