"""Lets the demonstration have a past: while it is filled, Django's clock stands at a moment that we choose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """What is done inside happens at this moment (aware), for `timezone.now` and all that goes by it."""

    class Standing(datetime):
        """The clock."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            """The chosen moment."""
            return moment.astimezone(tz)

    with patch.object(timezone, "datetime", Standing):
        yield
