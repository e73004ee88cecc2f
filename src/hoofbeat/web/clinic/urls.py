"""Addresses of those who work in the clinic."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.clinic.caseload import caseload, inbox, staff

urlpatterns = [
    path("patients/", caseload, name="caseload"),
    path("inbox/", inbox, name="inbox"),
    path("staff/", staff, name="staff"),
]
