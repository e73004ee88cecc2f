"""Shares as people read them: what is possible is never called 0 %."""

import pytest

from hoofbeat.diagnosis.share_words import percent, percent_by_tenths, whole_percent


@pytest.mark.parametrize(
    ("share", "as_needed", "whole", "by_tenths"),
    [
        (0.0, "0 %", "0 %", "< 0.1 %"),
        (1e-9, "< 0.1 %", "< 1 %", "< 0.1 %"),
        (0.004, "0.4 %", "< 1 %", "0.4 %"),
        (0.012, "1.2 %", "1 %", "1.2 %"),
        (0.5, "50 %", "50 %", "50.0 %"),
        (0.997, "> 99 %", "> 99 %", "99.7 %"),
        (1.0, "100 %", "100 %", "100.0 %"),
    ],
)
def test_each_way_to_say_a_share(share: float, as_needed: str, whole: str, by_tenths: str) -> None:
    assert (percent(share), whole_percent(share), percent_by_tenths(share)) == (as_needed, whole, by_tenths)
