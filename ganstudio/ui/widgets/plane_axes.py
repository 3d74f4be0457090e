"""The two axes of a plot of the plane: ticks and their numbers."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from ganstudio.ui.theme import Colours
from ganstudio.ui.widgets.axis import Axis, Tick
from ganstudio.ui.widgets.plane_layers import Mapping

APART = 1.5
"""Room for a number below the plot, in its own widths."""


def draw_axes(painter: QPainter, at: Mapping, plot: QRectF, font: QFont, c: Colours) -> None:
    """Below the plot and on its left, for what ``at`` shows in it."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    left, top = at.point(plot.topLeft())
    right, bottom = at.point(plot.bottomRight())
    painter.setPen(QColor(c.muted))
    for tick in _ticks_across(Axis(left, right), plot.width(), metrics):
        x = at.pixels(np.array([tick.value, bottom]))[0]
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4))
        box = QRectF(x - 60, plot.bottom() + 4, 120, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tick.label)
    for tick in Axis(bottom, top).ticks(round(plot.height() / metrics.height() / 2.6)):
        y = at.pixels(np.array([left, tick.value]))[1]
        painter.drawLine(QPointF(plot.left() - 4, y), QPointF(plot.left(), y))
        box = QRectF(0, y - metrics.height() / 2, plot.left() - 7, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)


def _ticks_across(axis: Axis, width: float, metrics: QFontMetricsF) -> list[Tick]:
    """As many ticks as have room for their numbers beside each other, up to ten."""
    for most in range(10, 2, -1):
        ticks = axis.ticks(most)
        widest = max((metrics.horizontalAdvance(tick.label) for tick in ticks), default=0)
        if len(ticks) * APART * widest <= width:
            return ticks
    return axis.ticks(2)  # fewer there are not
