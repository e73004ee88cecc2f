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
    kept = list(record.snapshots.order_by("created", "pk").only("pk", "created", "release", "record"))
    if not kept:
        return None
    looked = record.reanalysed
    standing = kept[0]
    if looked is not None:
        standing = next((one for one in reversed(kept) if one.created <= looked), kept[0])
    known = {made_with(standing.release), record.reanalysed_with}
    return RankingSnapshot.objects.get(pk=next(one.pk for one in reversed(kept) if made_with(one.release) in known))


def forget_parts(record: Record) -> None:
    """Only the baseline and the newest snapshot, which may be the next one, keep what the scores were made of."""
    newest, baseline = record.snapshots.order_by("created", "pk").last(), baseline_of(record)
    needed = [one.pk for one in (newest, baseline) if one is not None]
    record.snapshots.filter(parts__isnull=False).exclude(pk__in=needed).update(parts=None, variants=None)
