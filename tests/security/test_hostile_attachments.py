"""Files made to stall or kill whoever looks at them. They end the child that looks, and its parent says so in words."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from hoofbeat.interchange import attachment_child
from hoofbeat.interchange.attachment import MAX_BYTES, Attachment, AttachmentError, Kind, attachment_of
from hoofbeat.interchange.attachment_child import AT_ONCE, Limits, looked_at

TOO_MUCH = "more time or memory"


def slow_pdf() -> bytes:
    """A PDF without a table of contents and with very many objects: pypdf makes its own table, for many seconds."""
    return (b"%PDF-1.4\n" + b"1 0 obj\n<<>>\nendobj\n" * 900_000)[:MAX_BYTES]


def object_stream_bomb() -> bytes:
    """A PDF whose compressed stream of objects unpacks to a gigabyte."""
    made = bytearray(b"%PDF-1.5\n")
    places = []
    packed = zlib.compressobj()
    stream = packed.compress(b"9 0       << /A ")
    for _ in range(1000):
        stream += packed.compress(b" " * 1_000_000)
    stream += packed.flush()
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Type /ObjStm /N 1 /First 10 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(stream), stream),
    )  # fmt: skip
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"\0" * 7 + b"".join(b"\1" + place.to_bytes(4, "big") + b"\0\0" for place in places)
    table = zlib.compress(rows + b"\2" + (4).to_bytes(4, "big") + b"\0\0")
    start = len(made)
    made += b"5 0 obj\n<< /Type /XRef /Size 10 /W [1 4 2] /Index [0 5 9 1] /Root 1 0 R /Filter /FlateDecode "
    made += b"/Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (len(table), table, start)
    return bytes(made)


def picture(side: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (side, side), "teal").save(made, "PNG")
    return made.getvalue()


def children() -> set[int]:
    """The processes that this one has started and that are still there."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True).stdout
    return {int(pid) for pid in listed.split() if os.path.exists(f"/proc/{pid}")}


@pytest.mark.parametrize("limits", [Limits(cpu_seconds=1), Limits(seconds=1.0)], ids=["work", "time"])
def test_a_pdf_that_would_be_read_for_long_is_given_up(limits: Limits) -> None:
    before = children()
    with pytest.raises(AttachmentError, match=TOO_MUCH):
        looked_at(slow_pdf(), limits=limits)
    assert children() <= before, "the child does not live on"


def test_a_picture_that_needs_more_memory_than_there_is_to_have_is_given_up_and_kept_with_enough() -> None:
    large = picture(5_000)
    with pytest.raises(AttachmentError):
        looked_at(large, limits=Limits(memory_bytes=220_000_000))
    assert looked_at(large).kind is Kind.PNG


def test_a_pdf_that_unpacks_to_a_gigabyte_is_refused() -> None:
    with pytest.raises(AttachmentError):
        looked_at(object_stream_bomb())


@pytest.mark.parametrize(
    "body",
    [
        b"1 0 obj\n" + b"[" * 1_000_000 + b"\nendobj\n",
        b"1 0 obj\n" + b"(" * 1_000_000 + b"\nendobj\n",
        b"1 0 obj\n" + b"<</A " * 50_000 + b"\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [" + b"2 0 R " * 50_000 + b"] /Count 1 >>\nendobj\n",
        b"xref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF",
    ],
    ids=["nested lists", "open text", "nested dictionaries", "pages of themselves", "a table before itself"],
)
def test_a_pdf_that_leads_in_circles_is_refused(body: bytes) -> None:
    with pytest.raises(AttachmentError):
        looked_at(b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF")


def test_a_child_that_ends_without_an_answer_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(AttachmentError, match=TOO_MUCH):
        looked_at(picture(4))


def said_by(look: Callable[[bytes], Attachment], data: bytes) -> object:
    """What somebody who looks at a file says of it."""
    try:
        return look(data)
    except AttachmentError as error:
        return str(error)


def test_what_the_child_says_is_what_the_same_look_says_here() -> None:
    for data in (picture(40), b"", b"<html>", b"MZ", b"%PDF-1.4 nothing"):
        assert said_by(looked_at, data) == said_by(attachment_of, data)


def test_the_child_knows_no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, str]] = []
    real = subprocess.run

    def seen(*args: object, **named: object) -> object:
        given.append(named["env"])  # type: ignore[arg-type]
        return real(*args, **named)  # type: ignore[call-overload]

    monkeypatch.setenv("HOOFBEAT_DATABASE", "postgresql://someone:secret@host/name")
    monkeypatch.setattr(subprocess, "run", seen)
    looked_at(picture(4))
    assert not [name for name in given[0] if name.startswith("HOOFBEAT") or name == "HOME"]


def test_no_more_children_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may need much memory, and some threads must stay free to answer pages."""
    started, release = threading.Semaphore(0), threading.Event()

    def waiting(*_: object) -> bool:
        started.release()
        release.wait(60)
        return False

    monkeypatch.setattr(attachment_child, "_ran", waiting)
    monkeypatch.setattr(attachment_child, "PATIENCE_SECONDS", 0.0)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        busy = [pool.submit(looked_at, b"x") for _ in range(AT_ONCE)]
        for _ in busy:
            assert started.acquire(timeout=60)
        with pytest.raises(AttachmentError, match="try again in a minute"):
            looked_at(b"x")
        release.set()
        for one in busy:
            with pytest.raises(AttachmentError, match=TOO_MUCH):
                one.result()
