"""Addresses of a record's genome. They hold random identifiers only; a variant that is asked about goes by POST."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.clinic import genome, genome_variant

HERE = "patients/<uuid:record>/genome/"

urlpatterns = [
    path(HERE, genome.genome, name="genome"),
    path(f"{HERE}add/", genome.upload, name="genome_add"),
    path(f"{HERE}file/<uuid:genome>/", genome.one, name="genome_one"),
    path(f"{HERE}file/<uuid:genome>/progress/", genome.progress, name="genome_progress"),
    path(f"{HERE}file/<uuid:genome>/end/", genome.change, {"what": "end"}, name="genome_end"),
    path(f"{HERE}file/<uuid:genome>/restore/", genome.change, {"what": "restore"}, name="genome_restore"),
    path(f"{HERE}variant/<uuid:variant>/", genome_variant.variant, name="genome_variant"),
    path(f"{HERE}ask/", genome_variant.ask, name="genome_ask"),
    path(f"{HERE}asked/<uuid:question>/", genome_variant.answered, name="genome_answer"),
    path(f"{HERE}asked/<uuid:question>/progress/", genome_variant.answer_progress, name="genome_answer_progress"),
]
