"""A probability as words. A family never sees a bare number: it would say more than anybody knows."""

from __future__ import annotations

from django.utils.translation import gettext as _

# From this chance upwards, the words. Ours, to be tested with families.
LIKELY, POSSIBLE, KEPT_IN_MIND = 0.7, 0.3, 0.05


def chance_words(probability: float | None) -> str:
    """How likely something is, in words."""
    if probability is None:
        return ""
    if probability >= LIKELY:
        return _("fits best so far")
    if probability >= POSSIBLE:
        return _("may well be it")
    if probability >= KEPT_IN_MIND:
        return _("possible")
    return _("less likely, kept in mind")
