"""Keeps letters and pictures, shares them with the family or not, takes them off the list."""

from __future__ import annotations

import hashlib
import unicodedata
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.interchange.attachment import AttachmentError
from hoofbeat.interchange.attachment_child import looked_at
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import Change, NotAllowedError, RefusedError, changing, may_change
from hoofbeat.web.records.files import keeping
from hoofbeat.web.records.models import Document
from hoofbeat.web.records.refused_files import in_words

MAX_TITLE = 120


def add_document(
    *, actor: Actor, record: UUID, data: bytes, filename: str, title: str = "", shared: bool = False
) -> Document:
    """Keep a file under a title (or under its cleaned name). What a family adds is shared with them by nature.

    Raises RefusedError when the content is not a safe PDF, PNG or JPEG.
    """
    may_change(actor, record, Permission.DOCUMENT)
    try:
        # Before the record is locked: looking at a file takes a moment.
        file = looked_at(data)
    except AttachmentError as error:
        raise RefusedError(in_words(error), field="file") from error
    with keeping() as keep, changing(actor, record, Permission.DOCUMENT, "document:add") as change:
        made = Document.objects.create(
            record=change.record,
            title=_title(title) or clean_name(filename) or _("Document"),
            file=keep(file.data),
            kind=file.kind.value,
            size=len(file.data),
            sha256=hashlib.sha256(file.data).hexdigest(),
            added_by=actor.user,
            shared=shared or not actor.is_staff,
        )
        change.detail = {"row": str(made.pk), "kind": made.kind, "shared": made.shared}
    return made


def share_document(*, actor: Actor, record: UUID, document: UUID, shared: bool) -> Document:
    """Let the family see a document in their portal, or no longer. For staff."""
    with changing(actor, record, Permission.DOCUMENT, "document:share") as change:
        if not actor.is_staff:
            raise NotAllowedError(Permission.DOCUMENT)
        found = _of(change, document)
        found.shared = shared
        found.save(update_fields=["shared"])
        change.detail = {"row": str(found.pk), "shared": shared}
    return found


def end_document(*, actor: Actor, record: UUID, document: UUID) -> Document:
    """Take a document off the list; the file stays, so that it can be undone. A family ends only what it added."""
    with changing(actor, record, Permission.DOCUMENT, "document:end") as change:
        found = _of(change, document)
        found.ended = timezone.now()
        found.save(update_fields=["ended"])
        change.detail = {"row": str(found.pk)}
    return found


def restore_document(*, actor: Actor, record: UUID, document: UUID) -> Document:
    """Undo: put it back on the list."""
    with changing(actor, record, Permission.DOCUMENT, "document:restore") as change:
        found = _of(change, document, ended=True)
        found.ended = None
        found.save(update_fields=["ended"])
        change.detail = {"row": str(found.pk)}
    return found


def clean_name(filename: str) -> str:
    """What of a file's name can be shown: no folder, no control or direction character, no ending."""
    base = filename.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C")
    stem = shown.rsplit(".", 1)[0] if "." in shown.strip(".") else shown
    return " ".join(stem.split()).strip(". ")[:MAX_TITLE]


def _title(given: str) -> str:
    text = " ".join("".join(sign for sign in given if unicodedata.category(sign) not in ("Cc", "Cf")).split())
    if len(text) > MAX_TITLE:
        raise RefusedError(_("at most %(count)d characters, please") % {"count": MAX_TITLE}, field="title")
    return text


def _of(change: Change, document: UUID, *, ended: bool = False) -> Document:
    found = change.record.documents.filter(pk=document, ended__isnull=not ended).first()
    if found is None or not (change.actor.is_staff or found.added_by_id == change.actor.user.pk):
        raise RefusedError(_("this document is not on the list any more; look at it again"))
    return found
