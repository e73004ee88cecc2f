"""A path on the command line, which may not be empty, nor be a pipe that nobody may ever write to."""

from __future__ import annotations

import os
import stat
from typing import Any

import click

from hoofbeat.interchange.report import shown

_WRITTEN = frozenset({"out", "ranks"})  # options that name what is written
_ATTACHED = ("/dev/fd/", "/proc/")  # where a shell's <(command) is: its writer is there


class GivenPath(click.Path):
    """A path as click takes it, but never `""`: that comes of a variable that is not set, and would mean whatever
    folder the caller happens to be in. What is read is no named pipe, as a command would wait for its writer for ever.
    """

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path. Raises click.BadParameter where it is empty or a named pipe."""
        if value == "":
            self.fail("the name is empty", param, ctx)
        if (param is None or param.name not in _WRITTEN) and _is_named_pipe(os.fspath(value)):
            self.fail(f"{shown(value, limit=240)} is a named pipe; give a file", param, ctx)
        converted: Any = super().convert(value, param, ctx)
        return converted  # type: ignore[no-any-return]


def _is_named_pipe(path: str) -> bool:
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode) and not path.startswith(_ATTACHED)
    except (OSError, ValueError):
        return False
