"""Every stored field is classified: identifying, clinical or operational."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from hoofbeat.web.access.fields import FieldClass

pytestmark = pytest.mark.same_on_any_database("reads the models")

OURS = [model for label in ("access", "audit", "records") for model in apps.get_app_config(label).get_models()]
# What somebody could be known by.
NAMING = ("name", "email", "phone", "birth", "address")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_each_field_of_a_model_is_classified(model: type[models.Model]) -> None:
    stored = {column.name for column in model._meta.concrete_fields} | {c.name for c in model._meta.many_to_many}
    classes = getattr(model, "field_classes", None)
    assert classes is not None, f"{model.__name__} needs field_classes"
    assert set(classes) == stored
    assert all(isinstance(one, FieldClass) for one in classes.values())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_free_text_about_a_patient_is_never_called_operational(model: type[models.Model]) -> None:
    if model._meta.app_label != "records":
        return
    classes: dict[str, FieldClass] = model.field_classes  # type: ignore[attr-defined]
    for column in model._meta.concrete_fields:
        if isinstance(column, models.TextField) or column.name.startswith(NAMING):
            assert classes[column.name] is not FieldClass.OPERATIONAL, column.name
