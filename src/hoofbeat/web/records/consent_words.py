"""What a patient can agree to, in plain words. The words are a version of their own: a consent names the one it was
given under.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hoofbeat.network.gate import THE_PATIENT, Detail, Purpose

TEXT_VERSION = "2026-11"
CONSENT_YEARS = 2  # network specification, section 2: ours
OTHER_PLACE = "named"
MAX_PLACE = 100
NAMED_PREFIX = "named:"


@dataclass(frozen=True)
class Choice:
    """One thing to choose: what is stored, its name, and what it means."""

    key: str
    name: str
    meaning: str


def purposes() -> tuple[Choice, ...]:
    """What data can be used for; never the own copy, which needs no consent."""
    return (
        Choice(
            Purpose.MATCHING,
            _("Finding another patient who is alike"),
            _("Other clinics are asked: do you know somebody with these signs?"),
        ),
        Choice(
            Purpose.CONTACT,
            _("Being contacted"),
            _("If somebody who is alike is found, the clinics may ask both families whether they want to talk."),
        ),
        Choice(Purpose.BOARD, _("Asking experts"), _("Experts elsewhere look at the case and say what they think.")),
        Choice(
            Purpose.COUNTS, _("Being counted"), _("You are one in a number, such as “ten patients have this sign”.")
        ),
        Choice(Purpose.RESEARCH, _("Research"), _("Approved researchers may use the data to learn about the disease.")),
        Choice(
            Purpose.LIBRARY,
            _("Helping the next diagnosis"),
            _("Once there is a diagnosis, how often each sign was found is added to a library. It holds numbers only."),
        ),
        Choice(
            Purpose.OPEN_CASE,
            _("A published case"),
            _("The case may be read by anybody, like a case in a medical journal."),
        ),
        Choice(Purpose.TRIALS, _("Hearing of studies"), _("You may be told of studies that could suit you.")),
    )


def recipients() -> tuple[Choice, ...]:
    """Who can receive."""
    return (
        Choice("agreement:network", _("Clinics of our network"), _("Clinics that work by the same rules as yours.")),
        Choice(
            "agreement:matchmaker-exchange",
            _("Matchmaker Exchange"),
            _("Hospitals and research centres around the world that look for patients who are alike."),
        ),
        Choice("public", _("Everybody"), _("Anybody can read it, and it cannot be taken back from everybody.")),
        Choice(OTHER_PLACE, _("One place that I name"), _("For instance one hospital. Write its name below.")),
    )


def details() -> tuple[Choice, ...]:
    """How much is told, from least to most. None of these says who you are: no name, no birthday, no address."""
    return (
        Choice("1", _("Only counted"), _("One more in a number. Nothing about you alone.")),
        Choice("2", _("The gene"), _("Which gene the clinic thinks of.")),
        Choice("3", _("The gene and five signs"), _("The five signs that tell the most.")),
        Choice("4", _("All signs"), _("What was found, and what was looked for and not found.")),
        Choice(
            "5",
            _("All signs, and the background"),
            _("Also sex, age in steps of ten years, how it runs in the family, and at what age signs began."),
        ),
        Choice("6", _("And the exact change in the gene"), _("This can point to one person. Choose it with care.")),
    )


def purpose_name(key: str) -> str:
    """A purpose by name."""
    if key == Purpose.OWN_COPY:
        return _("Your own copy")
    return next((one.name for one in purposes() if one.key == key), key)


def recipient_name(key: str) -> str:
    """A recipient by name."""
    if key == THE_PATIENT:
        return _("the patient")
    if key.startswith(NAMED_PREFIX):
        return key.removeprefix(NAMED_PREFIX)
    return next((one.name for one in recipients() if one.key == key), key)


def detail_name(level: int) -> str:
    """A level by name."""
    if level == Detail.EVERYTHING:
        return _("Everything that is in the record")
    return next((one.name for one in details() if one.key == str(level)), str(level))


def detail_meaning(level: int) -> str:
    """What a level tells, in a sentence."""
    return next((one.meaning for one in details() if one.key == str(level)), "")
