"""The knowledge that a verb works with: the release that is meant, or, where none has been built yet, the one that came
with the installation, built on the spot.
"""

from __future__ import annotations

from pathlib import Path

import click

from hoofbeat.cli.progress import progress_bar
from hoofbeat.knowledge import releases
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library_file import stored_library


def opened_knowledge(release: str | None = None, *, with_library: bool = True) -> Knowledge:
    """Open a release by name or path, or (None) the newest one, with the case library of this installation.

    Raises KnowledgeError where it cannot be used, or could not be built.
    """
    knowledge = Knowledge.open(located_release(release))
    library = stored_library() if with_library else None
    return knowledge.with_library(library) if library else knowledge


def located_release(release: str | None = None) -> Path:
    """Where a release is, by name or path, or (None) the newest one; built first where there is none yet."""
    if release is None and not _is_any_built():
        _build()
    return releases.locate(release)


def _is_any_built() -> bool:
    return next(releases.knowledge_folder().glob(f"*/{KNOWLEDGE_FILE}"), None) is not None


def _build() -> None:
    from hoofbeat.knowledge.build import build, release_name  # readers that only a build needs
    from hoofbeat.knowledge.sources import Sources

    sources = Sources.bundled()
    name = release_name(sources)
    click.echo(f"building the knowledge once, from the HPO release {name} that came with Hoofbeat", err=True)
    with progress_bar() as progress:
        build(sources, releases.release_folder(name), progress=progress)
