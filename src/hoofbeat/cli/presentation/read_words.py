"""The words by which every form of a read text says what is said of a finding."""

from __future__ import annotations

from collections.abc import Iterator

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


def pieces(text: str, mentions: tuple[Mention, ...]) -> Iterator[tuple[str, Mention | None]]:
    """The text in order, cut at the mentions: each piece with its mention, or None for what stands between."""
    at = 0
    for mention in mentions:
        if mention.start > at:
            yield text[at : mention.start], None
        yield text[mention.start : mention.end], mention
        at = mention.end
    if at < len(text):
        yield text[at:], None
