"""What every view of a record stands behind: signed in, related to it, allowed; 404 to everybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import actor_of, show
from hoofbeat.web.records.actions.change import NoSuchRecordError, NoSuchThingError, NotAllowedError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]


class Guarded(Protocol[P]):
    """A view as Django calls it."""

    def __call__(self, request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        """Answer a request."""


def signed_in(permission: Permission | None = None, *, portal: bool = False) -> Callable[[View[P]], Guarded[P]]:
    """The view gets the actor. `permission`: what their role in the clinic must include, else the page does not exist
    for them. `portal`: for patients and proxies only.
    """

    def wrap(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_of(request)
            if actor is None:
                return redirect_to_login(request.get_full_path())
            if (permission is not None and not actor.may_in_clinic(permission)) or (portal and actor.is_staff):
                raise Http404
            try:
                return view(request, actor, *args, **kwargs)
            except (NoSuchRecordError, NoSuchThingError):
                raise Http404 from None
            except NotAllowedError as refusal:
                raise PermissionDenied from refusal
            except KnowledgeError as error:
                # Nothing was changed. Pages that can do without knowledge, or say more of it, have caught this before.
                if actor.is_staff:
                    return knowledge_missing(request, {}, error)
                return show(request, "portal/not_now.html", status=503)

        return guarded

    return wrap
