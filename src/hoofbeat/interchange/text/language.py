"""A guess at the language of a text, so that one that is not English gets a word of warning rather than no findings."""

from __future__ import annotations

import re

FEWEST_WORDS = 12  # below this nothing is said: a list of findings has no grammar. Ours.
LEAST_ENGLISH = 0.12  # share of words that are everyday English in any English note (usual: .25 to .45). Ours.
LEAST_OTHER = 0.08  # share that names another language. Ours.
LEAST_LATIN = 0.7  # share of letters that are Latin ones. Ours.

# The commonest short words of a language that are not words of the others.
_EVERYDAY = {
    "English": (
        "the of and with was is no has had he she her his for to in at on not by from there are were as it this "
        "that be been"
        " an have patient"
    ),
    "German": (
        "der die das und ist nicht mit ein eine einer eines dem den des bei auf wurde keine kein zeigt im zur "
        "zum sowie von"
        " vom besteht seit patientin wir"
    ),
    "French": (
        "le la les des et est une un dans avec pas du au aux sans elle il sur par pour chez qui présente a été son sa"
        " enfant patiente"
    ),
    "Spanish": (
        "el la los las y con una un del se no en por su que es sin presenta paciente al para años niño niña desde fue"
    ),
    "Italian": "il lo la gli le e di con una un del della non è per che dal al nel si presenta paziente anni ha sono",
    "Portuguese": "o a os as e de com uma um do da não é em por que no na se apresenta paciente anos foi sem ao",
    "Dutch": "de het een en van met is niet geen op bij werd voor zijn haar er patiënt heeft hij zij aan ook te",
    "Turkish": "ve bir bu ile olan için yok var hasta olarak da de için",
    "Polish": "i w z na nie się jest do pacjent od oraz po przez ma u bez pacjentka",
    "Swedish": "och i att det som en på är av för med har inte ej patienten till utan",
}
_WORD_LISTS = {language: frozenset(words.split()) for language, words in _EVERYDAY.items()}
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 20_000  # characters: a language shows at once


def other_language(text: str) -> str:
    """The language that a text is mostly in where it is not English ("another language" where it cannot be named);
    empty for English, and for text that is too short to tell.
    """
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    letters = "".join(words)
    if letters and sum(one < "\u0250" for one in letters) < LEAST_LATIN * len(letters):
        return "another language"
    if len(words) < FEWEST_WORDS:
        return ""
    shares = {language: sum(word in known for word in words) / len(words) for language, known in _WORD_LISTS.items()}
    english = shares.pop("English")
    most = max(shares, key=lambda language: shares[language])
    if english >= LEAST_ENGLISH and english >= shares[most]:
        return ""
    return most if shares[most] >= LEAST_OTHER and shares[most] > english else ""
