"""Every word of the application is in the second language, and its pages hold longer words from right to left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from hoofbeat.web.locale_files import RIGHT_TO_LEFT, compile_catalogues, read_catalogue
from tests.web.messages_in_source import allauths, messages
from tests.web.test_portal_pages import PAGES
from tests.web.world import World

GERMAN = Path(django_settings.CATALOGUES) / "de" / "LC_MESSAGES" / "django.po"
MARK = "\u2067"
CLINIC = (
    "patients/", "patients/new/", "inbox/", "break-glass/", "patients/RECORD/", "patients/RECORD/findings/",
    "patients/RECORD/findings/import/", "patients/RECORD/findings/read/", "patients/RECORD/differential/",
    "patients/RECORD/differential/history/",
    "patients/RECORD/diagnosis/", "patients/RECORD/family/", "patients/RECORD/tests/", "patients/RECORD/documents/",
    "patients/RECORD/visits/", "patients/RECORD/messages/", "patients/RECORD/team/", "patients/RECORD/details/",
    "patients/RECORD/people/", "patients/RECORD/who-looked/", "patients/RECORD/export/",
)  # fmt: skip
_PLACE = re.compile(r"%\(\w+\)[sd]")


def test_every_message_is_in_german() -> None:
    catalogue = read_catalogue(GERMAN)
    missing = [
        message
        for message in messages()
        if (entry := catalogue.get(message if isinstance(message, str) else message[0])) is None or not entry.string
    ]
    assert not missing


def test_no_translation_is_left_over() -> None:
    known = {message if isinstance(message, str) else message[0] for message in messages()}
    kept = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in read_catalogue(GERMAN) if entry.id}
    # What allauth says is said anew where it is too familiar (test_german_address.py).
    assert kept - known <= set(allauths())


def test_each_translation_keeps_the_places_that_are_filled_in() -> None:
    for entry in read_catalogue(GERMAN):
        if entry.id:
            given = entry.id if isinstance(entry.id, str) else entry.id[-1]
            forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
            for form in forms:
                assert set(_PLACE.findall(given)) == set(_PLACE.findall(form)), given


def test_catalogues_are_compiled_once_and_again_when_they_change(tmp_path: Path) -> None:
    source = tmp_path / "source" / "de" / "LC_MESSAGES"
    source.mkdir(parents=True)
    (source / "django.po").write_bytes(GERMAN.read_bytes())
    assert compile_catalogues(tmp_path / "source", tmp_path / "made") == ("de",)
    assert compile_catalogues(tmp_path / "source", tmp_path / "made") == ()
    with open(source / "django.po", "a", encoding="utf-8") as file:
        file.write('\nmsgid "Owl"\nmsgstr "Eule"\n')
    assert compile_catalogues(tmp_path / "source", tmp_path / "made") == ("de",)
    made = sorted(one.name for one in (tmp_path / "made").rglob("*") if one.is_file())
    assert made == ["django.mo", "django.sha256"], "nothing half written lies about"


@pytest.mark.django_db
class TestInTheBrowser:
    def test_the_switch_changes_the_language_of_the_portal_and_the_sign_in(self, world: World) -> None:
        browser = world.client("parent")
        home = f"/my/{world.record.pk}/"
        answer = browser.post("/language/setlang/", {"language": "de", "next": home})
        assert answer["Location"] == home
        page = browser.get(home).content.decode()
        assert '<html lang="de" dir="ltr">' in page
        assert "Was neu ist" in page
        team = browser.get(f"/my/{world.record.pk}/team/").content.decode()
        assert re.search(r"seit \d+\. \w+ 20\d\d", team), "a day as it is written in German"
        assert "Anmeldung und Sicherheit" in browser.get("/sign-in/2fa/").content.decode()

    def test_the_browser_says_which_language_without_a_choice(self) -> None:
        page = Client(headers={"Accept-Language": "de-AT,de;q=0.9"}).get("/sign-in/login/").content.decode()
        assert "Konten entstehen mit einem Brief" in page

    def test_the_switch_leads_to_no_other_host(self, world: World) -> None:
        answer = world.client("parent").post("/language/setlang/", {"language": "de", "next": "https://evil.example/"})
        assert answer["Location"] == "/"


def _headings(browser: Client, page: str) -> list[str]:
    text = browser.get(page).content.decode()
    assert f'<html lang="{RIGHT_TO_LEFT}" dir="rtl">' in text
    found = re.findall(r"<h[1-3][^>]*>(.*?)</h[1-3]>", text, re.DOTALL)
    assert found
    return found


def _speaks(world: World, who: str) -> Client:
    world.people[who].language = RIGHT_TO_LEFT
    world.people[who].save()
    return world.client(who)


@pytest.mark.django_db
@pytest.mark.same_on_any_database("which words pages have")
@pytest.mark.parametrize("page", PAGES)
def test_from_right_to_left_no_english_heading_is_left_for_a_family(
    world: World, right_to_left: str, page: str
) -> None:
    headings = _headings(_speaks(world, "parent"), f"/my/{world.record.pk}/{page}")
    assert not [heading for heading in headings if MARK not in heading]


@pytest.mark.django_db
@pytest.mark.same_on_any_database("which words pages have")
@pytest.mark.parametrize("page", CLINIC)
def test_from_right_to_left_no_english_heading_is_left_in_the_clinic(
    world: World, right_to_left: str, page: str
) -> None:
    headings = _headings(_speaks(world, "clinician"), f"/clinic/{page.replace('RECORD', str(world.record.pk))}")
    # The patient's name is nobody's to translate.
    assert not [heading for heading in headings if MARK not in heading and world.record.called not in heading]
