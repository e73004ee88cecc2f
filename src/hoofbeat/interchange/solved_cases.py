"""The solved cases at a path: read one document at a time, reduced at once to what the case library counts, with a note
of everything that was not counted.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hoofbeat.cases.solved import Refused, solved_case
from hoofbeat.interchange.archive import Document
from hoofbeat.interchange.report import Message, shown
from hoofbeat.interchange.sources import documents, read_document
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.solved_case import SolvedCase

Progress = Callable[[str, float], None]

_SINGLE = "one packet"
_REPORT_EVERY = 50  # documents; a tenth of a second


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A case that the library does not count: the document it is in, its id there, and why."""

    document: str
    case: str
    refused: Refused


@dataclass(slots=True)
class SolvedCases:
    """What is at a path: the cases to count, those refused, documents that could not be read (name and first error),
    and how many documents were read and how many of these were the same bytes again.

    `name` and `sha256` say what it was, for the library's inputs: the checksum of a file, or for a folder the one over
    its documents' checksums; a single packet is not named, because its name may be a person's.
    """

    name: str
    sha256: str = ""
    cases: list[SolvedCase] = field(default_factory=list)
    not_counted: list[NotCounted] = field(default_factory=list)
    bad: list[tuple[str, Message]] = field(default_factory=list)
    documents: int = 0
    repeated: int = 0


def read_solved_cases(
    path: Path, *, ontology: Ontology, source: str | None = None, progress: Progress = lambda what, share: None
) -> SolvedCases:
    """Read all solved cases at a path; `source` is where cases are from that cite no publication.

    Documents with the same bytes are counted once. Raises InputError where the path as a whole cannot be used.
    """
    found = SolvedCases(path.name or path.resolve().name)
    seen: set[bytes] = set()
    total, of_bytes, done = 0, False, 0
    for document in documents(path):  # its first step has checked the path, so that measuring it is safe
        if not total:
            total, of_bytes = _size(path)
        done += len(document.data) if of_bytes else 1
        if found.documents % _REPORT_EVERY == 0:
            progress(f"{found.documents:,} documents, {len(found.cases):,} solved cases", min(1.0, done / total))
        if not document.is_meant:
            continue
        found.documents += 1
        checksum = hashlib.sha256(document.data).digest()
        if document.problem is None and checksum in seen:
            found.repeated += 1
            continue
        seen.add(checksum)
        _take(document, found, ontology, source)
    found.sha256 = _checksum(path, seen)
    if found.documents == 1 and not path.is_dir():
        found.name = _SINGLE
    return found


def _take(document: Document, found: SolvedCases, ontology: Ontology, source: str | None) -> None:
    """Count the cases of one document, or note why not."""
    imported = read_document(document, ontology=ontology)
    name = shown(document.name, limit=240) + (f", line {document.line}" if document.line else "")
    if imported.report.errors:
        found.bad.append((name, imported.report.errors[0]))
    for case in imported.cases:
        solved = solved_case(case, source=source)
        if isinstance(solved, SolvedCase):
            found.cases.append(solved)
        else:
            found.not_counted.append(NotCounted(name, shown(case.id), solved))


def _size(path: Path) -> tuple[int, bool]:
    """How much there is to read, and whether in bytes (a file) or in documents (folder, zip): for the progress bar."""
    if path.is_dir():
        return max(1, sum(len(files) for _, _, files in os.walk(path))), False
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return max(1, len(archive.infolist())), False
    return max(1, path.stat().st_size), True


def _checksum(path: Path, documents_seen: set[bytes]) -> str:
    if path.is_dir():
        return hashlib.sha256(b"".join(sorted(documents_seen))).hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
