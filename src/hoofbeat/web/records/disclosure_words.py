"""What a recipient learns from a disclosure, and what not, in a plain sentence: for who decides before, and for the
patient to read afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoofbeat.cases.case import AttributeKind, Case
from hoofbeat.network.gate import Part, Purpose
from hoofbeat.web.records.consent_words import purpose_name, recipient_name


def disclosure_sentence(told: Case, parts: Iterable[str], *, purpose: Purpose, recipient: str, broader: int = 0) -> str:
    """Who learns what, what for, and what they do not learn. `parts`: what the disclosure says, piece by piece;
    `broader`: in words that so many patients share.
    """
    learnt, kept_back = _told(told, parts)
    if broader:
        words = _("in broader words that at least %(count)d patients of the clinic share")
        learnt.insert(1, words % {"count": broader})
    return _("%(who)s will learn: %(what)s. For: %(purpose)s. Not: %(not)s.") % {
        "who": recipient_name(recipient),
        "what": ", ".join(learnt),
        "purpose": purpose_name(purpose),
        "not": ", ".join([*kept_back, _("your name, birthday, address or words")]),
    }


def part_words(part: Part, case: Case) -> str:
    """What one part of a disclosure tells that is no finding."""
    if part is not Part.ATTRIBUTES:
        return _names()[part]
    kinds = {one.kind for one in case.attributes}
    return ", ".join(words for key, words in _names().items() if key in kinds)


def _names() -> Mapping[Part | AttributeKind, str]:
    """What can be told beside findings."""
    return {
        Part.SEX: _("sex"),
        Part.AGE: _("age in steps of ten years"),
        Part.FINDING_ONSET: _("when signs began"),
        AttributeKind.INHERITANCE: _("how it runs in the family"),
        AttributeKind.ONSET: _("when the illness began"),
    }


def _told(told: Case, parts: Iterable[str]) -> tuple[list[str], list[str]]:
    """What is learnt, and what else somebody could think of that is not."""
    learnt = []
    if seen := len(told.observed):
        learnt.append(
            ngettext("%(count)d sign that was found", "%(count)d signs that were found", seen) % {"count": seen}
        )
    if absent := len(told.excluded):
        words = ngettext(
            "%(count)d that was looked for and not found", "%(count)d that were looked for and not found", absent
        )
        learnt.append(words % {"count": absent})
    kept_back = [_("the gene"), _("the exact change in a gene")]
    said = {*parts, *(one.kind for one in told.attributes)}
    for key, words in _names().items():
        (learnt if key in said else kept_back).append(words)
    return learnt, kept_back
