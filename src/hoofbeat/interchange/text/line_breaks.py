"""Whether a sentence goes on on the next line of a note, or each line says something of its own.

Prose is wrapped where the next word had no room; a list is broken where its writer meant to. Both come without stops
("no seizures", and on the next line "ataxia"), so the look of the break decides: how full the line is, what it ends
with, what the next one begins with, and whether a stop follows at all. See decision 0045.
"""

from __future__ import annotations

import re
from bisect import bisect_right

FULL = 60  # characters from which on one line alone shows where prose is wrapped. Ours.
NARROW = 40  # the same where another line of the paragraph is about as long. Ours.
RAGGED = 12  # characters by which full lines of a paragraph differ: about a long word. Ours.

# What a sentence does not end with.
_OPEN = re.compile(
    r"(?:[,(\[/&+–—-]|\b(?:and|or|nor|of|the|an?|any|some|in|on|at|by|to|for|from|with|without|as|than|but|not|no|never"
    r"|neither|both|either|very|more|most|less"
    r"|is|are|was|were|be|been|being|has|have|had|does|did|do|will|would|can|could|cannot|may|might|should|must"
    r"|his|her|their|its|my|our|this|that|these|which|who|whose|if|whether|when|while|after|before|during|since"
    r"|because|due|also|evidence|signs?|history|den(?:y|ies)|shows?|showed|revealed|reveals?|suggests?|dr|prof|mrs?|ms))"
    r"\s*$",
    re.IGNORECASE,
)
# What a sentence does not begin with.
_GOES_ON = re.compile(
    r"\s*(?:[,.;:)\]/&]|\(|(?:and|or|nor|of|in|on|at|by|to|from|with|as|than|but|is|are|was|were|be|been|has|have|had"
    r"|which|who|whose|that|if|whether|when|while|after|before|during|since|until|because|due|although|though|however"
    r"|both|not)\b)"
)
# A line of a form, below what was asked.
_ANSWER = re.compile(
    r"\s*(?:no|none|yes|absent|present|negative|positive|denied|excluded|unknown|resolved|n|y)\s*[.;]?\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*[A-Z][\w/ ]{0,20}(?:\s[-–—]\s|:)")  # "CNS - hypotonia"
_ITEM = re.compile(r"[ \t]*(?:[-*•+>]|\d{1,2}[.)])[ \t]")
_STOP = re.compile(r"[.!?][\"')\]]*(?:\s|$)")


class LineBreaks:
    """The lines of a text, looked at once."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._width = [0] * len(self._lines)  # of the lines of the same paragraph
        # Whether what stands here comes to a stop before something else begins.
        self._stops = [False] * len(self._lines)
        first = 0
        for number, line in enumerate([*self._lines, ""]):
            if not line.strip():
                self._look(first, number)
                first = number + 1

    def _look(self, first: int, end: int) -> None:
        """A paragraph: the width it is set in (0 where nothing shows it), and where it has stops."""
        lengths = sorted((len(line.rstrip()) for line in self._lines[first:end]), reverse=True)
        if not lengths:
            return
        longest = lengths[0]
        is_set = longest >= FULL or (longest >= NARROW and len(lengths) > 1 and lengths[1] >= longest - RAGGED)
        self._width[first:end] = [longest if is_set else 0] * (end - first)
        follows = False
        for number in range(end - 1, first - 1, -1):
            line = self._lines[number]
            self._stops[number] = _STOP.search(line) is not None or follows
            begins_anew = _ITEM.match(line) or _LABEL.match(line) or line.lstrip()[:1].isupper()
            follows = self._stops[number] and not begins_anew

    def _asked(self, number: int) -> bool:
        """Whether the line before may be what a line answers: "No" that begins a paragraph is no answer."""
        before = self._lines[number - 1].strip() if number else ""
        return bool(before) and before[-1] not in ".!;,"

    def go_on(self, line_end: int, *, is_reply: bool = False) -> bool:
        """Whether what stands before a line end, given by where it stands in the text, goes on behind it. With
        `is_reply` the line looks like one of a form, with its answer at the end: then only a full line goes on.
        """
        number = bisect_right(self._starts, line_end) - 1
        line, following = self._lines[number].rstrip(), self._lines[number + 1]
        if _ANSWER.fullmatch(line) and self._asked(number):
            return False
        word = following.split(maxsplit=1)[0]
        is_full = len(line) + 1 + len(word) > self._width[number] > 0
        if is_reply:
            return is_full and not word[:1].isupper()
        if _OPEN.search(line[-20:]) or _GOES_ON.match(following) or _ANSWER.fullmatch(following):
            return True
        if _LABEL.match(following):
            return False
        if word[:1].isupper() and (len(word) == 1 or not word.isupper()):
            return is_full and self._stops[number + 1]
        return is_full or self._stops[number + 1]
