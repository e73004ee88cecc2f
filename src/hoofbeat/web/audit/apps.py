"""Registers `audit` with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "hoofbeat.web.audit"
    label = "audit"
