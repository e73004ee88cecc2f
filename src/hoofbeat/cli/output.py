"""Where results go: standard output, one file, or a folder with a file per case, each of which appears whole or not at
all.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from hoofbeat.interchange.report import InputError, shown
from hoofbeat.knowledge.one_step import text_in_one_step

_NAME_LENGTH = 100


class Output(Protocol):
    """Takes results one by one."""

    def put(self, name: str, text: str) -> None:
        """Take one result; `name` is that of its case."""


class Lines:
    """Results one after the other in a stream."""

    def __init__(self, stream: IO[str], between: str = "") -> None:
        self._stream, self._between, self._begun = stream, between, False

    def put(self, name: str, text: str) -> None:
        """Write a result, after `between` where it is not the first."""
        self._stream.write((self._between if self._begun else "") + text)
        self._begun = True


class OneAlone:
    """A single result: a page cannot follow another one in the same file."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._held: str | None = None

    def put(self, name: str, text: str) -> None:
        """Keep the result until the end. Raises InputError where there is one already."""
        if self._held is not None:
            raise InputError("there are several cases, and each is a page", code="many", repair="add --out FOLDER/")
        self._held = text

    def close(self) -> None:
        """Write the result that was kept."""
        if self._held is not None:
            self._stream.write(self._held)


class Folder:
    """A file per case, named after it."""

    def __init__(self, folder: Path, ending: str) -> None:
        self.folder, self.ending = folder, ending
        self.written: list[Path] = []
        self._taken: set[str] = set()

    def put(self, name: str, text: str) -> None:
        """Write the file of one case."""
        path = self.folder / file_name(name, self.ending, self._taken)
        with whole_file(path) as stream:
            stream.write(text)
        self.written.append(path)


def file_name(case: str, ending: str, taken: set[str]) -> str:
    """A file name for a case that is safe in any folder and differs from all in `taken`, to which it is added."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", case).strip("._-")[:_NAME_LENGTH] or "case"
    name, number = f"{stem}{ending}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}{ending}"
    taken.add(name.casefold())
    return name


def is_folder(out: str, *, page: bool) -> bool:
    """Whether `--out` means a folder: it is one, it ends with a slash, or it is for pages and no name of one."""
    if out.endswith(("/", os.sep)) or os.path.isdir(out):  # Path.is_dir fails for a name that is too long
        return True
    return page and Path(out).suffix.lower() not in (".html", ".htm")


@contextmanager
def opened_output(out: str | None, *, ending: str, page: bool, between: str = "") -> Iterator[Output]:
    """The place that `--out` names; None is standard output. Raises InputError where it cannot be written to."""
    if out is None:
        with _alone_or_lines(_standard_output(), page, between) as output:
            yield output
        return
    if is_folder(out, page=page):
        with _writing(out):
            Path(out).mkdir(parents=True, exist_ok=True)
        yield Folder(Path(out), ending)
        return
    with whole_file(Path(out)) as stream, _alone_or_lines(stream, page, between) as output:
        yield output


@contextmanager
def _alone_or_lines(stream: IO[str], page: bool, between: str) -> Iterator[Output]:
    if not page:
        yield Lines(stream, between)
        return
    alone = OneAlone(stream)
    yield alone
    alone.close()


def _standard_output() -> IO[str]:
    """Standard output; a character that its encoding does not have becomes a question mark and not a failure."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return sys.stdout


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """A text file that takes the place of an older one only when it is complete. Raises InputError where it cannot be
    written, or is a device or a pipe, in whose place no file may come.
    """
    with _writing(path):
        if path.exists() and not path.is_file():
            raise InputError(
                f"{shown(path, limit=240)} is no file",
                code="no-output",
                repair="name a file, or leave --out away and redirect standard output",
            )
        with text_in_one_step(path, mode=0o666 & ~_mask(), durable=False, errors="replace") as stream:
            yield stream


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _writing(path: Path | str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # of standard output or error, while a file was being written
        raise
    except OSError as error:
        raise InputError(
            f"{shown(path, limit=240)}: cannot be written: {error.strerror or error}",
            code="no-output",
            repair="name a folder that exists, may be written to and has room",
        ) from None
