"""A path on the command line, which may not be empty."""

from __future__ import annotations

import os
from typing import Any

import click


class GivenPath(click.Path):
    """A path as click takes it, but never `""`: that comes of a variable that is not set, and would mean whatever
    folder the caller happens to be in.
    """

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path. Raises click.BadParameter where it is empty."""
        if value == "":
            self.fail("the name is empty", param, ctx)
        converted: Any = super().convert(value, param, ctx)
        return converted  # type: ignore[no-any-return]
