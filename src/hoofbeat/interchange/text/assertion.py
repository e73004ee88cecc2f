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

from hoofbeat.interchange.text.mention import Assertion

Span = tuple[int, int]
MAX_REACH = 300  # characters: a longer list has another cue, and a hostile text no way to cost hours. Ours.
MOST_TRIED = 12  # cues of one kind on one side of a finding, the nearest. Ours.
MAX_GAP = 6  # words between a cue and the first thing it is about

_BE = r"(?:is|are|was|were|has been|have been|had been|be|been|remains?|remained)"
_ADVERB = r"(?:\s+(?:now|clearly|completely|definitely|effectively|essentially|since|then|also|all|yet|both|reliably))?"
_SEEN = (
    r"(?:seen|noted|present|found|observed|detected|identified|reported|evident|demonstrated|documented|recorded"
    r"|visible|palpable|apparent|a feature|features)"
)
_PRONOUN = r"(?:\s+(?:he|she|they|it|the (?:patient|child|boy|girl)|there)\b)?"
_HAVE = r"(?:have|has|had|show|shows|shown|develop|developed|exhibit|suffer from|experience|reveal|demonstrate|display)"
_ARTICLE = r"(?:\s+(?:a|an|any|some|obvious|clear|the)\b)?"  # whole: "denies ataxia" has none
_SETTLED = r"(?:confirmed|excluded|ruled out|proven|established)"
# "possibly has", "perhaps he had", "probable that there is": the verb belongs to the doubt and does not end it.
_THAT_IT_IS = (
    rf"(?:\s+that)?{_PRONOUN}"
    r"(?:\s+(?:also |now |already |once )?(?:has had|have had|had had|has been|have been|has|have|had|having|is|are|was"
    r"|were|shows?|showed|suffers? from|suffered from)\b)?"
)

# Between a finding and its answer ("ataxia: no", "ataxia - no", a cell of a table), the answer, and what ends it.
_IS_OR_NOT = r"\s*[:=|]?\s*"
_IS = r"\s*(?:[:=|,]|\s[-–—](?=\s))\s*"
_NO = r"no|none|absent|negative|neg|denied|excluded|nil|never|not present"
_YES = r"yes|present|positive|confirmed"
_ENDS = r"(?=\s*(?:$|[.,;|\n)]))"

# What is somebody's is there, whatever was said about it; "the possibility of" is nobody's yet.
_NOT_THEIRS = (
    r"(?!\s+(?:his|her|their|this|these|that|your|our|my)\b)"
    r"(?!\s+the\b(?!\s+(?:possibility|risk|chance|option|topic|subject|meaning|term)))"
)

# Read from the front: what starts first, and among those the first listed, is the cue. Capital letters name the group:
# assertion, then whether it looks forward (F), back (B), both ways (A), back at the nearest finding only (N), or back
# at a topic that nobody is said to have (T).
_CUES = {
    "skip": (
        r"not only|no doubt(?:\s+(?:about|of))?|not (?:surprisingly|unexpectedly|necessarily)"
        rf"|not yet(?!\s+(?:been\s+)?(?:\w+\s+)?{_SETTLED})"
        r"|no longer (?:any|a) doubt"
        r"|no further|no (?:new|additional|other)\b(?=\s+(?:concerns?|problems?|complaints?))"
        r"|without (?:difficulty|doubt)"
        r"|absent[- ]minded|negative (?:pressure|feelings?)|not (?:drain|associated)|if not|no (?:obvious "
        r"|clear )?(?:cause|reason)"
        r"|if (?:possible|necessary|needed|required)|as (?:possible|suspected)|(?:what|so) if|unlikely to"
        r"|most likely (?:due|caused)"
        r"|as (?:we |i )?(?:previously |already )?(?:discussed|explained|mentioned|considered)"
    ),
    "UNCERTAIN_F": (
        r"(?:cannot|can not|can't|could not|couldn't|unable to) (?:(?:completely|entirely|fully) )?"
        r"(?:exclude|rule out)\b"
        r"|(?:suspected|thought|believed|presumed|felt|considered) to (?:have had|have|be|show|suffer from)"
        rf"|(?:possibl[ye]|probabl[ye]|perhaps|maybe|potentially|presumably|likely){_THAT_IT_IS}"
        r"|suspected(?: of having)?|suspect(?:s|ing)?|suspicion (?:of|for|about)|suspicious (?:of|for)|questions? of"
        r"|suggestive of"
        r"|suggest(?:s|ing|ed)?(?: of)?|questionable|query|equivocal|borderline|presumed|presumptive"
        r"|potential"
        rf"|(?:may|might|could) (?:(?:also|possibly|perhaps|well|potentially) )?"
        rf"(?:have had|have been|be|have|represent|indicate|show|suffer from){_ADVERB}|(?:may|might|could) well"
        rf"|(?:unclear|uncertain|unsure|not (?:clear|certain|sure)|unknown|questions?|doubtful) (?:whether"
        rf"|if){_PRONOUN}(?:\s+(?:has|have|had|is|are|was))?"
        rf"|(?:appears?|appeared|seems?|seemed) to (?:have|be|show|suffer from)|(?:appears?|seems?) (?:as if|like)"
        r"|(?:most|very) likely|(?:concerns?|concerned|worry|worries|worried) (?:for|of|about)(?: possible)"
        r"|(?:concern|concerns) (?:for|of)|differential(?: diagnos[ei]s)?(?:\s+(?:includes?|of|was|is))?\s*:?"
        rf"|wonder(?:s|ed|ing)? (?:about|if|whether){_PRONOUN}(?:\s+(?:has|have|had|is|are))?"
        r"|think(?:s)? (?:he|she) (?:may|might|could)(?: have)?|impression of|(?:mild )?(?:hint|traces?) of"
        rf"|\?(?=\s?[A-Za-z])(?!\s*(?:{_NO}|{_YES}){_ENDS})"
        r"|\[ ?\]|\( ?\)|[☐□○]"  # a box that nobody ticked: not there, or not asked about
        rf"|(?:discuss(?:ed|ing)?|discussions? (?:of|about|on)|(?:talk(?:ed|s)?|spoke|spoken|conversations?) about"
        rf"|explain(?:ed|ing)?|explanations? of|consider(?:ed|ing)"
        rf"|counsel(?:l?ed|l?ing) (?:\w+ ){{0,2}}(?:about|on|regarding)"
        rf"|inform(?:ed|ation) (?:\w+ )?(?:about|of|on)|(?:leaflets?|booklets?|brochures?) (?:about|on)){_NOT_THEIRS}"
    ),
    "UNCERTAIN_B": (
        r"(?:(?:could|can) ?not|couldn't|can't) (?:\w+ )?be (?:\w+ )?(?:ruled out|excluded|confirmed|assessed)"
        r"|(?:is|are|was|were|remains?|seems?|seemed|appears?|appeared|has been"
        r"|have been) (?:\w+ )?(?:suspected|doubtful|uncertain|unclear"
        r"|questionable|possible|probable|likely"
        r"|equivocal|unlikely|questioned|presumed|debatable|not certain|not excluded"
        r"|under discussion)(?!\s+(?:whether|if|about|due|to|that|of))"
        rf"|(?:(?:is|are|was|were|has|have|had) )?not (?:yet )?(?:been )?(?:\w+ )?{_SETTLED}"
    ),
    # "Scoliosis was discussed" claims nothing; "his scoliosis was discussed" does.
    "UNCERTAIN_T": (
        rf"{_BE}(?: \w+)?\s+(?:discussed|explained(?! by)|talked about|spoken about|mentioned|considered|explored)"
    ),
    "UNCERTAIN_N": (
        rf"\s?\?+(?=\W|$)(?!\s*(?:{_NO}|{_YES}){_ENDS})|\((?:\?|possible|suspected|probable|uncertain)\)"
        rf"|\s+(?:unlikely|doubtful|questionable){_ENDS}"
        rf"|{_IS_OR_NOT}(?:\[[ x]?\]|\([ x]?\)|[☐□☑☒○●])\s*(?:yes|no)(?=\s*(?:$|[.,;)(\[☐□☑☒○●]))"  # a form: look at it
    ),
    "PLANNED_F": (
        r"(?:to )?(?:help )?(?:rule out|r/o|exclude the possibility of)\b|\bto exclude"
        r"|to (?:look|check|screen|assess|evaluate|test|monitor|search|watch|examine|investigate) for"
        r"|(?:looking|checking|checked|check|screening|screened|screen|assess|assessed|assessment|evaluate"
        r"|evaluated|evaluation|review|reviewed"
        r"|monitor|monitored|monitoring|surveillance|watch|tested|testing|investigated|referred|referral"
        r"|look out) (?:for|of possible)"
        r"|scheduled for|(?:in|at) (?:increased |high |higher )?risk (?:of|for)|risk (?:of|for)|(?:in"
        r"|the) (?:case|event) of"
        rf"|(?:^\W*|[.;,]\s*)(?:should|if|when){_PRONOUN}(?:\s+(?:has|have|had|is|are|develops?|gets?|should))?(?=\s)"
        rf"|\bif(?=\s+(?:he|she|they|there|the|any)\b){_PRONOUN}(?:\s+(?:has|have|is|are|develops?|gets?))?"
        r"|to (?:prevent|avoid)|prevention of|prophylaxis (?:for|against|of)|pending (?:evaluation|work-?up) (?:for|of)"
    ),
    "PLANNED_B": rf"{_BE} (?:to be )?(?:planned to be )?(?:looked for|screened for|checked|investigated|assessed)",
    "NEGATED_B": (
        rf"{_BE}{_ADVERB}\s+(?:absent|ruled out|excluded|denied|negative|lacking|disproved)\b(?! for)"
        rf"|{_BE} (?:not|never|no longer){_ADVERB}\s+(?:a )?{_SEEN}|(?:not|never) {_SEEN}|(?:not|never) been {_SEEN}"
        rf"|(?:could|can) ?not be {_SEEN}|(?:did|does|do) not (?:occur|exist)|never occurred|not an issue|not a problem"
        rf"|{_BE} not a (?:feature|problem|concern|sign)|(?:isn't|aren't|wasn't|weren't) {_SEEN}"
    ),
    "NEGATED_N": (
        r"\s*[:=]?\s*\(?[-–−]\s?ve\b"
        r"|\s*\((?:-|–|−|absent|no|neg(?:ative)?|none|not present|excluded|denied)\)"
        rf"|{_IS}(?:{_NO}|n|-){_ENDS}|\s*\?\s*(?:{_NO}){_ENDS}|\s*[✗✘]"
        rf"|\s+(?:absent|negative|none|denied|excluded){_ENDS}|\s+no(?=\s*$)"
    ),
    "PRESENT_N": (
        r"\s*[:=]?\s*\(?\+\s?ve\b"
        r"|\s*\((?:\+|present|yes|pos(?:itive)?)\)"
        rf"|{_IS}(?:{_YES}|y|\+){_ENDS}|\s*\?\s*(?:{_YES}){_ENDS}|\s*[✓✔]"
    ),
    "NEGATED_F": (
        r"no (?:clinical |obvious |clear |current |definite |known )?(?:family )?(?:evidence|signs?|features?"
        r"|history|symptoms?|indication|suggestion|presence"
        r"|complaints?|episodes?|reports?|record|documentation|findings?|suspicion) (?:or \w+ )?(?:of|for"
        r"|suggesting|suggestive of|to suggest|consistent with"
        rf"|that{_PRONOUN}(?:\s+(?:has|have|had|is|are|was|were))?)"
        r"|(?:did|does|do|has|have|had|is|are|was|were|could|can) ?(?:not|n't|never) (?:been )?(?:yet )?(?:able to )?"
        rf"(?:{_HAVE}|noticed?|detect(?:ed)?|find|found|see|seen|observed?|identif(?:y|ied)|noted?|reported?"
        rf"|complain(?:ed)? of|known to have){_ARTICLE}"
        rf"|(?:doesn't|don't|didn't|hasn't|haven't|hadn't|isn't|wasn't) (?:{_HAVE}|noticed?|see|seen|had){_ARTICLE}"
        rf"|(?:failed|fails) to (?:reveal|show|demonstrate|detect){_ARTICLE}|never (?:had|has|have|developed"
        rf"|showed|shown|experienced|any){_ARTICLE}"
        rf"|den(?:y|ies|ied|ying)(?: having| (?:any )?(?:history|symptoms?|episodes?) of)?{_ARTICLE}"
        r"|negative for|free (?:of|from)|(?:the )?absence of|absent\s*:|lack(?:s|ed|ing)?(?: of)?(?: any\b)?"
        r"|not known (?:to have|for)"
        r"|(?:excluded|ruled out|not present|denied|absent|negatives?|negative findings|not seen|not found)\s*:"
        r"|(?:excluded|rules? out|ruled out|excludes)(?=\s+[a-z])(?!\s+(?:by|on|in|with|from|at|as|and|or)\b)"
        r"|without(?: any\b| evidence of| signs? of| a history of| an?\b)?|w/o|neither|nor|(?:no|not any|nil"
        r"|none of)\b(?! longer\b)|not an?\b|not(?=\s)|never"
    ),
    "PAST_F": (
        r"(?:past |previous |prior |medical |known |remote )*(?:history|hx|h/o|hist) (?:of|for)|h/o|hx of"
        r"|previous(?:ly)?(?: had)?|prior|former(?:ly)?"
        r"|no longer (?:has|have|had|having|shows?|experiences?|suffers? from)(?=\s+[a-z])"
        r"|status post|s/p|used to (?:have|suffer from|get|be)|past"
    ),
    "PAST_A": (
        r"(?:in|during) (?:early )?(?:infancy|childhood|his childhood|her childhood|toddlerhood)(?!\s+onset)"
        r"|as an? (?:\w+ )?(?:infant|child|toddler|baby|neonate|newborn|teenager)|in the (?:neonatal|newborn"
        r"|first) (?:period|weeks?|months?|days?)"
        r"|(?:\w+ )?(?:years?|months?|weeks?) ago|in the past"
    ),
    "PAST_B": (
        r"(?:(?:has|have|had) (?:since |now |all )?|since |now |spontaneously )?(?:resolved|subsided|cleared"
        r"|disappeared|settled|remitted|outgrown|outgrew)"
        r"|(?:stopped|ceased)(?=\s*(?:$|[.,;)]|(?:at|after|by|when|in|since|with)\b))"
        r"|[- ]free\b(?! of| from)|no longer (?:has|present|an issue)"
    ),
}
# For sentences in lower case: ignoring case would take half as long again.
_CUE = re.compile(r"(?:(?<!\w)|(?=\W))(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _CUES.items()) + ")")

_PAST_STAYS = re.compile(
    r"\b(?:since|from|began|onset|start(?:ed|ing)|beginning|noted|first|persist\w*|ever)\s*(?:\w+\s+)?$", re.IGNORECASE
)

_PLACE = "¤"  # stands for a finding between a cue and another finding
_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and|or|nor)\b|,|/|\b(?:and|or|nor)\b|&)\s*", re.IGNORECASE)
_VERB = (
    r"is|are|was|were|has|have|had|does|did|shows?|showed|remains?|remained|became|becomes|developed|develops|presents?"
    r"|presented|began|persists?|persisted|reveals|revealed|dominates?|will|would|can|could|should|suffers|suffered"
)
_TURN = re.compile(
    rf";|\n\s*\n|\(\+\)|[\[(][ x✓]?[\])]|[☐□☑☒✓✔✗✘○●]"
    r"|(?:,|\band\b)\s*(?:reports|reported|admits|admitted|complains|complained|describes)\b"
    rf"|\b(?:endorse[sd]?|but|however|although|though|except|apart from|aside from|yet|nevertheless|instead"
    rf"|while|whereas"
    rf"|because|due to|despite|which|who|still|until|causing|besides|now|then|in spite of|positive for|{_VERB})\b",
    re.IGNORECASE,
)
_TURNS_TIME = re.compile(r";|\b(?:but|now|however|still|today|currently)\b", re.IGNORECASE)
_FINITE = re.compile(rf"\b(?:{_VERB})\b", re.IGNORECASE)
_ONLY_SEEN = re.compile(rf"^\W*(?:{_BE}|could be|can be)\s+(?:\w+ )?{_SEEN}\b", re.IGNORECASE)
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
_NEW_NOUN = re.compile(r"\w\s+(?:the|his|her|their|its|my|our)\b", re.IGNORECASE)


# Between an adjective and its noun stand at most two others: "possible mild bilateral ptosis".
_ADJECTIVES = re.compile(r"\s+(?:(?!(?:and|or|but|nor|as|which|who|while)\b)[\w-]+\s+){0,2}")
# Somebody has it: "his marked scoliosis"; not "the possibility of scoliosis".
_THEIRS = re.compile(
    r"\b(?:his|her|their|this|these|known|confirmed|the(?!\s+(?:possibility|risk|chance|option|topic|subject)))"
    r"\s+(?:\w+\s+){0,2}$"
)
# Between a topic and what was done with it stands nothing but other topics.
_TOPICS = re.compile(r"(?:[\s,/&¤]|\b(?:and|or)\b)*")


class Cue(NamedTuple):
    """Words that say something of findings: where, what, and in which direction (F, B, N, T, or A: any)."""

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
                _is_near(cue, mention) and _reaches(cue, number, mentions, masked)
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
    if direction == "F":
        return ahead
    return behind if direction != "A" else [*ahead, *behind]


def _is_near(cue: Cue, mention: Span) -> bool:
    return cue.start - mention[1] <= MAX_REACH and mention[0] - cue.end <= MAX_REACH


def _cues(sentence: str, mentions: Sequence[Span]) -> list[Cue]:
    cues = []
    at = following = 0  # the first mention that does not end before what is looked at
    while found := _CUE.search(sentence, at):
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


def _reaches(cue: Cue, number: int, mentions: Sequence[Span], masked: str) -> bool:
    start, end = mentions[number]
    if cue.direction == "A":
        between = masked[min(end, cue.end) : max(start, cue.start)]
        before = max(0, cue.start - MAX_REACH)
        return _TURNS_TIME.search(between) is None and _PAST_STAYS.search(masked, before, cue.start) is None
    if cue.direction == "F":
        return cue.end <= start and _reaches_forward(cue, number, mentions, masked)
    if cue.start < end:
        return False
    between = masked[end : cue.start]
    if cue.direction == "T":
        return _TOPICS.fullmatch(between) is not None and _THEIRS.search(masked[:start]) is None
    if cue.direction == "N":
        return _PLACE not in between and not re.search(r"[,;.]", between) and len(between.split()) <= 3
    if cue.says is Assertion.PAST:
        return _TURNS_TIME.search(between) is None
    return _TURN.search(between) is None and not re.search(r"[^¤,\s]+(?:\s+[^¤,\s]+){5}", between)


def _reaches_forward(cue: Cue, number: int, mentions: Sequence[Span], masked: str) -> bool:
    start, end = mentions[number]
    between = _EVIDENCE.sub(lambda found: " " * len(found.group()), masked[cue.end : start])
    if _TURN.search(between):
        return False
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
    return not joints or not _begins_a_clause(joints[-1].strip().lower(), masked[end:])


def _begins_a_clause(joint: str, after: str) -> bool:
    """Whether what follows the last joint is a statement of its own: "no contractures, and weakness is mild"."""
    if joint.endswith(("or", "nor")):
        return False
    tail = _SEPARATOR.split(after, maxsplit=1)[0].split(";")[0]
    verb = _FINITE.search(tail)
    if verb is None:
        return False
    return not (joint == "and" and _ONLY_SEEN.match(tail))
