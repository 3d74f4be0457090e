"""A ring around the place where most of G's samples lie: four hundred points on one spot would look like one."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ganstudio.ui.theme import Colours

RADIUS = 1 / 40
"""Of the ring, as a share of the plot's side."""
SMALLEST, BREADTH, EDGE = 9.0, 1 / 160, 2.0
"""Pixels that the radius has at least; the ring's line as a share of the side; pixels of the edge around the line."""


def pile(places: np.ndarray, radius: float) -> np.ndarray | None:
    """The middle (2,) of (N, 2) places when more than half of them lie within the radius of it; else None.

    Where more than half lie on one spot, so does the median along each axis.
    """
    if not len(places):
        return None
    middle = np.median(places, axis=0)
    held = np.hypot(*(places - middle).T) <= radius
    return places[held].mean(axis=0) if 2 * held.sum() > len(places) else None


def draw_pile(painter: QPainter, places: np.ndarray, plot: QRectF, c: Colours) -> None:
    """The ring of (N, 2) generated points in pixels; nothing while they are spread out.

    Where they lie off the plot, a pointer at its edge in place of the ring.
    """
    side = min(plot.width(), plot.height())
    radius = max(SMALLEST, side * RADIUS)
    middle = pile(places, radius)
    if middle is None:
        return
    breadth = max(2.0, side * BREADTH)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if plot.contains(QPointF(*middle)):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, line in ((c.surface, breadth + 2 * EDGE), (c.fake, breadth)):
            painter.setPen(QPen(QColor(colour), line))
            painter.drawEllipse(QPointF(*middle), radius, radius)
    else:
        painter.setPen(QPen(QColor(c.surface), EDGE))
        painter.setBrush(QColor(c.fake))
        painter.drawPolygon(_pointer(middle, plot, 1.8 * radius))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _pointer(towards: np.ndarray, plot: QRectF, size: float) -> QPolygonF:
    """A triangle just within the plot's edge that points to a place off it."""
    room = plot.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    tip = np.clip(towards, (room.left(), room.top()), (room.right(), room.bottom()))
    along = (towards - tip) / np.hypot(*(towards - tip))
    beside = along[::-1] * (-0.5, 0.5)
    return QPolygonF([QPointF(*tip), *(QPointF(*(tip + size * (way - along))) for way in (beside, -beside))])
