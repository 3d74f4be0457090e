"""A reading's course in the space of a word: a line without axes, its last value a dot."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours

DECADES = 100.0
"""Where the largest value is so many times the least, and all are positive, the line is drawn in powers of ten."""
SPREAD = 1e-3
"""A line that varies by less than this share of its size is drawn flat: rounding is no course."""


class Spark(QWidget):
    """Draws (T,) values over (T,) steps, NaN left out."""

    def __init__(self) -> None:
        super().__init__()
        self.x = self.y = np.empty(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(7 * line, round(1.7 * line))

    def show_course(self, steps: np.ndarray, values: np.ndarray, words: str) -> None:
        """Show another course; ``words`` say what it is of."""
        kept = np.isfinite(values)
        self.x, self.y = steps[kept], values[kept]
        self.setAccessibleName(f"Course of: {words}")
        if len(self.x):
            self.setToolTip(
                f"{words}\nsteps {self.x[0]:,.0f} to {self.x[-1]:,.0f}, from {self.y.min():.3g} to {self.y.max():.3g}"
            )
        self.update()

    def line(self, room: QRectF) -> QPolygonF:
        """The course in pixels."""
        y = self.y
        if y.min() > 0 and y.max() >= DECADES * y.min():
            y = np.log(y)
        low, high = float(y.min()), float(y.max())
        if high - low <= SPREAD * max(abs(low), abs(high)):
            down = np.full(len(y), room.center().y())
        else:
            down = room.bottom() - (y - low) / (high - low) * room.height()
        width = max(float(self.x[-1] - self.x[0]), 1e-9)
        across = room.left() + (self.x - self.x[0]) / width * room.width()
        return QPolygonF([QPointF(*at) for at in zip(across.tolist(), down.tolist(), strict=True)])

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self.x) < 2:
            return
        painter, c = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(3, 4, -5, -4)
        line = self.line(room)
        painter.setPen(QPen(QColor(c.accent), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent))
        painter.drawEllipse(line.last(), 3.2, 3.2)
