"""Marks the words that stay English on a page of another language: terms of HPO, names of diseases, notes of readers.

A screen reader then speaks them as English, and in a page from right to left they keep their own direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils import formats
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

LANGUAGE = "en"
_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?%?")
_PLACE = re.compile(r"%\((\w+)\)s")


def english(text: object) -> SafeString:
    """The text, marked as English where the page is not; what is marked already stays as it is."""
    if isinstance(text, SafeString):
        return text
    if (get_language() or LANGUAGE).partition("-")[0] == LANGUAGE:
        return conditional_escape(str(text))
    return format_html('<span lang="en" dir="ltr">{}</span>', str(text))


def around_english(sentence: str, **given: object) -> SafeString:
    """A sentence of the page's language with English words, or others, put in their places `%(name)s`."""
    return SafeString(conditional_escape(sentence) % {name: _escaped(one) for name, one in given.items()})


def _escaped(given: object) -> SafeString:
    return given if isinstance(given, SafeString) else conditional_escape(str(given))


def localized(number: str) -> str:
    """The decimal and thousands signs of the page's language, in a number that was written in English."""
    signs = {".": formats.get_format("DECIMAL_SEPARATOR"), ",": formats.get_format("THOUSAND_SEPARATOR")}
    return "".join(signs.get(sign, sign) for sign in number)


def translated(text: str, sentences: Iterable[str], inside: Sequence[str] = ()) -> str:
    """A sentence of a room that speaks English alone, in the page's language.

    `sentences` are those that are known, marked with `gettext_noop`, with places `%(name)s` for what varies; `inside`
    are those that may stand in these places. Numbers get the signs of the page's language. Another sentence is shown as
    it is, marked as English.
    """
    for sentence in sentences:
        pattern = _PLACE.sub(r"(?P<\1>.+)", re.escape(sentence).replace(r"%\(", "%(").replace(r"\)s", ")s"))
        if found := re.fullmatch(pattern, text):
            given = {name: localized(one) if _NUMBER.fullmatch(one) else one for name, one in found.groupdict().items()}
            if inside:
                parts = {name: one if one.isdigit() else translated(one, inside) for name, one in given.items()}
                return around_english(gettext(sentence), **parts)
            return gettext(sentence) % given if given else gettext(sentence)
    return english(text)
