"""What a recipient learns from a disclosure, and what not, in a plain sentence: for who decides before, and for the
patient to read afterwards.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoofbeat.cases.case import AttributeKind, Case
from hoofbeat.cases.subject import Sex
from hoofbeat.network.gate import Purpose
from hoofbeat.web.records.consent_words import purpose_name, recipient_name


def disclosure_sentence(told: Case, *, purpose: Purpose, recipient: str) -> str:
    """Who learns what, what for, and what they do not learn."""
    learnt, kept_back = _told(told)
    return _("%(who)s will learn: %(what)s. For: %(purpose)s. Not: %(not)s.") % {
        "who": recipient_name(recipient),
        "what": ", ".join(learnt),
        "purpose": purpose_name(purpose),
        "not": ", ".join([*kept_back, _("your name, birthday, address or words")]),
    }


def _told(told: Case) -> tuple[list[str], list[str]]:
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
    kinds = {one.kind for one in told.attributes}
    kept_back = [_("the gene"), _("the exact change in a gene")]
    for is_told, words in (
        (told.sex is not Sex.UNKNOWN, _("sex")),
        (told.subject.time_at_last_encounter is not None, _("age in steps of ten years")),
        (any(one.onset is not None for one in told.findings) or AttributeKind.ONSET in kinds, _("when signs began")),
        (AttributeKind.INHERITANCE in kinds, _("how it runs in the family")),
    ):
        (learnt if is_told else kept_back).append(words)
    return learnt, kept_back
