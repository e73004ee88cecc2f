"""The case library of this installation: one file, changed in one step and by one process at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.releases import library_path

if sys.platform != "win32":
    import fcntl


def stored_library() -> Library:
    """The library of this installation, empty when nothing was ever added. Raises KnowledgeError when it is damaged."""
    path = library_path()
    return Library.open(path) if path.exists() else Library.empty()


def replace_library(library: Library) -> None:
    """Put a library in the place of the stored one, in one step; an empty one leaves no file. Hold `library_lock`."""
    if library:
        library.save(library_path())
    else:
        library_path().unlink(missing_ok=True)


@contextmanager
def library_lock() -> Iterator[None]:
    """Hold this while the library is read, changed and written: a second process waits, so that neither change is lost.

    The lock ends with the process that holds it, however it ends. Raises KnowledgeError where nothing may be written.
    """
    path = library_path().with_name(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("w")
    except OSError as error:
        raise KnowledgeError(
            f"{Path(error.filename or path)}: {error.strerror or error}", repair="allow writing there"
        ) from error
    with stream:
        if sys.platform != "win32":
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
