"""Opens a record to staff and closes it again, and breaks the glass where there is no time for that."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import BreakGlass, CareTeamMember, Membership, User
from hoofbeat.web.access.roles import CARE_ROLES, Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.audit.models import Event
from hoofbeat.web.mail import Kind
from hoofbeat.web.records.actions.change import RefusedError, changing, in_one_line, needs_in_clinic
from hoofbeat.web.records.actions.telling import tell_family
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.papers import Papers

GLASS_TIME = timedelta(hours=4)  # ours: a shift's emergency, not a way to work
GLASS_TRIES = 5  # ours: a person who has the papers in hand needs one or two
GLASS_TRIES_TIME = timedelta(hours=1)
REFUSED = "record:break_glass_refused"
LEAST_GIVEN = 2  # of number, date of birth and name
SHORTEST_REASON = 10
LONGEST_REASON = 1_000


class NoMatchError(LookupError):
    """No one record of the clinic fits what was given; which of it does not fit is not said."""


class TooManyTriesError(RuntimeError):
    """Somebody tried too often; they wait."""


def add_to_team(*, actor: Actor, record: UUID, user: UUID) -> CareTeamMember:
    """Open the record to somebody who works in the same clinic, as what they work there."""
    with changing(actor, record, Permission.TEAM, "team:add") as change:
        # Whose work here ends at the same moment is not added after their teams were ended.
        work = (
            Membership.objects.select_for_update(of=("self",))
            .filter(user=user, clinic=change.record.clinic_id, end__isnull=True)
            .filter(role__in=CARE_ROLES, user__is_active=True)
            .first()
        )
        if work is None:
            raise RefusedError(_("choose somebody of your clinic from the list"), field="user")
        if change.record.team.filter(user=user, end__isnull=True).exists():
            raise RefusedError(_("this person is in the team already"), field="user")
        made = CareTeamMember.objects.create(record=change.record, user_id=user, role=work.role, added_by=actor.user)
        change.detail = {"row": str(made.pk), "role": work.role}
    return made


def end_team_member(*, actor: Actor, record: UUID, member: int) -> CareTeamMember:
    """Close the record to somebody now. The last one stays: a record that nobody can open helps nobody."""
    with changing(actor, record, Permission.TEAM, "team:end") as change:
        current = change.record.team.filter(end__isnull=True)
        found = current.filter(pk=member).first()
        if found is None:
            raise RefusedError(_("this person is not in the team any more"))
        if current.count() == 1:
            raise RefusedError(_("this is the last person in the team; add somebody else first"))
        found.end = timezone.now()
        found.save(update_fields=["end"])
        change.detail = {"row": str(found.pk), "role": found.role}
    return found


def break_glass(*, actor: Actor, papers: Papers, reason: str) -> Record:
    """Open a record for four hours without being in its team; the patient reads who did and why.

    Raises RefusedError for a missing reason or papers that say too little, NoMatchError for any that fit no patient of
    the clinic or more than one, TooManyTriesError after too many of those. Papers that do not fit leave an event too,
    without saying whose.
    """
    clinic = needs_in_clinic(actor, Permission.BREAK_GLASS)
    words = in_one_line(LONGEST_REASON, reason, "reason")
    if len(words) < SHORTEST_REASON:
        raise RefusedError(_("say in a sentence why it cannot wait; the patient will read it"), field="reason")
    if papers.given < LEAST_GIVEN:
        raise RefusedError(_("give two of these: number, date of birth, name"), field="local_number")
    with transaction.atomic():
        # Locked, so that tries sent at once are counted one after the other, whichever worker they reach.
        User.objects.select_for_update().get(pk=actor.user.pk)
        if _wrong_tries(actor) >= GLASS_TRIES:
            raise TooManyTriesError
        # Not through the relation: the glass is what makes one.
        found = papers.one_of(Record.objects.filter(clinic=clinic))
        if found is None:
            add_event(REFUSED, actor=actor)
        else:
            now = timezone.now()
            BreakGlass.objects.create(record=found, user=actor.user, reason=words, start=now, end=now + GLASS_TIME)
            add_event("record:break_glass", actor=actor, record=found, why=words, detail={"hours": 4})
            tell_family(Kind.SOMEBODY_LOOKED, found, who_may=Permission.WHO_LOOKED)
    if found is None:
        raise NoMatchError
    return found


def _wrong_tries(actor: Actor) -> int:
    """The wrong tries of the last hour, from the chain: no cache forgets them. A right one takes none away, or who has
    the papers of one patient could guess without end.
    """
    since = timezone.now() - GLASS_TRIES_TIME
    return Event.objects.filter(actor=actor.user, verb=REFUSED, at__gt=since).count()
