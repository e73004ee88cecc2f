"""What is new for a family, in plain sentences, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.records.confidential import open_to
from hoofbeat.web.records.models import Record, RecordedFinding

RECENT = timedelta(days=30)
CONSENT_ENDS_SOON = timedelta(days=90)
MAJORITY_ASKED = timedelta(days=90)  # network specification, section 2: asked 90 days before


@dataclass(frozen=True)
class NewsItem:
    """One sentence and where it leads."""

    text: str
    url: str
    is_pressing: bool = False
    # A second, quieter line.
    more: str = ""


def news(record: Record, actor: Actor) -> list[NewsItem]:
    """Everything that is new in a record."""
    return [
        *_pressing(record, actor),
        *_asked(record),
        *_visits(record),
        *_shared(record),
        *_answers(record, actor),
        *_consents(record),
    ]


def _pressing(record: Record, actor: Actor) -> Iterator[NewsItem]:
    now = timezone.now()
    for glass in record.broken_glass.filter(start__gt=now - RECENT).select_related("user"):
        yield NewsItem(
            _("%(who)s opened the record without being in the team. The reason is with who looked.")
            % {"who": glass.user.name},
            reverse("portal_looked", args=[record.pk]),
            True,
        )
    shown = record.messages.filter(open_to(actor, record))
    unread = shown.filter(from_team=True, read_at__isnull=True).count()
    if unread:
        text = ngettext("%(count)d new message from the team", "%(count)d new messages from the team", unread)
        yield NewsItem(text % {"count": unread}, reverse("portal_messages", args=[record.pk]), True)


def _asked(record: Record) -> Iterator[NewsItem]:
    asked = record.asked.filter(ended__isnull=True).count()
    if asked:
        text = ngettext("Your team asks you about %(count)d sign", "Your team asks you about %(count)d signs", asked)
        yield NewsItem(text % {"count": asked}, reverse("portal_story", args=[record.pk]), True)


def _visits(record: Record) -> Iterator[NewsItem]:
    coming = record.visits.filter(at__gte=timezone.now(), cancelled__isnull=True, held__isnull=True).first()
    if coming is not None:
        when = formats.date_format(timezone.localtime(coming.at), _("j F, H:i"))
        yield NewsItem(
            _("Next visit: %(when)s") % {"when": when},
            reverse("portal_visits", args=[record.pk]),
            more=", ".join(filter(None, (str(coming.get_kind_display()), coming.place, coming.purpose))),
        )


def _shared(record: Record) -> Iterator[NewsItem]:
    since = timezone.now() - RECENT
    if record.shared.filter(created__gt=since, ended__isnull=True).exists():
        yield NewsItem(_("Your doctor shared what you talked about"), reverse("portal_talked", args=[record.pk]))
    if record.plans.filter(created__gt=since, ended__isnull=True).exists():
        yield NewsItem(_("There is a plan of what comes next"), reverse("portal_plan", args=[record.pk]))
    if record.documents.filter(created__gt=since, shared=True, ended__isnull=True).exists():
        yield NewsItem(_("There is a new document for you"), reverse("portal_documents", args=[record.pk]))


def _answers(record: Record, actor: Actor) -> Iterator[NewsItem]:
    since = timezone.now() - RECENT
    told = record.findings.filter(origin=RecordedFinding.Origin.FAMILY, created__gt=since, ended__isnull=True)
    decided = told.exclude(standing=RecordedFinding.Standing.TOLD).count()
    if decided:
        text = ngettext(
            "The team has looked at %(count)d sign that you told",
            "The team has looked at %(count)d signs that you told",
            decided,
        )
        yield NewsItem(text % {"count": decided}, reverse("portal_story", args=[record.pk]))


def _consents(record: Record) -> Iterator[NewsItem]:
    today = timezone.localdate()
    ending = record.consents.filter(withdrawn__isnull=True, end__gt=today, end__lte=today + CONSENT_ENDS_SOON)
    if ending.exists():
        yield NewsItem(
            _("Something that you agreed to ends soon. Do nothing, and it ends; or agree again."),
            reverse("portal_consents", args=[record.pk]),
        )
