"""Texts that nobody should send: each gets a clear answer, and none a traceback or hours of work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.interchange.archive import Document
from hoofbeat.interchange.text.decode import MAX_BYTES
from hoofbeat.interchange.text.reader import ReadText, read_text
from hoofbeat.knowledge.lexicon import Lexicon


def _read(data: bytes, lexicon: Lexicon) -> ReadText:
    return read_text(Document("note.txt", data), lexicon)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "there is no text in it", id="empty"),
        pytest.param(b" \r\n\t ", "there is no text in it", id="only blanks"),
        pytest.param(b"\xef\xbb\xbf", "there is no text in it", id="only a byte order mark"),
        pytest.param(b"ataxia " * 1_500_000, "the text has 10.5 MB; the limit is 2 MB", id="10 MB"),
        pytest.param(bytes(range(32)) * 40, "control characters", id="control characters"),
        pytest.param(b"%PDF-1.7 ataxia", "this is a PDF file, not text", id="PDF"),
        pytest.param(b"{\\rtf1 ataxia}", "this is an RTF file, not text", id="RTF"),
        pytest.param(b"\xd0\xcf\x11\xe0 ataxia", "this is an old office document, not text", id="Word"),
        pytest.param(b"\xff\xfea", "the text is damaged UTF-16", id="half a character"),
    ],
)
def test_what_is_no_text_is_refused_with_a_repair(data: bytes, told: str, lexicon: Lexicon) -> None:
    read = _read(data, lexicon)
    assert told in read.error
    assert "repair: " in read.error
    assert read.mentions == ()


def test_a_few_control_characters_are_named_with_their_line_and_the_rest_is_read(lexicon: Lexicon) -> None:
    read = _read(
        b"She was seen in clinic today by us.\nThere is ata\x07xia and chorea, and nothing else to tell.", lexicon
    )
    (message,) = read.messages
    assert (message.code, message.where.line) == ("text-control", 2)
    assert [one.label for one in read.mentions] == ["Chorea"]


def test_windows_letters_are_read_with_a_warning_that_names_the_line(lexicon: Lexicon) -> None:
    read = _read("First line.\nCaf\u00e9-au-lait spots were seen.".encode("cp1252"), lexicon)
    (message,) = read.messages
    assert (message.code, message.where.line) == ("text-encoding", 2)
    assert [one.label for one in read.mentions] == ["Cafe-au-lait spot"]


def test_utf16_with_its_mark_is_read_as_it_is(lexicon: Lexicon) -> None:
    read = _read("There is ataxia.".encode("utf-16"), lexicon)
    assert read.messages == ()
    assert [(one.start, one.text) for one in read.mentions] == [(9, "ataxia")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no ataxia " * 20_000, id="a cue and a finding again and again, without a stop"),
        pytest.param("no " * 60_000, id="cues alone"),
        pytest.param("ataxia, " * 20_000, id="findings alone"),
        pytest.param("(" * 200_000, id="brackets"),
        pytest.param("a" * 200_000, id="one word"),
        pytest.param("and " * 50_000, id="joints"),
        pytest.param("\n" * 200_000 + "ataxia", id="line ends"),
        pytest.param("Family history:\n" * 10_000, id="headings"),
        pytest.param("mother " * 25_000, id="relatives"),
        pytest.param("severe left " * 15_000, id="words that stand aside"),
    ],
)
def test_repetitive_texts_are_read_to_their_end(text: str, lexicon: Lexicon) -> None:
    read = _read(text.encode(), lexicon)
    assert read.error == ""
    assert all(text[one.start : one.end] == one.text for one in read.mentions)


@given(
    data=st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
def test_no_bytes_end_in_a_traceback(data: bytes, lexicon: Lexicon) -> None:
    assert len(data) < MAX_BYTES
    read = _read(data, lexicon)
    assert all(read.text[one.start : one.end] == one.text for one in read.mentions)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Der Patient zeigt eine Ataxie und eine deutliche Muskelschw\u00e4che, keine Epilepsie, und ist "
            "seit der Geburt klein.",
            "German",
        ),
        (
            "Le patient pr\u00e9sente une ataxie avec des mouvements anormaux et il est petit pour son \u00e2ge "
            "depuis la naissance.",
            "French",
        ),
        (
            "El paciente presenta ataxia y una debilidad muscular que es progresiva, sin epilepsia en los "
            "\u00faltimos a\u00f1os.",
            "Spanish",
        ),
        (
            "\u0423 \u043f\u0430\u0446\u0438\u0435\u043d\u0442\u0430 \u0430\u0442\u0430\u043a\u0441\u0438\u044f "
            "\u0438 \u0441\u043b\u0430\u0431\u043e\u0441\u0442\u044c",
            "another language",
        ),
    ],
)
def test_a_text_in_another_language_gets_a_note_in_place_of_silence(text: str, language: str, lexicon: Lexicon) -> None:
    (message,) = _read(text.encode(), lexicon).messages
    assert message.code == "text-language"
    assert language in message.what


def test_english_lists_without_grammar_get_no_such_note(lexicon: Lexicon) -> None:
    text = "Ataxia, chorea, dystonia, ptosis, nystagmus, scoliosis, hypotonia, seizures, microcephaly, myopia, tremor."
    assert _read(text.encode(), lexicon).messages == ()
