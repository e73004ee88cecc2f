"""A web process that is stopped with requests under way writes into no file but its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from hoofbeat.web.running import gunicorn_settings
from hoofbeat.web.running.web_worker import WebWorker
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


def test_the_web_server_uses_the_worker_that_keeps_its_pipe() -> None:
    assert gunicorn_settings.worker_class == f"{WebWorker.__module__}.{WebWorker.__qualname__}"


def test_a_request_that_ends_after_its_server_writes_into_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APPLICATION)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "gunicorn", "app:application", "--chdir", str(tmp_path), "--bind", f"127.0.0.1:{port}",
        "--worker-class", gunicorn_settings.worker_class, "--threads", "4", "--graceful-timeout", "1",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, env=environment) as server, ThreadPoolExecutor(2) as people:

        def listens() -> bool:
            try:
                return httpx.get(address, timeout=60).status_code == 200
            except httpx.ConnectError:
                return False

        until("it serves", listens)
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


def _is_listening(port: int) -> bool:
    """Whether a socket of this machine listens at a port, asked of the kernel: a connection would be one more."""
    listening = f":{port:04X} 00000000:0000 0A"
    return any(listening in line for line in Path("/proc/net/tcp").read_text().splitlines())


def _waits_for_events(pid: int) -> bool:
    """Whether a process still has what wakes its main loop, which gunicorn closes together with the pipe."""
    opened = [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()]
    return any("eventpoll" in one for one in opened)
