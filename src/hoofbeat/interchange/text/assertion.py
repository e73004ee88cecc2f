"""What a sentence says of each finding it mentions: there, denied, doubtful, over, or only looked for.

Cue words have a reach, as in the NegEx and ConText algorithms (Chapman 2001, Harkema 2009), written anew: a cue reaches
along a list ("no X, Y or Z") but not past a verb, a turn ("but", ";"), or words that make it be about something else
("no change in X").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from hoofbeat.interchange.text.cues import BE, CUE, SEEN
from hoofbeat.interchange.text.mention import Assertion

Span = tuple[int, int]
MAX_REACH = 300  # characters: a longer list has another cue, and a hostile text no way to cost hours. Ours.
MOST_TRIED = 12  # cues of one kind on one side of a finding, the nearest. Ours.
MAX_GAP = 6  # words between a cue and the first thing it is about

_PAST_STAYS = re.compile(
    r"\b(?:since|from|began|onset|start(?:ed|ing)|beginning|noted|first|persist\w*|ever)\s*(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)

# "Ataxia now"; and what was "first noted", or "diagnosed with", years ago is not over by that.
_STILL = re.compile(
    r"\s*(?:(?:is|are)\s+)?(?:now|currently|today|at present|still|ongoing|persists?|remains?)\b(?!\s+resolved)"
)
_BEGAN = re.compile(r"\b(?:first|diagnosed|presented|developed|onset)\b[^.;,¤]*$")

_PLACE = "¤"  # stands for a finding between a cue and another finding
_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and|or|nor)\b|,|/|\b(?:and|or|nor)\b|&)\s*", re.IGNORECASE)
_VERB = (
    r"is|are|was|were|has|have|had|does|did|shows?|showed|remains?|remained|became|becomes|developed|develops|presents?"
    r"|presented|began|persists?|persisted|reveals|revealed|dominates?|will|would|can|could|should|suffers|suffered"
)
_TURN = re.compile(
    rf";|\+\s?ve for\b|\n\s*\n|\(\+\)|[\[(][ x✓]?[\])]|[☐□☑☒✓✔✗✘○●]"
    r"|(?:,|\band\b)\s*(?:reports|reported|admits|admitted|complains|complained|describes)\b"
    rf"|\b(?:endorse[sd]?|but|however|although|though|except|apart from|aside from|yet|nevertheless|instead"
    rf"|while|whereas"
    rf"|because|due to|despite|which|who|still|until|causing|besides|now|then|in spite of|positive for|other than"
    rf"|save for|barring|(?:with the )?exception of|{_VERB})\b",
    re.IGNORECASE,
)
_TURNS_TIME = re.compile(r";|\b(?:but|now|however|still|today|currently)\b", re.IGNORECASE)
_FINITE = re.compile(rf"\b(?:{_VERB})\b", re.IGNORECASE)
_ONLY_SEEN = re.compile(rf"^\W*(?:{BE}|could be|can be)\s+(?:\w+ )?{SEEN}\b", re.IGNORECASE)
# Nouns that pass a cue on to what they are about.
_EVIDENCE = re.compile(
    r"\b(?:evidence|signs?|features?|history|symptoms?|indications?|presence|possibility|suspicion|diagnosis"
    r"|episodes?|degree"
    r"|attacks?|bouts?|kind|type|form|forms|cases?|problems|sign|risk|development)\s+(?:of|for|with)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:for|about|from|in|on|to|when|after|before|with|regarding|of|by|at|as|during|since|how|why|than)\b",
    re.IGNORECASE,
)
# Words that may stand anywhere and say nothing of what a cue is about.
_FILLER = re.compile(
    r"\b(?:at all|whatsoever|at present|at the moment|at this (?:time|stage)|to date|so far|as yet|of note"
    r"|in particular"
    r"|for example|such as|in the past|(?:any |all |one )?(?:of )?the following(?: (?:features|findings|signs"
    r"|symptoms))?)\b"
)
_DENIES_ITSELF = re.compile(r"(?:absent|absence|lack|no|not|non|unable|inability|cannot|can't)\b")
_AGAIN = re.compile(r"(?P<joint>\b(?:or|nor|and)|,)\s+(?:of|for|from)\s*$")  # "no signs of X or of Y"
_NEW_NOUN = re.compile(r"\w\s+(?:the|his|her|their|its|my|our)\b", re.IGNORECASE)


# Between an adjective and its noun stand at most two others: "possible mild bilateral ptosis".
_ADJECTIVES = re.compile(r"\s+(?:(?!(?:and|or|but|nor|as|which|who|while)\b)[\w-]+\s+){0,2}")
# Somebody has it: "his marked scoliosis"; not "the possibility of scoliosis".
_THEIRS = re.compile(
    r"\b(?:his|her|their|this|these|known|confirmed|the(?!\s+(?:possibility|risk|chance|option|topic|subject)))"
    r"\s+(?:\w+\s+){0,2}$"
)
# What an answer behind a finding says of those before it too: "seizures or syncope?", "seizures / ataxia: none".
_ALTERNATIVE = re.compile(rf"(?:\s*(?:/|\bor\b)\s*{_PLACE}+)+\s*")
_BESIDE = re.compile(r"\s*(?:\w+\s+){0,2}")
# Between a topic and what was done with it stands nothing but other topics.
_TOPICS = re.compile(r"(?:[\s,/&¤]|\b(?:and|or)\b)*")


class Cue(NamedTuple):
    """Words that say something of findings: where, what, and in which direction (a capital letter of `cues.py`)."""

    start: int
    end: int
    says: Assertion
    direction: str


_STRENGTH = (Assertion.PLANNED, Assertion.NEGATED, Assertion.UNCERTAIN, Assertion.PAST)


def assertions(sentence: str, mentions: Sequence[Span]) -> list[Assertion]:
    """What a sentence says of each of its findings, given where they stand in it, in order."""
    sentence = _lower(sentence)
    cues = _cues(sentence, mentions)
    if not cues:
        return [Assertion.PRESENT] * len(mentions)
    masked = _masked(sentence, mentions)
    said = []
    kinds = _by_kind(cues)
    for number, mention in enumerate(mentions):
        applying = {
            says
            for (says, direction), own in kinds.items()
            if any(
                _is_near(cue, mention) and _reaches(cue, number, mentions, masked, sentence)
                for cue in _nearest(own, direction, mention)
            )
        }
        said.append(next((one for one in _STRENGTH if one in applying), Assertion.PRESENT))
    return said


def _by_kind(cues: Sequence[Cue]) -> dict[tuple[Assertion, str], list[Cue]]:
    """The cues that say the same in the same direction, in order."""
    found: dict[tuple[Assertion, str], list[Cue]] = {}
    for cue in cues:
        found.setdefault((cue.says, cue.direction), []).append(cue)
    return found


def _nearest(own: Sequence[Cue], direction: str, mention: Span) -> Sequence[Cue]:
    """Of cues of one kind those that may reach a finding, the nearest first. Only so many are tried: else a sentence of
    nothing but negations would take the square of its length.
    """
    before = bisect_left(own, mention[0], key=lambda cue: cue.start)
    ahead, behind = own[max(0, before - MOST_TRIED) : before][::-1], own[before : before + MOST_TRIED]
    if direction in "FD":
        return ahead
    return [*ahead, *behind] if direction in "AX" else behind


def _is_near(cue: Cue, mention: Span) -> bool:
    return cue.start - mention[1] <= MAX_REACH and mention[0] - cue.end <= MAX_REACH


def _cues(sentence: str, mentions: Sequence[Span]) -> list[Cue]:
    cues = []
    at = following = 0  # the first mention that does not end before what is looked at
    while found := CUE.search(sentence, at):
        at = max(found.end(), found.start() + 1)
        while following < len(mentions) and mentions[following][1] <= found.start():
            following += 1
        if following < len(mentions) and mentions[following][0] < found.end():
            # "absent speech": the cue is part of the finding's own name.
            at = mentions[following][1]
            continue
        name = str(found.lastgroup)
        says, _, direction = name.rpartition("_")
        if says and says != "PRESENT":
            if says == "UNCERTAIN" and direction == "B" and _is_said_of_the_next(sentence, found.end(), mentions):
                direction = "F"
            cues.append(Cue(found.start(), found.end(), Assertion[says], direction))
    return cues


def _is_said_of_the_next(sentence: str, end: int, mentions: Sequence[Span]) -> bool:
    """Whether a doubt that may look back is about the finding after it: "there is a possible mild scoliosis"."""
    ahead = bisect_left(mentions, (end, end))
    if ahead == len(mentions):
        return False
    between = sentence[end : mentions[ahead][0]]
    return _ADJECTIVES.fullmatch(between) is not None and _ELSEWHERE.search(between) is None


def _lower(text: str) -> str:
    """In lower case, with every letter where it was: that of a few letters is two."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(min(one.lower(), one, key=len) for one in text)


def _masked(sentence: str, mentions: Sequence[Span]) -> str:
    """The sentence with each finding as one sign of the same length, so that its words are not taken for others."""
    parts, at = [], 0
    for start, end in mentions:
        parts += [sentence[at:start], _PLACE * (end - start)]
        at = end
    return "".join([*parts, sentence[at:]])


def _reaches(cue: Cue, number: int, mentions: Sequence[Span], masked: str, sentence: str) -> bool:
    start, end = mentions[number]
    if cue.says is Assertion.PAST and _STILL.match(masked, end):
        return False
    if cue.direction == "A":
        between = masked[min(end, cue.end) : max(start, cue.start)]
        if cue.start >= end and _BEGAN.search(masked, max(0, start - 50), start):
            return False
        before = max(0, cue.start - MAX_REACH)
        return _TURNS_TIME.search(between) is None and _PAST_STAYS.search(masked, before, cue.start) is None
    if cue.direction == "X":
        return _BESIDE.fullmatch(masked[min(end, cue.end) : max(start, cue.start)]) is not None
    if cue.direction in "FD":
        return cue.end <= start and _reaches_forward(cue, number, mentions, masked, sentence)
    if cue.start < end:
        return False
    between = masked[end : cue.start]
    if cue.direction == "T":
        return _TOPICS.fullmatch(between) is not None and _THEIRS.search(masked[:start]) is None
    if cue.direction == "N":
        if _ALTERNATIVE.fullmatch(between):
            return True
        return _PLACE not in between and not re.search(r"[,;.]", between) and len(between.split()) <= 3
    if cue.says is Assertion.PAST:
        return _TURNS_TIME.search(between) is None
    return _TURN.search(between) is None and not re.search(r"[^¤,\s]+(?:\s+[^¤,\s]+){5}", between)


def _reaches_forward(cue: Cue, number: int, mentions: Sequence[Span], masked: str, sentence: str) -> bool:
    start, end = mentions[number]
    between = _EVIDENCE.sub(" ", _FILLER.sub(" ", masked[cue.end : start]))
    if _TURN.search(between):
        return False
    between = _AGAIN.sub(r"\g<joint> ", between)
    parts = _SEPARATOR.split(between)
    joints = _SEPARATOR.findall(between)
    for part in parts[:-1]:
        if _PLACE not in part and (len(part.split()) > MAX_GAP or _ELSEWHERE.search(part)):
            return False
    last = parts[-1]
    if _PLACE in last:  # two findings without a joint: "hypotonia with ataxia"
        last = last[last.rfind(_PLACE) + 1 :]
        if not re.fullmatch(r"\W*(?:of|in|with)?(?:\s+\w+){0,3}\W*", last):
            return False
    elif len(last.split()) > MAX_GAP or _ELSEWHERE.search(last) or _NEW_NOUN.search(last):
        return False
    if cue.direction == "D" and parts[0].strip(f" {_PLACE}"):
        return False
    return not joints or not _begins_a_clause(joints[-1].strip().lower(), sentence[start:end], masked[end:])


def _begins_a_clause(joint: str, name: str, after: str) -> bool:
    """Whether what follows the last joint is a statement of its own: "no contractures, and weakness is mild"."""
    if joint.endswith(("or", "nor")):
        return False
    if _FINITE.search(name) or _DENIES_ITSELF.match(name):
        return True  # "no contractures, and the palate is high"; "no seizures, absent speech"
    tail = _SEPARATOR.split(after, maxsplit=1)[0].split(";")[0]
    verb = _FINITE.search(tail)
    if verb is None:
        return False
    return not (joint == "and" and _ONLY_SEEN.match(tail))
