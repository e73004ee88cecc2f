"""The language of an account: kept with it, used on its pages on every machine, and in what is sent to it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from hoofbeat.web.access.models import User
from hoofbeat.web.audit.models import Event
from hoofbeat.web.mail import Kind, deliver
from tests.web import world as make
from tests.web.world import World

pytestmark = pytest.mark.django_db
SWITCH = "/language/setlang/"


def language_of(browser: Client, page: str) -> str:
    text = browser.get(page).content.decode()
    return text.split('<html lang="', 1)[1].split('"', 1)[0]


def test_a_choice_is_kept_with_the_account_and_holds_on_another_machine(world: World) -> None:
    first = world.client("clinician")
    first.post(SWITCH, {"language": "de", "next": "/clinic/patients/"})
    assert "django_language" not in first.cookies
    assert language_of(first, "/clinic/patients/") == "de"
    assert language_of(make.client(world.clinician), "/clinic/patients/") == "de"
    assert language_of(world.client("counsellor"), "/clinic/patients/") == "en"


def test_a_choice_leaves_one_event_and_the_same_choice_none(world: World) -> None:
    browser = world.client("clinician")
    for _again in range(2):
        browser.post(SWITCH, {"language": "de", "next": "/"})
    assert Event.objects.filter(verb="account:choose_language").count() == 1


@pytest.mark.parametrize("language", ["tlh", "fr", "", "de; rm"])
def test_a_language_that_is_not_offered_changes_nothing(world: World, language: str) -> None:
    browser = world.client("clinician")
    browser.post(SWITCH, {"language": language, "next": "/"})
    assert User.objects.get(pk=world.clinician.pk).language == "en"


def test_what_was_chosen_before_the_sign_in_goes_to_the_account_and_not_to_the_next_person(world: World) -> None:
    parent = world.people["parent"]
    parent.set_password(make.PASSWORD)
    parent.save()
    browser = Client()
    browser.post(SWITCH, {"language": "de", "next": "/sign-in/login/"})
    assert language_of(browser, "/sign-in/login/") == "de"
    browser.post("/sign-in/login/", {"login": parent.email, "password": make.PASSWORD})
    assert User.objects.get(pk=parent.pk).language == "de"
    assert language_of(browser, "/sign-in/2fa/") == "de"
    browser.post("/sign-in/logout/")
    assert language_of(browser, "/sign-in/login/") == "en"


def test_the_account_counts_more_than_the_browser(world: World) -> None:
    browser = world.client("clinician")
    text = browser.get("/clinic/patients/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="en"' in text


def test_mails_go_out_in_the_language_of_the_receiver_whatever_the_sender_speaks(world: World) -> None:
    parent = world.people["parent"]
    User.objects.filter(pk=parent.pk).update(language="de")
    parent.refresh_from_db()
    with translation.override("en"):
        deliver(Kind.NEW_MESSAGE, parent)
    assert "Eine Nachricht wartet auf Sie." in mail.outbox[-1].body
    with translation.override("de"):
        deliver(Kind.NEW_MESSAGE, world.clinician)
    assert "A message waits for you." in mail.outbox[-1].body


def test_a_forgotten_password_is_answered_in_the_language_of_the_account(world: World) -> None:
    User.objects.filter(pk=world.people["parent"].pk).update(language="de")
    Client().post("/sign-in/password/reset/", {"email": world.people["parent"].email})
    assert "Jemand, wahrscheinlich Sie, hat ein neues Passwort erbeten" in mail.outbox[-1].body


@pytest.mark.parametrize(("of_the_record", "read"), [("de", "Ihre Einladung"), ("es", "Your invitation")])
def test_a_letter_is_written_in_the_language_of_its_receiver(world: World, of_the_record: str, read: str) -> None:
    world.record.language = of_the_record
    world.record.save()
    sent = world.client("clinician").post(
        f"/clinic/patients/{world.record.pk}/people/",
        {
            "name": "Aunt Example", "email": "aunt@example.org", "role": "proxy", "relation": "aunt", "scopes": "see",
            "until": "2031-05-24",
        },
    )  # fmt: skip
    text = sent.content.decode()
    assert sent.status_code == 200
    sheet = text.split("<article", 1)[1].split("</article>", 1)[0]
    assert f'lang="{"de" if of_the_record == "de" else "en"}"' in sheet
    assert read in sheet
    assert mail.outbox[-1].subject == read
