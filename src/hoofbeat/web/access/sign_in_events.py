"""Leaves an event for each sign-in, failed sign-in, sign-out and change of a factor. The address typed is not in it."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from hoofbeat.web.access.actions.account import choose_language
from hoofbeat.web.access.actions.people import end_sessions
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import User
from hoofbeat.web.access.second_step import SECOND_STEPS, note_second_step
from hoofbeat.web.access.sign_in import states_second_step
from hoofbeat.web.audit.chain import add_event


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, sociallogin: SocialLogin | None = None, **_: Any) -> None:
    detail = {}
    if sociallogin is not None:
        wanted = settings.CONFIGURATION.oidc_second_step
        stated = states_second_step(sociallogin.account.extra_data, wanted)
        note_second_step(request, stated)
        detail = {"provider": True, "second_step": stated}
    actor = Actor.of(user)
    add_event("sign_in:done", actor=actor, detail=detail)
    # What was chosen on the sign-in page is meant for the person.
    choose_language(actor=actor, language=request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    tried = User.objects.filter(
        email__iexact=str(credentials.get("email") or credentials.get("username") or "")
    ).first()
    add_event("sign_in:failed", actor=Actor.of(tried) if tried else None)


@receiver(user_logged_out)
def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        add_event("sign_in:out", actor=Actor.of(user))


@receiver(authentication_failed)
def _second_step_failed(user: User, **_: Any) -> None:
    add_event("sign_in:second_step_failed", actor=Actor.of(user))


@receiver(authenticator_added)
def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    add_event("factor:add", actor=Actor.of(user), detail={"kind": authenticator.type})
    first = Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).count() == 1
    if authenticator.type in SECOND_STEPS and first:
        # What was opened with the password alone does not go on as if it had passed the second step.
        end_sessions(user, but=request.session.session_key or "")


@receiver(authenticator_removed)
def _factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    add_event("factor:remove", actor=Actor.of(user), detail={"kind": authenticator.type})


@receiver(authenticator_reset)
def _factor_renewed(user: User, authenticator: Authenticator, **_: Any) -> None:
    add_event("factor:renew", actor=Actor.of(user), detail={"kind": authenticator.type})


@receiver(password_changed)
@receiver(password_set)
@receiver(password_reset)
def _password_changed(user: User, **_: Any) -> None:
    add_event("password:change", actor=Actor.of(user))
