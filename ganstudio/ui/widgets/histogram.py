"""Two histograms over one axis, and below them their recent past as a waterfall, newest row on top."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import Colours, colours
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.backdrop import Backdrop
from ganstudio.ui.widgets.histogram_painting import Bars, EquilibriumLine, Legend, coloured, draw_floor, shades
from ganstudio.ui.widgets.sentence import draw_sentence

if TYPE_CHECKING:
    from ganstudio.probes.histogram import HistogramFrame

LEVELS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Upper ends that the axis of shares may have."""
KEEP = 0.45
"""The axis of shares shrinks only when the tallest bar falls below this part of it."""
GAP = 10
"""Pixels between the histograms and the waterfall."""
WORDS = {
    "probability": "D(x), probability of being real",
    "logit": "logit of D(x)",
    "output": "critic's output for x",
}


class HistogramView(QWidget):
    """Shows ``HistogramFrame``s, or a sentence. What changes seldom (axes, words) is kept as a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: HistogramFrame | None = None
        self.with_history = True
        self.top = LEVELS[-1]
        """Upper end of the axis of shares."""
        self._sentence = ""
        self._backdrop = Backdrop(self)
        self._shades: tuple[Colours, np.ndarray] | None = None
        self._shares = np.zeros((2, 1))
        self._places_of: tuple = ()
        self._rects = QRect(), QRect()
        self._bars, self._legend = Bars(QRect(), 1), Legend(self.font())
        self._equilibrium = EquilibriumLine()
        self.setAccessibleName("Histogram of D on real and generated samples")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(520, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 140)

    def show_frame(self, frame: "HistogramFrame") -> None:
        """Draw a frame; one without samples leaves the view as it is."""
        self.frame = frame
        counts = np.array([frame.real, frame.fake])
        self._shares = counts / np.maximum(1.0, counts.sum(1, keepdims=True))
        tallest = float(self._shares.max())
        needed = next((level for level in LEVELS if tallest <= level), LEVELS[-1])
        if needed > self.top or tallest < KEEP * self.top:
            self.top = needed
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of a histogram."""
        self.frame, self._sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def show_history(self, shown: bool) -> None:
        """Show the waterfall, or leave all room to the histograms."""
        self.with_history = shown
        self.update()

    # where things stand

    def plot_rect(self) -> QRect:
        """The histograms' rectangle."""
        return self._places()[0]

    def history_rect(self) -> QRect:
        """The waterfall's rectangle; empty when it is not shown."""
        return self._places()[1]

    def _places(self) -> tuple[QRect, QRect]:
        """Both: measuring type takes as long as painting with it."""
        now = (self.size(), self.font(), self.with_history, self._shares.shape[1])
        if now != self._places_of:
            self._places_of, self._rects = now, self._lay_out()
            self._bars, self._legend = Bars(self._rects[0], now[-1]), Legend(self.font())
        return self._rects

    def _lay_out(self) -> tuple[QRect, QRect]:
        line = self.fontMetrics().height()
        left = self.fontMetrics().horizontalAdvance("100,000") + 14
        plot = self.rect().adjusted(left, line + 14, -18, -(2 * line + 12))
        if not self.with_history:
            return plot, QRect()
        bottom = plot.bottom()
        plot.setHeight(int(plot.height() * 0.62))
        top = plot.bottom() + GAP
        return plot, QRect(plot.left(), top, plot.width(), bottom - top + 1)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.frame
        if frame is None:
            painter.fillRect(self.rect(), QColor(colours().surface))
            draw_sentence(painter, self.rect(), self._sentence)
            return
        painter.drawPixmap(0, 0, self._backdrop_for(frame))
        c, (plot, past) = colours(), self._places()
        self._bars.draw(painter, self._shares, self.top, (c.real, c.fake))
        draw_floor(painter, plot)
        if frame.equilibrium is not None:
            self._equilibrium.draw(painter, plot, self._x(plot, frame, frame.equilibrium), frame.equilibrium)
        self._legend.draw(painter, plot, frame.means)
        if self.with_history:
            painter.setFont(self.font())
            self._draw_history(painter, past, frame)

    def _backdrop_for(self, frame: "HistogramFrame") -> QPixmap:
        key = (self.top, self.with_history, frame.kind, frame.edges[0], frame.edges[-1])
        return self._backdrop.picture(key, lambda painter: self._draw_axes(painter, frame))

    def _draw_axes(self, painter: QPainter, frame: "HistogramFrame") -> None:
        painter.setFont(self.font())
        c, plot, line = colours(), self.plot_rect(), self.fontMetrics().height()
        foot = self.history_rect() if self.with_history else plot
        for tick in Axis(0, self.top).ticks(max(2, plot.height() // 48)):
            y = round(plot.bottom() - tick.value / self.top * plot.height())
            painter.setPen(QColor(c.grid))
            painter.drawLine(plot.left(), y, plot.right(), y)
            painter.setPen(QColor(c.muted))
            box = QRect(0, y - line // 2, plot.left() - 6, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{tick.value:.0%}")
        axis = Axis(float(frame.edges[0]), float(frame.edges[-1]))
        for tick in axis.ticks(max(2, plot.width() // 90)):
            x = self._x(plot, frame, tick.value)
            painter.setPen(QColor(c.grid))
            painter.drawLine(x, plot.top(), x, plot.bottom())
            painter.drawLine(x, foot.bottom(), x, foot.bottom() + 5)
            painter.setPen(QColor(c.muted))
            box = QRect(x - 60, foot.bottom() + 5, 120, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tick.label)
        if self.with_history:
            right = Qt.AlignmentFlag.AlignRight
            painter.setPen(QColor(c.muted))
            painter.drawText(QRect(0, foot.top() - 2, foot.left() - 6, line), right, "now")
        box = QRect(plot.left(), foot.bottom() + 5 + line, plot.width(), line + 4)
        painter.setPen(QColor(c.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, WORDS[frame.kind])

    def _x(self, plot: QRect, frame: "HistogramFrame", value: float) -> int:
        low, high = float(frame.edges[0]), float(frame.edges[-1])
        return round(plot.left() + (value - low) / (high - low) * plot.width())

    def _draw_history(self, painter: QPainter, room: QRect, frame: "HistogramFrame") -> None:
        rows = frame.history.shape[1]
        if not rows:
            return
        c = colours()
        if self._shades is None or self._shades[0] is not c:
            self._shades = (c, shades(c))
        # Kept by name: the image reads the array's memory while it is drawn.
        pixels = coloured(frame.history[:, ::-1], self.top, self._shades[1])
        image = QImage(pixels.data, pixels.shape[1], rows, 4 * pixels.shape[1], QImage.Format.Format_RGB32)
        from_top = QRectF(room.left(), room.top(), room.width(), room.height() * rows / frame.history_room)
        painter.drawImage(from_top, image)
        line = self.fontMetrics().height()
        if from_top.height() > 3 * line:
            painter.setPen(QColor(c.muted))
            box = QRect(0, int(from_top.bottom()) - 2 * line + 4, room.left() - 6, 2 * line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, f"step\n{frame.history_steps[0]:,}")
