"""Published cases that ship with the project: facts of a publication, entered anew, with their diagnosis and source.

They are data files, so that they also serve as input to try the commands with.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from hoofbeat.cases import Case
from hoofbeat.cli.given_cases import given_cases
from hoofbeat.knowledge.ontology import Ontology


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """A published case, its file, the diagnosis that was published, and where."""

    path: Path
    case: Case
    disease: str
    disease_name: str
    publication: str
    about: str


def read_example(name: str, *, ontology: Ontology) -> ExampleCase:
    """An example by name, read the way every case is."""
    path = Path(str(files("hoofbeat") / "examples" / f"{name}.json"))
    (given,) = given_cases([str(path)], ontology=ontology)
    case = given.case
    if case is None:
        raise ValueError(f"{name}: {given.error}")
    (solved,) = (one.disease for one in case.reported.interpretations if one.disease is not None)
    (source,) = case.provenance.references
    (publication,) = case.publications
    return ExampleCase(path, case, solved.id, solved.label, publication, source.description)
