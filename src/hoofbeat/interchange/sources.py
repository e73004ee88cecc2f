"""The door through which every command takes its cases.

A path becomes a stream of documents, and each document cases with a report.
The two steps are apart, so that documents can be listed in one process and read in others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hoofbeat.interchange import phenopacket
from hoofbeat.interchange.archive import Document, documents
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.report import Notes
from hoofbeat.knowledge.ontology import Ontology

__all__ = ["Document", "documents", "read_cases", "read_document"]


def read_cases(path: Path | str, *, ontology: Ontology) -> Iterator[Imported]:
    """The cases at a path (packet, folder, zip, or one packet per line), read as asked for, one item per document.

    A bad document gives an item without case whose report says why; a file that is no JSON at all gives one with a
    note. Raises InputError where the path as a whole cannot be used.
    """
    for document in documents(path):
        yield read_document(document, ontology=ontology)


def read_document(document: Document, *, ontology: Ontology) -> Imported:
    """The cases of one document. Never raises for bad input."""
    if document.problem is not None:
        notes = Notes(document.name, document.line)
        notes.counts[document.problem.code] += 1
        notes.messages.append(document.problem)
        return Imported((), notes.report(format="", accepted=False))
    return phenopacket.read(document.data, name=document.name, line=document.line, ontology=ontology)
