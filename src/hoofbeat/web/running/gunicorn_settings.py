"""How gunicorn runs the application: threads in few processes, no list of requests (addresses are not for a log)."""

from __future__ import annotations

from typing import Any

from hoofbeat.knowledge.errors import KnowledgeError

worker_class = "gthread"
keepalive = 5
timeout = 60
graceful_timeout = 15
accesslog = None
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Open the knowledge once, before the processes part ways, so that they share its memory."""
    from hoofbeat.web.records.ranking import knowledge  # noqa: PLC0415  # Django is set up only now

    try:
        knowledge()
    except KnowledgeError as error:
        server.log.warning("no ranking: %s", error)
