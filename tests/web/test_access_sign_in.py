"""Signing in as people do it: password, second step, throttling over workers, and what is left in the audit chain."""

from __future__ import annotations

import json
import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hoofbeat.web.access.actions.people import end_membership
from hoofbeat.web.access.middleware import OPEN_PREFIXES
from hoofbeat.web.access.models import User
from hoofbeat.web.access.roles import Role
from hoofbeat.web.audit.models import Event
from hoofbeat.web.configuration import Configuration, ConfigurationError, Oidc
from tests.web import world as make
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
LOGIN = "/sign-in/login/"


def with_password(who: User) -> User:
    who.set_password(PASSWORD)
    who.save()
    return who


def code_for(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def sign_in(browser: Client, who: User, password: str = PASSWORD) -> str:
    answer = browser.post(LOGIN, {"login": who.email, "password": password})
    return answer["Location"] if answer.status_code == 302 else ""


def test_staff_set_up_an_app_and_sign_in_with_its_code(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nurse = with_password(make.staff(world.clinic, Role.COUNSELLOR, second_factor=False))
    browser = Client()
    assert sign_in(browser, nurse) == "/"
    assert browser.get("/clinic/patients/")["Location"] == "/sign-in/2fa/"
    secret = set_up_app(browser)
    codes = browser.get("/sign-in/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"<li>(\d{8})</li>", codes)) == 10
    assert browser.get("/clinic/patients/").status_code == 200

    browser.post("/sign-in/logout/")
    assert sign_in(browser, nurse) == "/sign-in/2fa/authenticate/"
    assert browser.get("/clinic/patients/")["Location"].startswith(LOGIN), "the password alone opens nothing"
    wrong = browser.post("/sign-in/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    later = time.time() + 60  # a code is good once
    monkeypatch.setattr(time, "time", lambda: later)
    passed = browser.post("/sign-in/2fa/authenticate/", {"code": code_for(secret)})
    assert passed.status_code == 302
    assert browser.get("/clinic/patients/").status_code == 200
    verbs = list(Event.objects.filter(actor=nurse).order_by("at").values_list("verb", flat=True))
    for verb in ("sign_in:done", "factor:add", "sign_in:out", "sign_in:second_step_failed"):
        assert verb in verbs


def set_up_app(browser: Client) -> str:
    """Set up the app, with the password typed once more before it; returns the secret."""
    asked = browser.get("/sign-in/2fa/totp/activate/")
    assert asked["Location"].startswith("/sign-in/reauthenticate/")
    assert browser.get(asked["Location"]).status_code == 200
    assert browser.post(asked["Location"], {"password": "wrong"}).status_code == 200
    assert browser.post(asked["Location"], {"password": PASSWORD})["Location"] == "/sign-in/2fa/totp/activate/"
    page = browser.get("/sign-in/2fa/totp/activate/").content.decode()
    assert "data:image/svg+xml" in page
    assert "style=" not in page
    secret = re.search(r'value="([A-Z2-7]{32})"', page)
    assert secret
    with TestCase.captureOnCommitCallbacks(execute=True):
        done = browser.post("/sign-in/2fa/totp/activate/", {"code": code_for(secret.group(1))})
    assert done["Location"] == "/sign-in/2fa/recovery-codes/"
    return secret.group(1)


class TestSecondStepOfStaff:
    @pytest.fixture
    def browser(self, world: World) -> Client:
        return world.client(make.staff(world.clinic, second_factor=False))

    @pytest.mark.parametrize("method", ["get", "head", "post", "put", "options"])
    def test_no_method_gets_round_it(self, world: World, browser: Client, method: str) -> None:
        for path in ("/", "/clinic/patients/", "/clinic/inbox/", f"/my/{world.record.pk}/", "/clinic/staff/"):
            answer = getattr(browser, method)(path)
            assert (answer.status_code, answer["Location"]) == (302, "/sign-in/2fa/")

    def test_a_part_of_a_page_sends_the_whole_page_there(self, browser: Client) -> None:
        answer = browser.get("/clinic/patients/", headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == "/sign-in/2fa/"
        assert not answer.content

    @pytest.mark.parametrize(
        "path", ["/sign-in/../clinic/patients/", "//sign-in/clinic/patients/", "/sign-in/%2e%2e/clinic/patients/"]
    )
    def test_no_spelling_of_an_address_gets_round_it(self, browser: Client, path: str) -> None:
        assert browser.get(path).status_code in (302, 404)

    def test_no_page_of_ours_lies_where_it_is_not_asked_for(self) -> None:
        def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> list[tuple[str, object]]:
            found: list[tuple[str, object]] = []
            for one in patterns:
                here = before + str(one.pattern)
                found += addresses(one.url_patterns, here) if isinstance(one, URLResolver) else [(here, one.callback)]
            return found

        ours = [
            address
            for address, view in addresses(get_resolver().url_patterns)
            if str(getattr(view, "__module__", "")).startswith("hoofbeat")
        ]
        assert len(ours) > 20
        # The choice of language shows no record, and is there on the pages that set the second step up. The sign-in at
        # the provider is allauth's with our checks; its two addresses show nothing but a sign-in.
        shown = {reverse("set_language"), reverse("clinic_oidc_login"), reverse("clinic_oidc_callback")}
        assert {address for address in ours if address.startswith(OPEN_PREFIXES)} == shown

    def test_recovery_codes_alone_are_no_second_step(self, world: World) -> None:
        member = make.staff(world.clinic, second_factor=False)
        Authenticator.objects.create(user=member, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
        assert world.client(member).get("/clinic/patients/").status_code == 302

    def test_who_removes_the_last_one_is_sent_back_to_set_one_up(self, world: World) -> None:
        member = with_password(make.staff(world.clinic))
        browser = world.client(member)
        assert browser.get("/clinic/patients/").status_code == 200
        Authenticator.objects.filter(user=member).delete()
        page = browser.get("/clinic/patients/", follow=True)
        assert "needs a second step" in page.content.decode()

    def test_other_sessions_end_when_the_first_one_is_set_up(self, world: World) -> None:
        member = with_password(make.staff(world.clinic, second_factor=False))
        elsewhere, browser = Client(), Client()
        sign_in(elsewhere, member)
        sign_in(browser, member)
        set_up_app(browser)
        assert browser.get("/clinic/patients/").status_code == 200
        assert elsewhere.get("/clinic/patients/")["Location"].startswith(LOGIN)

    def test_patients_are_not_kept_from_their_pages_by_it(self, world: World) -> None:
        assert world.client("patient").get(f"/my/{world.record.pk}/").status_code == 200


class TestThrottling:
    def test_it_counts_in_the_database_over_browsers_and_addresses(self, world: World) -> None:
        parent = with_password(world.parent)
        for number in range(5):
            Client(REMOTE_ADDR=f"198.51.100.{number}").post(LOGIN, {"login": parent.email, "password": "wrong"})
        answer = Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"login": parent.email, "password": PASSWORD})
        assert answer.status_code == 200
        assert "Too many failed login attempts" in answer.content.decode()
        cache.clear()
        assert sign_in(Client(), parent) == "/"

    def test_the_count_lies_in_a_table_that_every_worker_reads(self, world: World, settings: object) -> None:
        with_password(world.parent)
        Client().post(LOGIN, {"login": world.parent.email, "password": "wrong"})
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from shared_cache")
            assert cursor.fetchone()[0] > 0
        assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] > 10_000  # type: ignore[attr-defined]

    def test_a_locked_account_and_an_unknown_one_answer_alike(self, world: World) -> None:
        def page(login: str) -> str:
            answer = Client(REMOTE_ADDR="198.51.100.7").post(LOGIN, {"login": login, "password": "wrong"})
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
            return text.replace(login, "")

        assert page(world.parent.email) == page("nobody@example.org")


class TestSessions:
    def test_they_are_listed_and_ended_everywhere_else_at_once(self, world: World) -> None:
        parent, here, elsewhere = with_password(world.parent), Client(), Client(HTTP_USER_AGENT="Firefox/1 Android")
        sign_in(here, parent)
        sign_in(elsewhere, parent)
        page = here.get("/sign-in/sessions/").content.decode()
        assert page.count('class="card"') == 2
        assert "Firefox on Android" in page
        here.post("/sign-in/sessions/")
        assert elsewhere.get("/my/")["Location"].startswith(LOGIN)
        assert not here.get("/my/")["Location"].startswith(LOGIN)

    def test_who_stops_working_in_the_clinic_is_out_in_the_next_moment(self, world: World) -> None:
        nurse = with_password(make.staff(world.clinic, Role.COUNSELLOR, second_factor=False))
        browser = Client()
        sign_in(browser, nurse)
        end_membership(actor=world.actor("administrator"), membership=nurse.memberships.get().pk)
        assert browser.get("/clinic/patients/")["Location"].startswith(LOGIN)


class TestEvents:
    def test_a_failed_sign_in_leaves_an_event_without_the_address(self, world: World) -> None:
        with_password(world.parent)
        Client().post(LOGIN, {"login": world.parent.email, "password": "wrong"})
        Client().post(LOGIN, {"login": "canary@example.org", "password": "wrong"})
        known, unknown = Event.objects.filter(verb="sign_in:failed").order_by("at")
        assert known.actor == world.parent
        assert unknown.actor is None
        for event in (known, unknown):
            assert "@" not in json.dumps([event.detail, event.why, event.verb])

    def test_signing_in_and_out_leaves_one_event_each(self, world: World) -> None:
        parent, browser = with_password(world.parent), Client()
        sign_in(browser, parent)
        browser.post("/sign-in/logout/")
        verbs = Event.objects.filter(actor=parent).order_by("at").values_list("verb", flat=True)
        assert list(verbs) == ["sign_in:done", "sign_in:out"]

    def test_signing_out_needs_a_form(self, world: World) -> None:
        browser = world.client("parent")
        browser.get("/sign-in/logout/")
        assert browser.get("/my/").status_code == 302
        assert not browser.get("/my/")["Location"].startswith(LOGIN)


def test_forms_pass_the_check_of_where_they_come_from_and_an_old_one_is_told_so(world: World) -> None:
    parent, browser = with_password(world.parent), Client(enforce_csrf_checks=True)
    page = browser.get(LOGIN)
    assert page["Referrer-Policy"] == "same-origin", "with no-referrer a browser sends Origin: null, which is refused"
    refused = browser.post(LOGIN, {"login": parent.email, "password": PASSWORD}, headers={"Origin": "null"})
    assert refused.status_code == 403
    assert "This form was too old" in refused.content.decode()


def test_nobody_signs_up(world: World, anonymous: Client) -> None:
    people = User.objects.count()
    for method in ("get", "post"):
        page = getattr(anonymous, method)("/sign-in/signup/", {"email": "x@example.org", "password1": PASSWORD})
        assert "made with a letter" in page.content.decode()
    assert User.objects.count() == people


def test_the_mail_for_a_new_password_says_nothing_clinical_and_no_name(world: World, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    parent, browser = with_password(world.parent), Client()
    browser.post("/sign-in/password/reset/", {"email": parent.email})
    (sent,) = mail.outbox
    link = re.search(r"https?://\S+", str(sent.body))
    assert link
    assert parent.name not in sent.body
    assert world.clinic.name not in sent.body
    for word in ("genetic", "rare", "disease", "patient", "record", "Hoofbeat"):
        assert word.lower() not in (sent.subject + sent.body.replace(link.group(), "")).lower()
    form = browser.get(urlsplit(link.group()).path)
    browser.post(form["Location"], {"password1": "another long river walk", "password2": "another long river walk"})
    assert sign_in(Client(), parent, "another long river walk") == "/"
    assert Event.objects.filter(verb="password:change", actor=parent).count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 EdgA/126.0",
            "Edge on Android",
        ),
        ("<b>curl</b>", "an unknown browser on an unknown device"),
    ],
)
def test_where_somebody_is_signed_in_is_said_in_words(world: World, said: str, words: str) -> None:
    browser = Client(HTTP_USER_AGENT=said)
    sign_in(browser, with_password(world.parent))
    page = browser.get("/sign-in/sessions/").content.decode()
    assert words in page
    assert said not in page


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/login/", "/sign-in/signup/", "/sign-in/password/reset/", "/sign-in/password/reset/done/",
        "/sign-in/2fa/", "/sign-in/2fa/totp/activate/", "/sign-in/2fa/webauthn/", "/sign-in/2fa/webauthn/add/",
        "/sign-in/2fa/recovery-codes/generate/", "/sign-in/sessions/", "/sign-in/password/change/",
        "/sign-in/logout/", "/sign-in/reauthenticate/", "/sign-in/2fa/reauthenticate/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_page_of_the_sign_in_is_in_our_frame_and_under_the_strict_policy(
    world: World, path: str, signed_in: bool
) -> None:
    browser = Client()
    if signed_in:
        sign_in(browser, with_password(world.parent))
        browser.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    answer = browser.get(path)
    if answer.status_code == 302:
        assert answer["Location"].startswith(("/", "/sign-in/"))
        return
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "hoofbeat/hoofbeat.css" in text
    assert text.count("<h1>") == 1
    said = re.findall(r"<(?:h1|h2|title|button)[^>]*>([^<]+)<", text)
    assert not [one for one in said if re.search(r"[a-z] [A-Z][a-z]", one)], "a capital at the beginning alone"
    assert " placeholder=" not in text, "a label is said once, where it stays"
    assert "unsafe" not in answer["Content-Security-Policy"]
    for script in re.findall(r"<script([^>]*)>", text):
        assert "src=" in script or 'type="application/json"' in script, "no script stands in the page"
    assert not re.search(r"\son\w+=|\sstyle=", text)
    assert not re.findall(r'(?:src|href)="https?://', text), "no other host"


class TestProvider:
    def test_it_is_read_from_the_environment(self) -> None:
        found = Configuration.read({"HOOFBEAT_OIDC": "https://id.example.org/realm/ clinic s3cret"}).oidc
        assert found == Oidc("https://id.example.org/realm", "clinic", "s3cret")
        assert found.origin == "https://id.example.org"
        assert Configuration.read({}).oidc is None

    @pytest.mark.parametrize("wrong", ["http://id.example.org a b", "https://id.example.org a", "nonsense"])
    def test_what_is_not_understood_is_said_with_the_repair(self, wrong: str) -> None:
        with pytest.raises(ConfigurationError, match="HOOFBEAT_OIDC"):
            Configuration.read({"HOOFBEAT_OIDC": wrong})

    def test_the_count_of_proxies_is_checked(self) -> None:
        assert Configuration.read({"HOOFBEAT_PROXIES": "1"}).proxies == 1
        with pytest.raises(ConfigurationError, match="HOOFBEAT_PROXIES"):
            Configuration.read({"HOOFBEAT_PROXIES": "many"})
