"""Registers `portal` with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `portal`."""

    name = "hoofbeat.web.portal"
    label = "portal"
