"""Why new knowledge moved a differential, in sentences: made from what `RankingChange` keeps as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoofbeat.diagnosis.reanalysis.alert import AlertKind
from hoofbeat.diagnosis.reanalysis.behind import FactKind
from hoofbeat.diagnosis.score_parts import NOT
from hoofbeat.web.clinic.explanation import MOST_SOURCES
from hoofbeat.web.pages.english import around_english, english
from hoofbeat.web.records.models import RankingChange

MOST_SENTENCES = 4  # a reader wants the reason, and the page has a link to all of it (ours)


def reasons(change: RankingChange) -> list[SafeString]:
    """What moved it, the most telling first: the facts that are new of the disease that the team is told of, or that
    moved most; else the part of its score that changed; and what beside knowledge may have a part in it.
    """
    told = [*_of_alerts(change), *_of_lead(change)]
    beside = list(_beside(change))
    if not told and not beside:
        told = [
            around_english(
                _(
                    "These diseases are described as before. Others beside them are not, or the library has another "
                    "number of solved cases."
                )
            )
        ]
    return [*told[:MOST_SENTENCES], *beside]


def _of_alerts(change: RankingChange) -> Iterator[SafeString]:
    for alert in change.alerts:
        if alert["kind"] == AlertKind.GENE_LINK:
            sentence = _("%(gene)s, in which a variant is known of this person, is now linked to %(disease)s.")
            yield around_english(sentence, gene=alert["gene"], disease=english(_name(change, alert["disease"])))
        elif alert["kind"] == AlertKind.VARIANT_CLASS:
            yield around_english(_("The class of the variant %(variant)s has changed."), variant=alert["variant"])


def _name(change: RankingChange, disease: str) -> str:
    return next((str(move["name"]) for move in change.moves if move["disease"] == disease), disease)


def _of_lead(change: RankingChange) -> Iterator[SafeString]:
    told = {alert["disease"] for alert in change.alerts}
    ordered = sorted(change.moves, key=lambda move: move["disease"] not in told)
    if lead := next((move for move in ordered if move["facts"]), None):
        for fact in lead["facts"]:
            yield _fact(english(lead["name"]), fact)
    elif lead := next((move for move in ordered if move["parts"]), None):
        yield _part(english(lead["name"]), lead["parts"][0])


def _fact(disease: SafeString, fact: Mapping[str, Any]) -> SafeString:
    kind = FactKind(fact["kind"])
    if kind is FactKind.SOLVED_CASES:
        now = int(fact["after"])
        sentence = ngettext(
            "%(disease)s: the library has %(now)s solved case of it now; it had %(before)s.",
            "%(disease)s: the library has %(now)s solved cases of it now; it had %(before)s.",
            now,
        )
        return around_english(sentence, disease=disease, now=now, before=fact["before"])
    if kind is FactKind.LIBRARY_ALONE:
        now = int(fact["after"])
        sentence = ngettext(
            "%(disease)s is known from %(now)s solved case of the library alone.",
            "%(disease)s is known from %(now)s solved cases of the library alone.",
            now,
        )
        return around_english(sentence, disease=disease, now=now)
    sentence = {
        FactKind.NEW_DISEASE: _("%(disease)s is new among the diseases that are known."),
        FactKind.NEW_GENE: _("%(disease)s: a gene is known for it now, %(what)s."),
        FactKind.ROW_ADDED: _("%(disease)s: %(what)s is newly described in it (%(after)s)."),
        FactKind.ROW_CHANGED: _("%(disease)s: how often %(what)s is described changed from %(before)s to %(after)s."),
        FactKind.ROW_GONE: _("%(disease)s: %(what)s is no longer described in it (it was: %(before)s)."),
    }[kind]
    given = {name: english(fact[name]) for name in ("what", "before", "after")}
    said = around_english(sentence, disease=disease, **given)
    sources = ", ".join(fact["references"][:MOST_SOURCES])
    return around_english(_("%(fact)s Source: %(sources)s."), fact=said, sources=sources) if sources else said


def _part(disease: SafeString, part: Mapping[str, Any]) -> SafeString:
    more = part["difference"] > 0
    if part["label"]:
        absent = part["part"].startswith(NOT)
        sentence = {
            (False, True): _("%(disease)s: %(what)s counts more for it than before."),
            (False, False): _("%(disease)s: %(what)s counts less for it than before."),
            (True, True): _("%(disease)s: that %(what)s is excluded counts less against it than before."),
            (True, False): _("%(disease)s: that %(what)s is excluded counts more against it than before."),
        }[absent, more]
        return around_english(sentence, disease=disease, what=english(part["label"]))
    what = {
        "fit": _("how all findings together fit it"),
        "onset": _("age and onset"),
        "sex": _("sex"),
        "gene": _("that a gene is known for it"),
        "reported": _("how often it is reported"),
        "group": _("that an entry which only groups diseases stays behind them"),
        "variants": _("the variants of a test"),
    }.get(part["part"], part["part"])
    sentence = _("%(disease)s: more speaks for it than before: %(what)s.")
    less = _("%(disease)s: less speaks for it than before: %(what)s.")
    return around_english(sentence if more else less, disease=disease, what=what)


def _beside(change: RankingChange) -> Iterator[SafeString]:
    if change.engine_changed:
        yield around_english(_("The program that ranks has changed too, and may have a part in it."))
    if change.record_changed:
        yield around_english(_("The record has changed too since then, and may have a part in it."))
