"""The knowledge that an installation of a measurement uses: that of whoever measures, and only where it can be used."""

from __future__ import annotations

from pathlib import Path

import click

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.releases import home, locate


class VoidError(click.ClickException):
    """What was measured, or would be, tells nothing: pages that fail, or say that knowledge is missing, are quick."""

    exit_code = 2


def linked(folder: Path) -> None:
    """Let the installation in this folder use our knowledge. Raises VoidError where that is missing or unusable."""
    try:
        Facts.open(locate())
    except KnowledgeError as error:
        raise VoidError(f"nothing was measured, for pages need knowledge: {error}") from error
    (folder / "knowledge").symlink_to(home() / "knowledge", target_is_directory=True)
