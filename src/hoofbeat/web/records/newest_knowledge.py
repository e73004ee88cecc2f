"""Has a process that lives for weeks use the knowledge that was built since: asked before each request and each job,
never in between, so that one page speaks of one release.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hoofbeat.web.records import next_steps, ranking


def renew() -> None:
    """Forget the knowledge in use where another lies ready; the next ranking opens it. Two looks at a folder."""
    opened = ranking.opened_from()
    if opened is None:
        return
    ready = ranking.lies_ready()
    if ready is None or ready == opened:
        return
    ranking.knowledge.cache_clear()
    # What was made of the old one would keep it in memory.
    ranking.forget_rankings()
    next_steps.forget_steps()


class NewestKnowledgeMiddleware:
    """Before each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        renew()
        return self.get_response(request)
