"""The words and signs that say of a finding that it is denied, doubtful, over or only looked for, as one pattern.

Cue words are those of everyday clinical notes, written down by us; how far each reaches is told in `assertion.py`.
"""

from __future__ import annotations

import re

BE = r"(?:is|are|was|were|has been|have been|had been|be|been|remains?|remained)"
_ADVERB = r"(?:\s+(?:now|clearly|completely|definitely|effectively|essentially|since|then|also|all|yet|both|reliably))?"
SEEN = (
    r"(?:seen|noted|present|found|observed|detected|identified|reported|evident|demonstrated|documented|recorded"
    r"|visible|palpable|apparent|felt|heard|elicited|visuali[sz]ed|appreciated|a feature|features)"
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
_NO = (
    r"no|none|absent|negative|neg|denied|excluded|ruled out|nil|never"
    r"|not (?:present|seen|found|observed|noted|detected)"
)
_UNKNOWN = (
    r"unknown|unclear|uncertain|not (?:known|assessed|tested|examined|evaluated|recorded|documented|asked|done"
    r"|applicable)"
    r"|n/?a|to be (?:confirmed|clarified|determined)|tbc|pending|awaited"
)
_YES = r"yes|present|positive|confirmed|seen|found|observed|noted"
_ENDS = r"(?=\s*(?:$|[.,;|\n)]))"

# What is somebody's is there, whatever was said about it; "the possibility of" is nobody's yet.
_NOT_THEIRS = (
    r"(?!\s+(?:his|her|their|this|these|that|your|our|my)\b)"
    r"(?!\s+the\b(?!\s+(?:possibility|risk|chance|option|topic|subject|meaning|term)))"
)

# Read from the front: what starts first, and among those the first listed, is the cue. Capital letters name the group:
# assertion, then whether it looks forward (F), forward at what it stands before and the list that this begins (D), back
# (B), both ways (A), at the two it stands between (X), back at the nearest finding only (N), or back at a topic that
# nobody is said to have (T).
_CUES = {
    "skip": (
        r"not only|no doubt(?:\s+(?:about|of))?|not (?:surprisingly|unexpectedly|necessarily)"
        rf"|not yet(?!\s+(?:been\s+)?(?:\w+\s+)?{_SETTLED})"
        r"|no longer (?:any|a) doubt"
        r"|(?:has|have|had|did|does|do)(?: not|n't) (?:\w+ )?any (?:further|more)\b"
        r"|(?:(?:has|have|had|is|are|was|were|did|does|do)(?: not|n't| never))(?: yet| fully| completely"
        r"| entirely)?(?: been)?"
        r" (?:resolved?|subsided?|cleared?|disappear(?:ed)?|settled?|remit(?:ted)?|improved?|respond(?:ed)?"
        r"|stop(?:ped)?"
        r"|ceased?)"
        r"|no further|no (?:new|additional|other)\b(?=\s+(?:concerns?|problems?|complaints?))"
        r"|without (?:difficulty|doubt)"
        # Denied twice is there.
        r"|(?:not|never) (?:without|lacking|free of)|no (?:lack|absence|denying|denial)(?: of)?"
        r"|(?:cannot|can not|can't|could not|couldn't) (?:be denied|deny)|(?:does|do|did) not deny|(?:doesn't"
        r"|didn't) deny"
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
        r"|(?:cannot|can not|can't|could not|couldn't|unable to) (?:\w+ )?(?:say|state|conclude|confirm|be (?:sure"
        r"|certain))"
        rf"(?: that| whether| if)?{_PRONOUN}(?: (?:is|are|was|were|has|have|had)\b)?(?: (?:no|not)\b)?"
        rf"|(?:(?:do|does|did) not|(?:do|does|did)n't) (?:think|believe|feel)(?: that)?{_PRONOUN}(?: (?:is|are|was"
        rf"|has|have|had)\b)?"
        r"|suspected(?: of having)?|suspect(?:s|ing)?|suspicion (?:of|for|about)|suspicious (?:of|for)|questions? of"
        r"|suggestive of"
        r"|suggest(?:s|ing|ed)?(?: of)?|questionable|query|equivocal|borderline|presumed|presumptive"
        r"|potential"
        rf"|(?:may|might|could) (?:(?:also|possibly|perhaps|well|potentially) )?"
        rf"(?:have had|have been|be|have|represent|indicate|show|suffer from|develop|get|experience|cause|lead to"
        rf"|result in)"
        rf"{_ADVERB}|(?:may|might|could) well"
        rf"|(?:unclear|uncertain|unsure|not (?:clear|certain|sure)|unknown|questions?|doubtful)(?: as to)? (?:whether"
        rf"|if){_PRONOUN}(?:\s+(?:has|have|had|is|are|was))?"
        rf"|(?:appears?|appeared|seems?|seemed) to (?:have|be|show|suffer from)|(?:appears?|seems?) (?:as if|like)"
        r"|(?:most|very) likely|(?:concerns?|concerned|worry|worries|worried) (?:for|of|about)(?: possible)"
        rf"|(?:concern|concerns) (?:for|of|(?:about|regarding|over){_NOT_THEIRS})|(?:working|provisional"
        rf"|tentative) diagnos[ei]s\s*:?"
        r"|(?:differential(?: diagnos[ei]s)?|ddx)(?:\s+(?:includes?|of|was|is))?\s*:?"
        rf"|wonder(?:s|ed|ing)? (?:about|if|whether){_PRONOUN}(?:\s+(?:has|have|had|is|are))?"
        r"|think(?:s)? (?:he|she) (?:may|might|could)(?: have)?|impression of|(?:mild )?(?:hint|traces?) of"
        rf"|\?(?=\s?[A-Za-z])(?!\s*(?:{_NO}|{_YES}){_ENDS})"
        r"|\[ ?\]|\( ?\)|[☐□○]"  # a box that nobody ticked: not there, or not asked about
        rf"|(?:discuss(?:ed|ing)?|discussions? (?:of|about|on)|(?:talk(?:ed|s)?|spoke|spoken|conversations?) about"
        rf"|explain(?:ed|ing)?|explanations? of|consider(?:ed|ing)"
        rf"|counsel(?:l?ed|l?ing) (?:\w+ ){{0,2}}(?:about|on|regarding)"
        rf"|inform(?:ed|ation) (?:\w+ )?(?:about|of|on)|(?:leaflets?|booklets?|brochures?) (?:about|on)|warn(?:ed"
        rf"|ing) (?:\w+ )?(?:about|of)){_NOT_THEIRS}"
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
    "UNCERTAIN_X": r"vs\.?|versus",
    # "Scoliosis was discussed" claims nothing; "his scoliosis was discussed" does.
    "UNCERTAIN_T": (
        rf"{BE}(?: \w+)?\s+(?:discussed|explained(?! by)|talked about|spoken about|mentioned|considered|explored"
        r"|suggested|queried|raised|proposed)"
    ),
    "UNCERTAIN_N": (
        rf"\s?\?+(?=\W|$)(?!\s*(?:{_NO}|{_YES}){_ENDS})|\((?:\?|possible|suspected|probable|uncertain)\)"
        rf"|\s+(?:unlikely|doubtful|questionable){_ENDS}|(?:{_IS}|\s?[(\[])(?:{_UNKNOWN})(?:[)\]]|{_ENDS})"
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
        r"|(?:^\W*|[.;,]\s*)(?:should|if|when(?!(?:\s+[\w-]+){1,5}?\s+(?:was|were|had|began|\w+ed)\b))"
        rf"{_PRONOUN}(?:\s+(?:has|have|had|is|are|develops?|gets?|should))?(?=\s)"
        rf"|\bif(?=\s+(?:he|she|they|there|the|any)\b){_PRONOUN}(?:\s+(?:has|have|is|are|develops?|gets?))?"
        r"|to (?:prevent|avoid)|prevention of|prophylaxis (?:for|against|of)|pending (?:evaluation|work-?up) (?:for|of)"
    ),
    "PLANNED_B": (
        rf"{BE} (?:to be )?(?:planned to be )?(?:looked for|screened for|checked|investigated|assessed)"
        rf"(?!,? (?:but|and)\b(?: {BE})? (?:not|never)\b)"
    ),
    "PLANNED_D": r"(?:if|in case)(?: (?:any|further|more|new|the))*(?=\s)",
    "NEGATED_B": (
        rf"{BE}{_ADVERB}\s+(?:absent|ruled out|excluded|denied|negative|lacking|disproved)\b(?! for)"
        rf"|{BE} (?:not|never|no longer){_ADVERB}\s+(?:a )?{SEEN}(?! to (?:have|be|show)\b)|(?:not"
        rf"|never) {SEEN}(?! to (?:have|be|show)\b)|(?:not|never) been {SEEN}(?! to (?:have|be|show)\b)"
        rf"|{BE} (?:looked for|screened for|sought|checked),? (?:but|and)(?: {BE})? (?:not|never)(?: been)? {SEEN}"
        r"|(?:ruled out|excluded) (?:by|on|with|at|after|following|clinically|radiologically)\b"
        rf"|(?:could|can) ?not be {SEEN}|(?:did|does|do) not (?:occur|exist)|(?:(?:has|have|had) )?never occurred"
        rf"|not an issue|not a problem"
        rf"|{BE} not a (?:feature|problem|concern|sign)|(?:isn't|aren't|wasn't|weren't) {SEEN}"
    ),
    "NEGATED_N": (
        r"\s*[:=]?\s*\(?[-–−]\s?ve\b(?! for)"
        rf"|\s*[(\[](?:-|–|−|{_NO})[)\]]|\s*(?:[.…_]\s?){{3,}}\s*(?:{_NO}){_ENDS}"
        rf"|{_IS}(?:{_NO}|n|-){_ENDS}|\s*\?\s*(?:{_NO}){_ENDS}|\s*[✗✘]|\s*[-–−](?=\s*(?:[,;]|$))"
        rf"|\s+(?:absent|negative|none|denied|excluded|ruled out){_ENDS}|\s+no(?=\s*$)"
    ),
    "PRESENT_N": (
        r"\s*[:=]?\s*\(?\+\s?ve\b(?! for)"
        rf"|\s*[(\[](?:\+|pos|{_YES})[)\]]|\s*(?:[.…_]\s?){{3,}}\s*(?:{_YES}){_ENDS}"
        rf"|{_IS}(?:{_YES}|y|\+){_ENDS}|\s*\?\s*(?:{_YES}){_ENDS}|\s*[✓✔]"
    ),
    "NEGATED_F": (
        rf"(?:(?:has|have|had|is|are|was|were) )?(?:not|never) (?:been )?{SEEN} to (?:have had|have|be|show){_ARTICLE}"
        r"|neither (?:parent|of (?:them|the parents)) (?:(?:has|have|had) )?(?:noticed|noted|seen|observed|reported)\b"
        r"|"
        r"no (?:clinical |obvious |clear |current |definite |known )?(?:family )?(?:evidence|signs?|features?"
        r"|history|symptoms?|indication|suggestion|presence"
        r"|complaints?|episodes?|reports?|record|documentation|findings?|suspicion) (?:or \w+ )?(?:of|for"
        r"|suggesting|suggestive of|to suggest|consistent with"
        rf"|that{_PRONOUN}(?:\s+(?:has|have|had|is|are|was|were))?)"
        r"|(?:did|does|do|has|have|had|is|are|was|were|could|can) ?(?:not|n't|never) (?:been )?(?:yet )?(?:able to )?"
        rf"(?:{_HAVE}|noticed?|detect(?:ed)?|find|found|see|seen|observed?|identif(?:y|ied)|noted?|reported?"
        rf"|complain(?:ed)? of|known to have){_ARTICLE}"
        rf"|(?:doesn't|don't|didn't|hasn't|haven't|hadn't|isn't|wasn't) (?:{_HAVE}|noticed?|see|seen|had|got|been)"
        rf"{_ARTICLE}|(?:isn|aren|wasn|weren)'t(?: an?\b)?(?=\s)"
        rf"|at no (?:time|point|stage)(?: (?:did|has|have|had|was|were)\b{_PRONOUN}(?: (?:{_HAVE}|been)\b)?)?{_ARTICLE}"
        r"|(?:no one|nobody|none)(?: else)?(?: (?:in|of|on) (?:the|his|her|their) [\w']+(?: [\w']+)?)?"
        r" (?:has|have|had|shows?|suffers? from)\b"
        r"|no (?:clinical |current |particular )?(?:concerns?|worr(?:y|ies)) (?:about|regarding|for|of|re)\b"
        rf"{_NOT_THEIRS}"
        rf"|(?:failed|fails) to (?:reveal|show|demonstrate|detect){_ARTICLE}|never (?:had|has|have|developed"
        rf"|showed|shown|experienced|any){_ARTICLE}"
        rf"|den(?:y|ies|ied|ying)(?: having| (?:any )?(?:history|symptoms?|episodes?) of)?{_ARTICLE}"
        r"|negative for|[-–−]\s?ve for|nothing to (?:suggest|indicate)|nothing suggest(?:ing|ive of)|free (?:of"
        r"|from)|(?:the )?absence of|absent\s*:|lack(?:s|ed|ing)?(?: of)?(?: any\b)?"
        r"|not known (?:to have|for)"
        r"|(?:excluded|ruled out|not present|denied|absent|negatives?|neg|negative findings|not seen|not found)\s*:"
        r"|(?:excluded|rules? out|ruled out|excludes)(?=\s+[a-z])(?!\s+(?:by|on|in|with|from|at|as|and|or)\b)"
        r"|without(?: any\b| evidence of| signs? of| a history of| an?\b)?|w/o|neither|nor|(?:no|not any|nil|zero|ø"
        r"|none of)\b(?! longer\b)|not an?\b|not(?=\s)|never"
    ),
    "NEGATED_D": r"absent",
    "PAST_F": (
        r"(?:past |previous |prior |medical |known |remote )*(?:history|hx|h/o|hist) (?:of|for)|h/o|hx of"
        r"|previous(?:ly)?(?: had)?|prior|former(?:ly)?"
        r"|no longer (?:has|have|had|having|shows?|experiences?|suffers? from)(?=\s+[a-z])"
        r"|(?:outgrew|outgrown|grew out of|grown out of|recovered from|resolution of)|(?:^"
        r"|(?<=[,;:(] ))resolved(?=\s+[a-z])"
        r"(?!\s+(?:by|with|at|after|in|on|when|since|over|without|before|around|from|to|and|but|now|\w+ly)\b)"
        r"|status post|s/p|used to (?:have|suffer from|get|be)|past"
    ),
    "PAST_A": (
        r"(?:in|during) (?:early )?(?:infancy|childhood|his childhood|her childhood|toddlerhood)(?!\s+onset)"
        r"|as an? (?:\w+ )?(?:infant|child|toddler|baby|neonate|newborn|teenager)|in the (?:neonatal|newborn"
        r"|first) (?:period|weeks?|months?|days?)"
        r"|(?:years?|months?|weeks?) ago|in the past"
    ),
    "PAST_B": (
        r"(?:(?:has|have|had) (?:since |now |all )?|since |now |spontaneously )?(?:resolved|subsided|cleared"
        r"|disappeared|settled|remitted|outgrown|outgrew)"
        r"|(?:stopped|ceased)(?=\s*(?:$|[.,;)]|(?:at|after|by|when|in|since|with)\b))"
        r"|until (?:the )?(?:age\b|\d|(?:he|she) was\b)"
        r"|none (?:since|after|for|in the (?:last|past))\b"
        r"|[- ]free\b(?! of| from)|no longer (?:has|present|an issue)"
    ),
}
# Where a cue can begin: with a word, a sign, or a blank before one of the few words that answer what stands before it.
# Without the last, a third of the work would be blanks that begin nothing.
_BEGINS = (
    r"(?:(?<!\w)(?=\w)|(?=\W)(?:\A|(?!\s+"
    r"(?!(?:absent|negative|none|denied|excluded|ruled|no|unlikely|doubtful|questionable|free)\b)\w)))"
)
# For sentences in lower case: ignoring case would take half as long again.
CUE = re.compile(
    _BEGINS + "(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _CUES.items()) + r")(?:(?!\w)|(?<!\w))"
)
