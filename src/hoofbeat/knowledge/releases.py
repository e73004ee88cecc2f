"""Where built knowledge lives, and which release is meant.

One folder per release under `$HOOFBEAT_HOME/knowledge` (else the XDG data folder), so that several lie side by side and
a result can name the one it used. Without a name, the newest exact release is meant; an approximate one (`--as-of`)
only when asked for by name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hoofbeat.knowledge.errors import KnowledgeError, OtherVersionError
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE, knowledge_store

HOME_VARIABLE = "HOOFBEAT_HOME"

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")


@dataclass(frozen=True)
class Release:
    """A release that lies ready: its name, its knowledge file, and its manifest."""

    name: str
    path: Path
    manifest: Mapping[str, Any]

    @property
    def is_approximate(self) -> bool:
        """Whether it was made by dropping later rows, instead of being what was published."""
        return bool(self.manifest.get("approximate"))


@dataclass(frozen=True)
class OtherVersion:
    """A release that another version of Hoofbeat built: why it cannot be used, and what to do."""

    name: str
    path: Path
    reason: str
    repair: str


@dataclass(frozen=True)
class Status:
    """All usable releases, newest first; which one is meant when none is named (`chosen`, whether or not it can be
    used); those that another version built; and damaged files, with the reason.
    """

    folder: Path
    releases: tuple[Release, ...]
    chosen: str | None
    others: tuple[OtherVersion, ...]
    damaged: tuple[tuple[Path, str], ...]

    @property
    def default(self) -> str | None:
        """The release that is used when none is named; None where there is none, or it cannot be used: an older one
        does not take its place in silence.
        """
        return next((release.name for release in self.releases if release.name == self.chosen), None)


def home() -> Path:
    """The folder of our own data: `$HOOFBEAT_HOME`, else `$XDG_DATA_HOME/hoofbeat`, else
    `~/.local/share/hoofbeat`.
    """
    named = os.environ.get(HOME_VARIABLE)
    shared = os.environ.get("XDG_DATA_HOME")
    try:
        if named:
            return Path(named).expanduser()
        return (Path(shared) if shared else Path.home() / ".local" / "share") / "hoofbeat"
    except RuntimeError as error:  # a user without a home, as in many containers
        raise KnowledgeError(str(error), repair=f"name a folder in {HOME_VARIABLE}") from None


def knowledge_folder() -> Path:
    """The folder that holds one folder per release."""
    return home() / "knowledge"


def library_path() -> Path:
    """The file of the case library; it is there once cases have been added."""
    return home() / "library" / "library.npz"


def release_folder(name: str) -> Path:
    """The folder of a release by name. Raises KnowledgeError for a name that cannot be a folder's."""
    if _NAME.fullmatch(name) is None:
        raise KnowledgeError(
            f"{name!r} is no name of a release", repair="use a name that `hoofbeat knowledge status` shows"
        )
    return knowledge_folder() / name


def status(*, verify: bool = False) -> Status:
    """What lies ready; with `verify`, every file is read whole and compared with its checksum."""
    releases: list[Release] = []
    others: list[OtherVersion] = []
    damaged: list[tuple[Path, str]] = []
    for path in sorted(knowledge_folder().glob(f"*/{KNOWLEDGE_FILE}")):
        try:
            store = knowledge_store(path)
            if verify:
                store.verify()
        except OtherVersionError as error:
            others.append(OtherVersion(path.parent.name, path, error.what, error.repair))
            continue
        except KnowledgeError as error:
            damaged.append((path, error.what))
            continue
        releases.append(Release(path.parent.name, path, store.manifest))
    releases.sort(key=lambda release: release.name, reverse=True)
    chosen = next((folder.name for folder in _folders() if not is_as_of(folder.name)), None)
    return Status(knowledge_folder(), tuple(releases), chosen, tuple(others), tuple(damaged))


def locate(name_or_path: str | Path | None = None) -> Path:
    """The knowledge file that is meant: by the name of a release, by a path to it or its folder, or (None) the newest
    exact one.

    Raises KnowledgeError saying what is there instead.
    """
    if name_or_path is None:
        return _newest()
    given = Path(name_or_path)
    if _NAME.fullmatch(str(name_or_path)) and (release_folder(str(name_or_path)) / KNOWLEDGE_FILE).is_file():
        return release_folder(str(name_or_path)) / KNOWLEDGE_FILE
    if (given / KNOWLEDGE_FILE).is_file():
        return given / KNOWLEDGE_FILE
    if given.is_file():
        return given
    names = ", ".join(release.name for release in status().releases)
    raise KnowledgeError(
        f"no knowledge called {name_or_path}, and no such file",
        repair=f"use one of {names}" if names else "make it: `hoofbeat knowledge build`",
    )


def _newest() -> Path:
    """The newest exact release, told by name: nothing is opened but what is chosen."""
    folders = _folders()
    exact = [folder for folder in folders if not is_as_of(folder.name)]
    if exact:
        return exact[0] / KNOWLEDGE_FILE
    if folders:
        raise KnowledgeError(
            "only approximate knowledge is there",
            repair=f"name it ({folders[0].name}), or make an exact one: `hoofbeat knowledge build`",
        )
    raise KnowledgeError(
        f"no knowledge has been built yet in {knowledge_folder()}", repair="make it: `hoofbeat knowledge build`"
    )


def _folders() -> list[Path]:
    """The folders of all releases, newest first."""
    return sorted((path.parent for path in knowledge_folder().glob(f"*/{KNOWLEDGE_FILE}")), reverse=True)


def as_of_name(release: str, day: str) -> str:
    """The name of what a release stated up to a day (`2023-01-31`), built by dropping later rows."""
    return f"{release}{_AS_OF}{day}"


def is_as_of(name: str) -> bool:
    """Whether a release's name says that it was built by dropping later rows."""
    return _AS_OF in name


_AS_OF = "-as-of-"
