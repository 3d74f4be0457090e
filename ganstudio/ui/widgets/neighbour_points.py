"""A point of G among the training points, joined with its neighbours by lines: in the plane, or over the line."""

from dataclasses import dataclass
from functools import cached_property
from math import floor, log10

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.neighbour_cells import APART, GAP, GROUPS, LARGER, MARGIN, Cells
from ganstudio.ui.widgets.plane_layers import draw_dots

MOST = 800
"""Training points that are drawn at the most; more would only cover each other."""
LEAST, LARGEST = 110.0, 420.0
"""Side of a picture, in pixels: at the least, and at the most."""
LEAST_REACH = 1e-6
"""From the middle to the edge, in the units of the data."""
BEYOND = 1.15
BAR = 0.4
"""Width of the scale's bar at the most, in sides of the picture."""


@dataclass(frozen=True, eq=False)
class PointPicture:
    """What ``paint`` draws in a square: enlarged about the sample where there are neighbours, else all points."""

    cloud: np.ndarray
    """(N, D): the training points, D 1 or 2."""
    sample: np.ndarray
    """(D,)"""
    neighbours: np.ndarray | None = None
    """(k, D), the nearest first."""

    @cached_property
    def _view(self) -> tuple[np.ndarray, float]:
        """The middle (2,), and how far it is from there to the edge."""
        if self.neighbours is None:
            known = _spots(np.concatenate([self.cloud, self.sample[None]]))
            low, high = known.min(0), known.max(0)
            return (low + high) / 2, BEYOND * max(LEAST_REACH, float((high - low).max()) / 2)
        middle = _spots(self.sample[None])[0]
        away = np.abs(_spots(self.neighbours) - middle)
        return middle, BEYOND * max(LEAST_REACH, float(away.max()))

    @cached_property
    def _seen(self) -> np.ndarray:
        """(M, 2): of the training points in view at most ``MOST``, whatever the size of the picture."""
        middle, reach = self._view
        cloud = _spots(self.cloud)
        cloud = cloud[(np.abs(cloud - middle) <= reach).all(1)]
        return cloud[:: len(cloud) // MOST + 1]

    def paint(self, painter: QPainter, square: QRectF, frame: str = "") -> None:
        """Draw it; ``frame`` is the colour of a frame around it."""
        c, (middle, reach) = colours(), self._view
        scale = square.width() / 2 / reach
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(square)
        painter.setOpacity(0.45)
        draw_dots(painter, _pixels(self._seen, middle, scale, square), c.real, 3)
        painter.setOpacity(1.0)
        here = _placed(_spots(self.sample[None]), middle, scale, square)[0]
        radius = max(3.0, square.width() / 45)
        if self.neighbours is not None:
            spots = _spots(self.neighbours)
            if self.sample.shape == (1,):
                spots[:, 1] = np.linspace(0, -0.8 * reach, len(spots) + 1)[1:]  # below each other, lest they hide
            around = _placed(spots, middle, scale, square)
            for rank, at in reversed(list(enumerate(around))):
                painter.setPen(QPen(QColor(c.muted if rank else c.text), 1 if rank else 2.5))
                painter.drawLine(here, at)
                _dot(painter, at, radius * (0.7 if rank else 1.0), c.real)
            _draw_scale(painter, square, scale)
        _dot(painter, here, 1.3 * radius, c.fake)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(frame or c.grid), 3 if frame else 1))
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()


def arranged_points(width: float, height: float, rows: int, head: float, foot: float) -> Cells:
    """The arrangement whose pictures, one for each group, are largest; the table is higher where need be."""
    across = (width - 2 * MARGIN - 2 * APART) / (1 + GROUPS)
    down = (height - GAP - head) / rows - GAP - foot
    beside = Cells(rows, 1, False, max(1.0, min(across, max(LEAST, down), LARGEST)), head, foot)
    across = (width - 2 * MARGIN - APART) / (1 + LARGER)
    down = ((height - GAP) / rows - 2 * GAP) / GROUPS - head - foot
    stacked = Cells(rows, 1, True, max(1.0, min(across, down, LARGEST / LARGER)), head, foot)
    return max(beside, stacked, key=lambda one: one.side)


def _spots(points: np.ndarray) -> np.ndarray:
    """(N, D) → (N, 2) float64; of the line's points the second number is 0."""
    found = np.zeros((len(points), 2))
    found[:, : points.shape[1]] = points[:, :2]
    return found


def _pixels(spots: np.ndarray, middle: np.ndarray, scale: float, square: QRectF) -> np.ndarray:
    """(N, 2)"""
    return (spots - middle) * (scale, -scale) + (square.center().x(), square.center().y())


def _placed(spots: np.ndarray, middle: np.ndarray, scale: float, square: QRectF) -> list[QPointF]:
    return [QPointF(*at) for at in _pixels(spots, middle, scale, square).tolist()]


def _dot(painter: QPainter, at: QPointF, radius: float, colour: str) -> None:
    painter.setPen(QPen(QColor(colours().surface), 1.5))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(at, radius, radius)


def _draw_scale(painter: QPainter, square: QRectF, scale: float) -> None:
    """A bar of a round length: these pictures are enlarged, each as it needs."""
    most = BAR * square.width() / scale
    unit = 10.0 ** floor(log10(most))
    length = next(part * unit for part in (5, 2, 1) if part * unit <= most)
    left, bottom = square.left() + 8, square.bottom() - 8
    painter.setPen(QPen(QColor(colours().text), 2))
    painter.drawLine(QPointF(left, bottom), QPointF(left + length * scale, bottom))
    line = painter.fontMetrics().height()
    painter.drawText(QRectF(left, bottom - line - 2, square.width(), line), Qt.AlignmentFlag.AlignLeft, f"{length:g}")
