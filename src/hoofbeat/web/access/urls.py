"""Addresses of invitations, of the clinic's staff and background jobs, and of the choice of language."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.access.views.jobs import job_again, job_aside, jobs
from hoofbeat.web.access.views.language import switch_language
from hoofbeat.web.access.views.letters import invitation
from hoofbeat.web.access.views.people import end_access, people, withdraw
from hoofbeat.web.access.views.recipients import recipients
from hoofbeat.web.access.views.staff import confirm_law, end_work, staff

urlpatterns = [
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("language/setlang/", switch_language, name="set_language"),
    path("clinic/staff/", staff, name="staff"),
    path("clinic/staff/law/", confirm_law, name="confirm_law"),
    path("clinic/staff/<int:membership>/end/", end_work, name="end_work"),
    path("clinic/recipients/", recipients, name="recipients"),
    path("clinic/jobs/", jobs, name="jobs"),
    path("clinic/jobs/<uuid:job>/again/", job_again, name="job_again"),
    path("clinic/jobs/<uuid:job>/aside/", job_aside, name="job_aside"),
    path("clinic/invitations/<int:invitation>/withdraw/", withdraw, name="withdraw_invitation"),
    path("clinic/patients/<uuid:pk>/people/", people, name="people"),
    path("clinic/patients/<uuid:pk>/people/<int:link>/end/", end_access, name="end_access"),
]
