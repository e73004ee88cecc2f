"""Registers `access` with Django."""

from importlib import import_module
from types import ModuleType

from django.apps import AppConfig
from django.conf import settings

from hoofbeat.web.locale_files import compile_catalogues


class AccessConfig(AppConfig):
    """The app `access`."""

    name = "hoofbeat.web.access"
    label = "access"

    def __init__(self, app_name: str, app_module: ModuleType) -> None:
        """Make the translations readable before anything is translated: Django reads each catalogue once."""
        super().__init__(app_name, app_module)
        compile_catalogues(settings.CATALOGUES, settings.CONFIGURATION.folder / "locale")

    def ready(self) -> None:
        """Listen to sign-ins."""
        import_module("hoofbeat.web.access.sign_in_events")
