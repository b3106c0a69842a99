"""Small statistics: shares with their interval, medians and percentiles. Never invents a number for nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence


def wilson(right: int, number: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) when nothing was counted, which says exactly that nothing is known."""
    if not number:
        return 0.0, 1.0
    share = right / number
    middle = share + z * z / (2 * number)
    half = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    below = 1 + z * z / number
    return max(0.0, (middle - half) / below), min(1.0, (middle + half) / below)


def percentile(values: Sequence[float], share: float) -> float | None:
    """Linear between neighbours, so that the 50th is the median; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def mean(values: Sequence[float]) -> float | None:
    """None of nothing."""
    return sum(values) / len(values) if values else None
