"""The only code that turns a record into bytes for outside: it asks the gate, serialises, records, and only then gives.

Whatever fails on the way, the transaction ends and no bytes are handed out. Preview and release make the same bytes, so
that what somebody agreed to is what leaves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from hoofbeat.cases.case import Case
from hoofbeat.interchange.phenopacket import write
from hoofbeat.network.broader_words import SHARED_BY, in_broader_words
from hoofbeat.network.disclosed_case import disclosed_case, parts_of, without_parts
from hoofbeat.network.gate import THE_PATIENT, Allow, Deny, Detail, Purpose, Reason, Reduce, decide
from hoofbeat.network.gate import Consent as GateConsent
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import majority_of
from hoofbeat.web.access.language import spoken
from hoofbeat.web.access.models import RecipientTerms
from hoofbeat.web.access.recipient_terms import terms_in_force
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.records.actions.change import RefusedError, changing, read_thing
from hoofbeat.web.records.clinic_cases import cases_beside, in_terms_of
from hoofbeat.web.records.confidential import may_read_confidential
from hoofbeat.web.records.disclosure_words import disclosure_sentence
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
    # Findings and other parts that are not sent although they were agreed to (`network.disclosed_case.Part`).
    left_out: frozenset[str] = frozenset()
    # In broader words that so many patients of the clinic share; 0: in the words of the record.
    broader: int = 0

    @classmethod
    def of(
        cls, purpose: str, recipient: str, detail: str, left_out: Set[str] = frozenset(), broader: str = "0"
    ) -> Asked:
        """From what a form holds. Raises RefusedError."""
        if broader not in {"0", *map(str, SHARED_BY)}:
            raise RefusedError(_("choose in which words the signs are told"), field="words")
        try:
            return cls(Purpose(purpose), recipient, Detail(int(detail)), frozenset(left_out), int(broader))
        except ValueError as error:
            raise RefusedError(_("choose for what, to whom and how much"), field="purpose") from error

    @classmethod
    def own_copy(cls) -> Asked:
        """The patient's own copy."""
        return cls(Purpose.OWN_COPY, THE_PATIENT, Detail.EVERYTHING)


@dataclass(frozen=True)
class Prepared:
    """What would leave: exactly these bytes, at this detail, under this consent; `reduced` when less than was asked.

    `offered` is the case as it could leave, `told` without the parts that were left out; None for the own copy, which
    is no case. `terms` are the recipient's terms of use in force, `is_accepted` whether the sender has accepted this
    version before.
    """

    data: bytes
    detail: Detail
    consent: UUID | None
    reduced: bool
    sentence: str
    fields: tuple[str, ...]
    offered: Case | None = None
    told: Case | None = None
    terms: RecipientTerms | None = None
    is_accepted: bool = False

    @property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """What could be told, findings first, each with whether it is told."""
        if self.offered is None or self.told is None:
            return ()
        told = set(parts_of(self.told))
        return tuple((one, one in told) for one in parts_of(self.offered))

    @property
    def sha256(self) -> str:
        """The hash that the event and the disclosure keep."""
        return hashlib.sha256(self.data).hexdigest()


def preview(*, actor: Actor, record: UUID, asked: Asked) -> Prepared:
    """Exactly what would leave, for somebody to look at. Raises RefusedError where nothing may; then nothing is shown,
    and no look is noted.
    """
    _found, made = read_thing(
        actor,
        record,
        Permission.EXPORT,
        "record:export_preview",
        lambda kept: _prepared(actor, kept, asked, _beside(kept, asked)),
        what=asked.purpose.value,
    )
    return made


def release(*, actor: Actor, record: UUID, asked: Asked, previewed: str | None = None, accepted: str = "") -> Prepared:
    """Let it leave: the disclosure and the event are written, then the bytes are given.

    `previewed` is the hash of what was looked at, None where nothing is shown before; something else never leaves.
    `accepted` is the identifier of the version of the recipient's terms that the sender accepts; each asks once, and a
    new version again. Raises RefusedError.
    """
    # Counted before the record is locked: a whole clinic is read. For whom the record is not, `changing` refuses.
    kept = Record.objects.readable_by(actor).filter(pk=record).first()
    beside = _beside(kept, asked) if kept else []
    with changing(actor, record, Permission.EXPORT, "record:release") as change:
        made = _prepared(actor, change.record, asked, beside)
        if previewed is not None and previewed != made.sha256:
            raise RefusedError(_("the record or the consent changed since you looked; look at it again"))
        if made.terms is not None and not made.is_accepted and accepted != str(made.terms.pk):
            words = _("read the terms of the recipient (version %(version)s) and accept them first")
            raise RefusedError(words % {"version": made.terms.version}, field="terms")
        # For the patient to read, so in theirs, whatever the person speaks who sends it.
        with override(spoken(change.record.language)):
            sentence = _sentence(asked, made.told)
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
            terms=made.terms,
        )
        change.detail = {
            "row": str(disclosure.pk),
            "purpose": asked.purpose.value,
            "consent": str(made.consent or ""),
            "detail": int(made.detail),
            "left_out": len(asked.left_out),
            "broader": asked.broader,
            "fields": list(made.fields),
            "sha256": made.sha256,
            "terms": str(made.terms.pk) if made.terms else "",
            "previewed": previewed is not None,
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


def _beside(record: Record, asked: Asked) -> list[Case]:
    """The clinic's other cases where broader words are asked for, which are those that enough of them share."""
    return cases_beside(record) if asked.broader else []


def _prepared(actor: Actor, record: Record, asked: Asked, beside: list[Case]) -> Prepared:
    # The consents are read under the record's lock, so that a withdrawal is either before this or after it.
    decision = decide(gate_consents(record), asked.purpose, asked.recipient, asked.detail, timezone.localdate())
    if isinstance(decision, Deny):
        raise RefusedError(_denied(decision.reason))
    allowed = decision.to if isinstance(decision, Reduce) else decision.detail
    consent = UUID(decision.consent) if decision.consent else None
    offered = told = terms = None
    if asked.purpose is Purpose.OWN_COPY:
        # What was told in confidence is for the patient alone: a copy that staff print may lie on a family's table.
        data = _own_bytes(record, confidential=not actor.is_staff and may_read_confidential(actor, record))
    else:
        offered = _in_words(_offered(record, asked.recipient, allowed), beside, asked.broader)
        told = without_parts(offered, asked.left_out)
        if not told.findings:
            raise RefusedError(_("no finding is left that could be sent"))
        data = write(told, ontology=knowledge().ontology)
        terms = terms_in_force(record.clinic_id, asked.recipient)
    return Prepared(
        data=data,
        detail=allowed,
        consent=consent,
        reduced=not isinstance(decision, Allow),
        sentence=_sentence(asked, told),
        fields=tuple(sorted(set(_fields(json.loads(data))))),
        offered=offered,
        told=told,
        terms=terms,
        is_accepted=terms is not None and Disclosure.objects.filter(released_by=actor.user, terms=terms).exists(),
    )


def _own_bytes(record: Record, *, confidential: bool) -> bytes:
    packet = json.loads(write(case_of(record), ontology=knowledge().ontology))
    copy = own_copy(record, confidential=confidential) | {"phenopacket": packet}
    return (json.dumps(copy, ensure_ascii=False, indent=2) + "\n").encode()


def _offered(record: Record, recipient: str, detail: Detail) -> Case:
    if detail < Detail.FIVE_FINDINGS:
        raise RefusedError(
            _("the consent lets the case be counted or the gene be named; there is no file to send for that")
        )
    case = disclosed_case(
        in_terms_of(knowledge().ontology, case_of(record)),
        detail,
        pseudonym=_pseudonym(record, recipient),
        informs=informs,
    )
    if not case.findings:
        raise RefusedError(_("nothing is entered yet that could be sent"))
    return case


def _in_words(offered: Case, beside: list[Case], least: int) -> Case:
    if not least:
        return offered
    ontology = knowledge().ontology
    broader = in_broader_words(offered, beside, least=least, ontology=ontology, informs=informs)
    if broader is None:
        message = _("there are no broader words for these signs that %(count)d patients of this clinic share")
        raise RefusedError(message % {"count": least}, field="words")
    return broader


def informs(hpo: str) -> float:
    """How much a finding tells, by the knowledge in use."""
    return float(knowledge().information_content[knowledge().ontology.index(hpo)])


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


def _sentence(asked: Asked, told: Case | None) -> str:
    if told is None:
        return _("A copy of what is in the record, for the patient.")
    return disclosure_sentence(
        told, parts_of(told), purpose=asked.purpose, recipient=asked.recipient, broader=asked.broader
    )


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
