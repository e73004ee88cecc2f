"""Registers `clinic` with Django."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """The app `clinic`."""

    name = "hoofbeat.web.clinic"
    label = "clinic"
