"""When the application says that it is there: once a page is answered, and not when its address is merely held."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from hoofbeat.web.running.serve import answers_a_page


class Refusing(BaseHTTPRequestHandler):
    """Answers, if only that there is no such page."""

    def do_HEAD(self) -> None:
        """Answer."""
        self.send_error(404)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


def test_an_address_that_is_held_and_does_not_answer_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        assert not answers_a_page("127.0.0.1", held.getsockname()[1])


def test_an_address_that_nobody_holds_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert not answers_a_page("127.0.0.1", port)


def test_any_answer_is_ready_and_every_address_is_asked_at_this_machine() -> None:
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            assert answers_a_page("0.0.0.0", server.server_port)
        finally:
            server.shutdown()
            thread.join()
