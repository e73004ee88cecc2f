"""What a terminal may be sent: colours only where one shows them and nobody asked for none (https://no-color.org)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hoofbeat.cli.presentation.table import Ink


def terminal_ink(*, to_terminal: bool) -> Ink:
    """The ink for standard output, or for a file."""
    from hoofbeat.cli.presentation.table import Ink

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Ink(colours=to_terminal and not plain, blocks=(sys.stdout.encoding or "").lower().startswith("utf"))
