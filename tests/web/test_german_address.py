"""In German the application says "Sie" to everybody, also where allauth's own words are shown; only a child is "du"."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils import translation

from hoofbeat.web.locale_files import read_catalogue
from tests.web.addresses import address
from tests.web.messages_in_source import WEB, allauths
from tests.web.test_languages import GERMAN
from tests.web.url_table import SIGN_IN_PAGES
from tests.web.world import World

_FAMILIAR = re.compile(
    r"\b(du|dich|dir|dein(e[mnrs]?)?|euch|euer|eure[mnrs]?)\b|"
    r"\bbitte (bestätige|kontaktiere|wähle|versuche|gib|habe|folge|klicke?|melde|lass|verwende|überprüfe)\b",
    re.IGNORECASE,
)
# Where a child is spoken to.
FOR_A_CHILD = (WEB / "pages" / "portal" / "assent.html", WEB / "portal" / "assent.py")
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


def test_nothing_that_allauth_can_say_is_familiar() -> None:
    with translation.override("de"):
        said = {message: translation.gettext(message) for message in allauths()}
    assert len(said) > 100
    assert {message: words for message, words in said.items() if _FAMILIAR.search(words)} == {}


def test_only_a_child_is_spoken_to_as_one() -> None:
    source = " ".join(file.read_text(encoding="utf-8") for file in FOR_A_CHILD)
    familiar = [
        one.id for one in read_catalogue(GERMAN) if isinstance(one.string, str) and _FAMILIAR.search(one.string)
    ]
    assert familiar, "a child is spoken to somewhere"
    assert [one for one in familiar if str(one) not in source] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SIGN_IN_PAGES))
def test_no_sign_in_page_is_familiar(name: str, world: World) -> None:
    known = {"provider_id": "none", "uidb36": "0", "key": "x-y"}
    for client in (world.client("clinician"), world.client("parent"), Client()):
        for user in world.people.values():
            user.language = "de"
            user.save()
        answer = client.get(address(name, known), headers={"accept-language": "de"}, follow=True)
        text = html.unescape(_TAG.sub(" ", b"".join(answer).decode(errors="replace")))
        assert 'lang="de"' in b"".join(answer).decode(errors="replace") or answer.status_code != 200
        assert not _FAMILIAR.search(text), _FAMILIAR.findall(text)
