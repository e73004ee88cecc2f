"""Looks at a file in a process of its own, with limits on memory, seconds of work and time: a hostile file ends that
process and not the one that answers everybody else.

The child gets the bytes and nothing else: no setting, no secret, no database, and no file that it could write besides
its answer. Run as `python -I -m hoofbeat.interchange.attachment_child` it is the child.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from hoofbeat.interchange.attachment import MAX_BYTES, Attachment, AttachmentError, Kind, attachment_of

ANSWER_BYTES = 4 * MAX_BYTES  # a picture drawn anew is larger than a well pressed one, and never so much larger
# So many at once in a process of the web server, which has four threads: the others go on answering.
AT_ONCE = 2
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. Ours: the largest picture that is kept, of 60 million points with a background that shows
    through, took 0.75 GB and 3.3 seconds of work.
    """

    memory_bytes: int = 1_500_000_000
    cpu_seconds: int = 15
    seconds: float = 25.0


USUAL = Limits()

_ROOM = threading.BoundedSemaphore(AT_ONCE)
_KEPT_SETTINGS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")  # what Python itself may need in order to start


def looked_at(data: bytes, *, limits: Limits = USUAL) -> Attachment:
    """The file as it is kept, looked at by a child. Raises AttachmentError, also where the child did not come back."""
    if len(data) > MAX_BYTES:
        raise AttachmentError(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB; send a smaller copy")
    if not _ROOM.acquire(timeout=PATIENCE_SECONDS):
        raise AttachmentError("many files are being looked at just now; try again in a minute")
    try:
        with tempfile.TemporaryFile() as answer:
            return _answer(answer, data) if _ran(data, answer, limits) else _never()
    finally:
        _ROOM.release()


def _ran(data: bytes, answer: IO[bytes], limits: Limits) -> bool:
    """Whether the child ended well, with its answer in the file."""
    environment = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
    command = [sys.executable, "-I", "-m", __name__, str(limits.memory_bytes), str(limits.cpu_seconds)]
    try:
        done = subprocess.run(
            command, input=data, stdout=answer, stderr=subprocess.DEVNULL, env=environment, timeout=limits.seconds,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:  # `run` has killed it
        return False
    return done.returncode == 0


def _answer(file: IO[bytes], data: bytes) -> Attachment:
    file.seek(0)
    head = json.loads(file.readline())
    if "refused" in head:
        raise AttachmentError(head["refused"])
    kind = Kind(head["kind"])
    return Attachment(kind, data if head["unchanged"] else file.read())


def _never() -> Attachment:
    raise AttachmentError(
        "looking at the file took more time or memory than any letter or picture needs; print it into a new PDF, or "
        "send a smaller copy"
    )


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Bind this process before it looks at anything; a limit that the system does not have is left out."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, ANSWER_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def main() -> None:
    """The child: reads the file from its input and writes what came out, a line of JSON and then a picture's bytes."""
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    data = sys.stdin.buffer.read()
    kept = b""
    try:
        found = attachment_of(data)
        head = {"kind": found.kind.value, "unchanged": found.data == data}
        kept = b"" if head["unchanged"] else found.data
    except AttachmentError as error:
        head = {"refused": str(error)}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
