"""A share in [0, 1] as people read it, alike wherever one is shown: nothing possible is called 0 %."""

from __future__ import annotations


def percent(share: float) -> str:
    """As precisely as a reader needs it, and nothing uncertain is 100 %: 0.4 %, 12 %, > 99 %."""
    if share <= 0.0:
        return "0 %"
    if share < 0.001:
        return "< 0.1 %"
    if share < 0.0995:
        return f"{100 * share:.1f} %"
    if share < 0.995:
        return f"{100 * share:.0f} %"
    return "> 99 %" if share < 1.0 else "100 %"


def whole_percent(share: float) -> str:
    """Without decimals, and nothing uncertain is 100 %: < 1 %, 12 %, > 99 %."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def percent_by_tenths(share: float) -> str:
    """For what is compared before and after, where each tenth tells: 12.3 %, 99.7 %."""
    return f"{100 * share:.1f} %" if share >= 0.0005 else "< 0.1 %"
