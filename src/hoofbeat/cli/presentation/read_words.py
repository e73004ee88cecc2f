"""The words by which every form of a read text says what is said of a finding."""

from __future__ import annotations

from hoofbeat.interchange.text.mention import Assertion, Mention

UNCONFIRMED = "Nothing of this is known of the patient until somebody confirms it."

_WORDS = {
    Assertion.PRESENT: "present",
    Assertion.NEGATED: "denied",
    Assertion.UNCERTAIN: "uncertain",
    Assertion.PAST: "past",
    Assertion.PLANNED: "looked for",
}


def said(mention: Mention) -> str:
    """What the text says of a finding, in a few words."""
    if mention.assertion is not Assertion.FAMILY:
        return _WORDS[mention.assertion]
    state = mention.of_relative
    return mention.who if state in (None, Assertion.PRESENT) else f"{mention.who}: {_WORDS[state]}"
