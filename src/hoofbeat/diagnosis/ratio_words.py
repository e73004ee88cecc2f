"""A likelihood ratio as people read it, alike wherever a differential is shown."""

from __future__ import annotations

import math

# A likelihood ratio this near to 1 is shown as neutral: 5 % more or less moves nothing that anyone should act on. Ours.
NEUTRAL = 0.05


def times(log_lr: float) -> str:
    """A natural log of a likelihood ratio as the ratio: ×11 speaks for the disease, ÷3.2 against it."""
    if abs(log_lr) < NEUTRAL:
        return "×1"
    ratio = math.exp(min(abs(log_lr), 700.0))
    number = f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:,.0f}" if ratio < 1e6 else f"{ratio:.0e}"
    return ("×" if log_lr > 0 else "÷") + number
