"""Why a ranking moved, in words."""

from __future__ import annotations

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.pages.english import around_english, english
from hoofbeat.web.records.because import Because, parts


def because_words(stored: str) -> SafeString:
    """A snapshot's reason as a page shows it; what another version wrote stays as it is."""
    found = parts(stored)
    if found is None:
        return conditional_escape(stored)
    because, state, what = found
    if because is Because.IMPORTED:
        count = int(what) if what.isdigit() else 0
        said = ngettext("import: %(num)d finding", "import: %(num)d findings", count)
        return conditional_escape(said % {"num": count})
    sentence = {
        Because.STATED: _("%(what)s: %(state)s"),
        Because.RESTORED: _("%(what)s: restored as %(state)s"),
        Because.TOLD: _("%(what)s: %(state)s, told by the family"),
        Because.TAKEN_BACK: _("%(what)s: taken back"),
        Because.CONFIRMED: _("confirmed: %(what)s"),
        Because.WITHDRAWN: _("withdrawn: %(what)s"),
        Because.KNOWLEDGE: _("knowledge of %(what)s"),
        Because.GENOME_READ: _("the genome was read"),
        Because.GENOME_ENDED: _("the genome was taken off"),
        Because.GENOME_RESTORED: _("the genome was put back"),
        Because.GENOME_MATCHED: _("the genome is read anew; until then it does not count"),
        Because.FAMILY: _("the family was changed"),
        Because.DETAILS: _("sex or date of birth was changed"),
        Because.PROGRAM: _("a new version of the ranking: Hoofbeat %(what)s"),
    }[because]
    given = what if because in (Because.KNOWLEDGE, Because.PROGRAM) else english(what)
    return around_english(sentence, what=given, state=state_words(state) if state else "")


def state_words(state: FindingState) -> str:
    """A state of a finding, as it stands within a sentence."""
    return {
        FindingState.OBSERVED: _("observed"),
        FindingState.EXCLUDED: _("excluded"),
        FindingState.NOT_ASSESSED: _("not assessed"),
        FindingState.UNCERTAIN: _("uncertain"),
    }[state]
