"""Parts of reading free text: the measured bars, the labelled sentences, and how findings join a case."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Self, SupportsIndex

import pytest

from hoofbeat.cases import Case
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.text import assertion
from hoofbeat.interchange.text.decode import decoded, text_to_show
from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.into_case import joined
from hoofbeat.interchange.text.mention import Assertion, How, Mention
from hoofbeat.interchange.text.reader import ReadText
from hoofbeat.interchange.text.sentences import sentence_at, sentences
from hoofbeat.interchange.text.suggestions import suggestions
from hoofbeat.knowledge.homographs import is_homograph
from hoofbeat.knowledge.lexicon import Lexicon
from hoofbeat.knowledge.own_names import ABBREVIATIONS, FAMILY_WORDS, NORMAL, SHORTHAND
from hoofbeat.knowledge.plain_terms import PlainTerm, PlainTerms
from hoofbeat.knowledge.word_forms import word_form
from validation.labelled_sentences import DEVELOPMENT, HELD_BACK, LabelError, labelled_sentences
from validation.results_folder import TEXT, frozen
from validation.text_scores import scores

ARACHNODACTYLY, SCOLIOSIS, SEIZURE = "HP:0001166", "HP:0002650", "HP:0001250"


@pytest.mark.parametrize(
    ("part", "name", "mentions", "negated"),
    [(DEVELOPMENT, "development", 0.98, 0.99), (HELD_BACK, "held back", 0.96, 0.98)],
)
def test_the_measured_margin_over_the_bars_is_kept(
    part: Path, name: str, mentions: float, negated: float, lexicon: Lexicon
) -> None:
    measured = scores(labelled_sentences(part, lexicon.ontology), lexicon)
    assert measured.mentions.f1 >= mentions  # the bar is .85
    assert measured.assertions["negated"].f1 >= negated  # the bar is .90
    results = frozen(TEXT)
    assert results is not None
    assert results[name] == measured.to_json(), "run python -m validation.text_benchmark"


def test_there_are_three_hundred_sentences_in_two_parts_that_share_none(lexicon: Lexicon) -> None:
    texts = [{one.text for one in labelled_sentences(part, lexicon.ontology)} for part in (DEVELOPMENT, HELD_BACK)]
    assert len(texts[0]) + len(texts[1]) >= 300
    assert texts[0] & texts[1] == set()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("odd: There is {ataxia|HP:0001251 Ataxia}.", "line 2, kind: 'odd'"),
        ("present: There is {ataxia|HP:0001251 Ataxia.", "line 2, text: a brace without its partner"),
        ("present: There is {ataxia}.", "line 2, mention 1, fields"),
        ("present: There is {ataxia|HP:9999999 Ataxia}.", "line 2, mention 1, term: 'HP:9999999'"),
        ("present: There is {ataxia|HP:0001251 Chorea}.", "line 2, mention 1, label: HP:0001251 is 'Ataxia'"),
        ("present: There is {ataxia|HP:0001251 Ataxia|gone}.", "line 2, mention 1, assertion: 'gone'"),
        ("present: There is {ataxia|HP:0001251 Ataxia|family}.", "line 2, mention 1, assertion: the relative"),
    ],
)
def test_a_wrong_line_of_labelled_sentences_is_named_with_its_field(
    line: str, told: str, lexicon: Lexicon, tmp_path: Path
) -> None:
    path = tmp_path / "some.txt"
    path.write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(LabelError) as refused:
        labelled_sentences(path, lexicon.ontology)
    assert told in str(refused.value)


def test_our_own_names_lead_to_labels_that_the_release_has(lexicon: Lexicon) -> None:
    meanings = [one.meaning for several in ABBREVIATIONS.values() for one in several]
    wanted = [*meanings, *SHORTHAND.values(), *FAMILY_WORDS.values(), *NORMAL.values()]
    assert [label for label in wanted if label.casefold() not in lexicon.labels] == []


@pytest.mark.parametrize(
    ("a", "b"),
    [("oedema", "edema"), ("feet", "foot"), ("ataxic", "ataxia"), ("seizures", "seizure"), ("weakness", "weak"),
     ("hypoplastic", "hypoplasia"), ("behaviour", "behavior"), ("caf\u00e9", "cafe"), ("fifth", "5th")],
)  # fmt: skip
def test_words_of_one_meaning_have_one_form(a: str, b: str) -> None:
    assert word_form(a) == word_form(b)


@pytest.mark.parametrize(("a", "b"), [("ptosis", "proptosis"), ("hypertonia", "hypotonia"), ("spine", "spinning")])
def test_words_of_two_meanings_have_two_forms(a: str, b: str) -> None:
    assert word_form(a) != word_form(b)


def test_short_words_and_proper_names_are_never_repaired(lexicon: Lexicon) -> None:
    assert find_terms("He has ataxa.", lexicon) == ()
    assert find_terms("We saw Mr Scolisis.", lexicon) == ()
    assert [one.how for one in find_terms("He has scolisis.", lexicon)] == [How.REPAIRED]


def test_departments_and_examinations_that_every_letter_names_are_not_mended_into_findings(lexicon: Lexicon) -> None:
    assert find_terms("Referred to ophthalmology and oncology; ophthalmologic review and gastroscopy.", lexicon) == ()


def test_homographs_alone_are_no_findings_and_count_within_longer_names(lexicon: Lexicon) -> None:
    assert is_homograph("ordering")
    assert find_terms("Order was kept, and all left by the right door.", lexicon) == ()
    assert [one.label for one in find_terms("Left hemiplegia.", lexicon)] == ["Left hemiplegia"]


def test_present_becomes_observed_denied_becomes_excluded_and_nothing_else_is_used(lexicon: Lexicon) -> None:
    text = "Arachnodactyly. No scoliosis. Possible ptosis. Her mother has ataxia."
    result = joined(Case.of(), find_terms(text, lexicon), lexicon.ontology)
    assert result.case.observed == (ARACHNODACTYLY,)
    assert result.case.excluded == (SCOLIOSIS,)
    assert [(one.label, why) for one, why in result.left] == [("Ptosis", "uncertain"), ("Ataxia", "mother")]


def test_what_the_case_states_itself_always_counts(lexicon: Lexicon) -> None:
    result = joined(Case.of([SCOLIOSIS]), find_terms("No scoliosis.", lexicon), lexicon.ontology)
    assert (result.case.observed, result.case.excluded) == ((SCOLIOSIS,), ())


def test_present_and_denied_in_one_text_is_used_as_neither(lexicon: Lexicon) -> None:
    result = joined(Case.of(), find_terms("There is scoliosis. No scoliosis.", lexicon), lexicon.ontology)
    assert result.case.findings == ()
    assert [why for _, why in result.left] == ["both present and denied in the text"]


def test_a_denied_general_finding_gives_way_to_an_observed_special_one(lexicon: Lexicon) -> None:
    text = "No seizures. There were febrile seizures."
    result = joined(Case.of(), find_terms(text, lexicon), lexicon.ontology)
    assert SEIZURE not in result.case.excluded
    assert len(result.case.observed) == 1


def test_families_get_several_signs_to_choose_from_each_with_its_meaning(lexicon: Lexicon) -> None:
    found = suggestions("My son has long thin fingers. He hates zzyzx.", lexicon, PlainTerms(lexicon.ontology))
    fingers = next(one for one in found if one.text == "long thin fingers")
    assert fingers.terms[0].hpo == ARACHNODACTYLY
    assert len(fingers.terms) > 1
    assert all(one.name and one.meaning for one in fingers.terms)
    rest = next(one for one in found if "zzyzx" in one.text)
    assert (rest.mention, rest.terms) == (None, ())


def test_a_mention_that_contradicts_itself_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Mention(0, 3, "ataxia", "HP:0001251", "Ataxia", Assertion.PRESENT)
    with pytest.raises(ValueError, match="of whom"):
        Mention(0, 6, "ataxia", "HP:0001251", "Ataxia", Assertion.FAMILY)


def test_so_many_things_of_a_long_story_are_looked_at_as_are_asked_for_and_mentions_come_first(
    lexicon: Lexicon,
) -> None:
    story = "We like the sea. " * 30 + "My son has seizures. " + "We like the hills. " * 30
    looked: list[str] = []

    class Counted(PlainTerms):
        """The signs, counting how often they are searched."""

        def search(self, typed: str, limit: int = 8) -> tuple[PlainTerm, ...]:
            looked.append(typed)
            return super().search(typed, limit)

    found = suggestions(story, lexicon, Counted(lexicon.ontology), most=5)
    assert len(found) == len(looked) == 5
    assert [one.mention.hpo for one in found if one.mention] == [SEIZURE]
    assert [one.start for one in found] == sorted(one.start for one in found)


def test_a_text_for_a_page_comes_back_from_it_as_it_was(lexicon: Lexicon) -> None:
    data = "Ataxia.\r\nNo\x0bchorea.\rOne\u202eline.".encode()
    text = text_to_show(data, longest=100).text
    assert text == "Ataxia.\nNo chorea.\nOne line."
    assert text_to_show(text.replace("\n", "\r\n").encode(), longest=100).text == text
    with pytest.raises(InputError, match="35 characters; at most 34 can be read at once"):
        text_to_show(b"a" * 35, longest=34)


def test_the_sentence_of_a_mention_is_the_one_it_stands_in(lexicon: Lexicon) -> None:
    text = "She walks. Ataxia is seen.\n\nFamily history: her aunt has chorea."
    parts = list(sentences(text))
    said = [sentence_at(parts, one.start).text.strip() for one in find_terms(text, lexicon)]
    assert said == ["Ataxia is seen.", "Family history: her aunt has chorea."]


@pytest.mark.parametrize("note", ["no ataxia, ", "no no no no no ataxia, ", "no " * 100 + "ataxia ", "nor tic "])
def test_a_note_of_nothing_but_negations_takes_work_that_grows_as_its_length(
    note: str, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0
    reaches = assertion._reaches

    def counting(
        cue: assertion.Cue, number: int, mentions: Sequence[assertion.Span], masked: str, sentence: str
    ) -> bool:
        nonlocal tried
        tried += 1
        return reaches(cue, number, mentions, masked, sentence)

    monkeypatch.setattr(assertion, "_reaches", counting)
    found = find_terms(note * (20_000 // len(note)), lexicon)
    assert found
    assert tried <= assertion.MOST_TRIED * len(found)


def test_that_only_the_nearest_cues_are_tried_changes_nothing_in_our_sentences(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [one.text for part in (DEVELOPMENT, HELD_BACK) for one in labelled_sentences(part, lexicon.ontology)]
    text = "\n\n".join(every)
    nearest = [find_terms(one, lexicon) for one in (*every, text)]
    monkeypatch.setattr(assertion, "MOST_TRIED", 1_000_000)
    assert [find_terms(one, lexicon) for one in (*every, text)] == nearest


@pytest.mark.parametrize("note", ["no seizures, ", "ataxia\n", "Her mother has ataxia and no tremor. "])
def test_a_long_note_full_of_findings_gets_its_line_numbers_in_work_that_grows_as_its_length(
    note: str, lexicon: Lexicon
) -> None:
    def work(characters: int) -> int:
        """Characters that are gone through to number the lines of so long a note."""
        text = _Counted(note * (characters // len(note)))
        read = ReadText(text, find_terms(str(text), lexicon))
        assert len(list(read.by_line())) == len(read.mentions) > 0
        return text.passed

    assert work(20_000) <= 10.5 * work(2_000)


class _Counted(str):
    """A text that counts how many characters are searched for line ends."""

    __slots__ = ("passed",)
    passed: int

    def __new__(cls, text: str) -> Self:
        one = super().__new__(cls, text)
        one.passed = 0
        return one

    def count(self, part: str, start: SupportsIndex | None = 0, end: SupportsIndex | None = None, /) -> int:
        self.passed += len(range(*slice(start, end).indices(len(self))))
        return super().count(part, start, end)


def test_that_words_no_name_has_together_end_the_look_for_names_changes_nothing(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [one.text for part in (DEVELOPMENT, HELD_BACK) for one in labelled_sentences(part, lexicon.ontology)]
    mixed = random.Random(7)
    texts = [*every, *(" ".join(mixed.sample(" ".join(every).split(), 60)).replace(".", "") for _ in range(100))]
    quick = [find_terms(one, lexicon) for one in texts]
    monkeypatch.setattr(Lexicon, "partners", lambda self, _: self.words)
    assert [find_terms(one, lexicon) for one in texts] == quick


def test_what_mistyped_words_may_be_is_not_remembered_without_end(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoofbeat.knowledge.lexicon.MAX_REPAIRS", 10)
    own = Lexicon(lexicon.ontology, lexicon.names, lexicon.words, lexicon.capitals, lexicon.labels)
    right = lexicon.repaired(word_form("scolisis"))
    assert right is not None
    for number in range(50):
        own.repaired(f"wordwithout{'abcdefghij'[number % 10]}{'abcdefghij'[number // 10]}")
        assert len(own.__dict__["_repairs"]) <= 10
    assert own.repaired(word_form("scolisis")) == right


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Seizures - no. Ataxia - yes.", ["negated", "present"]),
        ("Does he have seizures? No. Ataxia was noted.", ["uncertain", "present"]),
        ("See form no. 5. Seizures.", ["present"]),
        ("[ ] seizures\n[x] ataxia", ["uncertain", "present"]),
        ("☐ seizures ☑ ataxia", ["uncertain", "present"]),
        ("Denies ataxia.", ["negated"]),
        ("He is without abdominal pain.", ["negated"]),
        ("He never had arachnodactyly.", ["negated"]),
        ("There was no evidence that he had ataxia.", ["negated"]),
        ("Not known to have ataxia.", ["negated"]),
        ("Negative: seizures, ataxia.\nPositive: nystagmus.", ["negated", "negated", "present"]),
        ("Seizures? no", ["negated"]),
        ("Seizures? yes", ["present"]),
        ("Ataxia unlikely.", ["uncertain"]),
        ("Seizures | no\nAtaxia | yes", ["negated", "present"]),
        ("Seizures,no\nAtaxia,yes\n", ["negated", "present"]),
        ("Seizures\tNo\nAtaxia\tYes", ["negated", "present"]),
        ("Seizures: N\nAtaxia: Y", ["negated", "present"]),
        ("No seizures, no\nataxia or\nnystagmus.", ["negated", "negated", "negated"]),
        ("Seizures ✗ Ataxia ✓", ["negated", "present"]),
        ("( ) seizures (x) ataxia", ["uncertain", "present"]),
        ("Seizures ☐ yes ☒ no", ["uncertain"]),
        ("Denies seizures, endorses ataxia.", ["negated", "present"]),
        ("No seizures, and reports ataxia.", ["negated", "present"]),
        ("No seizures, ataxia or scoliosis.", ["negated", "negated", "negated"]),
        ("He no longer has seizures.", ["past"]),
        ("Seizures, which he no longer has.", ["past"]),
        ("Neither short\u2010stature nor sei\u00adzures\u200b.", ["negated", "negated"]),
    ],
)
def test_forms_and_answers_are_read_as_they_are_meant(text: str, said: list[str], lexicon: Lexicon) -> None:
    assert [one.assertion.value for one in find_terms(decoded(text.encode()).text, lexicon)] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Each line says something of its own.
        ("no seizures\nataxia", ["negated", "present"]),
        ("Denies fever\nHeadache for two weeks", ["negated", "present"]),
        ("ataxia\nno seizures\nptosis\nno tremor\nchorea", ["present", "negated", "present", "negated", "present"]),
        ("CVS - no murmur\nCNS - hypotonia", ["negated", "present"]),
        ("no seizures\r\nataxia\r\n", ["negated", "present"]),
        # The list goes on.
        ("no seizures,\nataxia", ["negated", "negated"]),
        ("no seizures or\nataxia", ["negated", "negated"]),
        ("no history of seizures or of\nataxia", ["negated", "negated"]),
        ("no seizures\nin the last year", ["negated"]),
        # The line was full, or a stop shows that it is prose.
        (
            "On examination she had no hypotonia at all, no muscle weakness and no progressive\nataxia of the limbs",
            ["negated", "negated", "negated"],
        ),
        (
            "The abdomen was looked at with care by two of us and in a good light. Abdomen: no\nhepatomegaly.",
            ["negated"],
        ),
        ("She never had\nseizures or any\nkind of ataxia.", ["negated", "negated"]),
        # A line with a colon is said of the list below it, and of nothing behind the list.
        ("denies:\n- seizures\n- ataxia", ["negated", "negated"]),
        ("Negative for:\nseizures\nataxia\n\nPositive for:\nptosis", ["negated", "negated", "present"]),
        ("Negative for:\n\n* seizures\n* ataxia\n\nPtosis", ["negated", "negated", "present"]),
        (
            "Does not have any of the following:\n1. seizures\n2. ataxia\nHe has ptosis.",
            ["negated", "negated", "present"],
        ),
        ("Mother has:\n- seizures\n- ataxia", ["family", "family"]),
        ("Differential:\n- seizures\n- ataxia", ["uncertain", "uncertain"]),
        ("Problems:\n- no seizures\n- ataxia", ["negated", "present"]),
        # A form that is read from top to bottom.
        ("Seizures\nNo\nAtaxia\nYes", ["negated", "present"]),
        ("No\nseizures were seen.", ["negated"]),
        ("Seizures:\nNo\nAtaxia:\nYes", ["negated", "present"]),
        ("seizures: no\nataxia: yes", ["negated", "present"]),
        ("Seizures ....... no\nAtaxia ....... yes", ["negated", "present"]),
        ("Seizures    No\nAtaxia    Yes", ["negated", "present"]),
        ("Seizures [no] ataxia [yes]", ["negated", "present"]),
        ("Seizures: unknown\nAtaxia: not assessed", ["uncertain", "uncertain"]),
    ],
)
def test_a_line_of_its_own_ends_a_denial_and_a_wrapped_line_or_a_list_does_not(
    text: str, said: list[str], lexicon: Lexicon
) -> None:
    assert [one.assertion.value for one in find_terms(text, lexicon)] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Normal, low-set ears", ["Low-set ears: present"]),
        ("Normal or short philtrum", ["Short philtrum: present"]),
        ("Priority was given to ataxia", ["Ataxia: present"]),
        ("Absent seizures, tremor and chorea", ["Seizure: negated", "Tremor: negated", "Chorea: negated"]),
        ("Absence of seizures", ["Seizure: negated"]),
        ("Absence seizures", ["Generalized non-motor (absence) seizure: present"]),
        ("Absent reflexes, absent speech", ["Areflexia: present", "Absent speech: present"]),
        ("No seizures, absent speech", ["Seizure: negated", "Absent speech: present"]),
        ("Absent left index nail, seizures", ["Seizure: present"]),
        (
            "Seizures: absent. Ataxia absent. Tremor was absent.",
            ["Seizure: negated", "Ataxia: negated", "Tremor: negated"],
        ),
        ("Not without tremor", ["Tremor: present"]),
        ("There is no lack of drooling", ["Drooling: present"]),
        ("Hypotonia cannot be denied", ["Hypotonia: present"]),
        ("Seizures have not resolved", ["Seizure: present"]),
        ("Nystagmus was looked for but not found", ["Nystagmus: negated"]),
        ("No signs at all of ataxia, and the palate is high", ["Ataxia: negated", "High palate: present"]),
        ("She doesn\u2019t have ataxia", ["Ataxia: negated"]),
        ("-ve for ataxia, +ve for tremor", ["Ataxia: negated", "Tremor: present"]),
        ("EEG if seizures recur", ["Seizure: planned"]),
        ("When seizures started she was two", ["Seizure: present"]),
        ("Seizures vs syncope", ["Seizure: uncertain", "Syncope: uncertain"]),
        ("Seizures / ataxia / tremor: none", ["Seizure: negated", "Ataxia: negated", "Tremor: negated"]),
        ("Seizures or ataxia?", ["Seizure: uncertain", "Ataxia: uncertain"]),
        ("Hypotonia +, ataxia -, tremor +", ["Hypotonia: present", "Ataxia: negated", "Tremor: present"]),
        ("He was not noted to have ataxia", ["Ataxia: negated"]),
        ("Hypotonia as a baby, ataxia now", ["Hypotonia: past", "Ataxia: present"]),
        ("Diagnosed with ataxia 3 years ago", ["Ataxia: present"]),
        ("Cataract: to be confirmed", ["Cataract: uncertain"]),
        ("Concerns about ataxia; concerns about his tremor", ["Ataxia: uncertain", "Tremor: present"]),
        ("If fever develops go to A&E. There is ataxia.", ["Fever: planned", "Ataxia: present"]),
        ("If fever persists, give vitamin D. Ataxia is seen.", ["Fever: planned", "Ataxia: present"]),
        ("No fever.\u00a0Vomiting.", ["Fever: negated", "Vomiting: present"]),
        ("No seizures.Ataxia.", ["Seizure: negated", "Ataxia: present"]),
    ],
)
def test_what_only_looks_like_a_denial_or_hides_one_is_read_as_it_is_meant(
    text: str, said: list[str], lexicon: Lexicon
) -> None:
    assert [f"{one.label}: {one.assertion}" for one in find_terms(text, lexicon)] == said


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ataxia (mother)", "mother"),
        ("MGM: ataxia", "maternal grandmother"),
        ("Nobody in the family has ataxia.", "family"),
        ("The parents have not seen any ataxia.", None),
        ("His brother's seizures began at three.", "brother"),
        ("Her mother's history of seizures.", "mother"),
        ("His mother's concern is seizures.", None),
        ("His mother's concern about seizures.", None),
    ],
)
def test_what_is_a_relatives_own_is_not_the_patients(text: str, who: str | None, lexicon: Lexicon) -> None:
    (found,) = find_terms(text, lexicon)
    assert (found.who or None) == who
