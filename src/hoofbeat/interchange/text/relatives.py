"""Of whom a sentence speaks: the patient, or which relative."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from hoofbeat.interchange.text.sentences import Section, SectionKind

FAMILY = "family"
PATIENT = ""

_SIDE = r"(?:maternal|paternal)\s+"
_ONE = (
    r"(?:great[- ])*(?:grand|step|half[- ])?(?:mother|father|brother|sister|sibling|sib|parent)|(?:grand)?(?:mum"
    r"|mom|mummy|dad)"
    r"|(?:great[- ])?(?:aunt|uncle)|cousin|niece|nephew|(?:grand)?(?:son|daughter)|twin(?:\s+(?:brother"
    r"|sister))?|husband|wife"
    r"|grandma|grandpa|granny"
)
_INITIALS = {
    "mgm": "maternal grandmother", "mgf": "maternal grandfather", "pgm": "paternal grandmother",
    "pgf": "paternal grandfather",
}  # fmt: skip
_RELATIVE = re.compile(
    rf"\b(?P<who>(?:{_SIDE})?(?:{_ONE})|{'|'.join(_INITIALS)})(?P<many>s)?\b(?P<owner>['’]s?\b)?",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:family (?:medical )?history|family hx|fhx?)\b(?:\s+(?:is|was))?(?:\s+(?:of|for|significant|positive"
    r"|notable|remarkable"
    r"|negative|includes?|with|known))*|\b(?:runs?|running) in (?:the|his|her) family"
    r"|\b(?:no ?one|nobody|none)(?: else)? (?:in|of|on) (?:the|his|her|their) (?:family|relatives|siblings|sibs)\b"
    r"|^\W*in (?:the|his|her) (?:mother's |father's |maternal |paternal )?family\b",
    re.IGNORECASE,
)
_PATIENT = re.compile(
    r"\b(?:he|she|i|we|patient|proband|proposita|propositus|index (?:case|patient)|(?:the|this|our|my"
    r"|a) (?:\w+ )?(?:boy|girl|child"
    r"|infant|baby|toddler|teenager|son|daughter)|on examination|examination)\b(?!['’]s?\b)",
    re.IGNORECASE,
)
_NAMES_PATIENT = re.compile(
    r"\b(?:patient|proband|index case|on examination|examination|himself|herself)\b(?!['’]s)", re.IGNORECASE
)
# A relative who tells, rather than has, what follows.
_TELLS = re.compile(
    r"\b(?:reports?|reported|notice[sd]?|noted|says?|said|states?|stated|den(?:y|ies|ied)|describe[sd]?"
    r"|worr(?:y|ies|ied)|concern(?:s|ed)?"
    r"|thinks?|thought|feels?|felt|observe[sd]?|complain(?:s|ed)|wonders?|wondered|asks?|asked|remembers?"
    r"|recalls?|recalled|gives?"
    r"|gave|brought|brings|mentions?|mentioned|believes?|believed|happy|tells?|told|knows?|saw|sees|suspects?"
    r"|confirm(?:s|ed)?|informed|counsell?ed|(?:not|n't|never) (?:ever )?(?:seen?|heard|witnessed) (?:any|him|her"
    r"|signs?))\b",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"^\s*(?:\(?(?:who|also|aged?|now|deceased|died|with|has|had|have|having|suffers?|suffered|is|was|are|were"
    r"|known|diagnosed|does|did"
    r"|affected|also|carries|developed|shows?|both|treated|underwent|:|-|–|,|\(|and\b|\d))",
    re.IGNORECASE,
)
# "His brother's seizures" are the brother's; "his mother's concern about seizures" is not about her.
_OWNED = re.compile(
    r"\s+(?:(?:own|known|mild|moderate|severe|similar|recurrent|congenital|past|medical|(?:history|diagnosis) of)\s+)*",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:according to|like|unlike|as in|than|by|told|from|to|with|of|resembles)\s+(?:(?:his|her|the|my|their"
    r"|both|patient's|an|a)\s+)*$",
    re.IGNORECASE,
)
# "He and his brother have scoliosis": what follows is the patient's too, and of two the patient's counts.
_TOGETHER = re.compile(
    r"\b(?:he|she|(?:the|our|this) (?:patient|child|boy|girl|infant|baby|proband)) and (?:(?:both|all) )?(?:of )?"
    r"(?:his|her|the)\s+(?:(?:own|older|younger|elder|twin|affected|maternal|paternal|\w+[- ]year[- ]old)\s+)*$",
    re.IGNORECASE,
)
_MINE = re.compile(r"\b(?:my|our)\s+(?:\w+\s+)?$", re.IGNORECASE)
_AFTER = re.compile(
    rf"^\W*(?:(?:is|was|are|were|has been|runs?)\s+)?(?:(?:also|both|a|an)\s+)*(?:(?:seen|noted|present"
    rf"|reported|known|found|diagnosed)\s+)?"
    rf"(?:in|on|affecting|affects)\s+(?:(?:both|the|his|her|their|patient's|an?|one|two|older|younger|elder)\s+)*"
    rf"(?P<who>(?:{_SIDE})?(?:{_ONE}))s?\b",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    rf"^\s*\((?:in\s+)?(?:(?:both|the|his|her|their|an?|one|older|younger|elder)\s+)*"
    rf"(?P<who>(?:{_SIDE})?(?:{_ONE})|{'|'.join(_INITIALS)})s?\s*\)",
    re.IGNORECASE,
)
_AFTER_FAMILY = re.compile(
    r"^\W*(?:(?:is|was|are|were|has been)\s+)?(?:also\s+)?(?:seen |known |present |reported )?(?:runs? )?(?:in"
    r"|on)\s+(?:the|his|her)\s+(?:family|relatives|(?:mother|father)['’]s side)",
    re.IGNORECASE,
)
_END = re.compile(
    r";|\b(?:but|whereas|while|however)\s+(?:the |this )?(?:he|she|patient|child|boy|girl|proband)\b", re.IGNORECASE
)


class _Marker(NamedTuple):
    start: int
    end: int
    who: str
    holds: bool  # whether being named is enough: "family history of"
    owner: bool


class Speaker:
    """Follows a text sentence by sentence, for a section's heading speaks of several."""

    def __init__(self) -> None:
        self._left: Section | None = None  # the family section that the text has turned away from

    def of(self, sentence: str, section: Section, mentions: Sequence[tuple[int, int]]) -> list[str]:
        """Of whom each finding of a sentence is said: the relative, or empty for the patient."""
        in_family = section.kind is SectionKind.FAMILY and section is not self._left
        body = sentence[len(section.title) :] if in_family and sentence.startswith(section.title) else sentence
        if in_family and _NAMES_PATIENT.search(body):
            self._left, in_family = section, False
        if not mentions:
            return []
        markers = _markers(sentence, pronouns=not in_family)
        return [self._one(sentence, markers, mention, mentions, in_family) for mention in mentions]

    def _one(
        self,
        sentence: str,
        markers: Sequence[_Marker],
        mention: tuple[int, int],
        mentions: Sequence[tuple[int, int]],
        in_family: bool,
    ) -> str:
        start, end = mention
        following = bisect_left(mentions, (end, end))
        after = sentence[end : mentions[following][0] if following < len(mentions) else len(sentence)]
        behind = _AFTER.match(after) or _IN_BRACKETS.match(after)
        if behind:
            return _called(behind["who"])
        if _AFTER_FAMILY.match(after):
            side = re.search("mother|father", _AFTER_FAMILY.match(after).group(), re.IGNORECASE)  # type: ignore[union-attr]
            return side.group().lower() if side else FAMILY
        otherwise = FAMILY if in_family else PATIENT
        last = next((one for one in reversed(markers) if one.end <= start), None)
        if last is None:
            return otherwise
        if not last.who:
            return PATIENT
        between = sentence[last.end : start]
        if in_family:
            return last.who
        if last.owner and _OWNED.fullmatch(between):
            return last.who
        if last.owner or _END.search(between):
            return otherwise
        if last.holds:
            return last.who
        return last.who if _HAS.match(between) and not _TELLS.search(between) else otherwise


def _markers(sentence: str, *, pronouns: bool) -> list[_Marker]:
    found = [_Marker(one.start(), one.end(), FAMILY, True, False) for one in _HISTORY.finditer(sentence)]
    found += [
        _Marker(one.start(), one.end(), _called(one["who"]), False, bool(one["owner"]))
        for one in _RELATIVE.finditer(sentence)
        if not _is_aside(sentence, one) and not any(other.start <= one.start() < other.end for other in found)
    ]
    if pronouns:
        found += [_Marker(one.start(), one.end(), PATIENT, True, False) for one in _PATIENT.finditer(sentence)]
    return sorted(found)


def _is_aside(sentence: str, one: re.Match[str]) -> bool:
    before = sentence[max(0, one.start() - 40) : one.start()]
    if one["who"].lower() in ("son", "daughter") and _MINE.search(before):
        return True  # a parent speaks: their child is the patient
    return _ASIDE.search(before) is not None or _TOGETHER.search(before) is not None


def _called(who: str) -> str:
    called = " ".join(who.lower().split())
    return _INITIALS.get(called, called)
