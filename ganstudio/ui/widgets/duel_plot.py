"""A plot of one metric of both sides of a duel, with their newest values in large letters above it."""

from math import isfinite

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ganstudio.training.contest import Contest
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.curve_model import Marker
from ganstudio.ui.widgets.curves import CurvePlot, digits
from ganstudio.ui.widgets.duel_history import LEFT, RIGHT, ForkAxis, Sides, curves

HEAD = 0.12
"""Height of the head, as a share of the plot's."""
LEAST_HEAD, MOST_HEAD = 24, 44
"""Pixels."""


class DuelPlot(QWidget):
    """``title`` stands above the plot, the numbers beside it; plots that are given one axis ``x`` share it."""

    def __init__(self, title: str, metric: str, tip: str, *, log: bool = False):
        super().__init__()
        self.title, self.log = title, log
        self._metric = metric  # without the underscore it would hide a method of Qt's that fonts call
        self.head = _Head(title)
        self.plot = CurvePlot(())
        self.plot.empty = ""
        self.plot.setAccessibleName(f"{title} of both sides")
        self.setToolTip(tip)
        self._sides: Sides | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.plot, 1)

    def begin(self, contest: Contest, x: ForkAxis) -> None:
        """Another duel."""
        self._sides = Sides(contest, self._metric)
        self.plot.curves, self.plot.x = curves(contest), x
        self.plot.set_log(y=self.log)
        self.plot.smoothing = 1
        self.plot.set_markers([Marker(contest.step, "fork", "Here the two sides part.")] if contest.step else [])
        self.show_contest(contest)

    def show_contest(self, contest: Contest) -> None:
        """Draw what is new."""
        if self._sides is None:
            return
        self._sides.see(contest)
        self.plot.show_history(self._sides)
        self.head.show_values(self._sides.recent("left"), self._sides.recent("right"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.head.setFixedHeight(round(min(MOST_HEAD, max(LEAST_HEAD, HEAD * self.height()))))
        super().resizeEvent(event)


class _Head(QWidget):
    """The metric's name, and each side's newest value in its colour."""

    def __init__(self, title: str):
        super().__init__()
        self._title = title
        self._values = float("nan"), float("nan")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LEAST_HEAD)

    def show_values(self, left: float, right: float) -> None:
        """Show the values of this moment."""
        if (digits(left, 3), digits(right, 3)) != tuple(digits(one, 3) for one in self._values):
            self._values = left, right
            self.setAccessibleDescription(f"{self._title}: left {digits(left, 3)}, right {digits(right, 3)}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, LEAST_HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        painter.fillRect(self.rect(), QColor(c.surface))
        size = 0.62 * self.height()
        room = QRectF(self.rect()).adjusted(10, 0, -10, 0)
        painter.setFont(sized(self.font(), size, bold=True))
        column = min(5.2 * size, 0.31 * room.width())
        right = room.right()
        for value, colour in zip(self._values[::-1], (RIGHT, LEFT), strict=True):
            painter.setPen(QColor(getattr(c, colour)))
            words = digits(value, 3) if isfinite(value) else "–"
            box = QRectF(right - column, room.top(), column, room.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
            right -= column
        painter.setPen(QColor(c.text))
        box = QRectF(room.left(), room.top(), right - room.left(), room.height())
        metrics = painter.fontMetrics()
        foot = box.top() + (box.height() + metrics.ascent() - metrics.descent()) / 2
        painter.setClipRect(box)
        symbols.paint(painter, painter.font(), QPointF(box.left(), foot), self._title)
