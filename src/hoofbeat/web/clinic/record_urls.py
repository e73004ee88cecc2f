"""Addresses of a record's clinical pages: overview, findings, differential, next step, diagnosis. They hold random
identifiers only; what is searched for or compared goes by POST.
"""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.clinic import (
    diagnosis,
    differential,
    finding_entry,
    finding_import,
    findings,
    next_step,
    read_note,
    record,
    work_up,
)

ONE = "patients/<uuid:record>/"

urlpatterns = [
    path("terms/", finding_entry.terms, name="terms"),
    path(ONE, record.overview, name="record"),
    path(f"{ONE}story/read/", record.story_read, name="story_read"),
    path(f"{ONE}findings/", findings.findings, name="findings"),
    path(f"{ONE}findings/find/", finding_entry.find, name="findings_find"),
    path(f"{ONE}findings/set/", finding_entry.set_one, name="finding_set"),
    path(f"{ONE}findings/import/", finding_import.import_page, name="findings_import"),
    path(f"{ONE}findings/read/", read_note.read_note_page, name="read_note"),
    path(f"{ONE}findings/read/take/", read_note.take, name="read_note_take"),
    path(f"{ONE}findings/read/undo/", read_note.undo, name="read_note_undo"),
    path(f"{ONE}findings/<uuid:finding>/take-back/", finding_entry.take_back, name="finding_take_back"),
    path(f"{ONE}findings/<uuid:finding>/restore/", finding_entry.restore, name="finding_restore"),
    path(f"{ONE}findings/<uuid:finding>/decide/", finding_entry.decide, name="finding_decide"),
    path(f"{ONE}differential/", differential.differential, name="differential"),
    path(f"{ONE}differential/panel/", differential.panel, name="differential_panel"),
    path(f"{ONE}differential/compare/", differential.compared, name="compare"),
    path(f"{ONE}differential/history/", differential.history, name="ranking_history"),
    path(f"{ONE}differential/again/", differential.again, name="rank_again"),
    path(f"{ONE}next/", next_step.next_step, name="next_step"),
    path(f"{ONE}next/mark/", next_step.mark, name="step_mark"),
    path(f"{ONE}next/<uuid:mark>/take-back/", next_step.take_mark_back, name="step_mark_end"),
    path(f"{ONE}next/ask/", next_step.ask, name="family_ask"),
    path(f"{ONE}next/asked/<uuid:asked>/take-back/", next_step.take_back, name="family_ask_end"),
    path(f"{ONE}work-up/", work_up.work_up, name="work_up"),
    path(f"{ONE}work-up/release/", work_up.release, name="plan_release"),
    path(f"{ONE}work-up/<uuid:plan>/end/", work_up.end, name="plan_end"),
    path(f"{ONE}diagnosis/", diagnosis.diagnosis, name="diagnosis"),
    path(f"{ONE}diagnosis/confirm/", diagnosis.confirm, name="diagnosis_confirm"),
    path(f"{ONE}diagnosis/<uuid:confirmation>/withdraw/", diagnosis.withdraw, name="diagnosis_withdraw"),
    path(f"{ONE}diagnosis/status/", diagnosis.set_search_status, name="status_set"),
    path(f"{ONE}release/", diagnosis.release, name="release"),
    path(f"{ONE}release/<uuid:shared>/end/", diagnosis.end, name="release_end"),
]
