"""Addresses of those who work in the clinic."""

from __future__ import annotations

from django.urls import include, path

from hoofbeat.web.clinic.caseload import staff

urlpatterns = [
    path("", include("hoofbeat.web.clinic.worklist_urls")),
    path("", include("hoofbeat.web.clinic.care_urls")),
    path("", include("hoofbeat.web.clinic.record_urls")),
    path("staff/", staff, name="staff"),
]
