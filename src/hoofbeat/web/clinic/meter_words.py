"""The risk meter in words. It never calls a disclosure nameless: no number here can promise that."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from hoofbeat.network.risk import BASE_PATIENTS, BASE_RELEASE, Amplifier, Risk, Shape

FEW = 5  # network specification, section 2: what the table calls "under 5"
MOST_DOTS = 60


@dataclass(frozen=True)
class Meter:
    """What the page shows. `level` is alone, few or some; `dots` has one for each patient, those that fit first."""

    count: str
    meaning: str
    level: str
    dots: tuple[bool, ...]
    elsewhere: str
    amplifiers: tuple[str, ...]


def meter_words(found: Risk) -> Meter:
    """A risk as the page says it."""
    count = _("%(fitting)d of %(among)d:") % {"fitting": found.fitting, "among": found.among}
    if found.stands_alone:
        level, meaning = "alone", _("of the patients of this clinic, only this one fits all that would be told.")
    elif found.fitting < FEW:
        level, meaning = "few", _("so few patients of this clinic fit all that would be told, this one included.")
    else:
        level, meaning = "some", _("so many patients of this clinic fit all that would be told, this one included.")
    dots = tuple(number < found.fitting for number in range(found.among)) if found.among <= MOST_DOTS else ()
    amplifiers = {
        Amplifier.VARIANT: _("An exact change in a gene points to one person by itself. It is in no figure here."),
        Amplifier.FAMILY: _("How it runs in the family can point to one family. It is in no figure here."),
    }
    return Meter(count, meaning, level, dots, _elsewhere(found), tuple(amplifiers[one] for one in found.amplifiers))


def _elsewhere(found: Risk) -> str:
    rate = found.base_rate
    if found.shape is None or rate is None:
        return _("Nobody has measured how often such a choice of findings fits one person alone.")
    shape = {
        Shape.ALL: _("all their findings were told"),
        Shape.FIVE: _("their five most telling findings were told"),
        Shape.THREE: _("their three most telling findings were told"),
        Shape.ANY_THREE: _("three of their findings were told, drawn by lot"),
        Shape.RAISED_20: _("their three most telling findings were told in words so broad that 20 patients share them"),
        Shape.RAISED_100: _(
            "their three most telling findings were told in words so broad that 100 patients share them"
        ),
    }[found.shape]
    return _(
        "Elsewhere: of %(patients)s published patients, %(alone)d of 100 stood alone when %(shape)s, and %(few)d of "
        "100 were among fewer than five (findings alone; HPO %(release)s)."
    ) % {
        "patients": formats.number_format(BASE_PATIENTS, force_grouping=True),
        "alone": round(100 * rate.alone),
        "few": round(100 * rate.under_five),
        "shape": shape,
        "release": BASE_RELEASE,
    }
