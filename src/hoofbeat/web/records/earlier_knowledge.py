"""Knowledge that a snapshot was made with, where its release still lies here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hoofbeat.diagnosis.reanalysis.behind import NewLinks
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.release_change import new_links
from hoofbeat.knowledge.releases import locate

KEPT_RELEASES = 2  # snapshots of one clinic are mostly of one or two earlier releases


def earlier_facts(release: Mapping[str, Any]) -> Facts | None:
    """The facts of the release that a snapshot names; None where it does not lie here any more, or is another one."""
    return _facts(str(release.get("knowledge", "")), str(release.get("content_sha256", "")))


@lru_cache(maxsize=KEPT_RELEASES)
def _facts(name: str, content: str) -> Facts | None:
    try:
        found = Facts.open(locate(name)) if name else None
    except KnowledgeError:
        return None
    return found if found is not None and str(found.manifest.get("content_sha256")) == content else None


@lru_cache(maxsize=KEPT_RELEASES)
def with_todays_library(facts: Facts, today: Knowledge) -> Knowledge:
    """Earlier facts with the case library of today: beside `today` itself, what differs is the release alone."""
    return Knowledge.of(facts, today.library)


@lru_cache(maxsize=KEPT_RELEASES)
def links_since(before: Facts, after: Facts) -> NewLinks:
    """The genes that are linked to diseases since."""
    return new_links(before, after)
