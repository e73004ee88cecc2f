"""Standard input as a file: what it is shows by its content, and a zip must be read from its end."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hoofbeat.interchange.archive import MAX_UNPACKED
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.strict_json import too_large

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"
_COPIED = 1 << 20


@contextmanager
def standard_input_file(wanted: str) -> Iterator[Path]:
    """A copy of standard input, removed afterwards. Raises InputError where it is empty (`wanted` says what to send) or
    endless.
    """
    with tempfile.TemporaryDirectory(prefix="hoofbeat-") as folder:
        path = Path(folder) / "input"
        with path.open("wb") as copy:
            while piece := sys.stdin.buffer.read(_COPIED):
                copy.write(piece)
                if copy.tell() > MAX_UNPACKED:
                    raise too_large(copy.tell(), MAX_UNPACKED)
        if not path.stat().st_size:
            raise InputError("standard input is empty", code="no-document", repair=f"send {wanted}")
        yield path
