"""Registers `access` with Django."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from hoofbeat.web.locale_files import compile_catalogues


class AccessConfig(AppConfig):
    """The app `access`."""

    name = "hoofbeat.web.access"
    label = "access"

    def ready(self) -> None:
        """Listen to sign-ins; make the translations readable."""
        import_module("hoofbeat.web.access.sign_in_events")
        compile_catalogues(settings.CATALOGUES, settings.CONFIGURATION.folder / "locale")
