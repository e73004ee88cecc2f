"""The background jobs of the clinic that failed or wait, for its administrator."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoofbeat.web.access.actions.jobs import put_aside, try_again
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.clinic_jobs import ClinicJob, open_jobs
from hoofbeat.web.access.job_words import kind_name, reason
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.posted import done_or_refused


@signed_in(Permission.STAFF)
def jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What failed, what waits to be tried again, what is planned, and what was put aside."""
    assert actor.clinic is not None  # the guard's permission is of a clinic
    found = open_jobs(actor.clinic)
    add_event("jobs:read", actor=actor, detail={"jobs": len(found)})
    shown = [(one, kind_name(one.task_path), reason(one.task_path, one.error) if one.tries else "") for one in found]

    def those(which: Callable[[ClinicJob], bool]) -> list[tuple[ClinicJob, str, str]]:
        return [each for each in shown if which(each[0])]

    context = {
        "failed": those(lambda one: one.failed and one.aside is None),
        "waiting": those(lambda one: not one.failed and not one.is_planned),
        "planned": those(lambda one: not one.failed and one.is_planned),
        "aside": those(lambda one: one.aside is not None),
        "nobody_works": any(one.is_late for one in found),
    }
    return show(request, "access/jobs.html", context)


@require_POST
@signed_in(Permission.STAFF)
def job_again(request: HttpRequest, actor: Actor, job: UUID) -> HttpResponse:
    """Try again."""
    done = _("It is tried again as soon as its turn comes.")
    done_or_refused(request, partial(try_again, actor=actor, job=job), done)
    return redirect("jobs")


@require_POST
@signed_in(Permission.STAFF)
def job_aside(request: HttpRequest, actor: Actor, job: UUID) -> HttpResponse:
    """Put aside."""
    done_or_refused(request, partial(put_aside, actor=actor, job=job), _("Put aside. It is not tried any more."))
    return redirect("jobs")
