"""kill -9 in the middle of writes; `python -m validation.clinic_killed` does it fifty times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from validation.clinic_killed import measure


@pytest.mark.skipif("HOOFBEAT_DATABASE" in os.environ, reason="on a database of its own, which others do not share")
def test_nothing_acknowledged_is_lost_when_processes_are_killed(tmp_path: Path) -> None:
    outcome = measure(tmp_path, 6, jobs=60)
    assert outcome.acknowledged > 0
    assert outcome.is_whole, outcome
