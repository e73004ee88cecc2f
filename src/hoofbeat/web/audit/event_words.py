"""Events in words: one sentence for each verb that stands in a record's history, for the clinic and for the family.

A family reads the clinic's sentence unless that has a word which is not theirs. A test holds that every verb is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy


class Audience(StrEnum):
    """Who reads."""

    CLINIC = "clinic"
    FAMILY = "family"


SENTENCES: Mapping[str, str | Promise] = {
    "audit:read": gettext_lazy("looked at who looked"),
    "background:add": gettext_lazy("noted something on life, surroundings or wishes"),
    "background:end": gettext_lazy("took a note on life, surroundings or wishes off the list"),
    "background:restore": gettext_lazy("put a note on life, surroundings or wishes back on the list"),
    "caseload:read": gettext_lazy("had a line of this record on the list of patients"),
    "consent:assent": gettext_lazy("kept what the child said about a sharing"),
    "consent:dissent": gettext_lazy("said no to a sharing"),
    "consent:dissent_of_child": gettext_lazy("wrote down the child's no to a sharing"),
    "consent:give": gettext_lazy("agreed to sharing"),
    "consent:majority_notice": gettext_lazy("asked what may be shared after coming of age"),
    "consent:read": gettext_lazy("looked at what was agreed to"),
    "consent:renew": gettext_lazy("agreed again to a sharing, now themself"),
    "consent:resolve_dissent": gettext_lazy("documented how a no to a sharing was resolved"),
    "consent:take_back_dissent": gettext_lazy("took back a no to a sharing"),
    "consent:withdraw": gettext_lazy("took back an agreement"),
    "diagnosis:confirm": gettext_lazy("confirmed a diagnosis"),
    "diagnosis:read": gettext_lazy("looked at the diagnosis"),
    "diagnosis:withdraw": gettext_lazy("took back a diagnosis"),
    "differential:end_release": gettext_lazy("took back what was shared"),
    "differential:rank_again": gettext_lazy("ranked the differential anew"),
    "differential:read": gettext_lazy("looked at the differential"),
    "differential:release": gettext_lazy("shared what was talked about"),
    "document:add": gettext_lazy("added a document"),
    "document:end": gettext_lazy("took a document off the list"),
    "document:list": gettext_lazy("looked at the list of documents"),
    "document:read": gettext_lazy("opened a document"),
    "document:restore": gettext_lazy("put a document back on the list"),
    "document:share": gettext_lazy("shared a document, or took it back"),
    "family:add": gettext_lazy("added a relative"),
    "family:edit": gettext_lazy("changed a relative"),
    "family:read": gettext_lazy("looked at the family"),
    "family:remove": gettext_lazy("took a relative out"),
    "family:restore": gettext_lazy("put a relative back"),
    "finding:decide_told": gettext_lazy("decided on a sign that was told"),
    "finding:from_note": gettext_lazy("took findings out of a note"),
    "finding:import": gettext_lazy("imported findings"),
    "finding:read": gettext_lazy("looked at the findings"),
    "finding:restore": gettext_lazy("restored a finding"),
    "finding:set": gettext_lazy("stated a finding"),
    "finding:take_back": gettext_lazy("took back a finding"),
    "finding:take_back_told": gettext_lazy("took back a sign that was told"),
    "finding:tell": gettext_lazy("told a sign"),
    "finding:undo_from_note": gettext_lazy("took findings of a note back"),
    "genome:add": gettext_lazy("uploaded a genome"),
    "genome:analyse": gettext_lazy("read the variants of a genome"),
    "genome:ask": gettext_lazy("asked what became of a variant"),
    "genome:end": gettext_lazy("took a genome off the list"),
    "genome:forget": gettext_lazy("removed a genome that was taken off"),
    "genome:match": gettext_lazy("said whose the samples of a genome are"),
    "genome:read": gettext_lazy("looked at the genome"),
    "genome:refuse": gettext_lazy("could not read a genome"),
    "genome:restore": gettext_lazy("put a genome back on the list"),
    "inbox:read": gettext_lazy("had something of this record in the inbox"),
    "message:mark_read": gettext_lazy("read messages"),
    "message:read": gettext_lazy("looked at the messages"),
    "message:send": gettext_lazy("wrote a message"),
    "next_step:ask": gettext_lazy("asked the family about a sign"),
    "next_step:end_mark": gettext_lazy("took back what was decided about a step"),
    "next_step:mark": gettext_lazy("decided about a suggested step"),
    "next_step:read": gettext_lazy("looked at the next step"),
    "next_step:take_question_back": gettext_lazy("took back a question to the family"),
    "people:accept": gettext_lazy("accepted an invitation"),
    "people:end_link": gettext_lazy("ended somebody's access"),
    "people:invite": gettext_lazy("invited somebody to this record"),
    "people:read": gettext_lazy("looked at who has access"),
    "people:shared_contact": gettext_lazy("noticed that two people share an address"),
    "people:withdraw_invitation": gettext_lazy("withdrew an invitation"),
    "plan:end": gettext_lazy("took the plan back from the family"),
    "plan:read": gettext_lazy("looked at the whole work-up"),
    "plan:release": gettext_lazy("shared the plan with the family"),
    "portal:list": gettext_lazy("had this record on the list of theirs"),
    "portal:read": gettext_lazy("looked at the family's pages"),
    "proxy:end_notice": gettext_lazy("told somebody that their rights to act end"),
    "reanalysis:moved": gettext_lazy("found by itself that new knowledge moved the differential"),
    "reanalysis:read": gettext_lazy("had this record on the list of what changed"),
    "reanalysis:see": gettext_lazy("noted that they looked at what new knowledge moved"),
    "reanalysis:unsee": gettext_lazy("put what new knowledge moved back on the list"),
    "record:break_glass": gettext_lazy("opened the record without being in the team"),
    "record:create": gettext_lazy("began the record"),
    "record:edit": gettext_lazy("changed the details"),
    "record:export_page": gettext_lazy("looked at what would be sent out"),
    "record:export_preview": gettext_lazy("looked at what would be sent out"),
    "record:read": gettext_lazy("looked at the record"),
    "record:release": gettext_lazy("sent something out, as agreed"),
    "status:set": gettext_lazy("noted where the search stands"),
    "story:mark_read": gettext_lazy("read the story"),
    "story:tell": gettext_lazy("told the story"),
    "task:finish": gettext_lazy("saw to a task"),
    "team:add": gettext_lazy("added somebody to the team"),
    "team:end": gettext_lazy("ended somebody's place in the team"),
    "team:read": gettext_lazy("looked at who has access"),
    "test:add": gettext_lazy("noted an earlier test"),
    "test:end": gettext_lazy("took an earlier test off the list"),
    "test:read": gettext_lazy("looked at earlier tests and background"),
    "test:restore": gettext_lazy("put an earlier test back on the list"),
    "variant:read": gettext_lazy("looked at a variant"),
    "visit:cancel": gettext_lazy("cancelled a visit"),
    "visit:hold": gettext_lazy("noted that a visit was held"),
    "visit:move": gettext_lazy("moved a visit"),
    "visit:plan": gettext_lazy("planned a visit"),
    "visit:read": gettext_lazy("looked at the visits"),
    "visit:reopen": gettext_lazy("planned a visit again"),
    "waiting:assign": gettext_lazy("said who sees to something"),
}

# What a family would not say, in theirs.
IN_PLAIN_WORDS: Mapping[str, str | Promise] = {
    "caseload:read": gettext_lazy("saw a line about you on the list of patients"),
    "consent:dissent": gettext_lazy("said no to sharing"),
    "consent:dissent_of_child": gettext_lazy("wrote down the child's no to sharing"),
    "consent:read": gettext_lazy("looked at what you agreed to"),
    "consent:renew": gettext_lazy("agreed to sharing again, now themself"),
    "consent:resolve_dissent": gettext_lazy("wrote down how a no to sharing was resolved"),
    "consent:take_back_dissent": gettext_lazy("took back a no to sharing"),
    "differential:rank_again": gettext_lazy("let the computer compare diseases again"),
    "differential:read": gettext_lazy("looked at which diseases could fit"),
    "finding:from_note": gettext_lazy("took over signs from a letter"),
    "finding:import": gettext_lazy("took over signs from a file"),
    "finding:read": gettext_lazy("looked at the signs"),
    "finding:restore": gettext_lazy("noted a sign again"),
    "finding:set": gettext_lazy("noted a sign"),
    "finding:take_back": gettext_lazy("took back a sign"),
    "finding:undo_from_note": gettext_lazy("took signs from a letter back"),
    "inbox:read": gettext_lazy("saw what you sent, on the list of what waits"),
    "next_step:ask": gettext_lazy("asked you about a sign"),
    "next_step:end_mark": gettext_lazy("took back what was noted about a test"),
    "next_step:mark": gettext_lazy("noted what becomes of a test"),
    "next_step:read": gettext_lazy("looked at what to ask or test next"),
    "next_step:take_question_back": gettext_lazy("took back a question to you"),
    "plan:end": gettext_lazy("took the plan off your pages"),
    "plan:read": gettext_lazy("looked at the plan of what to ask and test"),
    "plan:release": gettext_lazy("put the plan on your pages"),
    "portal:list": gettext_lazy("saw the name on the list of records"),
    "portal:read": gettext_lazy("looked at these pages"),
    "proxy:end_notice": gettext_lazy("said that acting for somebody ends soon, or has ended"),
    "reanalysis:moved": gettext_lazy("noticed that new knowledge changes which diseases could fit"),
    "reanalysis:read": gettext_lazy("saw a line about you on the list of what new knowledge changed"),
    "reanalysis:see": gettext_lazy("looked at what new knowledge changed"),
    "reanalysis:unsee": gettext_lazy("put what new knowledge changed back on the list"),
    "waiting:assign": gettext_lazy("said who looks after something you sent"),
}


def event_words(verb: str, audience: Audience) -> str:
    """What was done. A verb of another version of Hoofbeat is shown as it is, and said to be one."""
    plain = IN_PLAIN_WORDS.get(verb) if audience is Audience.FAMILY else None
    said = plain or SENTENCES.get(verb)
    if said:
        return str(said)
    return gettext("did something that this version has no words for (%(verb)s)") % {"verb": verb}
