"""Events in words, for the people whose record it is and for those who care for them.

The first part of a verb is what it concerns, the second what was done; what is not in the table is still said plainly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def in_words(verb: str, detail: Mapping[str, Any]) -> str:
    """What was done, such as “looked at the documents”."""
    noun, separator, act = verb.partition(":")
    known = _sentences().get(verb)
    if known:
        return known
    thing = _nouns().get(noun, noun.replace("_", " "))
    if act in ("read", "list"):
        return _("looked at %(thing)s") % {"thing": thing}
    words = _acts().get(act)
    if words:
        return words % {"thing": thing}
    return f"{thing}: {act.replace('_', ' ')}" if separator else thing


def _nouns() -> dict[str, str]:
    return {
        "audit": _("who looked"), "background": _("a note on life and wishes"), "consent": _("a consent"),
        "diagnosis": _("the diagnosis"), "differential": _("the differential"), "document": _("a document"),
        "family": _("the family"), "finding": _("a finding"), "message": _("the messages"),
        "people": _("who has access"), "record": _("the record"), "story": _("the story"), "team": _("the team"),
        "test": _("an earlier test"), "visit": _("a visit"),
    }  # fmt: skip


def _acts() -> dict[str, str]:
    return {
        "add": _("added %(thing)s"), "set": _("stated %(thing)s"), "edit": _("changed %(thing)s"),
        "end": _("ended %(thing)s"), "remove": _("took out %(thing)s"), "restore": _("brought back %(thing)s"),
        "take_back": _("took back %(thing)s"), "confirm": _("confirmed %(thing)s"),
        "withdraw": _("withdrew %(thing)s"), "release": _("shared %(thing)s with the family"),
        "tell": _("told %(thing)s"), "give": _("gave %(thing)s"), "send": _("sent %(thing)s"),
        "create": _("opened %(thing)s"), "export": _("exported %(thing)s"), "import": _("imported %(thing)s"),
        "invite": _("invited somebody: %(thing)s"), "accept": _("accepted an invitation: %(thing)s"),
    }  # fmt: skip


def _sentences() -> dict[str, str]:
    return {
        "record:break_glass": _("opened the record in an emergency, without being in the team"),
        "record:create": _("opened the record for the first time"),
        "record:edit": _("changed the details"),
        "audit:read": _("looked at who looked"),
        "caseload:read": _("had a line of this record on the list of patients"),
        "inbox:read": _("had something of this record in the inbox"),
        "portal:list": _("had this record on the list of theirs"),
        "waiting:assign": _("said who sees to something"),
        "task:finish": _("saw to a task"),
        "consent:dissent": _("said no to a sharing"),
        "consent:dissent_of_child": _("wrote down the child's no to a sharing"),
        "consent:take_back_dissent": _("took back a no to a sharing"),
        "consent:resolve_dissent": _("documented how a no to a sharing was resolved"),
        "consent:renew": _("agreed again to a sharing, now themself"),
        "consent:majority_notice": _("asked what may be shared after coming of age"),
        "consent:read": _("looked at what was agreed to"),
        "proxy:end_notice": _("told somebody that their rights to act end"),
        "people:shared_contact": _("noticed that two people share an address"),
        "test:read": _("looked at earlier tests and background"),
        "visit:read": _("looked at the visits"),
        "visit:plan": _("planned a visit"),
        "visit:move": _("moved a visit"),
        "visit:cancel": _("cancelled a visit"),
        "visit:hold": _("noted that a visit was held"),
        "visit:reopen": _("planned a visit again"),
        "document:list": _("looked at the list of documents"),
        "document:read": _("opened a document"),
        "document:share": _("changed whether the family sees a document"),
        "message:send": _("wrote a message"),
        "message:mark_read": _("noted messages as read"),
        "finding:decide_told": _("decided on a sign that the family told"),
        "finding:tell": _("told a sign"),
        "story:mark_read": _("noted the story as read"),
        "status:set": _("noted where the search stands"),
        "team:read": _("looked at who has access"),
        "team:add": _("added somebody to the team"),
        "team:end": _("ended somebody's place in the team"),
        "family:add": _("added a relative"),
        "family:edit": _("changed a relative"),
        "family:remove": _("took a relative out"),
        "family:restore": _("put a relative back"),
        "people:end_link": _("ended somebody's access"),
    }
