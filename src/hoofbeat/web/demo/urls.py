"""Addresses of the demonstration; the settings leave them out everywhere else."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.demo.sign_in import be, people

urlpatterns = [
    path("", people, name="demo_people"),
    path("<uuid:user>/", be, name="demo_be"),
]
