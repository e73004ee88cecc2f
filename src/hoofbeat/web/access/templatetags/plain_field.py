"""A field of the sign-in's forms as the pages have theirs: the label stands above it, once."""

from __future__ import annotations

from django import template
from django.forms import BoundField

register = template.Library()


@register.filter
def without_placeholder(field: BoundField) -> BoundField:
    """The field without its label inside, which goes away as soon as somebody types."""
    field.field.widget.attrs.pop("placeholder", None)
    return field
