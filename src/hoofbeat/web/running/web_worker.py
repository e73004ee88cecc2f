"""gunicorn's worker with threads, without its one habit that destroyed a database.

When it ends while requests still run, gunicorn closes the pipe that wakes its main loop, and each of these requests
writes a byte to the number that the pipe had. By then SQLite may have opened its file under this number: the byte lands
at the start of the file, and it is "not a database" ever after (docs/decisions/0017).
"""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import PollableMethodQueue, ThreadWorker  # type: ignore[import-untyped]


class OpenToTheEnd(PollableMethodQueue):  # type: ignore[misc]
    """A pipe whose numbers nobody else gets while this process lives."""

    def close(self) -> None:
        """Nothing: the pipe is closed by the end of the process."""


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """What `gunicorn_settings` names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method_queue = OpenToTheEnd()

    def is_parent_alive(self) -> bool:
        """Whether the web server lives; where it was killed, its address is left to the next one at once, and not only
        when the last request here is answered.
        """
        is_alive: bool = super().is_parent_alive()
        if not is_alive:
            self.set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()
        return is_alive
