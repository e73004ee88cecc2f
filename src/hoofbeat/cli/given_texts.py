"""The texts that a command is given: files, folders and archives of notes, or standard input."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hoofbeat.cli.standard_input import STANDARD_INPUT, STANDARD_INPUT_NAME, standard_input_file
from hoofbeat.interchange.archive import Document, documents
from hoofbeat.interchange.report import InputError, shown
from hoofbeat.interchange.text.decode import TEXT


@dataclass(frozen=True, slots=True)
class GivenText:
    """A document, by what the user called it; or, in `error`, why a path gives none."""

    file: str
    document: Document
    error: str = ""


def given_texts(paths: Sequence[str]) -> Iterator[GivenText]:
    """The documents at each path; one bad path does not stop the others."""
    for path in paths:
        called = STANDARD_INPUT_NAME if path == STANDARD_INPUT else shown(path, limit=1000)
        try:
            if path == STANDARD_INPUT:
                with standard_input_file("a note") as copy:
                    yield from _at(copy, called)
            else:
                yield from _at(Path(path), called)
        except InputError as error:
            yield GivenText(called, Document(called), str(error).removeprefix(f"{called}: "))


def expected_texts(paths: Sequence[str]) -> int:
    """About how many texts there are, told without reading any."""
    return sum(_expected(path) for path in paths if path != STANDARD_INPUT)


def _expected(path: str) -> int:
    try:
        if os.path.isdir(path):
            return sum(len(files) for _, _, files in os.walk(path))
        if os.path.isfile(path) and zipfile.is_zipfile(path):  # no device, which may have no end
            with zipfile.ZipFile(path) as archive:
                return len(archive.infolist())
    except (OSError, zipfile.BadZipFile):
        return 0
    return 1


def _at(path: Path, called: str) -> Iterator[GivenText]:
    for document in documents(path, TEXT):
        single = os.path.isfile(path) and document.name == path.name
        file = called if single else f"{called.rstrip('/')}/{shown(document.name, limit=1000)}"
        yield GivenText(file, replace(document, name=file))
