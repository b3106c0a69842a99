"""Small statistics: shares and means with their interval, medians, paired differences. Never invents a number for nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


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


_RESAMPLES = 4000


def bootstrap_mean(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of a mean by resampling (percentile bootstrap); (0, 1) when nothing was counted."""
    if not values:
        return 0.0, 1.0
    low, high = _resampled(np.asarray(values, dtype=float), seed)
    return low, high


def _resampled(values: np.ndarray, seed: int) -> tuple[float, float]:
    chosen = np.random.default_rng(seed).integers(0, len(values), size=(_RESAMPLES, len(values)))
    low, high = np.percentile(values[chosen].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, kw_only=True)
class Paired:
    """New minus old over the cases that both have: the mean and its 95 % interval; None of nothing."""

    n: int
    old: float | None
    new: float | None
    mean: float | None
    low: float
    high: float


def paired(new: Mapping[str, float], old: Mapping[str, float], seed: int = 0) -> Paired:
    """Paired bootstrap: the same case under both, so that hard and easy questions cancel out."""
    both = sorted(new.keys() & old.keys())
    if not both:
        return Paired(n=0, old=None, new=None, mean=None, low=-1.0, high=1.0)
    before, after = np.array([old[c] for c in both]), np.array([new[c] for c in both])
    low, high = _resampled(after - before, seed)
    means = float(before.mean()), float(after.mean())
    return Paired(n=len(both), old=means[0], new=means[1], mean=means[1] - means[0], low=low, high=high)
