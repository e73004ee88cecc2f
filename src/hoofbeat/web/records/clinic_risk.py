"""The risk meter for one disclosure among the patients of the record's clinic. It counts over all of them, also those
whom the reader may not open, and gives nothing but the numbers. It is shown before something is sent, and never sent.
"""

from __future__ import annotations

from hoofbeat.cases.case import Case
from hoofbeat.network.risk import Risk, risk
from hoofbeat.web.records.actions.release import informs
from hoofbeat.web.records.clinic_cases import cases_beside, in_terms_of
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.store import case_of


def clinic_risk(record: Record, told: Case) -> Risk:
    """Of the clinic's patients, how many fit everything that is told."""
    ontology = knowledge().ontology
    return risk(told, in_terms_of(ontology, case_of(record)), cases_beside(record), ontology=ontology, informs=informs)
