"""Files that appear whole or not at all: what is written grows beside them under a hidden name until it is complete.

Whatever interrupts the writing leaves the file that was there before.
"""

from __future__ import annotations

import glob
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

OWN = 0o600  # the mode of what only the account that wrote it may read: it names patients
_NAME_LENGTH = 50  # of the file's name in the hidden one, which has a length too
_ENDING = ".part"


@contextmanager
def in_one_step(path: Path, *, mode: int, durable: bool = True) -> Iterator[IO[bytes]]:
    """A file of bytes that takes the place of `path` once the block has ended well, with the permissions `mode`.

    `durable`: it is on the disk by then, also after a power cut, at the cost of some milliseconds. Raises OSError where
    it cannot be written.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=_ENDING)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


@contextmanager
def text_in_one_step(path: Path, *, mode: int, durable: bool = True, errors: str = "strict") -> Iterator[IO[str]]:
    """The same for text, as UTF-8 with lines as they are written; `errors` as of `open`."""
    with in_one_step(path, mode=mode, durable=durable) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", errors=errors, newline="\n")
        yield text
        text.detach()  # writes what is left, and leaves the file open


def left_half_written(path: Path) -> Iterable[Path]:
    """What processes that were killed, or are still at work, have left of `path`."""
    return path.parent.glob(f"{glob.escape(_prefix(path))}*{_ENDING}")


def _prefix(path: Path) -> str:
    return f".{path.name[:_NAME_LENGTH]}."


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself survive a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
