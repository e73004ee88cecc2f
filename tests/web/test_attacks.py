"""Attacks on the whole application: identifiers of other records beside one's own, programs in every text, forged
headers, pages left in a cache.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from hoofbeat.cases.finding import FindingState
from hoofbeat.interchange import attachment
from hoofbeat.web.access.actions.people import NoSuchLetterError, accept, invite_to_record, withdraw_invitation
from hoofbeat.web.access.actions.team import GLASS_TRIES, NoMatchError, TooManyTriesError, break_glass
from hoofbeat.web.access.models import BreakGlass, PatientLink
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.access.roles import Role
from hoofbeat.web.audit.models import Event
from hoofbeat.web.audit.quiet_log import WithoutData, WithoutDataOfFaults
from hoofbeat.web.demo.letter import letter
from hoofbeat.web.demo.sign_in import people as demo_people
from hoofbeat.web.records.actions.diagnosis import confirm_diagnosis
from hoofbeat.web.records.actions.findings import set_finding, tell_finding
from hoofbeat.web.records.actions.story import tell_story
from hoofbeat.web.records.papers import Papers
from hoofbeat.web.running import gunicorn_settings
from tests.web import world as build
from tests.web.addresses import address, ours, parameters
from tests.web.forms import forms_in
from tests.web.full_record import fill
from tests.web.test_urls import everybody
from tests.web.world import World

pytestmark = pytest.mark.django_db

CANARY = "Quetzalcanary"
RECORD_NAMES = {"record", "pk"}
PROGRAM = "x\"'><svg/onload=alert(1)>{{'a.b'*2}}"


def rows_of(record: Any) -> list[dict[str, Any]]:
    """Everything that hangs on a record, as it is stored."""
    found = []
    for app in ("records", "access"):
        for model in apps.get_app_config(app).get_models():
            if any(field.name == "record" for field in model._meta.concrete_fields):
                found += list(model._base_manager.filter(record=record.pk).order_by("pk").values())
    return [*found, *type(record)._base_manager.filter(pk=record.pk).values()]


def mixed(world: World, own: Any) -> Iterator[tuple[str, str]]:
    """Every address of one's own record with each further identifier taken from somebody else's."""
    known = fill(world, CANARY)
    for name in ours():
        further = set(parameters(name)) - RECORD_NAMES
        if further and further != {"token"} and RECORD_NAMES & set(parameters(name)):
            yield name, address(name, known | {"record": own.pk, "pk": own.pk})


@pytest.mark.parametrize("who", ["outsider", "parent_of_two", "parent"])
def test_identifiers_of_another_record_reach_nothing_through_ones_own(who: str, world: World) -> None:
    own = build.record(world.clinic, "Own Example", team=[world.outsider])
    if who == "parent_of_two":
        # Sees both children: still, each page is of one of them.
        world.people[who] = build.proxy(own)
        PatientLink.objects.create(
            record=world.record, user=world.people[who], role="proxy", relation="mother", scopes=["see"],
            end=timezone.now() + timedelta(days=30),
        )  # fmt: skip
    elif who == "parent":
        own = world.record
        world.records = [build.record(world.clinic, "Other Example", team=[world.clinician])]
    addresses = list(mixed(world, own))
    assert len(addresses) > 20
    client = world.client(who)
    before = rows_of(world.record)
    for name, path in addresses:
        for answer in (client.get(path), client.post(path, {"decision": "take_over", "withdrawn_reason": "x"})):
            assert answer.status_code < 500
            assert CANARY not in b"".join(answer).decode(errors="replace"), name
    assert rows_of(world.record) == before


def test_no_text_of_a_record_becomes_markup(world: World) -> None:
    known = fill(world, PROGRAM)
    for client in everybody(world).values():
        for name in ours():
            answer = client.get(address(name, known))
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                page = answer.content.decode()
                assert "<svg/onload" not in page, name
                assert "a.ba.b" not in page, name


def test_no_text_that_is_refused_becomes_markup(world: World) -> None:
    client = world.client("clinician")
    known = fill(world, "words")
    for name in ours():
        page = client.get(address(name, known))
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            for form in forms_in(page.content.decode()):
                if form.method == "POST" and "/sign-in/" not in form.action:
                    with transaction.atomic():
                        answer = client.post(form.action or page.wsgi_request.path, form.filled(PROGRAM))
                        body = b"".join(answer).decode(errors="replace")
                        assert answer.headers.get("Content-Type") == "application/json" or "<svg/onload" not in body
                        transaction.set_rollback(True)


def test_nothing_about_a_person_is_kept_by_a_cache(world: World, anonymous: Client) -> None:
    known = fill(world, CANARY)
    for who, client in {**everybody(world), "anonymous": anonymous}.items():
        for name in ours():
            for answer in (client.get(address(name, known)), client.put(address(name, known))):
                assert "no-store" in answer.headers.get("Cache-Control", ""), f"{name} as {who}: {answer.status_code}"
    for path in ("/sign-in/login/", "/sign-in/sessions/", "/sign-in/2fa/", "/nothing/"):
        assert "no-store" in world.client("parent").get(path, follow=True).headers["Cache-Control"], path


def test_a_head_request_changes_nothing(world: World) -> None:
    known = fill(world, CANARY)
    before = rows_of(world.record)
    for client in everybody(world).values():
        for name in ours():
            client.head(address(name, known))
            client.options(address(name, known))
    assert rows_of(world.record) == before
    assert Event.objects.exists()


@pytest.mark.parametrize(("proxies", "header"), [("0", None), ("1", ["HTTP_X_FORWARDED_PROTO", "https"])])
def test_who_says_that_it_came_over_https_is_believed_behind_a_proxy_alone(
    proxies: str, header: object, tmp_path: Path
) -> None:
    told = "import json; from hoofbeat.web import settings; print(json.dumps(settings.SECURE_PROXY_SSL_HEADER))"
    environment = {**os.environ, "HOOFBEAT_HOME": str(tmp_path), "HOOFBEAT_PROXIES": proxies}
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout) == header, done.stderr
    # Gunicorn would believe everybody on this machine, and take even the address of the page from them.
    assert (gunicorn_settings.forwarded_allow_ips, gunicorn_settings.forwarder_headers) == ("", "")


def test_over_https_no_cookie_is_taken_from_another_host_or_read_by_a_script(tmp_path: Path) -> None:
    told = """if True:
        import json
        from hoofbeat.web import settings
        names = ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "DOMAIN", "PATH")
        kinds = ("SESSION_COOKIE", "CSRF_COOKIE")
        print(json.dumps([[getattr(settings, f"{kind}_{name}", None) for name in names] for kind in kinds]))
    """
    environment = {**os.environ, "HOOFBEAT_HOME": str(tmp_path), "HOOFBEAT_PLAIN_HTTP": "0", "HOOFBEAT_DEMO": "0"}
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, timeout=60)
    flags = [True, True, "Lax", None, None]
    assert json.loads(done.stdout) == [["__Host-sessionid", *flags], ["__Host-csrftoken", *flags]], done.stderr


def test_a_broken_glass_opens_nothing_that_lasts_or_reaches_outside(world: World) -> None:
    now = timezone.now()
    outsider = world.outsider
    BreakGlass.objects.create(record=world.record, user=outsider, reason="Seizure", end=now + timedelta(hours=4))
    client, pk = world.client("outsider"), world.record.pk
    assert client.get(reverse("record", args=[pk])).status_code == 200
    assert client.post(reverse("team_add", args=[pk]), {"user": str(outsider.pk)}).status_code == 403
    letter = {"name": "A", "email": "a@example.org", "role": "proxy", "relation": "aunt", "scopes": ["see"]}
    assert client.post(reverse("people", args=[pk]), letter).status_code == 403
    assert client.post(reverse("export", args=[pk]), {"agreed": "own_copy|", "send": "1"}).status_code == 403
    assert not world.record.team.filter(user=outsider).exists()
    assert client.get(reverse("team", args=[pk])).status_code == 200
    build.join_team(world.record, outsider)
    assert client.get(reverse("people", args=[pk])).status_code == 200


def test_a_proxy_may_nothing_before_the_first_day(world: World) -> None:
    PatientLink.objects.filter(user=world.parent).update(start=timezone.now() + timedelta(days=1))
    assert not permissions(world.actor("parent"), world.record)


def test_the_reason_for_a_diagnosis_is_not_on_the_familys_list_of_who_looked(world: World) -> None:
    confirm_diagnosis(
        actor=world.actor("clinician"), record=world.record.pk, disease="OMIM:154700", reason="Untoldreason in a gene"
    )
    assert Event.objects.filter(verb="diagnosis:confirm", why="Untoldreason in a gene").exists()
    page = world.client("parent").get(reverse("portal_looked", args=[world.record.pk])).content.decode()
    assert "Untoldreason" not in page


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("coordinator", 403)])
def test_whoever_may_not_import_makes_us_read_no_file(
    who: str, status: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*given: object, **named: object) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr("hoofbeat.web.clinic.finding_import.read_phenopacket", opened)
    file = SimpleUploadedFile("a.json", b"{}")
    sent = world.client(who).post(reverse("findings_import", args=[world.record.pk]), {"file": file})
    assert sent.status_code == status


class DemandingError(Exception):
    """A fault that cannot be made without its data."""

    def __init__(self, name: str = "") -> None:
        if not name:
            raise LookupError("a name is needed")
        super().__init__(name)


@pytest.mark.parametrize("kept", [WithoutData(), WithoutDataOfFaults()])
def test_a_fault_is_logged_without_what_it_says_whatever_its_class(kept: logging.Filter) -> None:
    for fault in (DemandingError(CANARY), ValueError(CANARY)):
        try:
            raise fault
        except Exception:
            told = sys.exc_info()
        line = logging.LogRecord("gunicorn.error", 40, "", 1, "Error handling request %s", (f"/{CANARY}/",), told)
        # Another handler was first.
        logging.Formatter().format(line)
        assert kept.filter(line)
        assert CANARY not in logging.Formatter().format(line)


def test_a_letter_that_was_used_a_moment_ago_is_not_withdrawn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = invite_to_record(
        actor=world.actor("clinician"), record=world.record.pk, name="Aunt", email="aunt@example.org",
        role=Role.PROXY, relation="aunt", scopes=["see"],
    )  # fmt: skip
    real = withdraw_invitation.__globals__["_withdraw"]

    def used_first(invitation: Any) -> None:
        accept(token=made.token, user=world.stranger)
        real(invitation)

    monkeypatch.setattr("hoofbeat.web.access.actions.people._withdraw", used_first)
    with pytest.raises(NoSuchLetterError):
        withdraw_invitation(actor=world.actor("clinician"), invitation=made.invitation.pk)
    made.invitation.refresh_from_db()
    assert made.invitation.withdrawn is None


def test_no_connection_to_the_database_is_taken_through_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    monkeypatch.setattr("django.db.connections.close_all", lambda: closed.append(True))
    gunicorn_settings.pre_fork(None, None)
    assert closed == [True]


def test_the_character_that_postgresql_cannot_keep_is_in_no_text(world: World) -> None:
    """There it would be a fault of ours on the page of whoever sent it."""
    of, pk, nul = world.actor("clinician"), world.record.pk, "a\x00b"
    observed = FindingState.OBSERVED
    set_finding(actor=of, record=pk, hpo=build.ARACHNODACTYLY, state=observed, note=nul, words=nul)
    tell_finding(actor=world.actor("parent"), record=pk, hpo=build.ECTOPIA_LENTIS, state=observed, words=nul)
    tell_story(actor=world.actor("parent"), record=pk, text=nul)
    confirm_diagnosis(actor=of, record=pk, disease="OMIM:154700", reason=nul)
    invite_to_record(
        actor=of, record=pk, name=nul, email="a@example.org", role=Role.PROXY, relation=nul, scopes=["see"]
    )
    assert not [row for row in rows_of(world.record) if "\\x00" in repr(row)]
    assert not [why for why in Event.objects.values_list("why", flat=True) if "\x00" in why]


@pytest.mark.parametrize("name", [b"/JavaScript", b"/Java#53cript", b"/Launch", b"/EmbeddedFile"])
def test_a_program_that_only_another_reader_would_find_in_a_pdf_is_found(name: bytes) -> None:
    """An object that the table of contents leaves out; who makes the table anew takes it for the newest."""
    good = letter(["Dear family"])
    assert attachment.attachment_of(good).data == good
    hidden = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction << /S " + name + b" >> >>\nendobj\n"
    place = good.rindex(b"startxref")
    with pytest.raises(attachment.AttachmentError, match="acts by itself"):
        attachment.attachment_of(good[:place] + hidden + good[place:])


def test_one_right_pair_does_not_buy_more_guesses_of_others(world: World) -> None:
    world.record.local_number = "K-1"
    world.record.save()
    born, reason = str(world.record.birth_date), "Seizure at night, nobody of the team is here"
    guesser = world.actor("outsider")
    for number in range(GLASS_TRIES):
        if number == GLASS_TRIES - 1:
            break_glass(actor=guesser, papers=Papers("K-1", born), reason=reason)
        with pytest.raises(NoMatchError):
            break_glass(actor=guesser, papers=Papers(f"K-{number + 2}", born), reason=reason)
    with pytest.raises(TooManyTriesError):
        break_glass(actor=guesser, papers=Papers("K-99", born), reason=reason)


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA"])
def test_the_demonstration_signs_nobody_in_through_a_server_in_front(header: str, settings: Any) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=True)
    request = RequestFactory().get("/demo/")
    request.META[header] = "192.0.2.7"
    with pytest.raises(Http404):
        demo_people(request)
