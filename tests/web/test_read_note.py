"""A note is read in the browser's forms: found words marked, each decided on by a person, taken over in one step and
undone; relatives stay relatives; and nothing of the note is kept or told elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from hoofbeat.cases.finding import FindingState
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.web.audit.models import Event
from hoofbeat.web.clinic.note_review import MOST, Review, review_of
from hoofbeat.web.records.actions.findings import decide_told, tell_finding
from hoofbeat.web.records.free_text import LONGEST, read_note
from hoofbeat.web.records.models import RankingSnapshot
from tests.web.sent_forms import verbs
from tests.web.test_canaries import assert_nothing_in_headers, assert_nowhere_else, logged
from tests.web.test_clinic_findings import page, standing, state
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, World

__all__ = ["logged"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_knowledge")]

SCOLIOSIS, MYOPIA, PTOSIS, SEIZURE, HYPOTONIA = "HP:0002650", "HP:0000545", "HP:0000508", "HP:0001250", "HP:0001252"
DISABILITY, MILD = "HP:0001249", "HP:0001256"
NOTE = (
    "She has arachnodactyly. There is no ectopia lentis, and scolisis was seen. Possible ptosis of the left eye.\r\n"
    "Her mother has myopia. She had hypotonia as an infant."
)


def key(hpo: str, said: str) -> str:
    """The name of a suggestion in the form."""
    return f"{hpo.replace(':', '')}-{said}"


def post(world: World, name: str, given: Mapping[str, object], who: str = "clinician") -> HttpResponse:
    """A form of the record, sent by somebody."""
    return world.client(who).post(reverse(name, args=[world.record.pk]), given)  # type: ignore[return-value]


def take(world: World, text: str = NOTE, who: str = "clinician", **said: str) -> HttpResponse:
    """Take over what is said in the fields of the form."""
    return post(world, "read_note_take", {"text": text, **said}, who)


def review(text: str, knowledge: Knowledge, stated: dict[str, str] | None = None) -> Review:
    """The review of a note."""
    return review_of(read_note(text.encode()), stated or {}, knowledge.ontology)


def test_found_words_are_marked_in_the_text_with_what_the_note_says_of_them(world: World) -> None:
    text = post(world, "read_note", {"text": NOTE}).content.decode()
    marks = re.findall(r'<mark class="found found--(\w+)"[^>]*>([^<]+)<sup aria-hidden="true">(\S)', text)
    assert marks == [
        ("present", "arachnodactyly", "+"), ("negated", "ectopia lentis", "−"), ("present", "scolisis", "+"),
        ("uncertain", "ptosis", "~"), ("family", "myopia", "◇"), ("past", "hypotonia", "↶"),
    ]  # fmt: skip
    assert '<span class="quiet-words"> (Ectopia lentis: denied)</span>' in text


def test_a_file_is_read_like_what_is_pasted_and_goes_before_it(world: World) -> None:
    file = SimpleUploadedFile("note.txt", "Ataxia.".encode("utf-16"))
    text = post(world, "read_note", {"text": "Scoliosis.", "file": file}).content.decode()
    assert 'data-row="HP0001251-present"' in text
    assert 'data-row="HP0002650-present"' not in text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"ataxia " * 1_500_000, "the text has 10.5 MB; the limit is 2 MB"),
        (b"ataxia " * 60_000, "the text has 420,000 characters; at most 200,000 can be read at once"),
        (b"a\x01\x02\x03\x04" * 50, "control characters"),
        (b"%PDF-1.7 ...", "this is a PDF file, not text; save it as plain text in UTF-8"),
        (b"   \n", "there is no text in it"),
    ],
)
def test_what_is_no_note_is_refused_at_the_file_with_the_repair(world: World, data: bytes, said: str) -> None:
    answer = post(world, "read_note", {"text": "kept words", "file": SimpleUploadedFile("note.txt", data)})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert '<a href="#file">' in text
    assert "kept words</textarea>" in text


def test_nothing_given_and_too_much_pasted_are_told_at_the_text(world: World) -> None:
    for given, said in (({"text": " "}, "paste a note"), ({"text": "a " * LONGEST}, "at most 200,000")):
        answer = post(world, "read_note", given)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert '<a href="#text">' in answer.content.decode()


def test_more_than_any_form_takes_is_answered_with_a_page_that_says_so(world: World) -> None:
    for name in ("read_note", "read_note_take"):
        answer = post(world, name, {"text": "ataxia " * 1_500_000})
        assert answer.status_code == 400
        assert "too large for a form" in answer.content.decode()


def test_another_language_is_warned_of_and_control_characters_are_read_as_blanks(world: World) -> None:
    german = "Die Patientin zeigt eine Skoliose und keine Auffälligkeiten, es besteht seit der Geburt ein Herzfehler."
    text = post(world, "read_note", {"text": german}).content.decode()
    assert "The text seems to be mostly in German; only English is read" in text
    text = post(world, "read_note", {"text": "Ataxia\x0b is seen. " * 5}).content.decode()
    assert 'data-row="HP0001251-present"' in text


def test_each_is_taken_as_the_person_says_with_the_sentence_it_stands_in(world: World) -> None:
    said = {
        key(ARACHNODACTYLY, "present"): "observed",
        key(ECTOPIA_LENTIS, "negated"): "excluded",
        key(PTOSIS, "uncertain"): "observed",
        key(SCOLIOSIS, "present"): "leave",
    }
    answer = take(world, **{f"say-{one}": state for one, state in said.items()})
    assert answer.status_code == 200
    assert "3 findings are in the record now." in answer.content.decode()
    assert standing(world) == {ARACHNODACTYLY: "observed", ECTOPIA_LENTIS: "excluded", PTOSIS: "observed"}
    made = world.record.findings.get(hpo=PTOSIS)
    assert (made.origin, made.words) == ("import", "Possible ptosis of the left eye.")
    assert "read in a note" in page(world).content.decode()


def test_one_step_is_one_event_one_version_and_one_ranking(world: World) -> None:
    before = world.record.version
    said = {f"say-{key(ARACHNODACTYLY, 'present')}": "observed", f"say-{key(PTOSIS, 'uncertain')}": "uncertain"}
    assert verbs(lambda: take(world, **said)) == ["finding:from_note"]
    world.record.refresh_from_db()
    assert world.record.version == before + 1
    assert RankingSnapshot.objects.filter(record=world.record).count() == 1
    assert verbs(lambda: post(world, "read_note", {"text": NOTE})) == ["finding:read"]
    assert verbs(lambda: page(world, "read_note")) == ["finding:read"]


def test_all_clear_ones_are_taken_at_one_press_and_nothing_else(world: World) -> None:
    take(world, certain="1", **{f"say-{key(ECTOPIA_LENTIS, 'negated')}": "leave"})
    # Not the repaired "scolisis", not what is uncertain or past, not the mother's, not what was left out.
    assert standing(world) == {ARACHNODACTYLY: "observed"}


def test_another_term_by_name_or_number_takes_the_place_of_the_suggested_one(world: World) -> None:
    for typed in ("Thoracic scoliosis", "hp:0002751 Kyphoscoliosis"):
        take(world, **{f"say-{key(SCOLIOSIS, 'present')}": "observed", f"other-{key(SCOLIOSIS, 'present')}": typed})
    labels = set(world.record.findings.values_list("label", flat=True))
    assert "Kyphoscoliosis" in labels
    assert "Scoliosis" not in labels
    assert len(labels) == 2


def test_a_term_that_is_not_clear_is_asked_about_and_what_was_decided_is_kept(world: World) -> None:
    one, other = key(SCOLIOSIS, "present"), key(ARACHNODACTYLY, "present")
    answer = take(world, **{f"say-{one}": "observed", f"other-{one}": "kyphoscol", f"say-{other}": "observed"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“kyphoscol” is not clear. Near to it: Kyphoscoliosis" in text
    assert f'<a href="#other-{one}">' in text
    assert re.search(rf'name="say-{other}" value="observed"[^>]* checked', text)
    assert standing(world) == {}


def test_nothing_decided_is_told_and_changes_nothing(world: World) -> None:
    answer = take(world, **{f"say-{key(SCOLIOSIS, 'present')}": "leave"})
    assert answer.status_code == 422
    assert "nothing was taken" in answer.content.decode()
    assert '<a href="#suggestions">' in answer.content.decode()
    assert standing(world) == {}


def test_what_is_stated_already_is_not_offered_again(world: World) -> None:
    state(world, ARACHNODACTYLY)
    text = post(world, "read_note", {"text": NOTE}).content.decode()
    assert f'id="row-{key(ARACHNODACTYLY, "present")}"' in text
    assert f'data-row="{key(ARACHNODACTYLY, "present")}"' not in text
    take(world, certain="1", **{f"say-{key(ARACHNODACTYLY, 'present')}": "excluded"})
    assert standing(world) == {ARACHNODACTYLY: "observed", ECTOPIA_LENTIS: "excluded"}


def test_a_contradiction_is_told_not_taken_with_the_clear_ones_and_can_be_decided_either_way(world: World) -> None:
    first = state(world, ARACHNODACTYLY, FindingState.EXCLUDED)
    text = post(world, "read_note", {"text": NOTE}).content.decode()
    assert "The record says: excluded." in text
    take(world, certain="1")
    assert standing(world)[ARACHNODACTYLY] == "excluded"
    answer = take(world, **{f"say-{key(ARACHNODACTYLY, 'present')}": "observed"})
    assert standing(world)[ARACHNODACTYLY] == "observed"
    first.refresh_from_db()
    assert first.ended is not None
    rows = re.findall(r'name="row" value="([^"]+)"', answer.content.decode())
    post(world, "read_note_undo", {"row": rows})
    assert standing(world)[ARACHNODACTYLY] == "excluded"


def test_what_the_note_says_both_ways_or_of_a_special_form_is_told(whole_knowledge: Knowledge) -> None:
    both = review("No seizures. She had a seizure in May; seizures are daily.", whole_knowledge).suggestions
    doubts = {one.mention.assertion.value: one.doubts for one in both}
    assert doubts["negated"] == doubts["present"] == ("The note also says the opposite.",)
    found = review("No intellectual disability. Mild intellectual disability at school.", whole_knowledge).suggestions
    assert [one.doubts for one in found if one.mention.hpo == DISABILITY] == [
        ("Denied in general, but a form of it is observed: Intellectual disability, mild.",)
    ]
    found = review("Mild intellectual disability.", whole_knowledge, {DISABILITY: "excluded"}).suggestions
    assert found[0].doubts == ("The record excludes the general form: Intellectual disability.",)
    assert not found[0].is_certain


def test_a_term_cannot_be_taken_in_two_ways_at_once(world: World) -> None:
    text = "No seizures. Seizures are daily."
    said = {f"say-{key(SEIZURE, 'negated')}": "excluded", f"say-{key(SEIZURE, 'present')}": "observed"}
    answer = take(world, text, **said)
    assert answer.status_code == 422
    assert "was taken in two ways" in answer.content.decode()
    assert standing(world) == {}


def test_what_is_said_of_a_relative_is_shown_with_whom_and_never_becomes_the_patients(world: World) -> None:
    text = post(world, "read_note", {"text": NOTE}).content.decode()
    assert "Said of relatives" in text
    assert reverse("family", args=[world.record.pk]) in text
    assert key(MYOPIA, "family") not in text
    sent = {f"say-{key(MYOPIA, said)}": "observed" for said in ("family", "present")}
    assert take(world, certain="1", **sent).status_code == 200
    assert MYOPIA not in standing(world)


def test_a_term_that_the_note_does_not_mention_is_not_taken(world: World) -> None:
    assert take(world, **{f"say-{key(SEIZURE, 'present')}": "observed"}).status_code == 422
    assert standing(world) == {}


def test_undo_takes_back_what_has_not_changed_since(world: World) -> None:
    answer = take(world, certain="1")
    rows = re.findall(r'name="row" value="([^"]+)"', answer.content.decode())
    assert len(rows) == 2
    state(world, ARACHNODACTYLY, FindingState.UNCERTAIN)
    assert verbs(lambda: post(world, "read_note_undo", {"row": rows})) == ["finding:undo_from_note"]
    assert standing(world) == {ARACHNODACTYLY: "uncertain"}
    assert verbs(lambda: post(world, "read_note_undo", {"row": [*rows, "rubbish"]})) == []


def test_undo_leaves_it_the_family_who_told_what_stood_before(world: World) -> None:
    told = tell_finding(
        actor=world.actor("parent"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.UNCERTAIN
    )
    decide_told(actor=world.actor("counsellor"), record=world.record.pk, finding=told.pk, take_over=True)
    answer = take(world, **{f"say-{key(ARACHNODACTYLY, 'present')}": "observed"})
    rows = re.findall(r'name="row" value="([^"]+)"', answer.content.decode())
    post(world, "read_note_undo", {"row": rows})
    again = world.record.findings.get(ended__isnull=True)
    assert (again.state, again.origin) == ("uncertain", "family")
    assert (again.said_by, again.checked_by) == (world.parent, world.counsellor)
    event = Event.objects.get(verb="finding:undo_from_note")
    assert event.actor == world.clinician


def test_undo_reaches_no_finding_of_another_record(world: World) -> None:
    state(world, ARACHNODACTYLY)
    mine = world.record.findings.get()
    post(world, "read_note_undo", {"row": [str(mine.pk), str(UUID(int=1))]})
    assert standing(world) == {ARACHNODACTYLY: "observed"}  # stated here, not read in a note


def test_who_is_not_in_the_team_finds_no_such_page_and_who_may_not_state_is_told(world: World) -> None:
    for name in ("read_note", "read_note_take", "read_note_undo"):
        for who in ("outsider", "stranger", "parent", "administrator"):
            assert post(world, name, {"text": NOTE}, who).status_code == 404
        assert post(world, name, {"text": NOTE, "certain": "1"}, "coordinator").status_code == 403
    assert standing(world) == {}


def test_more_terms_than_a_page_holds_are_left_out_and_that_is_said(whole_knowledge: Knowledge) -> None:
    ontology = whole_knowledge.ontology
    names = [ontology.name(one) for one in range(len(ontology.parents)) if ontology.is_phenotype[one]]
    found = review("".join(f"{one}.\n" for one in names[1 : 4 * MOST]), whole_knowledge)
    assert len(found.suggestions) == MOST
    assert found.left_out > 0


def test_the_note_is_in_no_log_address_event_or_table_and_of_it_stays_the_sentence_of_what_was_taken(
    world: World,
    logged: list[str],
) -> None:
    text = "Quetzalcanary is her name. Arachnodactyly of Typedcanary. No ataxia."
    client = world.client("clinician")
    for name, given in (
        ("read_note", {"text": text}),
        ("read_note_take", {"text": text, f"say-{key(ARACHNODACTYLY, 'present')}": "observed"}),
        (
            "read_note_take",
            {"text": text, "other-HP0001251-negated": "Typedcanary", "say-HP0001251-negated": "observed"},
        ),
    ):
        answer = client.post(reverse(name, args=[world.record.pk]), given)
        assert answer.status_code in (200, 422)
        assert_nothing_in_headers(client, answer, name)
    assert_nowhere_else(logged)
    assert "Typedcanary" not in str(dict(client.session))
    assert "Quetzalcanary" not in str(dict(client.session))
    kept = world.record.findings.get()
    assert kept.words == "Arachnodactyly of Typedcanary."
    assert not [event for event in Event.objects.all() if "Arachnodactyly" in str(event.detail)]
