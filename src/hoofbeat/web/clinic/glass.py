"""Break-glass: opens a record in an emergency to somebody who has the patient's papers in hand, and says why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoofbeat.web.access.actions.team import GLASS_TIME, NoMatchError, TooManyTriesError, break_glass
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.papers import Papers

HOURS = int(GLASS_TIME.total_seconds() // 3600)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.BREAK_GLASS)
def glass(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form, and the record once it is open. Whether a patient exists is never said."""
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            papers = Papers(*(request.POST.get(name, "") for name in ("local_number", "birth_date", "name")))
            found = break_glass(actor=actor, papers=papers, reason=request.POST.get("reason", ""))
        except RefusedError as refusal:
            errors, status = {refusal.field: refusal.message}, 422
        except NoMatchError:
            message = _("this does not fit one patient of your clinic; look at it again, or give all three")
            errors, status = {"local_number": message}, 422
        except TooManyTriesError:
            errors, status = {"": _("too many tries; wait an hour, or ask somebody in the patient's team")}, 429
        else:
            words = _(
                "The record is open to you for %(hours)d hours: look first whether it is the right person. The patient "
                "can read that you opened it, and why."
            )
            messages.warning(request, words % {"hours": HOURS})
            return redirect("record", found.pk)
    given = request.POST if errors else {}
    return show(request, "clinic/glass.html", {"errors": errors, "given": given, "hours": HOURS}, status=status)
