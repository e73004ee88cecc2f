"""Addresses of those who work in the clinic."""

from __future__ import annotations

from django.urls import include, path

from hoofbeat.web.clinic.caseload import caseload, inbox, staff

urlpatterns = [
    path("", include("hoofbeat.web.clinic.record_urls")),
    path("patients/", caseload, name="caseload"),
    path("inbox/", inbox, name="inbox"),
    path("staff/", staff, name="staff"),
]
