"""How G's samples are spread over the modes: one bar a mode."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.curve_painting import text_size

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Upper ends that the axis may have."""
KEEP = 0.4
"""The axis shrinks only when the tallest bar falls below this part of it."""
PALE = 90
"""Opacity, of 255, of the samples of a mode that are not good."""
TITLE = "samples per mode"
HELP = (
    "Share of G's samples nearest to each mode: full colour where they are good (within 3σ of it), pale where they are "
    "not. The lines are the shares that real samples have."
)


class ModeBars(QWidget):
    """Shares of samples by mode, each 0…1. The axis keeps still while the bars fill a good part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.shares = self.good = self.real = np.empty(0)
        self.top = LEVELS[-1]
        """Upper end of the axis."""
        self.setAccessibleName("Share of samples per mode")
        self.setWhatsThis(HELP)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(90, 60)

    def sizeHint(self) -> QSize:
        return QSize(220, 140)

    def show_shares(self, shares: np.ndarray, good: np.ndarray, real: np.ndarray) -> None:
        """(K,) each: of all samples by nearest mode, of good ones, and of real ones."""
        self.shares, self.good, self.real = shares, good, real
        tallest = float(max(shares.max(), real.max()))
        needed = next((level for level in LEVELS if tallest <= level), LEVELS[-1])
        if needed > self.top or tallest < KEEP * self.top:
            self.top = needed
        served = int((shares >= 0.01).sum())
        self.setAccessibleDescription(f"{served} of {len(shares)} modes with at least 1 % of the samples")
        self.update()

    def plot_rect(self) -> QRectF:
        """Where the bars stand."""
        line = QFontMetricsF(self._font()).height()
        left = QFontMetricsF(self._font()).horizontalAdvance("100 %") + 8
        return QRectF(left, line + 6, max(1.0, self.width() - left - 8), max(1.0, self.height() - 2 * line - 12))

    def columns(self) -> list[QRectF]:
        """For each mode its place on the axis, as high as that is."""
        plot, count = self.plot_rect(), len(self.shares)
        pitch = plot.width() / max(1, count)
        gap = min(6.0, 0.2 * pitch)
        lefts = (plot.left() + mode * pitch + gap / 2 for mode in range(count))
        return [QRectF(left, plot.top(), pitch - gap, plot.height()) for left in lefts]

    def _font(self) -> QFont:
        return sized(self.font(), text_size(1.8 * self.width(), self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c, plot = QPainter(self), colours(), self.plot_rect()
        painter.fillRect(self.rect(), QColor(c.surface))
        font = self._font()
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.setPen(QColor(c.muted))
        painter.drawText(QRectF(0, 2, self.width() - 8, metrics.height()), Qt.AlignmentFlag.AlignRight, TITLE)
        for share in (0.0, 0.5, 1.0):
            y = round(plot.bottom() - share * plot.height()) + 0.5
            painter.setPen(QColor(c.grid))
            painter.drawLine(plot.left(), y, plot.right(), y)
            painter.setPen(QColor(c.muted))
            box = QRectF(0, y - metrics.height() / 2, plot.left() - 5, metrics.height())
            words = f"{100 * share * self.top:g} %"
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        columns = self.columns()
        self._paint_bars(painter, columns)
        self._paint_numbers(painter, metrics, columns)

    def _paint_bars(self, painter: QPainter, columns: list[QRectF]) -> None:
        c = colours()
        good, pale = QColor(c.fake), QColor(c.fake)
        pale.setAlpha(PALE)
        line = QPen(QColor(c.real), max(1.5, self.height() / 90))
        painter.setPen(line)
        parts = np.minimum(1.0, np.stack([self.shares, self.good, self.real], axis=1) / self.top).tolist()
        for column, (all_of_it, well, wanted) in zip(columns, parts, strict=True):
            foot, room = column.bottom(), column.height()
            for share, colour in ((all_of_it, pale), (well, good)):
                painter.fillRect(QRectF(column.left(), foot - share * room, column.width(), share * room), colour)
            y = foot - wanted * room
            painter.drawLine(QPointF(column.left(), y), QPointF(column.right(), y))

    def _paint_numbers(self, painter: QPainter, metrics: QFontMetricsF, columns: list[QRectF]) -> None:
        """The modes counted from 1, as many as have room."""
        count = len(columns)
        if not count:
            return
        pitch = self.plot_rect().width() / count
        stride = next(
            (one for one in (1, 5, 10, 50, 100) if one * pitch > metrics.horizontalAdvance(f" {count} ")), count
        )
        painter.setPen(QColor(colours().muted))
        for mode in range(stride - 1, count, stride):
            column = columns[mode]
            box = QRectF(column.center().x() - 40, column.bottom() + 3, 80, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, str(mode + 1))

    def reading(self, mode: int) -> str:
        """What a mode's bar says."""
        return (
            f"Mode {mode + 1}: {self.shares[mode]:.1%} of the samples, {self.good[mode]:.1%} good; "
            f"of real samples {self.real[mode]:.1%}."
        )

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            plot = self.plot_rect()
            mode = int((event.pos().x() - plot.left()) / plot.width() * len(self.shares)) if len(self.shares) else -1
            inside = plot.contains(event.pos()) and 0 <= mode < len(self.shares)
            QToolTip.showText(event.globalPos(), self.reading(mode) if inside else HELP, self)
            return True
        return super().event(event)
