"""How gunicorn runs the application: threads in few processes, no list of requests (addresses are not for a log)."""

from __future__ import annotations

import logging
from typing import Any

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding
from hoofbeat.cases.subject import Subject
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
    """Open the knowledge once, before the processes part ways, so that they share its memory."""
    from hoofbeat.web.records.ranking import knowledge  # noqa: PLC0415  # Django is set up only now

    try:
        # A first ranking makes what all later ones share.
        first = Finding(id=WARM_UP, label="")
        rank(Case(id="warm-up", subject=Subject(id="warm-up"), findings=(first,)), knowledge())
    except NothingToRankError:
        pass
    except KnowledgeError as error:
        server.log.warning("no ranking: %s", error)


def pre_fork(server: Any, worker: Any) -> None:
    """No connection lives through a fork: SQLite's locks do not, and two processes would speak over one to PostgreSQL.

    Closed by the process that opened it: a child that closes what it inherited may tidy away files that are in use.
    """
    from django.db import connections  # noqa: PLC0415  # Django is set up only now

    connections.close_all()
