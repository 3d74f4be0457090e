"""A small plot of functions: axes, grid, smooth curves, and words placed where they cover little."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.axis import Axis

FAR = 1e5
"""Pixels beyond which a place off the plot is not told apart any more: the rasteriser works in small numbers."""
ACROSS, BELOW = 7.0, 2.5
"""A tick label on the x axis has room for so many of its heights across, one on the y axis so many down."""


@dataclass
class Chart:
    """Two axes over a rectangle of a widget."""

    plot: QRectF
    x: Axis
    y: Axis
    font: QFont
    """Of tick labels; its pixel size sets all distances."""

    def across(self, values: np.ndarray | float) -> np.ndarray:
        """Pixels from the widget's left."""
        return np.clip(self.plot.left() + self.x.share(values) * self.plot.width(), -FAR, FAR)

    def down(self, values: np.ndarray | float) -> np.ndarray:
        """Pixels from the widget's top."""
        return np.clip(self.plot.bottom() - self.y.share(values) * self.plot.height(), -FAR, FAR)

    def value_at(self, place: QPointF) -> tuple[float, float]:
        """(x, y) of a place in pixels."""
        return (
            self.x.value((place.x() - self.plot.left()) / max(1.0, self.plot.width())),
            self.y.value((self.plot.bottom() - place.y()) / max(1.0, self.plot.height())),
        )

    def paint_grid(self, painter: QPainter, *, x_labels: bool = True, y_labels: bool = True) -> None:
        """Grid lines with their labels, and a stronger line for the foot."""
        c, plot = colours(), self.plot
        metrics = QFontMetricsF(self.font)
        line = metrics.height()
        painter.setFont(self.font)
        for tick in self.x.ticks(max(2, round(plot.width() / line / ACROSS * 1.6))):
            x = round(float(self.across(tick.value))) + 0.5
            painter.setPen(QColor(c.grid))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            if x_labels:
                painter.setPen(QColor(c.muted))
                wide = metrics.horizontalAdvance(tick.label)
                painter.drawText(QPointF(x - wide / 2, plot.bottom() + metrics.ascent() + 4), tick.label)
        for tick in self.y.ticks(max(2, round(plot.height() / line / BELOW))) if y_labels else ():
            y = round(float(self.down(tick.value))) + 0.5
            painter.setPen(QColor(c.grid))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(c.muted))
            left = plot.left() - 6 - metrics.horizontalAdvance(tick.label)
            painter.drawText(QPointF(left, y + metrics.ascent() / 2 - 1.5), tick.label)
        painter.setPen(QPen(QColor(c.muted), 1.5))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())

    def line(self, x: np.ndarray, y: np.ndarray) -> QPolygonF:
        """A curve in pixels; what is not finite lies far off the plot."""
        down = np.nan_to_num(self.down(y), nan=FAR, posinf=FAR, neginf=-FAR)
        return QPolygonF([QPointF(*at) for at in zip(self.across(x).tolist(), down.tolist(), strict=True)])

    def paint_curve(
        self,
        painter: QPainter,
        x: np.ndarray,
        y: np.ndarray,
        colour: str | QColor,
        width: float,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:
        """A smooth curve, cut off at the plot's edges."""
        painter.save()
        painter.setClipRect(self.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(self.line(x, y))
        painter.restore()

    def paint_area(self, painter: QPainter, x: np.ndarray, y: np.ndarray, colour: str, opacity: float) -> None:
        """Fill between a curve and y = 0."""
        tone = QColor(colour)
        tone.setAlphaF(opacity)
        painter.save()
        painter.setClipRect(self.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        ends = x[[-1, 0]]
        painter.drawPolygon(self.line(np.concatenate([x, ends]), np.concatenate([y, [0.0, 0.0]])))
        painter.restore()


def sized(font: QFont, pixels: float, *, bold: bool = False) -> QFont:
    """The font in this size."""
    found = QFont(font)
    found.setPixelSize(max(8, round(pixels)))
    found.setBold(bold)
    return found


def places_beside(
    curves: Sequence[tuple[np.ndarray, np.ndarray]], widths: Sequence[float], height: float, room: QRectF
) -> list[QRectF | None]:
    """Where the name of each curve may stand: beside it, inside ``room``, as far from the others as can be.

    ``curves`` are pixels (n,), (n,); ``widths`` those of the names. None for a curve that does not pass through
    ``room`` or finds no place.
    """
    taken: list[QRectF] = []
    found: list[QRectF | None] = []
    for own, (width, (x, y)) in enumerate(zip(widths, curves, strict=True)):
        best, most = None, 0.0
        inside = (y > room.top()) & (y < room.bottom())
        for at in np.flatnonzero(inside)[::4]:
            for left, top in _around(float(x[at]), float(y[at]), width, height):
                box = QRectF(left, top, width, height)
                if not room.contains(box) or any(box.intersects(one) for one in taken):
                    continue
                clear = min(
                    _clearance(box, one, other, own == index) for index, (one, other) in enumerate(curves)
                )  # fmt: skip
                if clear > most:
                    best, most = box, clear
        found.append(best)
        if best is not None:
            taken.append(best.adjusted(-4, -2, 4, 2))
    return found


def _around(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    """Left upper corners of boxes beside a point of a curve."""
    gap = 0.35 * height
    return (
        (x + gap, y - height - gap / 2),
        (x + gap, y + gap / 2),
        (x - width - gap, y - height - gap / 2),
        (x - width - gap, y + gap / 2),
    )


def _clearance(box: QRectF, x: np.ndarray, y: np.ndarray, own: bool) -> float:
    """Pixels between a box and a curve; the own one is to be near, and only not crossed."""
    away_x = np.maximum(np.maximum(box.left() - x, x - box.right()), 0)
    away_y = np.maximum(np.maximum(box.top() - y, y - box.bottom()), 0)
    nearest = float(np.hypot(away_x, away_y).min())
    return (1e9 if nearest > 1 else 0.0) if own else nearest
