"""Addresses of those who work in the clinic."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("hoofbeat.web.clinic.worklist_urls")),
    path("", include("hoofbeat.web.clinic.care_urls")),
    path("", include("hoofbeat.web.clinic.record_urls")),
    path("", include("hoofbeat.web.clinic.genome_urls")),
    path("", include("hoofbeat.web.clinic.export_urls")),
]
