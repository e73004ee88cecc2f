"""Registers `access` with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The app `access`."""

    name = "hoofbeat.web.access"
    label = "access"
