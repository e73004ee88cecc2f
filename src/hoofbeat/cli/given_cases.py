"""The cases that a command is given: files, folders, archives, standard input, or findings typed as identifiers.

Every verb that takes CASE takes it through here, so that the same bad input gets the same words everywhere.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hoofbeat.cases import Age, Case
from hoofbeat.cli.standard_input import STANDARD_INPUT, STANDARD_INPUT_NAME, standard_input_file
from hoofbeat.diagnosis.differential import Note
from hoofbeat.interchange.archive import documents
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.report import InputError, Message, Severity, Where, shown
from hoofbeat.interchange.typed_findings import case_of
from hoofbeat.knowledge.ontology import Ontology

NO_FINDING = "no usable finding: there is nothing to rank by"
ASK = "give at least one finding as an HPO identifier, such as HP:0001166, and what was looked for and is not there"
_MAX_REASONS = 5  # reasons that one error names; `hoofbeat rank` on the file alone shows the others as notes
_MAX_PROPOSED = 20  # messages of one document for which names are proposed
# Messages for which a name can be proposed.
_NOT_A_TERM = frozenset({"hpo-unknown", "id-malformed", "needs-coding", "finding-without-id"})
# Errors of one value: the case is read without it.
_WITHIN_A_CASE = frozenset({"observed-and-excluded", "impossible-value"})
# Things worth knowing only to those who look after files, not to those who read a differential.
_QUIET = frozenset({"finding-merged", "case-without-id", "ancestor-observed"})
_COPIED = 1 << 20


@dataclass(frozen=True, slots=True)
class GivenCase:
    """A case with the notes on how it was read; or, in `error`, why there is none to work with.

    `file` is what the user called it. With an error, `name` is that of the case where one could be read at all. With
    neither case nor error, the notes are on a file of several cases as a whole.
    """

    file: str
    case: Case | None = None
    name: str | None = None
    notes: tuple[Note, ...] = ()
    error: str = ""


def typed_case(
    observed: Sequence[str],
    excluded: Sequence[str],
    asked_not: Sequence[str],
    *,
    ontology: Ontology,
    sex: str,
    age: Age | None,
) -> GivenCase:
    """A case from identifiers as typed. Raises InputError where none of them can be used."""
    imported = case_of(observed, excluded, asked_not, ontology=ontology, sex=sex, age=age)
    if imported.cases:
        (case,) = imported.cases
        return GivenCase("", case, case.id, tuple(map(_without_file, _notes(imported, case, ontology))))
    reasons = [_said(message, _proposed(message, None, ontology)) for message in imported.report.messages]
    told = [reason for reason in reasons if "no usable finding" not in reason][:_MAX_REASONS]
    raise InputError("\n  ".join([NO_FINDING, *told]), code="no-finding", repair=ASK)


def _without_file(note: Note) -> Note:
    """A note on typed findings: nothing is kept of what cannot be used, for there is no file to keep it beside."""
    return replace(note, repair=note.repair.replace("kept beside the case, not used", "not used"))


def given_cases(paths: Sequence[str], *, ontology: Ontology) -> Iterator[GivenCase]:
    """The cases at each path, or the reason why there is none; one bad path or file does not stop the others."""
    for path in paths:
        try:
            if path == STANDARD_INPUT:
                yield from _from_standard_input(ontology)
            else:
                yield from _from_path(Path(path), shown(path, limit=1000), ontology)
        except InputError as error:
            called = STANDARD_INPUT_NAME if path == STANDARD_INPUT else shown(path, limit=1000)
            yield GivenCase(called, error=str(error).removeprefix(f"{called}: "))


def expected_cases(paths: Sequence[str]) -> int:
    """About how many cases there are, told without reading any: for showing progress, never for results."""
    return sum(_expected(Path(path)) for path in paths if path != STANDARD_INPUT)


def _expected(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(len(files) for _, _, files in os.walk(path))
        if _is_archive(path):
            with zipfile.ZipFile(path) as archive:
                return len(archive.infolist())
        with path.open("rb") as stream:
            starts = stream.read(_COPIED).count(b"\n{")
        return max(1, starts * path.stat().st_size // _COPIED if path.stat().st_size > _COPIED else starts)
    except (OSError, zipfile.BadZipFile):
        return 0


def _from_standard_input(ontology: Ontology) -> Iterator[GivenCase]:
    with standard_input_file("a phenopacket") as path:
        yield from _from_path(path, STANDARD_INPUT_NAME, ontology)


def _from_path(path: Path, called: str, ontology: Ontology) -> Iterator[GivenCase]:
    from hoofbeat.interchange.sources import read_document  # protobuf, which typed findings do not need

    single = os.path.isfile(path) and not _is_archive(path)  # Path.is_file fails where a folder is closed
    for document in documents(path):
        if single and called == STANDARD_INPUT_NAME:
            document = replace(document, name=called)
        file = called if single else f"{called.rstrip('/')}/{shown(document.name, limit=1000)}"
        yield from _from_document(read_document(document, ontology=ontology), file, ontology)


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4).startswith(b"PK")
    except OSError:
        return False


def _from_document(imported: Imported, file: str, ontology: Ontology) -> Iterator[GivenCase]:
    if imported.failed:
        yield GivenCase(file, error=_reasons(imported, ontology))
        return
    alone = len(imported.cases) == 1 and not _lost(imported)
    if not alone:
        for message in _lost(imported):
            yield GivenCase(file, error=_placed(message))
    for case in imported.cases:
        # The messages on a document of several packets do not say whose they are: they are told of the document.
        notes = _notes(imported, case, ontology) if alone else ()
        if case.observed or case.excluded:
            yield GivenCase(file, case, case.id, notes)
        else:
            yield GivenCase(file, None, case.id, notes, f"{NO_FINDING}\n  repair: {ASK}")
    if not alone and (remarks := _notes(imported, None, ontology)):
        yield GivenCase(file, notes=remarks)


def _lost(imported: Imported) -> list[Message]:
    """The errors that each cost a packet of a document its reading."""
    return [message for message in imported.report.errors if message.code not in _WITHIN_A_CASE]


def _reasons(imported: Imported, ontology: Ontology) -> str:
    """Why a document gives no case: its errors, and what else in it could be repaired."""
    errors = [_placed(message) for message in imported.report.errors]
    proposals = [
        _said(message, proposed)
        for message in imported.report.warnings[:_MAX_PROPOSED]
        if (proposed := _proposed(message, None, ontology))
    ]
    told = [*errors, *proposals]
    more = len(told) - _MAX_REASONS
    return "\n  ".join(told[:_MAX_REASONS]) + (f"\n  and {more} more" if more > 0 else "")


def _placed(message: Message) -> str:
    return str(InputError(message.what, code=message.code, repair=message.repair, where=message.where))


def _notes(imported: Imported, case: Case | None, ontology: Ontology) -> tuple[Note, ...]:
    """What the reader of a result should know of its input: everything that was changed or not used."""
    notes: dict[Note, None] = {}
    proposed_for = 0
    for message in imported.report.messages:
        if message.code in _QUIET or (case is None and message.severity is not Severity.WARNING):
            continue
        proposed = ""
        if message.code in _NOT_A_TERM and proposed_for < _MAX_PROPOSED:
            proposed_for += 1
            proposed = _proposed(message, case, ontology)
        notes[Note(_what(message), "; ".join(part for part in (message.repair, proposed) if part))] = None
    unseen = sum(count for _, count in imported.report.counts) - len(imported.report.messages)
    if unseen > 0:
        notes[Note(f"{unseen:,} more notes of the same kinds are not shown")] = None
    return tuple(notes)


def _what(message: Message) -> str:
    """The message with the value it speaks of, where it does not name it already."""
    value = "" if not message.value or message.value in message.what else f": {message.value}"
    return f"{message.what}{value}"


def _said(message: Message, proposed: str) -> str:
    return _what(message) + (f" ({proposed})" if proposed else "")


def _proposed(message: Message, case: Case | None, ontology: Ontology) -> str:
    """The nearest names to an identifier that is not one: by the label beside it in the source, else by itself."""
    if message.code not in _NOT_A_TERM:
        return ""
    from hoofbeat.knowledge.nearest_terms import nearest_terms  # brings rapidfuzz, which only bad input needs

    for text in (_label_beside(message.where, case), message.value):
        found = nearest_terms(ontology, text) if text else ()
        if found:
            return "nearest: " + ", ".join(f"{one.id} {one.name}" for one in found)
    return ""


def _label_beside(where: Where, case: Case | None) -> str:
    if case is None or not where.path.endswith("/type/id"):
        return ""
    wanted = where.path.removesuffix("id") + "label"
    return next((str(one.value) for one in case.carried if one.path and wanted.endswith(one.path)), "")
