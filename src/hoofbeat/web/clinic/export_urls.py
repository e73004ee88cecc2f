"""The address of the page that sends a record outside."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.clinic.export import export

urlpatterns = [path("patients/<uuid:pk>/export/", export, name="export")]
