"""Of several names for laypeople, a family reads the plainest; every name is one of HPO's."""

from __future__ import annotations

import pytest

from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.family_names import BEST, OF_SOMETHING_ELSE, UNDERSTOOD, best_first
from hoofbeat.knowledge.plain_terms import PlainTerms
from hoofbeat.knowledge.term_names import names_of


@pytest.fixture(scope="module")
def terms(hpo_facts: Facts) -> PlainTerms:
    return PlainTerms(hpo_facts.ontology)


def test_every_chosen_name_is_one_that_hpo_marks_as_that_of_laypeople(hpo_facts: Facts) -> None:
    wrong = ((hpo, name) for hpo, names in OF_SOMETHING_ELSE.items() for name in names)
    for hpo, name in (*BEST.items(), *wrong):
        index = hpo_facts.ontology.index(hpo)
        assert index is not None, hpo
        assert name in {one.text for one in names_of(hpo_facts.ontology, index) if one.is_plain}, hpo


def test_a_name_of_something_else_is_not_what_a_family_is_asked_about(terms: PlainTerms) -> None:
    assert terms.of("HP:0001003") is None
    assert (explained := terms.meaning("HP:0001003")) is not None
    assert explained.name == "Multiple lentigines"


def test_a_family_is_asked_about_seizures_and_not_about_epilepsy(terms: PlainTerms, hpo_facts: Facts) -> None:
    """Who had a fit with fever has no epilepsy, and would rightly say no."""
    for hpo, name in UNDERSTOOD.items():
        index = hpo_facts.ontology.index(hpo)
        assert index is not None
        assert name in {one.text for one in names_of(hpo_facts.ontology, index)}
    asked = terms.of("HP:0001250")
    assert asked is not None
    assert (asked.name, asked.also) == ("Seizures", ())
    for typed in ("seizures", "epilepsy", "fits"):
        assert "HP:0001250" in {one.hpo for one in terms.search(typed)}, typed


@pytest.mark.parametrize(
    ("hpo", "name"),
    [
        ("HP:0000957", "Flat light-brown mark on skin"),
        ("HP:0009726", "Renal tumors"),
        ("HP:0000545", "Nearsightedness"),
        ("HP:0000252", "Small head"),
        ("HP:0000256", "Large head"),
        ("HP:0001382", "Flexible joints"),
        ("HP:0002650", "Scoliosis"),
        ("HP:0000347", "Small lower jaw"),
        ("HP:0001999", "Unusual facial appearance"),
    ],
)
def test_a_sign_is_called_by_its_plainest_name(hpo: str, name: str, terms: PlainTerms, hpo_facts: Facts) -> None:
    found = terms.of(hpo)
    index = hpo_facts.ontology.index(hpo)
    assert index is not None
    if found is None:
        assert not any(one.is_plain for one in names_of(hpo_facts.ontology, index))
    else:
        assert found.name == name
        assert found.name not in found.also


def test_a_word_that_hurts_or_a_word_of_doctors_does_not_come_first() -> None:
    names = ("Big calvaria", "Funny looking face", "Large head", "Large skull")
    assert best_first("HP:0000000", names) == ("Large head", "Large skull", "Big calvaria", "Funny looking face")


def test_what_cannot_be_told_apart_stays_in_its_order() -> None:
    assert best_first("HP:0000000", ("b", "a")) == ("b", "a")


@pytest.mark.parametrize(
    ("typed", "hpo"),
    [("floppy", "HP:0001252"), ("wobbly eyes", "HP:0000639"), ("bruises easyly", "HP:0000978"), ("fits", "HP:0001250")],
)
def test_a_family_finds_a_sign_by_the_words_that_its_story_would_be_read_with(
    typed: str, hpo: str, terms: PlainTerms
) -> None:
    assert terms.search(typed)[0].hpo == hpo
