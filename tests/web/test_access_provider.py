"""Signing in through the clinic's OpenID Connect provider, the whole way, against one that runs on loopback."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from hoofbeat.web.access.models import User
from hoofbeat.web.access.sign_in import states_second_step
from hoofbeat.web.audit.models import Event
from hoofbeat.web.configuration import Configuration, ConfigurationError, Oidc
from hoofbeat.web.oidc.description import look_at
from hoofbeat.web.running.checks import remarks
from tests.web import world as make
from tests.web.oidc_provider import CLIENT, SECRET, Person, Provider, running
from tests.web.world import World

pytestmark = pytest.mark.django_db
START = "/sign-in/oidc/clinic/login/"
MINE = "/sign-in/3rdparty/"


@pytest.fixture(scope="module")
def one_provider() -> Iterator[Provider]:
    with running() as made:
        yield made


@pytest.fixture
def provider(one_provider: Provider, settings: Any) -> Provider:
    """The provider, as the installation is set up with it."""
    one_provider.spoil, one_provider.person = {}, None
    one_provider.codes.clear()
    one_provider.asked.clear()
    set_up(settings, one_provider.issuer)
    return one_provider


def set_up(settings: Any, issuer: str, second_step: dict[str, tuple[str, ...]] | None = None) -> None:
    app = {
        "provider_id": "clinic", "name": "OpenID", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": issuer, "email_authentication": True},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"clinic_oidc": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.CONFIGURATION = dataclasses.replace(
        settings.CONFIGURATION, oidc=Oidc(issuer, CLIENT, SECRET), oidc_second_step=second_step or {}
    )


def at_the_provider(browser: Client, address: str = START) -> str:
    """Begin, sign in at the provider, and come back to this address of ours."""
    away = browser.post(address)
    assert away.status_code == 302
    back = requests.get(away["Location"], allow_redirects=False, timeout=60).headers["Location"]
    assert urlsplit(back).path == "/sign-in/oidc/clinic/login/callback/"
    return f"{urlsplit(back).path}?{urlsplit(back).query}"


def sign_in(browser: Client) -> HttpResponse:
    return browser.get(at_the_provider(browser))  # type: ignore[return-value]


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_who_was_invited_signs_in_by_a_verified_address(world: World, provider: Provider) -> None:
    provider.person = Person("p-1", world.parent.email)
    browser = Client()
    assert "OpenID" in browser.get("/sign-in/login/").content.decode()
    answer = sign_in(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get(f"/my/{world.record.pk}/").status_code == 200
    (event,) = Event.objects.filter(verb="sign_in:done")
    assert event.actor == world.parent
    assert event.detail["provider"] is True
    assert not SocialAccount.objects.exists(), "a sign-in links nothing"


def test_what_is_sent_away_says_nothing_of_the_person_and_takes_nothing_from_the_address(
    world: World, provider: Provider
) -> None:
    away = Client().post(f"{START}?auth_params=prompt%3Dnone&scope=everything")
    sent = parse_qs(urlsplit(away["Location"]).query)
    assert set(sent) == {
        "client_id", "redirect_uri", "scope", "response_type", "state", "nonce", "code_challenge",
        "code_challenge_method",
    }  # fmt: skip
    assert "everything" not in sent["scope"][0]


def test_a_link_alone_begins_no_sign_in(world: World, provider: Provider) -> None:
    assert Client().get(START).status_code == 200, "a page that asks first: somebody else's link signs nobody in"
    assert not provider.codes


def test_whom_no_letter_was_for_gets_a_page_that_helps_and_no_account(world: World, provider: Provider) -> None:
    people = User.objects.count()
    provider.person = Person("x-1", "nobody@example.org")
    browser = Client()
    answer = sign_in(browser)
    assert "Your clinic writes you a letter" in answer.content.decode()
    assert not is_in(browser)
    assert User.objects.count() == people
    assert Event.objects.filter(verb="sign_in:failed").exists()


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1])
def test_an_address_that_the_provider_did_not_verify_opens_nothing(
    verified: object, world: World, provider: Provider
) -> None:
    provider.person = Person("p-1", world.parent.email, verified)
    browser = Client()
    sign_in(browser)
    assert not is_in(browser)


@pytest.mark.parametrize(
    "spoil",
    [
        {"claims": {"nonce": "of another try"}},
        {"without": ["nonce"]},
        {"claims": {"iss": "https://elsewhere.example"}},
        {"claims": {"aud": "another client"}},
        {"claims": {"aud": [CLIENT, "another client"]}},
        {"claims": {"azp": "another client"}},
        {"claims": {"exp": int(time.time()) - 3600}},
        {"without": ["exp"]},
        {"without": ["sub"]},
        {"claims": {"iat": int(time.time()) + 3600}},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"other_key": True},
        {"kid": "unknown"},
        {"no_token": True},
    ],
    ids=lambda spoil: re.sub(r"\d{9,}", "a moment", str(spoil)),  # alike in every process
)
def test_a_token_that_does_not_hold_signs_nobody_in(spoil: dict[str, Any], world: World, provider: Provider) -> None:
    provider.person = Person("p-1", world.parent.email)
    provider.spoil = spoil
    browser = Client()
    answer = sign_in(browser)
    assert answer.status_code == 403
    assert "could not be checked" in answer.content.decode()
    assert not is_in(browser)
    assert Event.objects.filter(verb="sign_in:failed").count() == 1


@pytest.mark.parametrize("change", ["another", "none", "twice", "other browser"])
def test_a_state_that_is_not_of_this_try_signs_nobody_in(change: str, world: World, provider: Provider) -> None:
    provider.person = Person("p-1", world.parent.email)
    browser = Client()
    path, _mark, query = at_the_provider(browser).partition("?")
    given = {key: values[0] for key, values in parse_qs(query).items()}
    if change == "another":
        given["state"] = "x" * 16
    elif change == "none":
        del given["state"]
    elif change == "twice":
        assert browser.get(f"{path}?{urlencode(given)}").status_code == 302
        browser.post("/sign-in/logout/")
    else:
        browser = Client()
    assert browser.get(f"{path}?{urlencode(given)}").status_code == 403
    assert not is_in(browser)


def test_a_code_of_another_try_is_not_taken(world: World, provider: Provider) -> None:
    """Somebody's own code in another's browser: PKCE and nonce belong to the browser."""
    provider.person = Person("x-1", world.reader.email)
    foreign = parse_qs(urlsplit(at_the_provider(Client())).query)["code"][0]
    browser = Client()
    state = parse_qs(urlsplit(at_the_provider(browser)).query)["state"][0]
    answer = browser.get(f"{START}callback/?{urlencode({'code': foreign, 'state': state})}")
    assert answer.status_code == 403
    assert not is_in(browser)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://elsewhere.example"}, {"jwks_uri": "https://elsewhere.example/keys"},
        {"token_endpoint": ""}, {"authorization_endpoint": None},
    ],
)  # fmt: skip
def test_a_provider_that_describes_itself_wrongly_is_not_used(
    description: dict[str, Any], world: World, provider: Provider
) -> None:
    provider.spoil = {"description": description}
    assert Client().post(START).status_code == 403
    assert look_at(Oidc(provider.issuer, CLIENT, SECRET))


def test_a_provider_that_is_down_is_said_to_be(world: World, settings: Any) -> None:
    with running() as gone:
        issuer = gone.issuer
    set_up(settings, issuer)
    answer = Client().post(START)
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


def test_a_provider_that_goes_down_on_the_way_is_said_to_be(world: World, settings: Any) -> None:
    with running() as going:
        set_up(settings, going.issuer)
        going.person = Person("p-1", world.parent.email)
        browser = Client()
        back = at_the_provider(browser)
    answer = browser.get(back)
    assert answer.status_code == 503
    assert not is_in(browser)


class TestSecondStep:
    def staff(self, world: World, provider: Provider, **claims: Any) -> Client:
        member = make.staff(world.clinic, second_factor=False)
        provider.person = Person("s-1", member.email, claims=claims)
        browser = Client()
        assert sign_in(browser).status_code == 302
        return browser

    def test_staff_need_one_here_where_the_provider_states_none(self, world: World, provider: Provider) -> None:
        browser = self.staff(world, provider, amr=["pwd"])
        assert browser.get("/clinic/patients/")["Location"] == "/sign-in/2fa/"

    def test_what_it_states_counts_only_where_the_clinic_named_it(
        self, world: World, provider: Provider, settings: Any
    ) -> None:
        assert self.staff(world, provider, amr=["mfa"]).get("/clinic/patients/").status_code == 302
        set_up(settings, provider.issuer, {"amr": ("mfa",), "acr": ("gold",)})
        assert self.staff(world, provider, amr=["pwd", "mfa"]).get("/clinic/patients/").status_code == 200
        assert self.staff(world, provider, acr="gold").get("/clinic/patients/").status_code == 200
        assert self.staff(world, provider, amr="mfa", acr="silver").get("/clinic/patients/").status_code == 302

    def test_it_counts_for_that_session_and_no_other(self, world: World, provider: Provider, settings: Any) -> None:
        set_up(settings, provider.issuer, {"amr": ("mfa",)})
        browser = self.staff(world, provider, amr=["mfa"])
        member = User.objects.get(pk=browser.session["_auth_user_id"])
        assert world.client(member).get("/clinic/patients/").status_code == 302

    def test_nothing_is_stated_by_nothing(self) -> None:
        assert not states_second_step({}, {"amr": ("mfa",), "acr": ("gold",)})
        assert not states_second_step({"acr": None, "amr": None}, {})


class TestLinking:
    def test_only_who_is_signed_in_links_and_then_signs_in_by_it(self, world: World, provider: Provider) -> None:
        provider.person = Person("p-9", "private@elsewhere.example")
        browser = world.client("parent")
        answer = browser.get(at_the_provider(browser, f"{START}?process=connect"))
        assert answer.status_code == 302
        (linked,) = SocialAccount.objects.all()
        assert (linked.user, linked.uid) == (world.parent, "p-9")
        fresh = Client()
        sign_in(fresh)
        assert fresh.session["_auth_user_id"] == str(world.parent.pk)

    def test_nobody_links_without_being_signed_in(self, world: World, provider: Provider) -> None:
        provider.person = Person("p-9", "private@elsewhere.example")
        browser = Client()
        browser.get(at_the_provider(browser, f"{START}?process=connect"))
        assert not SocialAccount.objects.exists()
        assert not is_in(browser)

    def test_what_is_linked_to_one_account_is_not_taken_by_another(self, world: World, provider: Provider) -> None:
        provider.person = Person("p-9", "private@elsewhere.example")
        for who in ("parent", "stranger"):
            browser = world.client(who)
            browser.get(at_the_provider(browser, f"{START}?process=connect"))
        assert SocialAccount.objects.get().user == world.parent


class TestSettings:
    @pytest.mark.parametrize(
        ("given", "found"),
        [
            ("", {}),
            ("amr=mfa,otp acr=urn:example:gold", {"amr": ("mfa", "otp"), "acr": ("urn:example:gold",)}),
        ],
    )
    def test_what_states_a_second_step(self, given: str, found: dict[str, tuple[str, ...]]) -> None:
        assert Configuration.read({"HOOFBEAT_OIDC_SECOND_STEP": given}).oidc_second_step == found

    @pytest.mark.parametrize("given", ["mfa", "amr=", "amr=,", "aal=2"])
    def test_what_is_not_understood_is_refused(self, given: str) -> None:
        with pytest.raises(ConfigurationError, match="HOOFBEAT_OIDC_SECOND_STEP"):
            Configuration.read({"HOOFBEAT_OIDC_SECOND_STEP": given})

    def test_plain_http_is_for_this_machine_while_trying_it(self) -> None:
        local = {"HOOFBEAT_OIDC": "http://127.0.0.1:9 a b"}
        assert Configuration.read(local | {"HOOFBEAT_PLAIN_HTTP": "1"}).oidc
        for refused in (local, {"HOOFBEAT_OIDC": "http://id.example.org a b", "HOOFBEAT_PLAIN_HTTP": "1"}):
            with pytest.raises(ConfigurationError, match="HOOFBEAT_OIDC"):
                Configuration.read(refused)

    def test_config_check_asks_the_provider(self, world: World, provider: Provider, settings: Any) -> None:
        def said() -> str:
            return " ".join(one.what for one in remarks() if "provider" in one.what)

        assert "is not trusted with the second step" in said()
        set_up(settings, provider.issuer, {"amr": ("mfa",)})
        assert said() == ""
        provider.spoil = {"description": {"issuer": "https://elsewhere.example"}}
        assert "calls itself" in said()
        provider.spoil = {"description": {"code_challenge_methods_supported": ["plain"]}}
        assert "PKCE" in said()
        provider.spoil = {"description": {"id_token_signing_alg_values_supported": ["HS256"]}}
        assert "signs with nothing" in said()
        with running() as gone:
            set_up(settings, gone.issuer)
        assert "does not answer" in said()
