"""A recipient's terms of use: read before something is sent, accepted once for each version, kept with what left."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.access.actions.recipient_terms import add_terms
from hoofbeat.web.access.models import RecipientTerms
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.change import NotAllowedError, RefusedError
from hoofbeat.web.records.actions.consent import give_consent, withdraw_consent
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.release import release
from hoofbeat.web.records.models import Disclosure
from tests.web import world as build
from tests.web.world import ARACHNODACTYLY, World

pytestmark = pytest.mark.django_db
NETWORK = "agreement:network"
TODAY = timezone.localdate().isoformat()
GIVEN = {
    "recipient": NETWORK,
    "place": "",
    "version": "2.0",
    "in_force": TODAY,
    "link": "",
    "text": "Zanzibarine terms.",
}


@pytest.fixture
def agreed(world: World) -> World:
    set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
    give_consent(actor=world.actor("parent"), record=world.record.pk, purpose="matching", recipient=NETWORK, detail="4")
    return world


def keep(world: World, **other: str) -> RecipientTerms:
    return add_terms(actor=world.actor("administrator"), **(GIVEN | other))


def page(world: World, **more: str) -> HttpResponse:
    return page_of(world.client("clinician"), world, more)


def page_of(client: Client, world: World, more: dict[str, str]) -> HttpResponse:
    """The preview; with `send`, what a sender gets who has looked at it and sends it."""
    to = f"/clinic/patients/{world.record.pk}/export/"
    given = {"agreed": f"matching|{NETWORK}", "detail": "4"} | more
    if given.pop("send", ""):
        seen = re.search(r'name="sha256" value="([0-9a-f]{64})"', client.post(to, given).content.decode())
        assert seen is not None
        given |= {"sha256": seen[1], "send": "1"}
    return client.post(to, given)  # type: ignore[return-value]


def test_without_terms_nobody_is_asked(agreed: World) -> None:
    assert "No terms of use of this recipient are kept here" in page(agreed).content.decode()
    assert page(agreed, send="1").status_code == 200
    assert Disclosure.objects.get().terms is None


def test_terms_are_read_before_and_what_was_accepted_stands_in_the_receipt(agreed: World) -> None:
    terms = keep(agreed, link="https://example.org/terms")
    shown = page(agreed).content.decode()
    assert "Zanzibarine terms." in shown
    assert f'name="terms" value="{terms.pk}"' in shown
    refused = page(agreed, send="1")
    assert refused.status_code == 422
    assert "accept them first" in refused.content.decode()
    assert "Zanzibarine terms." in refused.content.decode()
    assert not Disclosure.objects.exists()
    assert not Event.objects.filter(verb="record:release").exists()
    assert page(agreed, send="1", terms=str(terms.pk)).headers["Content-Disposition"].startswith("attachment")
    left = Disclosure.objects.get()
    assert left.terms == terms
    assert Event.objects.get(verb="record:release").detail["terms"] == str(terms.pk)
    for address in (f"/my/{agreed.record.pk}/left/", f"/my/{agreed.record.pk}/consents/{left.consent_id}/"):
        text = agreed.client("parent").get(address).content.decode()
        assert "version 2.0" in text
        assert f"accepted by {agreed.people['clinician'].name}" in text
        assert "https://example.org/terms" in text


def test_a_version_asks_each_sender_once_and_a_new_version_again(agreed: World) -> None:
    first = keep(agreed)
    page(agreed, send="1", terms=str(first.pk))
    assert "You have accepted this version before" in page(agreed).content.decode()
    assert page(agreed, send="1").status_code == 200
    second = keep(agreed, version="3.0", text="Other words.")
    assert "Other words." in page(agreed).content.decode()
    assert page(agreed, send="1").status_code == 422
    assert page(agreed, send="1", terms=str(first.pk)).status_code == 422
    assert page(agreed, send="1", terms=str(second.pk)).status_code == 200
    assert [one.terms for one in Disclosure.objects.order_by("created")] == [first, first, second]


def test_what_another_sender_or_another_clinic_accepted_counts_for_nobody_else(agreed: World) -> None:
    terms = keep(agreed)
    page(agreed, send="1", terms=str(terms.pk))
    colleague = build.staff(agreed.clinic)
    build.join_team(agreed.record, colleague)
    assert page_of(build.client(colleague), agreed, {"send": "1"}).status_code == 422
    elsewhere = World.small()
    keep(elsewhere, version="9.9", text="Terms of another clinic.")
    assert "Terms of another clinic." not in page(agreed).content.decode()


def test_a_version_from_tomorrow_is_not_in_force_today(agreed: World) -> None:
    keep(agreed, in_force=(timezone.localdate() + timedelta(days=1)).isoformat())
    assert page(agreed, send="1").status_code == 200
    text = agreed.client("administrator").get("/clinic/recipients/").content.decode()
    assert "not in force yet" in text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"version": ""}, "which version it is"),
        ({"text": " "}, "copy the text"),
        ({"in_force": "soon"}, "from which day"),
        ({"link": "javascript:alert(1)"}, "begins with https://"),
        ({"recipient": "nobody"}, "choose who may have it"),
        ({"recipient": "named"}, "name the place"),
        ({"version": "1.0"}, "kept already"),
        ({"version": "x" * 41}, "at most 40 characters"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_is_lost(
    wrong: dict[str, str], says: str, agreed: World
) -> None:
    keep(agreed, version="1.0")
    answer = agreed.client("administrator").post("/clinic/recipients/", GIVEN | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert RecipientTerms.objects.count() == 1
    if "text" not in wrong:
        assert "Zanzibarine terms.</textarea>" in answer.content.decode()


def test_only_an_administrator_keeps_terms(agreed: World) -> None:
    with pytest.raises(NotAllowedError):
        add_terms(actor=agreed.actor("clinician"), **GIVEN)
    assert agreed.client("administrator").post("/clinic/recipients/", GIVEN).status_code == 302
    assert Event.objects.filter(verb="terms:add", actor=agreed.people["administrator"]).count() == 1


def test_a_consent_that_goes_while_the_terms_are_asked_for_is_said_and_is_no_fault(
    agreed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = keep(agreed)

    def withdrawn_meanwhile(**given: object) -> object:
        try:
            return release(**given)  # type: ignore[arg-type]
        finally:
            consent = agreed.record.consents.get(withdrawn__isnull=True)
            withdraw_consent(actor=agreed.actor("parent"), record=agreed.record.pk, consent=consent.pk)

    monkeypatch.setattr("hoofbeat.web.clinic.export.release", withdrawn_meanwhile)
    answer = page(agreed, send="1")
    assert answer.status_code == 422
    assert "nothing may leave" in answer.content.decode()
    assert terms.text not in answer.content.decode()


def test_a_place_has_its_terms_however_a_family_writes_its_name(agreed: World) -> None:
    terms = keep(agreed, recipient="named", place="Hospital of Elsewhere")
    give_consent(
        actor=agreed.actor("parent"),
        record=agreed.record.pk,
        purpose="matching",
        recipient="named",
        place="hospital of  ELSEWHERE",
        detail="4",
    )
    given = {"agreed": "matching|named:hospital of ELSEWHERE", "send": "1"}
    assert page(agreed, **given).status_code == 422
    assert page(agreed, **given, terms=str(terms.pk)).status_code == 200
    with pytest.raises(RefusedError, match="kept already"):
        keep(agreed, recipient="named", place="HOSPITAL of elsewhere")


def test_a_preview_that_is_refused_is_one_look_at_the_page_and_none_at_what_would_leave(agreed: World) -> None:
    before = set(Event.objects.values_list("pk", flat=True))
    assert page(agreed, agreed="matching|public").status_code == 422
    left = Event.objects.exclude(pk__in=before).values_list("verb", flat=True)
    assert list(left) == ["record:export_page"]


def test_terms_are_text_and_never_markup(agreed: World) -> None:
    keep(agreed, text="<script>alert(1)</script>\n{{ 7 * 7 }} %(version)s %s", version="<b>%(day)s</b>")
    shown = page(agreed).content.decode() + agreed.client("administrator").get("/clinic/recipients/").content.decode()
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;\n{{ 7 * 7 }} %(version)s %s") == 2
    assert "<script>alert(1)" not in shown
    assert "<b>%(day)s" not in shown
    assert page(agreed, send="1").status_code == 422
