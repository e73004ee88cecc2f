"""Attacks by upload, and the safe way in and out: content decides, names are cleaned, nothing is left behind."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from hoofbeat.interchange.attachment import MAX_BYTES, AttachmentError, attachment_of
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.change import NoSuchRecordError
from hoofbeat.web.records.actions.documents import add_document, clean_name
from hoofbeat.web.records.files import remove_orphans, too_large
from hoofbeat.web.records.models import Document
from tests.web import world as build
from tests.web.world import World

pytestmark = pytest.mark.django_db


def pdf(**tricks: object) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if action := tricks.get("action"):
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject(str(action)), NameObject("/F"): TextStringObject("calc.exe")}
        )
    if tricks.get("script"):
        names = DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})
        writer.root_object[NameObject("/Names")] = names
    if tricks.get("attachment"):
        writer.add_attachment("virus.exe", b"MZ")
    if tricks.get("password"):
        writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(form: str = "JPEG", size: tuple[int, int] = (30, 20)) -> bytes:
    made = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera 3000"
    out = io.BytesIO()
    made.save(out, form, exif=exif)
    return out.getvalue()


def bomb_png() -> bytes:
    """A few kilobytes that would unpack to 20,000 x 20,000 points."""

    def part(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = (20_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 10_000)) + part(b"IEND", b"")
    )


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.txt", b"0" * 10_000_000)
    return out.getvalue()


def send(world: World, name: str, data: bytes, who: str = "clinician", **more: str) -> HttpResponse:
    to = reverse("document_add", args=[world.record.pk])
    answer = world.client(who).post(to, {**more, "file": SimpleUploadedFile(name, data)})
    assert isinstance(answer, HttpResponse)
    return answer


ATTACKS = [
    ("a web page that calls itself a PDF", "letter.pdf", b"<html><script>alert(1)</script></html>", "web page"),
    ("a web page behind the start of a PDF", "letter.pdf", b"%PDF-1.7\n<script>alert(1)</script>", "damaged"),
    ("a PDF with a program", "letter.pdf", pdf(script=True), "program"),
    ("a PDF that runs a script when opened", "letter.pdf", pdf(action="/JavaScript"), "program"),
    ("a PDF with a file in it", "letter.pdf", pdf(attachment=True), "program"),
    ("a PDF that starts a program", "letter.pdf", pdf(action="/Launch"), "program"),
    ("a PDF with a password", "letter.pdf", pdf(password=True), "password"),
    ("half a PDF", "letter.pdf", pdf()[:200], "damaged"),
    ("a drawing with a program", "x.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
    ("a drawing after a declaration", "x.svg", b'<?xml version="1.0"?>\n<svg onload="alert(1)"/>', "SVG"),
    ("a zip bomb", "x.zip", zip_bomb(), "archive"),
    ("a zip bomb that calls itself a picture", "x.png", zip_bomb(), "archive"),
    ("a picture that would fill the memory", "x.png", bomb_png(), "points"),
    ("half a picture", "x.jpg", picture()[:300], "damaged"),
    ("the head of a picture and then a page", "x.jpg", b"\xff\xd8\xff\xe0<html><script>", "damaged"),
    ("nothing", "x.pdf", b"", "empty"),
    ("anything else", "x.pdf", b"MZ\x90\x00", "no PDF, PNG or JPEG"),
]


@pytest.mark.parametrize(("data", "name", "words"), [(a[2], a[1], a[3]) for a in ATTACKS], ids=[a[0] for a in ATTACKS])
def test_a_harmful_file_is_refused_in_plain_words(
    data: bytes, name: str, words: str, world: World, documents: Path
) -> None:
    answer = send(world, name, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Document.objects.exists()
    assert not Event.objects.filter(verb="document:add").exists()
    assert not documents.exists() or not list(documents.iterdir())


def test_a_good_pdf_is_kept_byte_for_byte_under_a_random_name(world: World, documents: Path) -> None:
    data = pdf()
    assert send(world, "../../etc/Letter\x00 of\u202e the clinic.pdf", data).status_code == 302
    kept = Document.objects.get()
    assert (kept.title, kept.kind, kept.size) == ("Letter of the clinic", "pdf", len(data))
    path = documents / kept.file
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in documents.iterdir()] == [kept.file]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_loses_what_the_camera_hid_in_it(form: str, world: World, documents: Path) -> None:
    assert b"SecretCamera" in picture(form)
    send(world, "hand.png", picture(form))
    kept = (documents / Document.objects.get().file).read_bytes()
    assert b"SecretCamera" not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert (shown.size, shown.format) == ((30, 20), form)


def test_a_file_over_the_limit_is_stopped_while_it_arrives(world: World, documents: Path) -> None:
    answer = send(world, "big.pdf", b"%PDF-" + b"0" * (MAX_BYTES + 1))
    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_gigabyte_fills_neither_memory_nor_disk(world: World, tmp_path: Path, settings: object) -> None:
    """The body is made while it is read: what is kept of it at any time is bounded by the limit."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)  # type: ignore[attr-defined]
    most = [0]
    size = 1_000_000_000
    head = (
        b'--xx\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n--xx\r\n'
        b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )

    class Body(io.RawIOBase):
        """As many bytes as it claims, none of them stored."""

        left = size
        started = False

        def read(self, count: int = -1, /) -> bytes:
            if not self.started:
                self.started = True
                return head
            count = min(self.left, count if count > 0 else 1 << 16)
            self.left -= count
            most[0] = max(most[0], sum(os.path.getsize(one) for one in folder.iterdir()))
            return b"0" * count

    request = RequestFactory().post("/", b"x", content_type="multipart/form-data; boundary=xx")
    request.META["CONTENT_LENGTH"] = str(size)
    body: Any = Body()
    request._stream = body
    request.META["wsgi.input"] = body
    assert request.FILES.get("file") is None
    assert too_large(request)
    assert most[0] <= MAX_BYTES
    assert not list(folder.iterdir())


def test_an_action_that_fails_leaves_no_file(world: World, documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **given: object) -> None:
        raise RuntimeError("the disk of the database is full")

    monkeypatch.setattr("hoofbeat.web.records.actions.change.add_event", fail)
    with pytest.raises(RuntimeError):
        add_document(actor=world.actor("clinician"), record=world.record.pk, data=pdf(), filename="a.pdf")
    assert not Document.objects.exists()
    assert not list(documents.iterdir())


def test_somebody_without_a_relation_makes_us_look_at_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(data: bytes) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr("hoofbeat.web.records.actions.documents.looked_at", opened)
    with pytest.raises(NoSuchRecordError):
        add_document(actor=world.actor("outsider"), record=world.record.pk, data=pdf(), filename="a.pdf")


def test_what_a_killed_process_left_is_removed_and_nothing_else(world: World, documents: Path) -> None:
    send(world, "a.pdf", pdf())
    orphan, fresh = documents / ("0" * 32), documents / ("1" * 32)
    orphan.write_bytes(b"x")
    fresh.write_bytes(b"x")
    for one in (orphan, documents / Document.objects.get().file):
        os.utime(one, (1, 1))
    assert remove_orphans() == 1
    assert not orphan.exists()
    assert fresh.exists()
    assert (documents / Document.objects.get().file).exists()


@pytest.fixture
def kept(world: World) -> Document:
    """A picture in the record."""
    send(world, "hand.jpg", picture())
    return Document.objects.get()


def test_a_document_is_handed_out_so_that_a_browser_can_only_save_it(world: World, kept: Document) -> None:
    before = Event.objects.count()
    answer = world.client("clinician").get(reverse("document_file", args=[world.record.pk, kept.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == 'attachment; filename="hand.jpeg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)[before:]) == ["document:read"]


def test_a_picture_can_be_looked_at_and_a_pdf_cannot(world: World, kept: Document) -> None:
    client = world.client("clinician")
    shown = client.get(reverse("document_picture", args=[world.record.pk, kept.pk]))
    assert shown["Content-Disposition"].startswith("inline")
    send(world, "letter.pdf", pdf())
    letter = Document.objects.get(kind="pdf")
    answer = client.get(reverse("document_picture", args=[world.record.pk, letter.pk]))
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_document_of_another_record_is_not_reached_through_ones_own(world: World, kept: Document) -> None:
    own = build.record(world.clinic, team=[world.outsider])
    client = world.client("outsider")
    before = Event.objects.count()
    assert client.get(reverse("document_file", args=[own.pk, kept.pk])).status_code == 404
    assert client.get(reverse("document_file", args=[world.record.pk, kept.pk])).status_code == 404
    assert Event.objects.count() == before


def test_the_family_gets_what_is_shared_and_nothing_else(world: World, kept: Document) -> None:
    parent, address = world.client("parent"), reverse("portal_document", args=[world.record.pk, kept.pk])
    assert parent.get(address).status_code == 404
    world.client("clinician").post(reverse("document_share", args=[world.record.pk, kept.pk]))
    assert parent.get(address).status_code == 200
    world.client("clinician").post(reverse("document_hide", args=[world.record.pk, kept.pk]))
    assert parent.get(address).status_code == 404


def test_what_a_parent_adds_is_theirs_to_see(world: World) -> None:
    client = world.client("parent")
    sent = {"title": "Letter", "file": SimpleUploadedFile("l.pdf", pdf())}
    assert client.post(reverse("portal_documents", args=[world.record.pk]), sent).status_code == 302
    added = Document.objects.get()
    assert added.shared
    assert client.get(reverse("portal_document", args=[world.record.pk, added.pk])).status_code == 200


def test_a_document_taken_off_comes_back(world: World, kept: Document) -> None:
    client = world.client("clinician")
    client.post(reverse("document_end", args=[world.record.pk, kept.pk]))
    kept.refresh_from_db()
    assert kept.ended is not None
    client.post(reverse("document_restore", args=[world.record.pk, kept.pk]))
    kept.refresh_from_db()
    assert kept.ended is None


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\me\\Letter.pdf", "Letter"), ("a\r\nb.pdf", "ab"),
        ("\u202egnp.exe", "gnp"), ("...", ""), (".pdf", "pdf"), ("", ""), ("x" * 300 + ".pdf", "x" * 120),
    ],
)  # fmt: skip
def test_a_file_name_is_cleaned(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_the_same_check_says_no_to_what_is_too_large() -> None:
    with pytest.raises(AttachmentError, match="larger than 20 MB"):
        attachment_of(b"%PDF-" + b"0" * MAX_BYTES)
