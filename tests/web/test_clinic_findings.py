"""Findings in the clinic: search that forgives, one press or key, undo, told findings, import; one event each."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from hoofbeat.cases.finding import FindingState
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.web.records.actions.findings import set_finding, tell_finding
from hoofbeat.web.records.models import RankingSnapshot, RecordedFinding
from hoofbeat.web.records.ranking import differential_of
from hoofbeat.web.records.store import case_of
from hoofbeat.web.records.terms import term_index
from tests.web.sent_forms import post, verbs
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, NARROW_PALATE, World

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


def standing(world: World) -> dict[str, str]:
    """State by term of what counts."""
    rows = world.record.findings.filter(ended__isnull=True, standing="confirmed")
    return dict(rows.values_list("hpo", "state"))


def state(world: World, hpo: str, said: FindingState = FindingState.OBSERVED) -> RecordedFinding:
    """A finding that the clinician stated."""
    return set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=said)


def page(world: World, name: str = "findings", who: str = "clinician") -> HttpResponse:
    """A page of the record, as somebody sees it."""
    return world.client(who).get(reverse(name, args=[world.record.pk]))  # type: ignore[return-value]


def test_what_the_clinic_or_the_family_excludes_was_asked_and_what_is_imported_was_not(world: World) -> None:
    """An answer counts more than what a report lists as absent."""
    origins = RecordedFinding.Origin
    listed = (origins.CLINIC, origins.FAMILY, origins.IMPORT)
    assert set(origins) == {*listed, origins.ASKED}, "the last has a test of its own"
    for hpo, origin in zip((ARACHNODACTYLY, ECTOPIA_LENTIS, NARROW_PALATE), listed, strict=True):
        set_finding(
            actor=world.actor("clinician"),
            record=world.record.pk,
            hpo=hpo,
            state=FindingState.EXCLUDED,
            origin=origin,
        )
    asked = {one.id: one.asked for one in case_of(world.record).findings}
    assert [asked[hpo] for hpo in (ARACHNODACTYLY, ECTOPIA_LENTIS, NARROW_PALATE)] == [True, True, False]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("arachnodactyly", "Arachnodactyly"),
        ("arachnodactily", "Arachnodactyly"),
        ("spder fingrs", "Arachnodactyly"),
        ("arachno dactyly", "Arachnodactyly"),
        ("fingers long slender", "Arachnodactyly"),
        ("ectopia lentsi", "Ectopia lentis"),
        ("seizuers", "Seizure"),
        ("low muscle tone", "Hypotonia"),
        ("clubfoot", "Talipes equinovarus"),
        ("floppy baby", "Hypotonia"),
        ("flopy", "Hypotonia"),
        ("raised ck", "Elevated circulating creatine kinase concentration"),
        ("HP:0001083", "Ectopia lentis"),
        ("0001505", "Arachnodactyly"),
    ],
)
def test_search_forgives_typing_errors_and_knows_plain_words(
    whole_knowledge: Knowledge, typed: str, first: str
) -> None:
    assert term_index().search(typed)[0].label == first


def test_search_offers_only_what_can_be_a_finding_and_nothing_for_nonsense(whole_knowledge: Knowledge) -> None:
    ontology = whole_knowledge.ontology
    found = term_index().search("autosomal dominant inheritance")
    assert all(ontology.is_phenotype[ontology.index(one.id)] for one in found)
    assert term_index().search("xyzzy qqq") == ()
    assert term_index().search("HP:0000006") == ()
    assert term_index().search("  ") == ()


def test_search_says_which_synonym_matched(whole_knowledge: Knowledge) -> None:
    found = term_index().search("spider fingers")[0]
    assert (found.label, found.synonym, found.plain) == ("Arachnodactyly", "Spider fingers", True)


def test_body_systems_lead_down_one_level_at_a_time(whole_knowledge: Knowledge) -> None:
    index = term_index()
    systems = {one.label: one for one in index.below("HP:0000118")}
    assert systems["Abnormality of the eye"].deeper
    assert [one.label for one in index.way_to(ARACHNODACTYLY)][-1] == "Arachnodactyly"
    assert index.below("HP:0000005") == ()


def test_what_is_searched_for_leaves_no_event_and_stands_in_no_address(world: World) -> None:
    client = world.client("clinician")
    given = {"q": "arachnodactily", "record": str(world.record.pk)}
    assert verbs(lambda: client.post(reverse("terms"), given, headers=HTMX)) == []
    answer = client.post(reverse("terms"), given, headers=HTMX)
    assert "Arachnodactyly" in answer.content.decode()
    assert client.get(reverse("terms")).status_code == 405


def test_without_scripts_the_search_answers_with_the_whole_page(world: World) -> None:
    answer = post(world, "findings_find", q="arachnodactily")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1>" in text
    assert f'value="{ARACHNODACTYLY}"' in text


def test_each_page_leaves_exactly_one_event(world: World) -> None:
    state(world, ARACHNODACTYLY)
    for name in ("record", "findings", "differential", "differential_panel", "ranking_history", "diagnosis"):
        assert len(verbs(lambda name=name: page(world, name))) == 1, name  # type: ignore[misc]


def test_a_finding_is_stated_with_one_press_and_one_event(world: World) -> None:
    left = verbs(lambda: post(world, "finding_set", hpo=ARACHNODACTYLY, state="observed"))
    assert left == ["finding:set"]
    assert standing(world) == {ARACHNODACTYLY: "observed"}


def test_each_state_has_its_key_on_the_finding(world: World) -> None:
    state(world, ARACHNODACTYLY)
    text = page(world).content.decode()
    assert "data-keys" in text
    for key, value in (("o", "observed"), ("x", "excluded"), ("n", "not_assessed"), ("u", "uncertain")):
        button = re.search(rf'<button [^>]*id="list-HP0001166-{key}"[^>]*>', text)
        assert button is not None
        assert f'value="{value}" data-key="{key}" aria-keyshortcuts="{key}"' in button[0]


def test_changing_the_state_keeps_onset_and_note_and_excluding_drops_the_onset(world: World) -> None:
    post(
        world, "finding_set", hpo=ARACHNODACTYLY, state="observed", onset_number="30", onset_unit="months", note="seen"
    )
    post(world, "finding_set", hpo=ARACHNODACTYLY, state="uncertain")
    kept = world.record.findings.get(ended__isnull=True)
    assert (kept.onset, kept.note) == ("P30M", "seen")
    assert "began at 30 months" in page(world).content.decode()
    post(world, "finding_set", hpo=ARACHNODACTYLY, state="excluded")
    assert world.record.findings.get(ended__isnull=True).onset == ""


def test_an_onset_can_be_a_class_of_hpo_and_nothing_else(world: World) -> None:
    post(world, "finding_set", hpo=ARACHNODACTYLY, state="observed", onset_class="HP:0003577", onset_number="")
    assert world.record.findings.get(ended__isnull=True).onset == "HP:0003577"
    refused = post(world, "finding_set", hpo=ARACHNODACTYLY, state="observed", onset_class=ECTOPIA_LENTIS)
    assert refused.status_code == 422
    assert "no time of onset" in refused.content.decode()


def test_a_term_that_is_no_finding_is_refused_with_a_reason_and_nothing_is_kept(world: World) -> None:
    left = verbs(lambda: post(world, "finding_set", hpo="HP:0000006", state="observed"))
    assert left == ["finding:read"]
    assert standing(world) == {}
    assert post(world, "finding_set", hpo=ARACHNODACTYLY, state="perhaps").status_code == 422


def test_htmx_gets_the_list_alone_and_the_trigger_that_moves_the_differential(world: World) -> None:
    address = reverse("finding_set", args=[world.record.pk])
    given = {"hpo": ARACHNODACTYLY, "state": "observed", "from": "search"}
    answer = world.client("clinician").post(address, given, headers=HTMX)
    text = answer.content.decode()
    assert answer["HX-Trigger"] == "findings-changed"
    assert text.lstrip().startswith('<div id="findings">')
    assert 'id="search" hx-swap-oob="true"' in text
    assert "findings-changed from:body" in page(world).content.decode()


def test_what_is_taken_back_can_be_undone_and_stays_in_the_history(world: World) -> None:
    made = state(world, ARACHNODACTYLY, FindingState.EXCLUDED)
    assert verbs(lambda: post(world, "finding_take_back", made.pk)) == ["finding:take_back"]
    assert standing(world) == {}
    assert reverse("finding_restore", args=[world.record.pk, made.pk]) in page(world).content.decode()
    assert verbs(lambda: post(world, "finding_restore", made.pk)) == ["finding:restore"]
    assert standing(world) == {ARACHNODACTYLY: "excluded"}
    assert "What was stated before" in page(world).content.decode()


def test_a_told_finding_moves_no_ranking_until_it_is_taken_over(world: World) -> None:
    state(world, ECTOPIA_LENTIS)
    before = differential_of(world.record)
    told = tell_finding(
        actor=world.actor("parent"),
        record=world.record.pk,
        hpo=ARACHNODACTYLY,
        state=FindingState.OBSERVED,
        words="Her fingers are like a spider's",
    )
    after = differential_of(world.record)
    assert before is not None
    assert after is not None
    assert list(before.scores) == list(after.scores)
    text = page(world).content.decode()
    assert "Her fingers are like a spider&#39;s" in text
    snapshots = RankingSnapshot.objects.count()
    assert verbs(lambda: post(world, "finding_decide", told.pk, decision="take_over")) == ["finding:decide_told"]
    moved = differential_of(world.record)
    assert moved is not None
    assert list(moved.scores) != list(before.scores)
    assert RankingSnapshot.objects.count() == snapshots + 1
    assert standing(world)[ARACHNODACTYLY] == "observed"


def test_a_told_finding_put_aside_keeps_its_words_and_counts_for_nothing(world: World) -> None:
    told = tell_finding(
        actor=world.actor("parent"), record=world.record.pk, hpo=NARROW_PALATE, state=FindingState.OBSERVED, words="so"
    )
    post(world, "finding_decide", told.pk, decision="put_aside")
    told.refresh_from_db()
    assert (told.standing, told.words) == ("declined", "so")
    assert standing(world) == {}


def test_what_the_family_told_is_decided_on_and_neither_taken_back_nor_restored(world: World) -> None:
    told = tell_finding(
        actor=world.actor("parent"), record=world.record.pk, hpo=NARROW_PALATE, state=FindingState.OBSERVED
    )
    for name in ("finding_take_back", "finding_restore", "finding_decide"):
        assert post(world, name, told.pk).status_code == 422, name
    told.refresh_from_db()
    assert (told.standing, told.ended) == ("told", None)


def test_a_refused_form_comes_back_with_what_was_entered(world: World) -> None:
    made = state(world, ARACHNODACTYLY)
    entered = {"onset_number": "three", "onset_unit": "months", "onset_class": "", "note": "left hand first"}
    answer = post(world, "finding_set", hpo=ARACHNODACTYLY, state="observed", **entered)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="three"' in text
    assert 'value="left hand first"' in text
    assert f'href="#number-{made.pk}"' in text


def test_the_time_line_has_its_table(world: World) -> None:
    post(world, "finding_set", hpo=ARACHNODACTYLY, state="observed", onset_number="2", onset_unit="years")
    text = page(world).content.decode()
    assert '<svg class="chart time-line"' in text
    assert "The same as a table" in text


def phenopacket(*features: dict[str, object]) -> SimpleUploadedFile:
    """A file as somebody chooses it."""
    packet = {
        "id": "packet",
        "subject": {"id": "somebody", "sex": "FEMALE"},
        "phenotypicFeatures": list(features),
        "metaData": {"created": "2024-01-01T00:00:00Z", "createdBy": "x", "phenopacketSchemaVersion": "2.0"},
    }
    return SimpleUploadedFile("one.json", json.dumps(packet).encode(), content_type="application/json")


def feature(hpo: str, **more: object) -> dict[str, object]:
    """One phenotypic feature."""
    return {"type": {"id": hpo, "label": ""}, **more}


def send(world: World, file: SimpleUploadedFile, who: str = "clinician") -> HttpResponse:
    """Import a file."""
    address = reverse("findings_import", args=[world.record.pk])
    return world.client(who).post(address, {"file": file})  # type: ignore[return-value]


def test_what_was_asked_about_where_a_phenopacket_comes_from_counts_as_asked_here(world: World) -> None:
    asked = [{"evidenceCode": {"id": "HOOFBEAT:asked", "label": "asked about in this person"}}]
    send(
        world,
        phenopacket(feature(ARACHNODACTYLY, excluded=True, evidence=asked), feature(ECTOPIA_LENTIS, excluded=True)),
    )
    said = {one.id: one.asked for one in case_of(world.record).findings}
    assert said == {ARACHNODACTYLY: True, ECTOPIA_LENTIS: False}


def test_a_phenopacket_is_imported_in_one_action_and_what_is_not_kept_is_said(world: World) -> None:
    state(world, NARROW_PALATE)
    file = phenopacket(
        feature(ARACHNODACTYLY, onset={"age": {"iso8601duration": "P3Y"}}),
        feature(ECTOPIA_LENTIS, excluded=True),
        feature(NARROW_PALATE, excluded=True),
        feature("HP:7654321"),
    )
    answers: list[HttpResponse] = []
    assert verbs(lambda: answers.append(send(world, file))) == ["finding:import"]
    assert standing(world) == {ARACHNODACTYLY: "observed", ECTOPIA_LENTIS: "excluded", NARROW_PALATE: "observed"}
    made = world.record.findings.get(hpo=ARACHNODACTYLY)
    assert (made.origin, made.onset) == ("import", "P3Y")
    text = answers[0].content.decode()
    assert "2 findings were added" in text
    assert "High, narrow palate" in text
    assert "HP:7654321" in text or "not in" in text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"%PDF-1.7", b'{"id": 3}', "\ufeff{}".encode()])
def test_a_file_that_is_no_phenopacket_is_refused_with_a_reason(world: World, content: bytes) -> None:
    answer = send(world, SimpleUploadedFile("one.json", content))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert standing(world) == {}


def test_a_file_that_is_too_large_or_missing_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hoofbeat.web.clinic.finding_import.MOST_BYTES", 10)
    assert send(world, phenopacket(feature(ARACHNODACTYLY))).status_code == 422
    assert post(world, "findings_import").status_code == 422


def test_a_coordinator_reads_findings_and_states_none(world: World) -> None:
    state(world, ARACHNODACTYLY)
    text = page(world, who="coordinator").content.decode()
    assert "Arachnodactyly" in text
    assert "data-key" not in text
    assert 'id="differential"' not in text
    assert post(world, "finding_set", who="coordinator", hpo=ECTOPIA_LENTIS, state="observed").status_code == 403
    for name in ("finding_set", "findings_find", "findings_import"):
        assert post(world, name, who="coordinator").status_code == 403, name
    assert world.client("coordinator").post(reverse("terms"), {"q": "x"}).status_code == 404


def test_outsiders_and_families_find_nothing_there(world: World) -> None:
    made = state(world, ARACHNODACTYLY)
    for who in ("outsider", "patient", "parent", "stranger", "administrator"):
        assert page(world, who=who).status_code == 404, who
        assert page(world, "record", who=who).status_code == 404, who
        assert post(world, "finding_take_back", made.pk, who=who).status_code == 404, who
        assert send(world, phenopacket(feature(ECTOPIA_LENTIS)), who).status_code == 404, who
    assert standing(world) == {ARACHNODACTYLY: "observed"}
