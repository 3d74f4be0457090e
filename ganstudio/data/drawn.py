"""Densities drawn by hand: a curve over the number line, and squares of the plane filled with a brush."""

import numpy as np
from pydantic import field_validator

from ganstudio.data.densities.density import Density
from ganstudio.data.densities.histogram import Histogram
from ganstudio.data.number_line import FURTHEST, LEAST
from ganstudio.data.points import PointsSource
from ganstudio.experiment.component import ComponentConfig, param

MOST_HEIGHTS = 512
MOST_SIDE = 64
LEVELS = "0123456789"
"""How much paint a square has got, each level as a digit."""

HILLS = [
    0.0, 0.1, 0.3, 0.8, 1.6, 2.6, 3.4, 3.6, 3.1, 2.2, 1.4, 0.8, 0.5, 0.5, 0.9, 1.8,
    3.4, 5.6, 7.9, 9.2, 8.8, 7.0, 4.9, 3.4, 2.7, 2.5, 2.4, 2.2, 1.7, 1.0, 0.4, 0.1,
]  # fmt: skip
FACE = """
000000000000000000000000 000000006999996000000000 000000799999999970000000 000008999400049998000000
000069970000000079960000 000499700000000007994000 000995000000000000599000 005990000000000000099500
007970005900000950079700 009940009900000990049900 009900009900000990009900 009900005900000950009900
009900000000000000009900 009900000000000000009900 009940490000000094049900 007970299000000992079700
005990049940049940099500 000995002999999200599000 000499700049940007994000 000069970000000079960000
000008999400049998000000 000000799999999970000000 000000006999996000000000 000000000000000000000000
"""


class DrawnCurve(PointsSource):
    """A density that is constant in each of many narrow columns, their heights as drawn."""

    kind = "drawn-curve"
    title = "Drawn curve (1-D)"
    description = "Any density on the number line: drag its curve, or type the heights."

    class Config(ComponentConfig):
        heights: list[float] = param(
            HILLS, "Heights", "Of the density, from left to right over the range; their scale does not matter."
        )
        centre: float = param(0.0, "Centre", "Middle of the range.", ge=-FURTHEST, le=FURTHEST)
        width: float = param(6.0, "Width", "Of the range that the heights share.", ge=LEAST, le=FURTHEST)

        @field_validator("heights")
        @classmethod
        def _a_curve(cls, heights: list[float]) -> list[float]:
            if not 1 <= len(heights) <= MOST_HEIGHTS or not all(0 <= height <= 1e6 for height in heights):
                raise ValueError(f"must be 1 to {MOST_HEIGHTS} numbers from 0 to 1000000")
            if not any(heights):
                raise ValueError("must not all be 0: there would be no points")
            return heights

    def density(self) -> Density:
        half = self.config.width / 2
        return Histogram(np.array(self.config.heights), (self.config.centre - half,), (self.config.centre + half,))


class DrawnPlane(PointsSource):
    """A density that is constant in each of many small squares, with as much paint in each as was brushed on."""

    kind = "drawn-plane"
    title = "Drawn with a brush (2-D)"
    description = "Any density in the plane: paint it."

    class Config(ComponentConfig):
        cells: str = param(
            " ".join(FACE.split()),
            "Squares",
            "Rows of digits from top to bottom, separated by spaces; each digit, 0 to 9, is the paint on one square.",
        )
        width: float = param(4.0, "Width", "Of the whole drawing, around the origin.", ge=LEAST, le=FURTHEST)

        @field_validator("cells")
        @classmethod
        def _a_drawing(cls, text: str) -> str:
            rows = text.split()
            if not 1 <= len(rows) <= MOST_SIDE or not 1 <= len(rows[0]) <= MOST_SIDE:
                raise ValueError(f"must be 1 to {MOST_SIDE} rows of 1 to {MOST_SIDE} digits each")
            for number, row in enumerate(rows, 1):
                if len(row) != len(rows[0]) or set(row) - set(LEVELS):
                    raise ValueError(f"must have {len(rows[0])} digits, 0 to 9, in each row (row {number} has {row!r})")
            if not set(text) & set(LEVELS[1:]):
                raise ValueError("must not all be 0: there would be no points")
            return " ".join(rows)

    def density(self) -> Density:
        heights = painted(self.config.cells)
        half = self.config.width / 2
        tall = half * heights.shape[1] / heights.shape[0]
        return Histogram(heights, (-half, -tall), (half, tall))


def painted(cells: str) -> np.ndarray:
    """(X, Y) paint on each square, 0…9: x grows along the first axis, y, upwards, along the second."""
    return np.array([[int(level) for level in row] for row in cells.split()], np.float64)[::-1].T


def written(paint: np.ndarray) -> str:
    """The text of (X, Y) paint ≥ 0, the most of it as 9; some paint however little stays at least 1."""
    most = float(paint.max())
    levels = np.zeros(paint.shape, int) if most <= 0 else np.ceil(paint / most * 9 - 1e-9).astype(int)
    return " ".join("".join(LEVELS[level] for level in row) for row in levels.T[::-1])
