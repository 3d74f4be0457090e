"""A density that a hand draws: heights in columns side by side. No Qt."""

from dataclasses import dataclass

import numpy as np

LEAST_MASS = 1e-9


@dataclass(frozen=True)
class Sketch:
    """Column i of N lies between ``low`` + i·w and ``low`` + (i + 1)·w, with w = (``high`` − ``low``) / N."""

    heights: np.ndarray
    """(N,) float64 ≥ 0."""
    low: float
    high: float

    @property
    def width(self) -> float:
        """Of one column."""
        return (self.high - self.low) / len(self.heights)

    @property
    def x(self) -> np.ndarray:
        """(N,) middles of the columns."""
        return self.low + (np.arange(len(self.heights)) + 0.5) * self.width

    @property
    def empty(self) -> bool:
        """Whether there is nothing: no density can be made of it."""
        return float(self.heights.sum()) * self.width < LEAST_MASS

    def stroked(self, before: tuple[float, float], now: tuple[float, float]) -> "Sketch":
        """The sketch after a hand went from one (x, height) to another: every column on the way has been set."""
        (x0, y0), (x1, y1) = sorted((before, now))
        first, last = (int(np.clip((x - self.low) / self.width, 0, len(self.heights) - 1)) for x in (x0, x1))
        heights = self.heights.copy()
        heights[first : last + 1] = np.maximum(0.0, np.interp(self.x[first : last + 1], [x0, x1], [y0, y1]))
        # The column under the hand has the height of the hand, not that of a line through its middle.
        at = int(np.clip((now[0] - self.low) / self.width, 0, len(heights) - 1))
        heights[at] = max(0.0, now[1])
        return Sketch(heights, self.low, self.high)

    def normalised(self) -> "Sketch":
        """The same shape with the area 1; one that is empty stays so."""
        if self.empty:
            return self
        return Sketch(self.heights / (self.heights.sum() * self.width), self.low, self.high)

    def outline(self) -> tuple[np.ndarray, np.ndarray]:
        """(2 N + 2,) x and heights of the steps, from the foot on the left to the foot on the right."""
        edges = np.linspace(self.low, self.high, len(self.heights) + 1)
        return np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(self.heights, 2), [0.0]])


def sampled(x: np.ndarray, density: np.ndarray, low: float, high: float, columns: int) -> Sketch:
    """A sketch of a density known at (M,) places."""
    empty = Sketch(np.zeros(columns), low, high)
    return Sketch(np.interp(empty.x, x, density), low, high)
