"""The PostgreSQL server of a measurement, when it is one of this machine that `scripts/with-postgres` made: killed, and
started again as it was.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from hoofbeat.web.configuration import DATABASE_VARIABLE
from validation.clinic_installation import until

OURS = "hoofbeat-postgres-"  # how with-postgres begins the name of its folder


@dataclass(frozen=True)
class PostgresServer:
    """Where its data lies, and the words of the command that started it."""

    data: Path
    words: tuple[str, ...]

    @classmethod
    def of_environment(cls) -> PostgresServer | None:
        """The server that HOOFBEAT_DATABASE names, where it was made for a measurement; None elsewhere."""
        address = os.environ.get(DATABASE_VARIABLE, "")
        if not address.startswith("postgresql:"):
            return None
        with psycopg.connect(address) as connection:
            (name,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        data = Path(name)
        if not data.parent.name.startswith(OURS):
            return None
        return cls(data, tuple(shlex.split((data / "postmaster.opts").read_text())))

    def kill(self) -> None:
        """End its first process at once; the others notice and end."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(first, signal.SIGKILL)

    def start(self) -> None:
        """Start it again; it recovers what was acknowledged. Waits until the last process of the killed one is gone."""
        program, *options = self.words
        control = [str(Path(program).with_name("pg_ctl")), "-D", str(self.data), "-w", "-l", f"{self.data}/server.log"]
        command = [*control, "-o", shlex.join(options), "start"]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        until("PostgreSQL is there again", lambda: subprocess.run(command, capture_output=True).returncode == 0, 60)

    def kill_backend(self) -> None:
        """End one of its processes that serve a connection; the server then throws all out and recovers by itself."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        serving = [
            int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and _serves(folder, first)
        ]
        if serving:
            os.kill(serving[0], signal.SIGKILL)


def _serves(folder: Path, first: int) -> bool:
    try:
        parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        words = (folder / "cmdline").read_bytes().decode(errors="replace")
    except (OSError, ValueError, IndexError):
        return False
    return parent == first and "127.0.0.1" in words
