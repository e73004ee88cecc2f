"""Runs the application's web server and its worker as children of one process, and looks after both.

A child that dies is started again; when this process is asked to stop it stops them; if it is killed, they stop
themselves.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from hoofbeat.interchange.report import InputError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
THREADS = 4
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.2
# A child that lives shorter than this so often in a row will not live longer the next time.
SHORT_LIFE_SECONDS = 5.0
SHORT_LIVES_MAX = 5
ANSWER_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process that must run, and how often it died young."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    short_lives: int = field(default=0)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches it through us alone."""
        self.process = subprocess.Popen(
            self.command, env=dict(environment), start_new_session=True, preexec_fn=_die_with_parent
        )
        self.started = time.monotonic()

    def look(self, environment: Mapping[str, str]) -> None:
        """Start it again where it died. Raises InputError when it never lives long."""
        assert self.process is not None
        if self.process.poll() is None:
            return
        # One that was killed from outside could have lived on.
        young = time.monotonic() - self.started < SHORT_LIFE_SECONDS and self.process.returncode >= 0
        self.short_lives = self.short_lives + 1 if young else 0
        if self.short_lives >= SHORT_LIVES_MAX:
            raise InputError(
                f"the {self.name} ended {SHORT_LIVES_MAX} times right after its start, last with status "
                f"{self.process.returncode}",
                code="no-server",
                repair="see what it said above, and `hoofbeat config check`",
            )
        self.start(environment)


class Server:
    """The web server and the worker, together."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.host, self.port = host, port
        self.environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings"}
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        gunicorn = [
            sys.executable, "-m", "gunicorn", "hoofbeat.web.wsgi:application", "--bind", bind, "--preload",
            "--config", "python:hoofbeat.web.running.gunicorn_settings", "--workers", str(workers),
            "--threads", str(THREADS),
        ]  # fmt: skip
        self.children = (
            Child("web server", gunicorn),
            Child("worker", [sys.executable, "-m", "hoofbeat.web.running.worker"]),
        )
        self.stopping = False

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until asked to stop; `ready` is called once a page was answered. Raises InputError."""
        if _is_taken(self.host, self.port):
            raise InputError(
                f"something else is at port {self.port} of {self.host}", code="port-taken", repair="give another --port"
            )
        connections.close_all()  # nothing is asked of the database here, and the children have their own
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            for child in self.children:
                child.start(self.environment)
            self._watch(ready)
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _watch(self, ready: Callable[[], None]) -> None:
        told = False
        while not self.stopping:
            if not told and answers_a_page(self.host, self.port):
                told = True
                ready()
            for child in self.children:
                child.look(self.environment)
            time.sleep(LOOK_SECONDS)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def collect_static_files() -> None:
    """Put the style sheet and scripts where the web server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)


def _is_taken(host: str, port: int) -> bool:
    try:
        with socket.create_connection((_reached_at(host), port), timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False


def answers_a_page(host: str, port: int) -> bool:
    """Whether somebody who comes now is answered. gunicorn holds the address seconds before: who comes earlier waits
    until what all pages share is made.
    """
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    try:
        with socket.create_connection((_reached_at(host), port), timeout=ANSWER_SECONDS) as asked:
            asked.sendall(f"HEAD / HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
            return asked.recv(1) != b""
    except OSError:
        return False


def _reached_at(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else "::1" if host == "::" else host


def _die_with_parent() -> None:
    """In the child, before it runs: end when the parent ends, however it ends. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
