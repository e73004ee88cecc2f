"""The names of findings in a sentence: the longest first, and none inside another word or another name.

Also what is said without its full name: a word shared by two names ("atrial and ventricular septal defect"), an
abbreviation, and something said to be normal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hoofbeat.interchange.text.mention import How
from hoofbeat.interchange.text.sentences import Word
from hoofbeat.knowledge.homographs import NOT_MISTYPED, is_homograph
from hoofbeat.knowledge.lexicon import EXACT, MAX_WORDS, OWN, Lexicon, Name
from hoofbeat.knowledge.word_forms import AND

MAX_SPAN = 16  # words of a sentence that one name may reach over
# Words that may stand within a name without being of it: "clinodactyly of the left fifth finger".
_ASIDE = frozenset(
    [
        "left", "right", "both", "bilateral", "bilaterally", "mild", "mildly", "moderate", "moderately",
        "severe", "severely", "marked", "markedly", "very", "slight", "slightly", "significant", "somewhat",
        "rather", "more", "quite",
    ]
)  # fmt: skip
SHORTEST_REPAIRED_ALONE = 8  # letters of a mistyped word that is a whole name. Ours.
_BREAK = re.compile(r"[^\s,\-–'’\"]|,.*,|[-–]\s*,|\n\s*\n")
_CAPITALS = re.compile(r"[A-Z][A-Za-z0-9-]{0,5}")
_NORMAL = frozenset(["normal", "unremarkable", "intact"])
_COPULA = frozenset(["is", "are", "was", "were", "remains", "remained", "appears", "appeared", "within", "seems"])
_BETWEEN = frozenset(["found", "to", "be", "reported", "as", "entirely", "completely", "clinically", "limits", "all"])
_MAX_NORMAL = 4  # words of what is normal


class Found(NamedTuple):
    """A name in a sentence, from word `first` to word `last`."""

    first: int
    last: int
    term: int
    how: How
    is_denied: bool = False


class _Candidate(NamedTuple):
    """A name that may be meant; they sort so that the one to take stands first."""

    minus_words: int
    is_repaired: bool
    is_reordered: bool
    rank: int
    first: int
    last: int
    term: int
    plain: bool


def found_names(text: str, words: Sequence[Word], lexicon: Lexicon) -> list[Found]:
    """The names in the words of one sentence of a text, in order, none overlapping another."""
    taken = [False] * len(words)
    found: list[Found] = []
    for one in sorted(_candidates(text, words, lexicon)):
        if not any(taken[one.first : one.last + 1]):
            taken[one.first : one.last + 1] = [True] * (one.last + 1 - one.first)
            found.append(Found(one.first, one.last, one.term, _how(one)))
    for make in (_abbreviations, _normal):
        for extra in make(text, words, lexicon):
            if not any(taken[extra.first : extra.last + 1]):
                taken[extra.first : extra.last + 1] = [True] * (extra.last + 1 - extra.first)
                found.append(extra)
    found += _shared(text, words, sorted(found), taken, lexicon)
    return sorted(found)


def _how(one: _Candidate) -> How:
    if one.is_repaired:
        return How.REPAIRED
    if one.is_reordered:
        return How.WORD_ORDER
    if one.rank > OWN:
        return How.LOOSE
    return How.LABEL if one.rank == 0 else How.PLAIN if one.plain else How.SYNONYM


def _candidates(text: str, words: Sequence[Word], lexicon: Lexicon) -> Iterator[_Candidate]:
    """Every name that a run of words could be."""
    forms, repaired = _known(text, words, lexicon)
    for first, form in enumerate(forms):
        if not form or form == AND or words[first].lower in ("with",):
            continue
        partners = lexicon.partners(form)
        run: list[str] = []
        told: list[str] = []  # the same without words that may stand aside
        ordered_only = mended = False
        for last in range(first, min(first + MAX_SPAN, len(words))):
            form = forms[last]
            if form is None:
                break
            if last > first:
                gap = text[words[last - 1].end : words[last].start]
                if gap not in (" ", "-"):
                    if _BREAK.search(gap):
                        break
                    ordered_only = ordered_only or "," in gap
            if not form:
                continue
            if last > first and form not in partners and words[last].lower not in _ASIDE:
                break  # no name has both words
            mended = mended or repaired[last]
            ordered_only = ordered_only or form == AND
            run.append(form)
            if words[last].lower not in _ASIDE or last == first:
                told.append(form)
            if len(told) > MAX_WORDS:
                break
            if form == AND:
                continue
            name = lexicon.find(run, any_order=not ordered_only)
            if name is None and len(told) < len(run) and words[last].lower not in _ASIDE:
                name = lexicon.find(told, any_order=False)
            if name is not None and _is_meant(words, first, last, run, name, mended, lexicon):
                reordered = name.words not in (" ".join(run), " ".join(told))
                yield _Candidate(-len(run), mended, reordered, name.rank, first, last, name.term, name.plain)


def _known(text: str, words: Sequence[Word], lexicon: Lexicon) -> tuple[list[str | None], list[bool]]:
    """The forms of words; None for a word that is in no name even if it was mistyped."""
    forms: list[str | None] = []
    repaired = [False] * len(words)
    for at, word in enumerate(words):
        form: str | None = word.form
        if form and form not in lexicon.words:
            # A capital within a sentence is a proper name, which is not for us to mend.
            right = word.lower in NOT_MISTYPED or (at > 0 and text[word.start].isupper())
            form = None if right else lexicon.repaired(word.form)
            repaired[at] = form is not None
        forms.append(form)
    return forms, repaired


def _is_meant(
    words: Sequence[Word], first: int, last: int, run: Sequence[str], name: Name, mended: bool, lexicon: Lexicon
) -> bool:
    if first == last:
        word = words[first].lower
        if mended and len(word) < SHORTEST_REPAIRED_ALONE:
            return False
        return not is_homograph(word) and (len(word) > 3 or name.rank <= EXACT)
    if words[first].lower == "absence" and words[first + 1].lower == "of" and lexicon.find(run[1:]) is not None:
        return False  # "absence of seizures" denies them; "absence seizures" are some
    # A loose synonym in another order is a guess upon a guess.
    return name.words == " ".join(run) or name.rank <= OWN


def _abbreviations(text: str, words: Sequence[Word], lexicon: Lexicon) -> Iterator[Found]:
    around = [word.lower for word in words]
    for at, word in enumerate(words):
        written = text[word.start : word.end]
        if len(written) > 1 and _CAPITALS.fullmatch(written) and written[:2].isupper():
            term = lexicon.abbreviated(written, around)
            if term is not None:
                yield Found(at, at, term, How.ABBREVIATION)


def _normal(text: str, words: Sequence[Word], lexicon: Lexicon) -> Iterator[Found]:
    """ "Normal hearing", "hearing is normal": the finding that is denied by it."""
    for at, word in enumerate(words):
        if word.lower not in _NORMAL or (at and words[at - 1].lower in ("not", "nearly", "almost")):
            continue
        for length in range(_MAX_NORMAL, 0, -1):
            term = _normal_term(text, words, at + 1, at + length, lexicon) if word.lower == "normal" else None
            if term is not None:
                yield Found(at, at + length, term, How.NORMAL, is_denied=True)
                break
        else:
            before = at - 1
            while before > 0 and words[before].lower in _BETWEEN:
                before -= 1
            if before >= 0 and words[before].lower in _COPULA:
                before -= 1
            for length in range(_MAX_NORMAL, 0, -1):
                term = _normal_term(text, words, before - length + 1, before, lexicon)
                if term is not None:
                    yield Found(before - length + 1, at, term, How.NORMAL, is_denied=True)
                    break


def _normal_term(text: str, words: Sequence[Word], first: int, last: int, lexicon: Lexicon) -> int | None:
    if first < 0 or last >= len(words) or not words[first].form:
        return None
    if re.search(r"[.,;:()/]", text[words[max(first - 1, 0)].end : words[last].start]):
        return None
    return lexicon.normal([word.form for word in words[first : last + 1] if word.form])


def _shared(
    text: str, words: Sequence[Word], found: Sequence[Found], taken: Sequence[bool], lexicon: Lexicon
) -> Iterator[Found]:
    """Names that share a word with one beside them, joined by "and" or "or", by a comma, or by nothing."""
    used = list(taken)
    for one in found:
        if one.is_denied:
            continue
        for extra in (_before(text, words, one, used, lexicon), _after(words, one, used, lexicon)):
            if extra is not None and extra.term != one.term:
                used[extra.first : extra.last + 1] = [True] * (extra.last + 1 - extra.first)
                yield extra
        first = one.first
        while (other := _adjective(text, words, one, first, used, lexicon)) is not None:
            used[other.first : other.last + 1] = [True] * (other.last + 1 - other.first)
            first = other.first
            yield other


def _before(text: str, words: Sequence[Word], one: Found, used: Sequence[bool], lexicon: Lexicon) -> Found | None:
    """ "atrial" before "and ventricular septal defect"; "hyper-" before "and hypotonia"."""
    joint = one.first - 1
    if joint < 1 or words[joint].form != AND:
        return None
    end = joint - 1
    if used[end] or not words[end].form:
        return None
    if text[words[end].end : words[end].end + 1] == "-" and one.first == one.last:
        rest = words[one.first].lower
        for cut in range(2, len(rest) - 3):
            name = lexicon.of_text(words[end].lower + rest[cut:])
            if name is not None and name.rank <= OWN:
                return Found(end, end, name.term, How.SHARED)
        return None
    if one.first == one.last or (is_homograph(words[end].lower) and words[end].lower not in _SIDES):
        return None
    tail = [word.form for word in words[one.first : one.last + 1] if word.form]
    for length in (2, 1):
        start = end - length + 1
        if start < 0 or any(used[start : end + 1]) or not all(word.form for word in words[start : end + 1]):
            continue
        lead = [word.form for word in words[start : end + 1]]
        for kept in range(1, len(tail)):
            name = lexicon.find(lead + tail[kept:], any_order=False)
            if name is not None and name.rank <= OWN:
                return Found(start, end, name.term, How.SHARED)
    return None


def _adjective(
    text: str, words: Sequence[Word], one: Found, first: int, used: Sequence[bool], lexicon: Lexicon
) -> Found | None:
    """ "large, low-set" before "posteriorly rotated ears": what is said of the same noun before the word `first`."""
    end = first - 1
    if one.first == one.last or end < 0 or _gap(text, words, end, first) not in (" ", ", "):
        return None
    tail = [word.form for word in words[one.first : one.last + 1]]
    if not all(tail):  # "long" before "bones in the fibula" says nothing of the fibula
        return None
    for length in (2, 1):
        start = end - length + 1
        if start < 0 or any(used[start : end + 1]) or not all(_describes(word) for word in words[start : end + 1]):
            continue
        if length == 2 and _gap(text, words, start, end) not in (" ", "-"):
            continue
        lead = [word.form for word in words[start : end + 1]]
        for kept in range(1, len(tail)):
            name = lexicon.find(lead + tail[kept:], any_order=False)
            if name is not None and name.rank <= OWN and name.term != one.term:
                return Found(start, end, name.term, How.SHARED)
    return None


def _gap(text: str, words: Sequence[Word], one: int, other: int) -> str:
    """What stands between two words, a line end as a blank."""
    return re.sub(r"\s+", " ", text[words[one].end : words[other].start])


def _describes(word: Word) -> bool:
    return bool(word.form) and word.form != AND and word.lower not in _OF_THE_WHOLE and not is_homograph(word.lower)


# Said of all that follows, not of its last word: a "prolonged febrile seizure" need not be a status epilepticus.
_OF_THE_WHOLE = frozenset(["prolonged", "developmental"])


_SIDES = frozenset(["distal", "central", "lateral", "axial", "focal", "diffuse"])


def _after(words: Sequence[Word], one: Found, used: Sequence[bool], lexicon: Lexicon) -> Found | None:
    """ "toes" after "short fingers and"."""
    joint = one.last + 1
    if one.first == one.last or joint + 1 >= len(words) or words[joint].form != AND:
        return None
    head = [word.form for word in words[one.first : one.last + 1] if word.form]
    for length in (2, 1):
        start, end = joint + 1, joint + length
        if end >= len(words) or any(used[start : end + 1]) or not all(word.form for word in words[start : end + 1]):
            continue
        rest = [word.form for word in words[start : end + 1]]
        for kept in range(len(head) - 1, 0, -1):
            name = lexicon.find(head[:kept] + rest, any_order=False)
            if name is not None and name.rank <= OWN:
                return Found(start, end, name.term, How.SHARED)
    return None
