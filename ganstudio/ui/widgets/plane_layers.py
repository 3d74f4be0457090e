"""The layers of the plane that lie on its heat map: points, G's manifold, arrows, lines. Arrays go to Qt uncopied."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from ganstudio.ui.theme import Colours
from ganstudio.ui.widgets.plane_picture import SHADES

if TYPE_CHECKING:
    from ganstudio.probes.manifold import Manifold

BUCKETS = 7
"""Colours of generated points by D."""
OPACITIES = (0.06, 0.2, 0.35, 0.55)
"""Of the manifold, from thin to dense."""
LONGEST = 0.09
"""The longest arrow, as a share of the plane's side."""


@dataclass(frozen=True)
class Mapping:
    """From the plane (x to the right, y upwards) to the widget's pixels."""

    extent: tuple[tuple[float, float], tuple[float, float]]
    target: QRectF
    """Where the extent lies in the widget."""

    @property
    def scale(self) -> float:
        """Pixels to a unit of the plane."""
        (left, right), _ = self.extent
        return self.target.width() / (right - left)

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """(…, 2) points → float64 pixels."""
        (left, _), (bottom, _) = self.extent
        found = np.asarray(points, np.float64) - (left, bottom)
        found *= (self.scale, -self.scale)
        found += (self.target.left(), self.target.bottom())
        return found

    def point(self, place: QPointF) -> tuple[float, float]:
        """The plane's x and y under a pixel."""
        (left, _), (bottom, _) = self.extent
        return (
            left + (place.x() - self.target.left()) / self.scale,
            bottom + (self.target.bottom() - place.y()) / self.scale,
        )


def draw_dots(painter: QPainter, places: np.ndarray, colour: QColor | str, size: float) -> None:
    """Square dots at (N, 2) pixels; round ones take twenty times as long."""
    places = np.ascontiguousarray(places, np.float64)
    if len(places):
        painter.setPen(QPen(QColor(colour), size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        painter.drawPoints(shiboken6.wrapInstance(places.ctypes.data, QPointF), len(places))


def draw_lines(painter: QPainter, ends: np.ndarray, colour: QColor | str, breadth: float) -> None:
    """Straight lines, (N, 4) pixels: x, y of one end and of the other."""
    ends = np.ascontiguousarray(ends, np.float64)
    if len(ends):
        painter.setPen(QPen(QColor(colour), breadth))
        painter.drawLines(shiboken6.wrapInstance(ends.ctypes.data, QLineF), len(ends))


def draw_scored(
    painter: QPainter, places: np.ndarray, shades: np.ndarray, ramp: np.ndarray, edge: QColor, size: float
) -> None:
    """Dots in the colours of their shades, each with an edge, so that they stand out of a heat map in the same ones."""
    draw_dots(painter, places, edge, size + 2)
    bucket = np.minimum(shades * (BUCKETS / SHADES), BUCKETS - 1).astype(np.intp)
    order = np.argsort(bucket, kind="stable")
    cuts = np.searchsorted(bucket[order], np.arange(BUCKETS + 1))
    places = places[order]
    for number, (start, end) in enumerate(pairwise(cuts.tolist())):
        if end > start:
            colour = QColor.fromRgb(int(ramp[int((number + 0.5) * SHADES / BUCKETS)]))
            draw_dots(painter, places[start:end], colour, size)


def opacity(density: np.ndarray, typical: float) -> np.ndarray:
    """Index into ``OPACITIES`` of each density; ``typical`` has the middle one, and no density has none."""
    share = density / (density + typical)
    return np.minimum(share * len(OPACITIES), len(OPACITIES) - 1).astype(np.intp)


def draw_cells(painter: QPainter, manifold: "Manifold", at: Mapping, colour: QColor) -> None:
    """Fill the cells of a two-dimensional manifold, the more opaque the denser; none where G has no number."""
    from pyqtgraph.functions import arrayToQPath  # a quarter of a second: there is nothing to draw at the first paint

    corners = at.pixels(manifold.vertices)
    a, b, c, d = corners[:-1, :-1], corners[1:, :-1], corners[1:, 1:], corners[:-1, 1:]
    # All turn the same way: where G folds, a cell that is inside out would else cut a hole into those that it lies on.
    # Only of a cell on the fold itself, which crosses over, the smaller part still does.
    (x, y), (u, v) = np.moveaxis(c - a, -1, 0), np.moveaxis(d - b, -1, 0)
    turned = (x * v < y * u)[..., None]
    b, d = np.where(turned, d, b), np.where(turned, b, d)
    loops = np.stack([a, b, c, d, a], 2).reshape(-1, 5, 2)
    known = np.isfinite(loops).all((1, 2))
    loops, level = loops[known], opacity(manifold.density.ravel()[known], _typical(at))
    joined = np.tile(np.array([1, 1, 1, 1, 0], np.int32), len(loops))
    for number, alpha in enumerate(OPACITIES):
        chosen = loops[level == number].reshape(-1, 2)
        if len(chosen):
            path: QPainterPath = arrayToQPath(*chosen.T, connect=joined[: len(chosen)], finiteCheck=False)
            path.setFillRule(Qt.FillRule.WindingFill)
            painter.fillPath(path, QBrush(faded(colour, alpha)))


def draw_warp(painter: QPainter, manifold: "Manifold", at: Mapping, c: Colours) -> None:
    """The lines of the warped grid; of a one-dimensional manifold the curve, the more opaque the denser.

    The grid's lines let nothing shine through: translucent ones take four times as long.
    """
    places, colour = at.pixels(manifold.vertices), manifold_colour(c)
    if places.ndim == 2:
        ends = np.concatenate([places[:-1], places[1:]], 1)
        level = opacity(manifold.density, 1 / (LONGEST * _side(at)))
        for number, alpha in enumerate(OPACITIES):
            draw_lines(painter, ends[level == number], faded(colour, 0.3 + alpha), 3)
        return
    across = np.concatenate([places[:-1], places[1:]], -1).reshape(-1, 4)
    along = np.concatenate([places[:, :-1], places[:, 1:]], -1).reshape(-1, 4)
    draw_lines(painter, np.concatenate([across, along]), half(colour, QColor(c.surface)), 1)


def draw_arrows(painter: QPainter, arrows: np.ndarray, at: Mapping, colour: QColor | str) -> None:
    """(A, 2, 2) points and directions. Lengths grow with |∂J_G/∂x| and never pass ``LONGEST`` of the side.

    Half of that stands for a slope by which the loss changes by 1 over half the side: a fixed scale, so that vanishing
    gradients are seen to vanish.
    """
    start, way = at.pixels(arrows[:, 0]), np.asarray(arrows[:, 1], np.float64)
    size = np.linalg.norm(way, axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = np.where(size > 0, way / size, 0.0) * (1.0, -1.0)
    steep = size * _side(at) / 2
    length = LONGEST * at.target.width() * steep / (steep + 1)
    tip = start + unit * length
    draw_lines(painter, _arrows(start, tip)[np.tile(length[:, 0] > 1.5, 3)], colour, 1.6)


def draw_arrow(painter: QPainter, start: QPointF, tip: QPointF, colour: QColor | str) -> None:
    """One arrow, as in the plane."""
    ends = (np.array([[one.x(), one.y()]]) for one in (start, tip))
    draw_lines(painter, _arrows(*ends), colour, 1.6)


def _arrows(start: np.ndarray, tip: np.ndarray) -> np.ndarray:
    """(3 N, 4) lines of N arrows between (N, 2) pixels: the shafts, then both barbs."""
    way = tip - start
    length = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    along = np.minimum(0.4 * length, 7.0) * way / length
    beside = 0.55 * along[:, ::-1] * (-1.0, 1.0)
    barbs = (tip - along + beside, tip - along - beside)
    return np.concatenate([np.concatenate([start, tip], 1), *(np.concatenate([tip, barb], 1) for barb in barbs)])


def half(one: QColor, other: QColor) -> QColor:
    """Halfway between two colours."""
    return QColor(*((a + b) // 2 for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)))


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour with this opacity, 0…1."""
    found = QColor(colour)
    found.setAlphaF(min(1.0, alpha))
    return found


def manifold_colour(c: Colours) -> QColor:
    """G's own, apart from the scale of D."""
    return QColor(c.value)


def _side(at: Mapping) -> float:
    (left, right), _ = at.extent
    return right - left


def _typical(at: Mapping) -> float:
    """The density of a mass spread evenly over a fifth of the plane."""
    return 5 / _side(at) ** 2
