"""A drawing made of small squares, and the brush that paints on it. No Qt."""

import numpy as np

FULL = 9.0
"""Paint on a square that can take no more."""
SIZES = (0.02, 0.25)
"""Radius of the smallest and of the largest brush, as shares of the drawing's width."""
SOFT = 0.5
"""Share of the radius from which on the brush paints less and less."""


class Canvas:
    """``paint`` is (X, Y) float64, 0…9, x to the right and y upwards, on a rectangle around the origin."""

    def __init__(self, paint: np.ndarray, width: float):
        self.paint = np.array(paint, np.float64)
        self.cell = width / self.paint.shape[0]
        """Side of a square."""
        self.radius = 0.06 * width

    @property
    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """(low, high) of x and of y."""
        x, y = (count * self.cell / 2 for count in self.paint.shape)
        return (-x, x), (-y, y)

    @property
    def empty(self) -> bool:
        """Whether there is no paint at all."""
        return not self.paint.any()

    def resize_brush(self, factor: float) -> None:
        """Make the brush larger or smaller, within limits."""
        width = self.paint.shape[0] * self.cell
        least = max(SIZES[0] * width, 0.5 * self.cell)
        self.radius = min(max(least, self.radius * factor), SIZES[1] * width)

    def stroke(self, start: tuple[float, float], end: tuple[float, float], erase: bool = False) -> None:
        """Draw the brush along a straight line: paint, or take paint away."""
        distance = self._distances(start, end)
        if erase:
            self.paint[distance <= self.radius] = 0
            return
        soft = np.clip((self.radius - distance) / ((1 - SOFT) * self.radius), 0, 1)
        # However thin the brush is, the square under its middle gets paint.
        soft[distance <= 0.71 * self.cell] = 1
        self.paint = np.maximum(self.paint, np.rint(FULL * soft))

    def clear(self) -> None:
        """Take all paint away."""
        self.paint = np.zeros_like(self.paint)

    def _distances(self, start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
        """(X, Y) of the squares' middles from a line."""
        axes = [(np.arange(count) + 0.5 - count / 2) * self.cell for count in self.paint.shape]
        middles = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
        a, way = np.array(start), np.subtract(end, start)
        along = np.clip((middles - a) @ way / max(float(way @ way), 1e-12), 0, 1)
        return np.linalg.norm(middles - a - along[..., None] * way, axis=-1)
