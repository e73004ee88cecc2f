"""The risk meter for one disclosure among the patients of the record's clinic. It counts over all of them, also those
whom the reader may not open, and gives nothing but the numbers. It is shown before something is sent, and never sent.
"""

from __future__ import annotations

from dataclasses import replace

from hoofbeat.cases.case import Case
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.network.risk import Risk, risk
from hoofbeat.web.records.actions.release import informs
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.store import case_of, cases_of


def clinic_risk(record: Record, told: Case) -> Risk:
    """Of the clinic's patients, how many fit everything that is told."""
    ontology = knowledge().ontology
    others = Record.objects.filter(clinic=record.clinic_id).exclude(pk=record.pk)
    cases = [_known(one, ontology) for one in cases_of(others)]
    return risk(told, _known(case_of(record), ontology), cases, ontology=ontology, informs=informs)


def _known(case: Case, ontology: Ontology) -> Case:
    """The case without terms that the release in use does not have, which a record may hold from an older one."""
    kept = tuple(one for one in case.findings if ontology.resolve(one.id).index is not None)
    return case if len(kept) == len(case.findings) else replace(case, findings=kept)
