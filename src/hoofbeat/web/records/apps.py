"""Registers `records` with Django."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The app `records`."""

    name = "hoofbeat.web.records"
    label = "records"
