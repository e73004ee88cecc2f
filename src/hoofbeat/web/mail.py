"""The one way to e-mail. A kind from a fixed list and a person go in, never text: so no e-mail says anything clinical.

There is no link in it either: who got used to links in such mails follows the next one too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django_tasks import TaskContext, task

from hoofbeat.web.access.language import spoken
from hoofbeat.web.access.models import User

FIRST = 10  # of the jobs that wait: an e-mail is not behind the genomes (django-tasks: the highest is taken first)


class Kind(StrEnum):
    """What an e-mail is about."""

    NEW_MESSAGE = "new_message"
    NEWS = "news"
    VISIT = "visit"
    PROXY_ENDS_SOON = "proxy_ends_soon"
    PROXY_ENDED = "proxy_ended"
    ABOUT_SHARING = "about_sharing"
    SOMEBODY_LOOKED = "somebody_looked"
    SECURITY = "security"


SENTENCES: Mapping[Kind, str | Promise] = {
    Kind.NEW_MESSAGE: gettext_lazy("A message waits for you."),
    Kind.NEWS: gettext_lazy("There is something new on your pages."),
    Kind.VISIT: gettext_lazy("A visit was planned or changed."),
    Kind.PROXY_ENDS_SOON: gettext_lazy("Your access for somebody else ends soon. Ask the clinic if it should go on."),
    Kind.PROXY_ENDED: gettext_lazy("Your access for somebody else has ended. Ask the clinic if it should go on."),
    Kind.ABOUT_SHARING: gettext_lazy("You are asked what may go on being shared when you come of age."),
    Kind.SOMEBODY_LOOKED: gettext_lazy("Somebody opened pages of yours in an exception. They had to say why."),
    Kind.SECURITY: gettext_lazy("Something about your sign-in was changed. If it was not you, tell the clinic."),
}


def notify(kind: Kind, user: User) -> None:
    """Have an e-mail sent, in the transaction of what it tells of: if that is taken back, nobody is told."""
    send_mail.enqueue(kind.value, str(user.pk))


def deliver(kind: Kind, user: User, *, once: str = "") -> None:
    """Send an e-mail now, in the person's language. Jobs call it; everybody else calls `notify`.

    `once` names the job: many mail systems keep only one e-mail of a name, should its worker be killed between sending
    it and noting that.
    """
    with override(spoken(user.language)):
        closing = _("Sign in to Hoofbeat the way you always do to read it. This e-mail has no link, on purpose.")
        message = EmailMessage(
            subject=_("News from your clinic"),
            body=f"{SENTENCES[kind]}\n\n{closing}\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[user.email],
            headers={"Message-ID": f"<{once}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"} if once else {},
        )
    message.send()


@task(takes_context=True, priority=FIRST)
def send_mail(context: TaskContext, kind: str, user: str) -> None:
    """The job behind `notify`."""
    somebody = User.objects.filter(pk=UUID(user), is_active=True).first()
    if somebody is not None:
        deliver(Kind(kind), somebody, once=str(context.task_result.id))
