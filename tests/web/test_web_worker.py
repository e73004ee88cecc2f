"""A web process that is stopped with requests under way writes into no file but its own, and who is slow keeps nobody
else out.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from hoofbeat.web.running import gunicorn_settings, web_worker
from hoofbeat.web.running.web_worker import Arriving, WebWorker
from validation.clinic_installation import SOURCE, children, free_port, until

FILES = 40
# One request waits to be released. Another waits until the server has given up on it, and then opens files: they get
# the lowest numbers that are free.
APPLICATION = f"""
import time
from pathlib import Path
HERE = Path(__file__).parent
KEPT = []

def wait_for(name):
    while not (HERE / name).exists():
        time.sleep(0.02)

def application(environ, start_response):
    if environ["PATH_INFO"] == "/hold":
        (HERE / "held").touch()
        wait_for("release")
    if environ["PATH_INFO"] == "/open":
        (HERE / "waiting").touch()
        wait_for("open")
        KEPT.extend((HERE / f"file-{{number}}").open("wb") for number in range({FILES}))
        (HERE / "opened").touch()
        wait_for("end")
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""

# Says how much it was sent. Who is slow has two seconds here.
COUNTING = """
from hoofbeat.web.running import web_worker
web_worker.ARRIVAL_SECONDS = 2

def application(environ, start_response):
    length = 0
    while piece := environ["wsgi.input"].read(4096):
        length += len(piece)
    start_response("200 OK", [("Content-Length", str(len(str(length))))])
    return [str(length).encode()]
"""
THREADS = 4
LONG = 1_000_000
HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def test_the_web_server_uses_the_worker_that_keeps_its_pipe() -> None:
    assert gunicorn_settings.worker_class == f"{WebWorker.__module__}.{WebWorker.__qualname__}"


def test_a_request_that_ends_after_its_server_writes_into_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APPLICATION)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with served(tmp_path, port) as server, ThreadPoolExecutor(2) as people:
        ((worker, _),) = children(server.pid)
        held = people.submit(httpx.get, f"{address}/hold", timeout=60)
        opening = people.submit(httpx.get, f"{address}/open", timeout=60)
        until("both are under way", lambda: (tmp_path / "held").exists() and (tmp_path / "waiting").exists())
        server.send_signal(signal.SIGKILL)
        until("its address is left to the next one", lambda: not _is_listening(port))
        until("the worker has given up", lambda: not _waits_for_events(worker))
        (tmp_path / "open").touch()
        until("the files are open", (tmp_path / "opened").exists)
        (tmp_path / "release").touch()
        assert held.result().text == "ok"
        (tmp_path / "end").touch()
        assert opening.result().text == "ok"
        until("the worker ended", lambda: not Path(f"/proc/{worker}").exists())
    assert {path.read_bytes() for path in tmp_path.glob("file-*")} == {b""}


@pytest.mark.parametrize(
    "said",
    [b"", HEAD, HEAD + b"Content-Length: 1000\r\n\r\nhalf", HEAD + b"Content-Length: %d\r\n\r\nhalf" % LONG],
    ids=["nothing", "half a head", "half a form", "the beginning of a file"],
)
def test_who_is_slow_keeps_nobody_else_out(said: bytes, counting: int) -> None:
    with ExitStack() as slow:
        for _ in range(10 * THREADS):
            slow.enter_context(connected(counting)).sendall(said)
        begun = time.monotonic()
        assert httpx.post(f"http://127.0.0.1:{counting}/", content=b"page", timeout=10).text == "4"
        # A file that others are sending too waits for its turn; a page does not.
        assert time.monotonic() - begun < 2


def test_long_requests_come_one_after_the_other_and_each_is_read_whole(counting: int) -> None:
    with ThreadPoolExecutor(2 * THREADS) as people:
        sent = [people.submit(httpx.post, f"http://127.0.0.1:{counting}/", content=b"x" * LONG) for _ in range(20)]
        assert [one.result().text for one in sent] == [str(LONG)] * 20


def test_a_request_that_comes_in_pieces_is_read_whole_and_the_next_one_over_the_same_connection_too(
    counting: int,
) -> None:
    with connected(counting) as asking:
        both = (HEAD + b"Content-Length: 5\r\n\r\nhello") * 2
        for place in range(0, len(both), 7):
            asking.sendall(both[place : place + 7])
            time.sleep(0.01)
        answers = b""
        while answers.count(b"HTTP/1.1 200 OK") < 2 or not answers.endswith(b"\r\n\r\n5"):
            answers += asking.recv(4096)


def test_a_request_that_does_not_come_in_time_is_ended(counting: int) -> None:
    with connected(counting) as slow:
        slow.sendall(HEAD)
        assert slow.recv(1) == b""


def test_nobody_is_waited_for_who_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_worker, "SILENT_SECONDS", 1)
    here, there = socket.socketpair()
    with here, there:
        Arriving(None, here, None, None)
        here.setblocking(True)
        with pytest.raises(BlockingIOError):
            here.recv(1)
        with pytest.raises(BlockingIOError):
            here.sendall(b"x" * 100_000_000)


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[int]:
    """The port of a server that counts what it is sent."""
    (tmp_path / "app.py").write_text(COUNTING)
    port = free_port()
    with served(tmp_path, port) as server:
        yield port
        server.terminate()


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The application of a folder, by one process with four threads."""
    command = [
        sys.executable, "-m", "gunicorn", "app:application", "--chdir", str(folder), "--bind", f"127.0.0.1:{port}",
        "--worker-class", gunicorn_settings.worker_class, "--threads", str(THREADS), "--graceful-timeout", "1",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, env=environment) as server:

        def listens() -> bool:
            try:
                return httpx.get(f"http://127.0.0.1:{port}", timeout=60).status_code == 200
            except httpx.ConnectError:
                return False

        until("it serves", listens)
        yield server


def connected(port: int) -> socket.socket:
    """A connection over which nothing has been said."""
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def _is_listening(port: int) -> bool:
    """Whether a socket of this machine listens at a port, asked of the kernel: a connection would be one more."""
    listening = f":{port:04X} 00000000:0000 0A"
    return any(listening in line for line in Path("/proc/net/tcp").read_text().splitlines())


def _waits_for_events(pid: int) -> bool:
    """Whether a process still has what wakes its main loop, which gunicorn closes together with the pipe."""
    opened = [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()]
    return any("eventpoll" in one for one in opened)


@pytest.mark.parametrize(("seconds", "alive", "stays"), [(60, True, True), (-1, True, False), (60, False, False)])
def test_who_waits_for_a_turn_waits_until_their_time_or_the_process_ends(
    seconds: float, alive: bool, stays: bool
) -> None:
    worker: Any = WebWorker.__new__(WebWorker)
    closed: list[int] = []
    waiting = SimpleNamespace(timeout=time.monotonic() + seconds, close=lambda: closed.append(1))
    worker.pending_conns, worker.in_turn, worker.nr_conns, worker.alive = [], deque([waiting]), 1, alive
    worker.murder_pending()
    assert (list(worker.in_turn), worker.nr_conns, closed) == (([waiting], 1, []) if stays else ([], 0, [1]))
