"""How gunicorn runs the application: threads in few processes, no list of requests (addresses are not for a log)."""

from __future__ import annotations

import gc
import logging
from typing import Any

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding
from hoofbeat.cases.subject import Subject
from hoofbeat.diagnosis.next_step import StepKind, next_step
from hoofbeat.diagnosis.rank import NothingToRankError, rank
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.audit.quiet_log import WithoutDataOfFaults

WARM_UP = "HP:0001250"

worker_class = "hoofbeat.web.running.web_worker.WebWorker"
keepalive = 5
timeout = 60
graceful_timeout = 15
accesslog = None
loglevel = "warning"
control_socket_disable = True
# No request says by itself over what it came or where the application lies; Django asks the settings what it believes.
forwarded_allow_ips = ""
forwarder_headers = ""


def on_starting(server: Any) -> None:
    """What even Django's page for faults could not answer reaches gunicorn: its log names no address and no value."""
    logging.getLogger("gunicorn.error").addFilter(WithoutDataOfFaults())


def when_ready(server: Any) -> None:
    """Make what all requests share, before the processes part ways: nobody waits for it, and they share its memory."""
    _open_knowledge(server)
    _make_pages()
    # What is there now stays for good: the collector need not look at it again and again, and by not writing to it
    # leaves its memory shared.
    gc.collect()
    gc.freeze()


def _make_pages() -> None:
    """Compile the addresses, the templates and the languages."""
    from django.conf import settings  # noqa: PLC0415  # Django is set up only now
    from django.template import engines  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    reverse("home")
    pages = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in pages.list_templates(extensions=["html"]):
        pages.get_template(name)
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")


def _open_knowledge(server: Any) -> None:
    from hoofbeat.web.records.free_text import lexicon  # noqa: PLC0415  # Django is set up only now
    from hoofbeat.web.records.plain_terms import plain_terms  # noqa: PLC0415
    from hoofbeat.web.records.ranking import knowledge  # noqa: PLC0415
    from hoofbeat.web.records.step_tables import step_tables  # noqa: PLC0415
    from hoofbeat.web.records.terms import term_index  # noqa: PLC0415

    try:
        term_index()
        lexicon()
        plain_terms()
        # A first ranking, and first steps, make what all later ones share.
        first = Finding(id=WARM_UP, label="")
        case = Case(id="warm-up", subject=Subject(id="warm-up"), findings=(first,))
        ranked = rank(case, knowledge())
        ranked.top(1)
        for kind in StepKind:
            next_step(case, ranked, knowledge(), kind=kind, burdens=step_tables(knowledge().facts).burdens, top=1)
    except NothingToRankError:
        pass
    except KnowledgeError as error:
        server.log.warning("no ranking, or no steps: %s", error)


def pre_fork(server: Any, worker: Any) -> None:
    """No connection lives through a fork: SQLite's locks do not, and two processes would speak over one to PostgreSQL.

    Closed by the process that opened it: a child that closes what it inherited may tidy away files that are in use.
    """
    from django.db import connections  # noqa: PLC0415  # Django is set up only now

    connections.close_all()
