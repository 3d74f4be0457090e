"""How the edits of an image are drawn over it: paint, patches, edges, arrows, and the brush."""

from math import atan2, cos, pi, sin

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from ganstudio.latent.edits import Edits, Place
from ganstudio.ui.theme import colours

DARK, BRIGHT = QColor(0, 0, 0), QColor(255, 255, 255)
MARK = 0.5
"""Side of the square that stands for an edge, as a share of its pixel's."""


def draw_edits(painter: QPainter, target: QRectF, edits: Edits, opacity: float) -> None:
    """Draw what is asked for over the picture that fills ``target``; edges and arrows are always seen."""
    if edits.mask.any() or edits.warp.any():
        painter.drawImage(target, overlay(edits, opacity))
    scale = target.width() / edits.shape[1]
    if edits.edges.any():
        _draw_edges(painter, target, scale, edits.edges)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for start, end in edits.arrows:
        _draw_arrow(painter, _point(target, scale, start), _point(target, scale, end))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def overlay(edits: Edits, opacity: float) -> QImage:
    """The colours asked for, one pixel each, as transparent as they do not count."""
    height, width, _ = edits.shape
    rgba = np.empty((height, width, 4), np.uint8)
    rgba[..., :3] = edits.targets
    rgba[..., 3] = np.rint(255 * opacity * edits.weights)
    return QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def draw_brush(painter: QPainter, target: QRectF, shape: tuple[int, ...], place: Place, radius: float) -> None:
    """The outline of the brush, dark and bright, so that it is seen on every colour."""
    scale = target.width() / shape[1]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = _point(target, scale, place)
    for colour, width in ((DARK, 4.0), (BRIGHT, 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(middle, radius * scale, radius * scale)
    painter.restore()


def draw_border(painter: QPainter, target: QRectF) -> None:
    """A frame around the picture: it has the keyboard, or samples hang over it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours().accent), 3))
    painter.drawRect(target)


def _draw_edges(painter: QPainter, target: QRectF, scale: float, edges: np.ndarray) -> None:
    side = max(2.0, MARK * scale)
    painter.setPen(QPen(DARK, 1))
    painter.setBrush(QColor(colours().warning))
    rows, columns = np.nonzero(edges)
    painter.drawRects(
        [
            QRectF(
                target.left() + (column + 0.5) * scale - side / 2,
                target.top() + (row + 0.5) * scale - side / 2,
                side,
                side,
            )
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        ]
    )


def _draw_arrow(painter: QPainter, start: QPointF, end: QPointF) -> None:
    angle = atan2(end.y() - start.y(), end.x() - start.x())
    head = [end - 12 * QPointF(cos(angle + turn), sin(angle + turn)) for turn in (pi / 7, -pi / 7)]
    for colour, width in ((DARK, 5.0), (BRIGHT, 2.5)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(colour)
        painter.drawLine(start, end)
        painter.drawPolygon(QPolygonF([end, *head]))
        painter.drawEllipse(start, 2, 2)


def _point(target: QRectF, scale: float, place: Place) -> QPointF:
    return QPointF(target.left() + place[1] * scale, target.top() + place[0] * scale)
