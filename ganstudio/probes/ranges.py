"""An axis that follows the data without twitching."""

from math import ceil, floor, inf, log10

SLACK = 0.1
"""Room left at either end of a fresh range, as a share of the data's extent."""
SMALLEST_SHARE = 0.4
"""A range is kept while the data fill at least this much of it."""
SMALLEST_EXTENT = 1e-3


class Range:
    """Limits that hold the data, at round numbers; they change only when the data leave them or shrink well within."""

    def __init__(self) -> None:
        self.low, self.high = inf, -inf

    def follow(self, low: float, high: float) -> tuple[float, float]:
        """The limits for data between ``low`` and ``high``, both finite."""
        extent = max(high - low, SMALLEST_EXTENT)
        holds = self.low <= low and high <= self.high
        if not holds or extent < SMALLEST_SHARE * (self.high - self.low):
            step = round_step(extent / 4)
            self.low = floor((low - SLACK * extent) / step) * step
            self.high = ceil((high + SLACK * extent) / step) * step
        return self.low, self.high


def round_step(size: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is at most ``size`` > 0."""
    power = 10.0 ** floor(log10(size))
    return next(factor * power for factor in (5, 2, 1) if factor * power <= size * (1 + 1e-9))
