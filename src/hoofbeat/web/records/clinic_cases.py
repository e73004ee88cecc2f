"""The cases of a clinic's patients as they are counted over: all of them, also those whom the reader may not open. They
are for numbers alone and are never shown.
"""

from __future__ import annotations

from dataclasses import replace

from hoofbeat.cases.case import Case
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.store import cases_of


def cases_beside(record: Record) -> list[Case]:
    """Those of the other patients of the record's clinic."""
    others = Record.objects.filter(clinic=record.clinic_id).exclude(pk=record.pk)
    return [in_terms_of(knowledge().ontology, one) for one in cases_of(others)]


def in_terms_of(ontology: Ontology, case: Case) -> Case:
    """The case without terms that the release in use does not have, which a record may hold from an older one."""
    kept = tuple(one for one in case.findings if ontology.resolve(one.id).index is not None)
    return case if len(kept) == len(case.findings) else replace(case, findings=kept)
