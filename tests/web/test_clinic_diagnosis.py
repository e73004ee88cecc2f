"""The differential and the diagnosis in the clinic: what is shown with it, who may confirm, withdraw and release."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from hoofbeat.cases.finding import FindingState
from hoofbeat.diagnosis.differential import ContributionKind
from hoofbeat.diagnosis.ratio_words import times
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.library import REPAIR, Library
from hoofbeat.network.gate import THE_PATIENT, Purpose
from hoofbeat.web.clinic.explanation import diverging, shown
from hoofbeat.web.clinic.ranking_chart import bump_chart
from hoofbeat.web.records import ranking
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.models import Confirmation, RankingSnapshot, Record, SharedDifferential
from hoofbeat.web.records.ranking import differential_of
from tests.web.sent_forms import post, verbs
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, World

pytestmark = pytest.mark.django_db

MARFAN = "OMIM:154700"
HTMX = {"hx-request": "true"}


@pytest.fixture
def ranked(world: World) -> World:
    """A record with a finding that can be ranked."""
    set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
    return world


def page(world: World, name: str = "differential", who: str = "clinician") -> HttpResponse:
    """A page of the record."""
    return world.client(who).get(reverse(name, args=[world.record.pk]))  # type: ignore[return-value]


def status(world: World) -> str:
    """Where the record stands."""
    return Record.objects.get(pk=world.record.pk).status


def test_the_differential_says_what_it_is_made_with_and_that_it_is_no_diagnosis(ranked: World) -> None:
    text = page(ranked).content.decode()
    assert "Not a diagnosis until a clinician confirms it." in text
    assert "None of these known diseases" in text
    assert "knowledge release" in text
    assert "Marfan syndrome" in text
    assert "PMID:28050285" in text


def test_expected_findings_can_be_answered_with_one_press(ranked: World) -> None:
    text = page(ranked).content.decode()
    assert "Often in it, not looked for yet" not in text or ECTOPIA_LENTIS in text
    found = differential_of(ranked.record)
    assert found is not None
    expected = {item.finding for one in found.top(10) for item in one.expected}
    for finding in expected:
        assert f'name="hpo" value="{finding}"' in text
    answer = ranked.client("clinician").post(
        reverse("finding_set", args=[ranked.record.pk]),
        {"hpo": ECTOPIA_LENTIS, "state": "excluded", "from": "differential"},
        headers=HTMX,
    )
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "findings-changed")
    panel = ranked.client("clinician").get(reverse("differential_panel", args=[ranked.record.pk]) + "?whole=1")
    assert '<span class="not-there">not</span> Ectopia lentis' in panel.content.decode()


def test_every_contribution_is_shown_and_the_bars_point_to_their_side(ranked: World) -> None:
    found = differential_of(ranked.record)
    assert found is not None
    one = shown(found, 3).candidates[0]
    assert len(one.reasons) == len(one.candidate.contributions)
    assert any(row.kind is ContributionKind.FINDING for row in one.candidate.contributions)
    assert diverging(1.0, 2.0) == (100.0, 50.0)
    assert diverging(-1.0, 2.0) == (50.0, 50.0)
    assert (times(2.4), times(-2.4), times(0.01)) == ("×11", "÷11", "×1")


def test_what_changes_nothing_is_folded_away_where_it_is_much(ranked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    post(ranked, "finding_set", hpo=ECTOPIA_LENTIS, state="observed")
    post(ranked, "finding_set", hpo="HP:0002705", state="excluded")
    found = differential_of(ranked.record)
    assert found is not None
    first = found.top(1)[0]
    weights = sorted(abs(row.log_lr) for row in first.contributions)
    assert len(weights) > 4
    assert 'class="idle"' not in page(ranked).content.decode()
    monkeypatch.setattr("hoofbeat.web.clinic.explanation.NEUTRAL", weights[-1])  # all but the strongest
    text = page(ranked).content.decode()
    folded = text.partition('<details class="idle">')[2].partition("</details>")[0]
    assert f"{len(weights) - 1} more that change nothing" in folded
    assert folded.count('<th scope="row">') == len(weights) - 1


def test_the_ranking_moves_with_a_finding_and_its_history_says_because_of_what(ranked: World) -> None:
    post(ranked, "finding_set", hpo=ECTOPIA_LENTIS, state="observed")
    answer = page(ranked, "ranking_history")
    text = answer.content.decode()
    assert "Arachnodactyly: observed" in text
    assert "Ectopia lentis: observed" in text
    assert '<svg class="chart bump"' in text


def test_one_snapshot_draws_no_chart_and_a_disease_that_left_comes_back_as_a_second_piece() -> None:
    def snapshot(*names: str) -> RankingSnapshot:
        return RankingSnapshot(first=[{"id": name, "name": name} for name in names])

    assert bump_chart([snapshot("A")]) is None
    chart = bump_chart([snapshot("A", "B"), snapshot("B"), snapshot("B", "A")])
    assert chart is not None
    lines = {line.name: line for line in chart.lines}
    assert len(lines["A"].pieces) == 2
    assert len(lines["B"].pieces) == 1


def test_older_knowledge_is_said_and_ranked_anew_on_request(ranked: World) -> None:
    RankingSnapshot.objects.update(release={"knowledge": "2001-01-01"})
    assert "Rank anew and keep it" in page(ranked, "ranking_history").content.decode()
    assert verbs(lambda: post(ranked, "rank_again")) == ["differential:rank_again"]
    assert "Rank anew and keep it" not in page(ranked, "ranking_history").content.decode()


def test_two_candidates_are_compared_without_naming_them_in_an_address(ranked: World) -> None:
    found = differential_of(ranked.record)
    assert found is not None
    a, b = (found.id_of(int(index)) for index in found.order[:2])
    answer = post(ranked, "compare", a=a, b=b)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "What would turn the order round" in text
    assert post(ranked, "compare", a=a, b=a).status_code == 422
    assert post(ranked, "compare", a=a, b=b, other="ectopia lentis familial").status_code == 200


def test_a_diagnosis_is_confirmed_with_a_reason_and_the_ranking_of_that_day_is_kept(ranked: World) -> None:
    left = verbs(lambda: post(ranked, "diagnosis_confirm", disease=MARFAN, reason="FBN1 variant, Ghent criteria"))
    assert left == ["diagnosis:confirm"]
    made = Confirmation.objects.get()
    assert (made.disease, made.disease_name) == (MARFAN, "Marfan syndrome")
    assert made.confirmed_by == ranked.clinician
    assert status(ranked) == "diagnosed"
    last = RankingSnapshot.objects.order_by("created").last()
    assert last is not None
    assert last.because == "confirmed:|Marfan syndrome"
    assert "Confirmed diagnosis" in page(ranked, "record").content.decode()


def test_without_a_reason_or_a_known_disease_nothing_is_confirmed(ranked: World) -> None:
    for disease, reason in ((MARFAN, "  "), ("OMIM:999999", "because"), ("", "because"), (MARFAN, "x" * 5000)):
        answer = post(ranked, "diagnosis_confirm", disease=disease, reason=reason)
        assert answer.status_code == 422
        assert "There is a problem" in answer.content.decode()
    assert not Confirmation.objects.exists()
    assert status(ranked) == "undiagnosed"


def test_what_was_written_stays_when_it_is_refused(ranked: World) -> None:
    text = post(ranked, "diagnosis_confirm", disease="", reason="the whole family has it").content.decode()
    assert "the whole family has it" in text


def test_a_diagnosis_is_withdrawn_with_a_reason_and_the_search_goes_on(ranked: World) -> None:
    post(ranked, "diagnosis_confirm", disease=MARFAN, reason="first")
    made = Confirmation.objects.get()
    assert post(ranked, "diagnosis_withdraw", made.pk, withdrawn_reason="").status_code == 422
    left = verbs(lambda: post(ranked, "diagnosis_withdraw", made.pk, withdrawn_reason="The variant is benign"))
    assert left == ["diagnosis:withdraw"]
    assert status(ranked) == "undiagnosed"
    assert "The variant is benign" in page(ranked, "diagnosis").content.decode()
    assert post(ranked, "diagnosis_withdraw", made.pk, withdrawn_reason="again").status_code == 422
    post(ranked, "diagnosis_confirm", disease=MARFAN, reason="second thoughts")
    assert status(ranked) == "diagnosed"


def test_no_message_in_a_cookie_names_the_disease(ranked: World) -> None:
    answer = post(ranked, "diagnosis_confirm", disease=MARFAN, reason="because")
    assert "Marfan" not in str(answer.cookies)


def test_nothing_is_released_before_a_talk(ranked: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    for day in ("", "soon", tomorrow.isoformat()):
        answer = post(ranked, "release", candidates=[MARFAN], words="We think of this", talked_on=day)
        assert answer.status_code == 422, day
    today = timezone.localdate().isoformat()
    assert post(ranked, "release", candidates=[MARFAN], words="", talked_on=today).status_code == 422
    assert post(ranked, "release", candidates=[], words="We think of this", talked_on=today).status_code == 422
    assert not SharedDifferential.objects.exists()


def test_what_was_talked_about_is_released_and_can_be_ended(ranked: World) -> None:
    today = timezone.localdate().isoformat()
    given: dict[str, Any] = {"candidates": [MARFAN], "words": "We think of this", "talked_on": today}
    assert verbs(lambda: post(ranked, "release", **given)) == ["differential:release"]
    made = SharedDifferential.objects.get()
    assert made.candidates == [{"id": MARFAN, "name": "Marfan syndrome"}]
    post(ranked, "release", **given | {"words": "We looked again"})
    assert SharedDifferential.objects.get(ended__isnull=True).words == "We looked again"
    standing = SharedDifferential.objects.get(ended__isnull=True)
    assert verbs(lambda: post(ranked, "release_end", standing.pk)) == ["differential:end_release"]
    assert not SharedDifferential.objects.filter(ended__isnull=True).exists()


def test_a_family_reads_that_a_disease_is_the_diagnosis_only_where_it_was_told_as_one(ranked: World) -> None:
    today = timezone.localdate().isoformat()
    given: dict[str, Any] = {"candidates": [MARFAN], "words": "We think of this", "talked_on": today}
    post(ranked, "release", **given)
    post(ranked, "diagnosis_confirm", disease=MARFAN, reason="FBN1 variant")
    told = page(ranked, "portal_talked", "parent").content.decode()
    assert "These are thoughts, not a diagnosis." in told, "the confirmation came after the talk, and is not told"
    assert "had confirmed it" not in told
    post(ranked, "release", **given)
    told = page(ranked, "portal_talked", "parent").content.decode()
    assert "had confirmed it" in told
    assert "These are thoughts" not in told
    assert "was withdrawn since" not in page(ranked, "diagnosis").content.decode()
    post(ranked, "diagnosis_withdraw", Confirmation.objects.get().pk, withdrawn_reason="The variant is benign")
    assert "was withdrawn since" in page(ranked, "diagnosis").content.decode()
    assert "benign" not in page(ranked, "portal_talked", "parent").content.decode()


def test_a_diagnosis_that_no_ranking_holds_is_released_all_the_same(world: World) -> None:
    today = timezone.localdate().isoformat()
    given: dict[str, Any] = {"candidates": [MARFAN], "words": "The test shows it", "talked_on": today}
    assert post(world, "release", **given).status_code == 422, "no finding, and nothing confirmed"
    post(world, "diagnosis_confirm", disease=MARFAN, reason="The test of the brother was repeated in him")
    assert f'name="candidates" value="{MARFAN}"' in page(world, "diagnosis").content.decode()
    assert post(world, "release", **given).status_code == 302
    assert SharedDifferential.objects.get().candidates[0]["confirmed"] == today


def test_a_coordinator_ranks_nothing_and_a_counsellor_confirms_nothing(ranked: World) -> None:
    for name in ("differential", "differential_panel", "ranking_history", "diagnosis"):
        assert page(ranked, name, "coordinator").status_code == 403, name
    assert post(ranked, "compare", who="coordinator", a="x", b="y").status_code == 403
    assert post(ranked, "rank_again", who="coordinator").status_code == 403
    assert "Marfan" not in page(ranked, "record", "coordinator").content.decode()
    for who in ("coordinator", "counsellor"):
        assert post(ranked, "diagnosis_confirm", who=who, disease=MARFAN, reason="").status_code == 403, who
        assert post(ranked, "release", who=who, candidates=[MARFAN], words="x").status_code == 403, who
    assert not Confirmation.objects.exists()


def test_outsiders_and_families_find_nothing_there(ranked: World) -> None:
    for who in ("outsider", "patient", "parent", "reader", "former", "stranger", "administrator", "researcher"):
        for name in ("differential", "differential_panel", "ranking_history", "diagnosis"):
            assert page(ranked, name, who).status_code == 404, (who, name)
        assert post(ranked, "diagnosis_confirm", who=who, disease=MARFAN, reason="x").status_code == 404, who
        assert post(ranked, "compare", who=who, a="x", b="y").status_code == 404, who


def test_without_findings_the_pages_say_what_to_do(world: World) -> None:
    for name in ("record", "findings", "differential", "differential_panel"):
        assert "Nothing can be ranked yet." in page(world, name).content.decode(), name
    assert page(world, "ranking_history").status_code == 200
    assert post(world, "compare", a=MARFAN, b=MARFAN).status_code == 302


def test_a_damaged_case_library_is_called_so_and_not_knowledge_that_was_never_built(
    ranked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> Library:
        raise KnowledgeError("library.npz: damaged", repair=REPAIR)

    monkeypatch.setattr(ranking, "stored_library", damaged)
    ranking.knowledge.cache_clear()
    answer = page(ranked, "differential")
    said = answer.content.decode()
    assert answer.status_code == 503
    assert "library.npz: damaged" in said
    assert "hoofbeat knowledge add-cases" in said
    assert "hoofbeat knowledge build" not in said


def test_without_knowledge_the_pages_say_how_to_build_it(ranked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        @staticmethod
        def open(**_: object) -> object:
            raise KnowledgeError("no knowledge is built", repair="run: hoofbeat knowledge build")

    monkeypatch.setattr(ranking, "Knowledge", Missing)
    ranking.knowledge.cache_clear()
    for name in ("differential", "differential_panel", "diagnosis"):
        answer = page(ranked, name)
        assert answer.status_code == 503, name
        assert "hoofbeat knowledge build" in answer.content.decode(), name
    for name in ("record", "findings"):
        answer = page(ranked, name)
        assert answer.status_code == 200, name
        assert "hoofbeat knowledge status" in answer.content.decode(), name
    assert post(ranked, "finding_set", hpo=ECTOPIA_LENTIS, state="observed").status_code == 503
    assert post(ranked, "diagnosis_confirm", disease=MARFAN, reason="x").status_code == 503
    for name in ("export", "rank_again"):
        answer = post(ranked, name, agreed=f"{Purpose.OWN_COPY}|{THE_PATIENT}")
        assert answer.status_code == 503, name
        assert "hoofbeat knowledge build" in answer.content.decode(), name
    own = reverse("portal_own_copy", args=[ranked.record.pk])
    copy = ranked.client("patient").post(own)
    assert copy.status_code == 503
    assert "This does not work at the moment" in copy.content.decode()
    assert "hoofbeat" not in copy.content.decode().partition("<main")[2].partition("</main>")[0]
    assert verbs(lambda: ranked.client("patient").post(own)) == []
    ranking.knowledge.cache_clear()


def test_the_overview_shows_what_waits(ranked: World) -> None:
    text = page(ranked, "record").content.decode()
    assert "No told finding waits" in text
    assert "No unread message" in text
    assert "No visit planned" in text
    assert "Mira Example" in text
