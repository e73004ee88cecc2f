"""Where a case comes from: the file, who made it and when, the resources it used and the publications it cites."""

from __future__ import annotations

from dataclasses import dataclass

from hoofbeat.cases.ontology_class import ExternalReference


@dataclass(frozen=True, slots=True)
class Source:
    """The document a case was read from: its name, the SHA-256 of its bytes (hexadecimal) and their number."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Resource:
    """An ontology or database release that the source used."""

    id: str = ""
    name: str = ""
    url: str = ""
    version: str = ""
    namespace_prefix: str = ""
    iri_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """A later change to the source: when, by whom, what."""

    timestamp: str = ""
    updated_by: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made the source and when (RFC 3339 text, empty when unknown), and what it cites."""

    created: str = ""
    created_by: str = ""
    submitted_by: str = ""
    schema_version: str = ""
    resources: tuple[Resource, ...] = ()
    updates: tuple[Update, ...] = ()
    references: tuple[ExternalReference, ...] = ()
