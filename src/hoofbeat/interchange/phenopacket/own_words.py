"""What a phenopacket has no field for and Hoofbeat says in it all the same, in a form that every reader takes as valid.

A finding that was asked about in this very person has one more evidence, whose code is a word of ours that is declared
in metaData. Other readers keep it or leave it; ours makes `Finding.asked` of it (decision record 0035).
"""

from __future__ import annotations

from hoofbeat.cases import Evidence, OntologyClass, Resource

_ASKED = OntologyClass("HOOFBEAT:asked", "asked about or looked for in this very person")
ASKED = Evidence(_ASKED)
OWN_WORDS = Resource("hoofbeat", "Words of Hoofbeat", "urn:hoofbeat:words", "1", "HOOFBEAT", "urn:hoofbeat:words:")


def is_asked(evidence: Evidence) -> bool:
    """Whether it only says that the finding was asked about; with a reference it is somebody's evidence, and stays."""
    code = evidence.evidence_code
    return code is not None and code.id == _ASKED.id and evidence.reference is None
