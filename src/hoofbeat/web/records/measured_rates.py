"""How often what is told of a person fitted nobody else among published patients, in words for whoever is asked to
agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hoofbeat.network.risk import BASE_RATES, Shape


@dataclass(frozen=True)
class MeasuredRate:
    """What is told, and of 100 people how many stood alone, and how many were among fewer than five."""

    told: str
    alone: int
    few: int


def measured_rates() -> tuple[MeasuredRate, ...]:
    """Every choice of signs that somebody has measured, from the most told to the least, as a family would say it."""
    told = {
        Shape.ALL: _("all signs"),
        Shape.FIVE: _("the five signs that tell the most"),
        Shape.THREE: _("the three signs that tell the most"),
        Shape.ANY_THREE: _("any three signs"),
        Shape.RAISED_20: _("three signs in broader words, which 20 people share"),
        Shape.RAISED_100: _("three signs in broader words, which 100 people share"),
    }
    return tuple(
        MeasuredRate(words, round(100 * BASE_RATES[shape].alone), round(100 * BASE_RATES[shape].under_five))
        for shape, words in told.items()
    )
