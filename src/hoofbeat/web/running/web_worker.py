"""gunicorn's worker with threads, without two of its habits.

When it ends while requests still run, gunicorn closes the pipe that wakes its main loop, and each of these requests
writes a byte to the number that the pipe had. By then SQLite may have opened its file under this number: the byte lands
at the start of the file, and it is "not a database" ever after (docs/decisions/0017).

And it gives each connection a thread before anything has come over it: eight that say nothing, or spell a request out
byte by byte, kept everybody else out. Here a request gets its thread once it is there (docs/decisions/0041).
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import PollableMethodQueue, TConn, ThreadWorker  # type: ignore[import-untyped]

# A request up to this length has no thread before its last byte is there; a longer one is read by its thread (ours:
# more than any form of ours has without a file).
WHOLE_BYTES = 1 << 16
ARRIVAL_SECONDS = 20  # so long it may take to come (ours)
TURN_SECONDS = 1800  # so long a longer one may wait for its turn (ours): then whoever sent it has given up
SILENT_SECONDS = 60  # so long a thread waits for somebody who sends or takes nothing more; nginx waits as long
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,20})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_IN_PIECES = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)


class OpenToTheEnd(PollableMethodQueue):  # type: ignore[misc]
    """A pipe whose numbers nobody else gets while this process lives."""

    def close(self) -> None:
        """Nothing: the pipe is closed by the end of the process."""


class Arriving(TConn):  # type: ignore[misc]
    """A connection, what of its next request has come, and whether that is one for which a thread waits long."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.arrived = bytearray()
        self.is_long = False
        for which in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, which, struct.pack("@ll", SILENT_SECONDS, 0))

    def init(self) -> None:
        """In the thread: what came already is read first."""
        super().init()
        self.parser.unreader.unread(bytes(self.arrived))
        self.arrived.clear()

    def is_here(self) -> bool:
        """Take what has come, without waiting for more; whether a thread can go on with it."""
        self.sock.setblocking(False)
        if self.parser is not None:
            self.arrived += self.parser.unreader.take_buffered()
        if self._is_whole():
            return True
        try:
            piece = self.sock.recv(WHOLE_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            return True  # the thread finds the same, and ends it
        self.arrived += piece
        return not piece or self._is_whole()

    def _is_whole(self) -> bool:
        end = self.arrived.find(_END_OF_HEAD)
        if end < 0:
            return len(self.arrived) > WHOLE_BYTES  # refused, once somebody reads it
        head = self.arrived[: end + len(_END_OF_HEAD)]
        whole = len(head) + max((int(one) for one in _LENGTH.findall(head)), default=0)
        self.is_long = whole > WHOLE_BYTES or _IN_PIECES.search(head) is not None
        return self.is_long or len(self.arrived) >= whole


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """What `gunicorn_settings` names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method_queue = OpenToTheEnd()
        # Long requests have half of the threads at most: the others answer pages, however slow the uploads are.
        self.most_long = max(1, self.cfg.threads // 2)
        self.long: set[Arriving] = set()
        self.in_turn: deque[Arriving] = deque()

    def accept(self, listener: Any) -> None:
        """Take a connection; browsers open some ahead and say nothing on them."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.enqueue_req(Arriving(self.cfg, sock, client, listener.getsockname()))

    def enqueue_req(self, conn: Arriving) -> None:
        """Give a thread to a request that is there; another one is waited for without a thread."""
        if conn.is_here():
            self._begin(conn)
            return
        conn.timeout = time.monotonic() + ARRIVAL_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: Arriving, client: Any) -> None:
        """More of a request has come."""
        if conn.is_here():
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            self._begin(conn)

    def finish_request(self, conn: Arriving, fs: Future[Any]) -> None:
        """A thread is free: a long request whose turn it is may have it."""
        self.long.discard(conn)
        super().finish_request(conn, fs)
        while self.in_turn and len(self.long) < self.most_long:
            self._begin(self.in_turn.popleft())

    def murder_pending(self) -> None:
        """Close what did not come or have its turn in time, and when the process ends what has not begun."""
        now = time.monotonic()
        for conn in list(self.pending_conns):
            if conn.timeout <= now or not (self.alive or conn.arrived):
                self.pending_conns.remove(conn)
                self.poller.unregister(conn.sock)
                self._give_up(conn)
        for conn in list(self.in_turn):
            if conn.timeout <= now or not self.alive:
                self.in_turn.remove(conn)
                self._give_up(conn)

    def _give_up(self, conn: Arriving) -> None:
        self.nr_conns -= 1
        conn.close()

    def _begin(self, conn: Arriving) -> None:
        if conn.is_long:
            if len(self.long) >= self.most_long:
                conn.timeout = time.monotonic() + TURN_SECONDS
                self.in_turn.append(conn)
                return
            self.long.add(conn)
        conn.data_ready = True
        super().enqueue_req(conn)

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
