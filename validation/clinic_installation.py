"""A whole installation in a folder of its own, run by the command line as people run it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PASSWORD = "a long walk along the river"
START_SECONDS = 60.0
LINES_SHOWN = 60  # of what an installation said, when a test of it fails


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass(frozen=True)
class Installation:
    """A home of Hoofbeat, and how its commands are called."""

    home: Path
    settings: tuple[tuple[str, str], ...] = (("HOOFBEAT_PLAIN_HTTP", "1"),)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands: nothing of ours but what is set here."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOOFBEAT", "DJANGO"))}
        database = {name: os.environ[name] for name in ("HOOFBEAT_DATABASE",) if name in os.environ}
        ours = {
            "HOOFBEAT_HOME": str(self.home),
            "PYTHONPATH": f"{SOURCE}{os.pathsep}{ROOT}",
            **database,
            **dict(self.settings),
        }
        return kept | ours

    def command(self, *words: str) -> list[str]:
        """A command line as a list."""
        return [sys.executable, "-c", "from hoofbeat.cli.main import main; main()", *words]

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*words), env=self.environment, input=given, capture_output=True, text=True, timeout=120
        )

    def python(self, module: str, *words: str) -> str:
        """What a module of ours prints when it is run inside the installation."""
        return self._python("-m", module, *words)

    def code(self, text: str) -> str:
        """What a few lines print when they are run inside the installation."""
        return self._python("-c", text)

    def _python(self, *words: str) -> str:
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings"}
        done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    @contextmanager
    def served(self, port: int, *, workers: int = 1) -> Iterator[subprocess.Popen[str]]:
        """The application, served until the block ends."""
        words = ("serve", "--port", str(port), "--workers", str(workers))
        process = subprocess.Popen(
            self.command(*words), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said: list[str] = []
        reader: threading.Thread | None = None
        try:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                if re.search(r"Hoofbeat is at", line):
                    break
            else:
                raise AssertionError("it ended: " + "".join(said))
            # What it goes on saying is read, or it would wait for us once the pipe is full.
            reader = threading.Thread(target=_read_on, args=(process.stdout, said), daemon=True)
            reader.start()
            yield process
        except BaseException:
            sys.stderr.write("".join(said[-LINES_SHOWN:]))
            raise
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=START_SECONDS)
            if reader is not None:
                reader.join(timeout=START_SECONDS)
            if process.stdout is not None:
                process.stdout.close()


def _read_on(stream: IO[str], said: list[str]) -> None:
    for line in stream:
        said.append(line)
        del said[:-LINES_SHOWN]


def children(of: int) -> list[tuple[int, str]]:
    """The processes that a process started, with their command lines."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, ValueError, IndexError):
            continue
        if parent == of:
            found.append((int(folder.name), words))
    return sorted(found)


def until(what: str, holds: object, seconds: float = 60.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if callable(holds) and holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")
