"""Suggested steps as their page shows them: what they tell and ask in words, and what each answer would do, drawn and
said. Nothing is computed anew: the numbers are those of `hoofbeat.diagnosis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hoofbeat.diagnosis.next_step import AnswerEffect, StepKind, Suggestion, Veto
from hoofbeat.diagnosis.next_step.next_step import NO_ACTIONS
from hoofbeat.diagnosis.next_step.veto import StandingVeto
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.share_words import whole_percent
from hoofbeat.knowledge.avoid import ANY_RADIATION, FAMILY, GENERAL_ANAESTHESIA
from hoofbeat.knowledge.burden import ANAESTHESIA, QUESTION, Burden
from hoofbeat.web.pages.english import around_english, english, localized
from hoofbeat.web.records.plain_terms import plain_terms

DRAWN = 4  # candidates whose bars are drawn: as they stand now, and who would come first
NAMED = 4  # findings of a procedure that are named
# From how many bits on a step tells so much (ours): a bit is what halves the candidates.
TELLS = (
    (1.0, gettext_lazy("very much")),
    (0.4, gettext_lazy("much")),
    (0.2, gettext_lazy("something")),
)
LITTLE = gettext_lazy("a little")

FAMILY_NAMES = {
    "genetic": gettext_lazy("genetic test"),
    "laboratory": gettext_lazy("laboratory"),
    "imaging": gettext_lazy("imaging"),
    "angiography": gettext_lazy("angiography"),
    "tissue": gettext_lazy("biopsy"),
    "surgery": gettext_lazy("surgery"),
    "endoscopy": gettext_lazy("endoscopy"),
    "physiology": gettext_lazy("function test"),
    "examination": gettext_lazy("examination"),
}
ANAESTHESIA_NAMES = {
    "local": gettext_lazy("local anaesthesia"),
    "sedation": gettext_lazy("sedation"),
    "general": gettext_lazy("general anaesthesia"),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """One candidate in the drawing: how it stands now, and how after yes and after no (None: that is not known)."""

    name: str
    now: float
    yes: float | None
    no: float | None


@dataclass(frozen=True, slots=True)
class ShownVeto:
    """A veto in words; `done_because` is the reason for which it does not bind."""

    action: str
    disease: str
    share: float
    reason: str
    unless: str
    source: str
    done_because: str = ""


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step as a page shows it."""

    place: int
    step: Suggestion
    kind: str
    tells: str
    bits: str
    burden: tuple[str, ...]
    plain: str
    findings: tuple[str, ...]
    chance: str
    veto: ShownVeto | None
    stands: tuple[Stand, ...]
    sentences: tuple[tuple[str, str], ...]
    unknown: bool

    @property
    def key(self) -> str:
        """What its parts are called on the page."""
        return f"{self.step.kind.value}{self.place}"


def cards(steps: Iterable[Suggestion], ranked: Differential) -> list[StepCard]:
    """The steps for a page."""
    return [_card(place, step, ranked) for place, step in enumerate(steps, 1)]


def _card(place: int, step: Suggestion, ranked: Differential) -> StepCard:
    is_question = step.kind is StepKind.QUESTION
    plain = plain_terms().of(step.id) if is_question else None
    error = f" ± {_number(step.standard_error)}" if step.standard_error else ""
    return StepCard(
        place=place,
        step=step,
        kind=_("question") if is_question else str(FAMILY_NAMES.get(step.burden.family, step.burden.family)),
        tells=str(next((words for least, words in TELLS if step.bits >= least), LITTLE)),
        bits=_("%(bits)s bit") % {"bits": _number(step.bits) + error},
        burden=tuple(burden_words(step.burden)),
        plain=plain.name if plain is not None else "",
        findings=tuple(one.name for one in step.findings[:NAMED]),
        chance=_chance(step),
        veto=None if step.vetoed_by is None else _veto(step.label, step.vetoed_by),
        stands=_stands(step, ranked),
        sentences=tuple(_sentences(step, ranked)),
        unknown=bool(step.burden.unknown),
    )


def burden_words(burden: Burden) -> list[str]:
    """What a step asks of the patient, piece by piece; what nobody knows is said, never counted as nothing."""
    if burden.id == QUESTION:
        return [_("a question")]
    said = []
    if burden.cost_eur is None:
        said.append(_("cost unknown"))
    elif burden.cost_eur:
        said.append(
            _("about %(cost)s EUR") % {"cost": formats.number_format(round(burden.cost_eur), force_grouping=True)}
        )
    if burden.delay_days is None:
        said.append(_("wait unknown"))
    elif burden.delay_days:
        days = max(1, round(burden.delay_days))
        said.append(ngettext("%(days)d day until the answer", "%(days)d days until the answer", days) % {"days": days})
    if burden.risk_per_1000 is None:
        said.append(_("risk unknown"))
    elif burden.risk_per_1000:
        said.append(_("serious harm in %(harm)s of 1,000") % {"harm": localized(f"{burden.risk_per_1000:g}")})
    if burden.anaesthesia is None:
        said.append(_("anaesthesia unknown"))
    elif burden.anaesthesia:
        said.append(str(ANAESTHESIA_NAMES[ANAESTHESIA[int(burden.anaesthesia)]]))
    if burden.radiation_msv is None:
        said.append(_("radiation unknown"))
    elif burden.radiation_msv:
        said.append(_("radiation: %(dose)s mSv") % {"dose": localized(f"{burden.radiation_msv:g}")})
    return said or [_("nothing that counts")]


def standing(vetoes: Iterable[StandingVeto]) -> list[ShownVeto]:
    """All that likely candidates forbid, in words."""
    return [_veto(one.name or action_words(one.action), one.veto) for one in vetoes]


def remark_words(remarks: Iterable[str]) -> list[str]:
    """What limits the suggestions, in words for a clinician."""
    known = {
        NO_ACTIONS: _(
            "What a test can show is known here only for the more common ones, from the clinic's own table. The "
            "Medical Action Ontology (MAxO) tells more; an administrator can fetch it with “hoofbeat knowledge update”."
        )
    }
    return [known.get(one) or english(one) for one in remarks]


def action_words(action: str) -> str:
    """What an avoid record means where it does not name one action."""
    known: Mapping[str, str] = {
        ANY_RADIATION: _("anything with radiation"),
        GENERAL_ANAESTHESIA: _("general anaesthesia"),
        f"{FAMILY}tissue": _("any biopsy"),
        f"{FAMILY}surgery": _("any surgery"),
        f"{FAMILY}angiography": _("any angiography"),
        f"{FAMILY}endoscopy": _("any endoscopy"),
    }
    return known.get(action, action.removeprefix(FAMILY))


def share_words(share: float) -> str:
    """A probability within a sentence: the sign stays with its number."""
    return whole_percent(share).replace(" ", "\u00a0")


def _veto(action: str, veto: Veto) -> ShownVeto:
    return ShownVeto(
        action, veto.disease.name, veto.probability, veto.reason, veto.unless, veto.source, veto.overridden
    )


def _chance(step: Suggestion) -> str:
    yes = step.answers.get("yes")
    no = step.answers.get("no")
    if step.kind is StepKind.QUESTION or no is None or no.chance is None:
        return "" if yes is None or yes.chance is None else share_words(yes.chance)
    return share_words(1.0 - no.chance)


def _stands(step: Suggestion, ranked: Differential) -> tuple[Stand, ...]:
    """The first candidates now and those that would come first after an answer, with their shares."""
    now = [ranked.id_of(index) for index in ranked.first(DRAWN)]
    after = [said.top[0].disease.id for name in ("yes", "no") if (said := step.answers.get(name)) and said.top]
    shown = list(dict.fromkeys([*now[: DRAWN - 1], *after, *now]))[: max(DRAWN, DRAWN - 1 + len(set(after) - set(now)))]
    return tuple(
        Stand(
            ranked.knowledge.disease_name(index),
            float(ranked.probabilities[index]),
            _share(step.answers.get("yes"), one),
            _share(step.answers.get("no"), one),
        )
        for one in shown
        if (index := ranked.index_of(one)) is not None
    )


def _share(effect: AnswerEffect | None, disease: str) -> float | None:
    if effect is None:
        return None
    return next((place.probability for place in effect.top if place.disease.id == disease), 0.0)


def _sentences(step: Suggestion, ranked: Differential) -> Iterable[tuple[str, str]]:
    """What each answer would do to the differential, in a sentence."""
    first = ranked.id_of(*ranked.first(1))
    for name, effect in ((one, step.answers.get(one)) for one in ("yes", "no", "unclear")):
        if effect is None or not effect.top:
            continue
        then = effect.top[0]
        index = ranked.index_of(then.disease.id)
        before = 0.0 if index is None else float(ranked.probabilities[index])
        given = {
            "disease": english(then.disease.name),
            "before": share_words(before),
            "after": share_words(then.probability),
        }
        if name == "unclear":
            text = around_english(_("%(disease)s stays first: nothing changes."), **given)
        elif then.disease.id == first:
            text = around_english(_("%(disease)s stays first, %(before)s now and %(after)s then."), **given)
        else:
            text = around_english(_("%(disease)s would come first, %(before)s now and %(after)s then."), **given)
        yield name, text


def _number(value: float) -> str:
    return localized(f"{value:.2f}")
