"""What must hold of every text that is read for findings."""

import textwrap
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.mention import Assertion, Mention
from hoofbeat.knowledge.lexicon import Lexicon
from validation.labelled_sentences import DEVELOPMENT, HELD_BACK, labelled_sentences

CLOSED = (".", "!", ";")


@pytest.fixture(scope="module")
def whole_sentences(lexicon: Lexicon) -> list[str]:
    """Our sentences that stand for themselves: no headings, no lists over several lines."""
    every = [one.text for path in (DEVELOPMENT, HELD_BACK) for one in labelled_sentences(path, lexicon.ontology)]
    return [text for text in every if text.endswith(".") and "\n" not in text and ":" not in text and text[0].isupper()]


def _said(mentions: tuple[Mention, ...]) -> Counter[tuple[str, str, str]]:
    return Counter((one.hpo, one.assertion.value, one.text) for one in mentions)


def _of_patient(mentions: tuple[Mention, ...]) -> Counter[tuple[str, str, str]]:
    return _said(tuple(one for one in mentions if one.assertion is not Assertion.FAMILY))


@given(data=st.data())
def test_offsets_are_those_of_the_words_and_mentions_never_overlap(
    data: st.DataObject, lexicon: Lexicon, whole_sentences: list[str]
) -> None:
    pieces = st.one_of(
        st.sampled_from(whole_sentences), st.text(max_size=60), st.sampled_from(["no ", "\r\n", "\x00", "İ", "?"])
    )
    text = " ".join(data.draw(st.lists(pieces, max_size=8)))
    mentions = find_terms(text, lexicon)
    assert all(text[one.start : one.end] == one.text for one in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert all(lexicon.ontology.name(lexicon.ontology.index(one.hpo)) == one.label for one in mentions)


@given(data=st.data())
def test_a_sentence_about_the_mother_never_changes_what_is_said_of_the_patient(
    data: st.DataObject, lexicon: Lexicon, whole_sentences: list[str]
) -> None:
    sentences = data.draw(st.lists(st.sampled_from(whole_sentences), min_size=1, max_size=6))
    about_mother = data.draw(
        st.sampled_from(
            ["Her mother has scoliosis.", "His mother does not have ataxia.", "Mother with possible migraine."]
        )
    )
    at = data.draw(st.integers(0, len(sentences)))
    before = find_terms(" ".join(sentences), lexicon)
    after = find_terms(" ".join([*sentences[:at], about_mother, *sentences[at:]]), lexicon)
    assert _of_patient(after) == _of_patient(before)
    assert len(after) == len(before) + 1


@given(data=st.data())
def test_the_order_of_whole_sentences_does_not_matter(
    data: st.DataObject, lexicon: Lexicon, whole_sentences: list[str]
) -> None:
    sentences = data.draw(st.lists(st.sampled_from(whole_sentences), min_size=2, max_size=6))
    turned = data.draw(st.permutations(sentences))
    assert _said(find_terms(" ".join(turned), lexicon)) == _said(find_terms(" ".join(sentences), lexicon))


@given(data=st.data())
def test_how_a_sentence_is_wrapped_or_spaced_does_not_matter(
    data: st.DataObject, lexicon: Lexicon, whole_sentences: list[str]
) -> None:
    sentence = data.draw(st.sampled_from(whole_sentences))
    blank = data.draw(st.sampled_from(["  ", "\t", " \n", "\u00a0"]))
    words = sentence.split(" ")
    at = data.draw(st.integers(1, max(1, len(words) - 1)))
    if len(words) < 2 or (blank == " \n" and not words[at][0].islower()):
        return
    spaced = " ".join(words[:at]) + blank + " ".join(words[at:])
    plain = [(one.hpo, one.assertion, one.who) for one in find_terms(sentence, lexicon)]
    assert [(one.hpo, one.assertion, one.who) for one in find_terms(spaced, lexicon)] == plain


@given(data=st.data())
def test_prose_says_the_same_however_wide_it_is_set(
    data: st.DataObject, lexicon: Lexicon, whole_sentences: list[str]
) -> None:
    story = " ".join(data.draw(st.lists(st.sampled_from(whole_sentences), min_size=4, max_size=10)))
    wrapped = textwrap.fill(story, data.draw(st.integers(50, 110)), break_long_words=False, break_on_hyphens=False)
    told = [(one.hpo, one.assertion, one.who) for one in find_terms(story, lexicon)]
    assert [(one.hpo, one.assertion, one.who) for one in find_terms(wrapped, lexicon)] == told


@given(data=st.data())
def test_a_list_of_lines_says_of_each_line_what_the_line_says_alone(data: st.DataObject, lexicon: Lexicon) -> None:
    names = ["ataxia", "seizures", "short stature", "ptosis", "low-set ears", "scoliosis", "tremor", "chorea"]
    lines = data.draw(
        st.lists(
            st.tuples(st.sampled_from(["", "no ", "denies ", "possible ", "?", "absent "]), st.sampled_from(names)),
            min_size=2, max_size=9,
        )
    )  # fmt: skip
    alone = [[(one.hpo, one.assertion) for one in find_terms(cue + name, lexicon)] for cue, name in lines]
    mark = data.draw(st.sampled_from(["", "- ", "* "]))
    text = "\n".join(mark + cue + name for cue, name in lines)
    assert [(one.hpo, one.assertion) for one in find_terms(text, lexicon)] == [one for line in alone for one in line]


@given(data=st.data())
def test_reading_twice_gives_the_same_whatever_was_read_before(
    data: st.DataObject, lexicon: Lexicon, whole_sentences: list[str]
) -> None:
    text = data.draw(st.sampled_from(whole_sentences))
    first = find_terms(text, lexicon)
    find_terms(data.draw(st.text(max_size=80)), lexicon)
    assert find_terms(text, lexicon) == first


@pytest.mark.parametrize("name", ["ataxia", "fever", "ptosis", "chorea", "tremor"])
@pytest.mark.parametrize("around", ["x{}x", "q{}", "{}zq", "0{}", "{}7a"])
def test_a_name_is_never_found_within_another_word(name: str, around: str, lexicon: Lexicon) -> None:
    word = around.format(name)
    found = find_terms(f"There is {word} here.", lexicon)
    assert all(one.text == word for one in found)  # as a whole it may be a typing error
