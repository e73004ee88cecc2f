"""Which snapshot re-analysis compares with: the newest made with knowledge that re-analysis has spoken of already.

What somebody enters with known knowledge is no news and moves the baseline; what is entered with new knowledge, before
re-analysis has looked with it, does not: else the news would go unsaid.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from hoofbeat.web.records.models import RankingSnapshot, Record


def made_with(release: Mapping[str, Any]) -> str:
    """A checksum of what a snapshot was made with, as its `release` names it: knowledge, library and program."""
    library = release.get("library") or {}
    said = [release.get("knowledge"), release.get("content_sha256"), library.get("checksum"), release.get("engine")]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def baseline_of(record: Record) -> RankingSnapshot | None:
    """The snapshot to compare with; None while there is none."""
    in_order = record.snapshots.order_by("created", "pk")
    looked = record.reanalysed
    standing = None if looked is None else in_order.filter(created__lte=looked).last()
    standing = standing or in_order.first()
    if standing is None:
        return None
    known = {made_with(standing.release), record.reanalysed_with}
    # The standing one is made with known knowledge: what came before need not be read, and of what came after it only
    # what it was made with.
    since = in_order.filter(created__gte=standing.created).values_list("pk", "release")
    newest = next(pk for pk, release in since.reverse() if made_with(release) in known)
    return standing if newest == standing.pk else RankingSnapshot.objects.get(pk=newest)
