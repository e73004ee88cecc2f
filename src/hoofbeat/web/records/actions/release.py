"""The only code that turns a record into bytes for outside: it asks the gate, serialises, records, and only then gives.

Whatever fails on the way, the transaction ends and no bytes are handed out. Preview and release make the same bytes, so
that what somebody agreed to is what leaves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from hoofbeat.interchange.phenopacket import write
from hoofbeat.network.disclosed_case import disclosed_case
from hoofbeat.network.gate import THE_PATIENT, Allow, Deny, Detail, Purpose, Reason, Reduce, decide
from hoofbeat.network.gate import Consent as GateConsent
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import majority_of
from hoofbeat.web.access.language import spoken
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.records.actions.change import RefusedError, changing, read
from hoofbeat.web.records.confidential import may_read_confidential
from hoofbeat.web.records.consent_words import detail_meaning, detail_name, purpose_name, recipient_name
from hoofbeat.web.records.dissents import refused_purposes
from hoofbeat.web.records.models import Consent, Disclosure, Record
from hoofbeat.web.records.own_copy import own_copy
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.store import case_of

PHENOPACKET = "phenopacket"
OWN_COPY_FORM = "own copy"


@dataclass(frozen=True)
class Asked:
    """What somebody wants to send: for what, to whom, how much."""

    purpose: Purpose
    recipient: str
    detail: Detail

    @classmethod
    def of(cls, purpose: str, recipient: str, detail: str) -> Asked:
        """From what a form holds. Raises RefusedError."""
        try:
            return cls(Purpose(purpose), recipient, Detail(int(detail)))
        except ValueError as error:
            raise RefusedError(_("choose for what, to whom and how much"), field="purpose") from error

    @classmethod
    def own_copy(cls) -> Asked:
        """The patient's own copy."""
        return cls(Purpose.OWN_COPY, THE_PATIENT, Detail.EVERYTHING)


@dataclass(frozen=True)
class Prepared:
    """What would leave: exactly these bytes, at this detail, under this consent; `reduced` when less than was asked."""

    data: bytes
    detail: Detail
    consent: UUID | None
    reduced: bool
    sentence: str
    fields: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The hash that the event and the disclosure keep."""
        return hashlib.sha256(self.data).hexdigest()


def preview(*, actor: Actor, record: UUID, asked: Asked) -> Prepared:
    """Exactly what would leave, for somebody to look at. Raises RefusedError where nothing may."""
    found = read(actor, record, Permission.EXPORT, "record:export_preview", what=asked.purpose.value)
    return _prepared(actor, found, asked)


def release(*, actor: Actor, record: UUID, asked: Asked, previewed: str = "") -> Prepared:
    """Let it leave: the disclosure and the event are written, then the bytes are given.

    `previewed` is the hash of what was looked at; something else never leaves. Raises RefusedError.
    """
    with changing(actor, record, Permission.EXPORT, "record:release") as change:
        made = _prepared(actor, change.record, asked)
        if previewed and previewed != made.sha256:
            raise RefusedError(_("the record or the consent changed since you looked; look at it again"))
        # For the patient to read, so in theirs, whatever the person speaks who sends it.
        with override(spoken(change.record.language)):
            sentence = _sentence(asked, made.detail)
        disclosure = Disclosure.objects.create(
            record=change.record,
            purpose=asked.purpose.value,
            recipient=asked.recipient,
            consent_id=made.consent,
            form=OWN_COPY_FORM if asked.purpose is Purpose.OWN_COPY else PHENOPACKET,
            fields=list(made.fields),
            sha256=made.sha256,
            released_by=actor.user,
            sentence=sentence,
        )
        change.detail = {
            "row": str(disclosure.pk),
            "purpose": asked.purpose.value,
            "consent": str(made.consent or ""),
            "detail": int(made.detail),
            "fields": list(made.fields),
            "sha256": made.sha256,
            "previewed": bool(previewed),
        }
    return made


def gate_consents(record: Record) -> tuple[GateConsent, ...]:
    """The record's consents as the gate reads them. What a proxy agreed to ends when the patient is of age, and
    does not count while the child or another guardian says no to its purpose.
    """
    of_age = majority_of(record.birth_date)
    refused = refused_purposes(record)
    return tuple(
        GateConsent(
            key=str(one.pk),
            purpose=Purpose(one.purpose),
            recipient=one.recipient,
            detail=Detail(one.detail),
            start=one.start,
            end=min(one.end, of_age) if one.signer_role == Role.PROXY and of_age else one.end,
            withdrawn=one.withdrawn is not None,
            contested=one.signer_role == Role.PROXY and one.purpose in refused,
        )
        for one in Consent.objects.filter(record=record)
    )


def _prepared(actor: Actor, record: Record, asked: Asked) -> Prepared:
    # The consents are read under the record's lock, so that a withdrawal is either before this or after it.
    decision = decide(gate_consents(record), asked.purpose, asked.recipient, asked.detail, timezone.localdate())
    if isinstance(decision, Deny):
        raise RefusedError(_denied(decision.reason))
    allowed = decision.to if isinstance(decision, Reduce) else decision.detail
    consent = UUID(decision.consent) if decision.consent else None
    if asked.purpose is Purpose.OWN_COPY:
        # What was told in confidence is for the patient alone: a copy that staff print may lie on a family's table.
        data = _own_bytes(record, confidential=not actor.is_staff and may_read_confidential(actor, record))
    else:
        data = _packet(record, asked.recipient, allowed)
    return Prepared(
        data=data,
        detail=allowed,
        consent=consent,
        reduced=not isinstance(decision, Allow),
        sentence=_sentence(asked, allowed),
        fields=tuple(sorted(set(_fields(json.loads(data))))),
    )


def _own_bytes(record: Record, *, confidential: bool) -> bytes:
    packet = json.loads(write(case_of(record), ontology=knowledge().ontology))
    copy = own_copy(record, confidential=confidential) | {"phenopacket": packet}
    return (json.dumps(copy, ensure_ascii=False, indent=2) + "\n").encode()


def _packet(record: Record, recipient: str, detail: Detail) -> bytes:
    if detail < Detail.FIVE_FINDINGS:
        raise RefusedError(
            _("the consent lets the case be counted or the gene be named; there is no file to send for that")
        )
    ontology, content = knowledge().ontology, knowledge().information_content

    def informs(hpo: str) -> float:
        return float(content[ontology.index(hpo)])

    case = disclosed_case(case_of(record), detail, pseudonym=_pseudonym(record, recipient), informs=informs)
    if not case.findings:
        raise RefusedError(_("nothing is entered yet that could be sent"))
    return write(case, ontology=ontology)


def _pseudonym(record: Record, recipient: str) -> str:
    """Another one for each recipient, so that two of them cannot put their files together."""
    key = f"pseudonym:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{record.pk}:{recipient}".encode(), hashlib.sha256).hexdigest()[:32]


def _fields(tree: Any, prefix: str = "") -> Iterator[str]:
    """The names of what a document says, never what it says."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _fields(value, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(tree, list):
        for member in tree:
            yield from _fields(member, prefix)
    else:
        yield prefix


def _sentence(asked: Asked, allowed: Detail) -> str:
    if asked.purpose is Purpose.OWN_COPY:
        return _("A copy of what is in the record, for the patient.")
    return _("%(who)s learns: %(what)s (%(meaning)s) For: %(purpose)s. Not your name, birthday, address or words.") % {
        "who": recipient_name(asked.recipient),
        "what": detail_name(allowed),
        "meaning": detail_meaning(allowed),
        "purpose": purpose_name(asked.purpose),
    }


def _denied(reason: Reason) -> str:
    return {
        Reason.NEVER_GIVEN: _("nothing may leave: the patient has not agreed to this purpose and recipient"),
        Reason.CONTESTED: _(
            "nothing may leave: the child, or another guardian, does not want it, and how that was resolved is not "
            "documented"
        ),
        Reason.NOT_NOW: _("nothing may leave: the consent has ended, has not begun, or was withdrawn"),
        Reason.NOT_THE_PATIENT: _("the patient's own copy goes to the patient only"),
    }[reason]
