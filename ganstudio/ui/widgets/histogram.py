"""Two histograms over one axis, and below them their recent past as a waterfall, newest row on top."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import Colours, colours
from ganstudio.ui.widgets.axis import Axis, number
from ganstudio.ui.widgets.backdrop import Backdrop
from ganstudio.ui.widgets.sentence import draw_sentence

if TYPE_CHECKING:
    from ganstudio.probes.histogram import HistogramFrame

LEVELS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Upper ends that the axis of shares may have."""
KEEP = 0.45
"""The axis of shares shrinks only when the tallest bar falls below this part of it."""
FILL = 90
"""Opacity of a histogram's filling, of 255: the other one shows through."""
GAP = 10
"""Pixels between the histograms and the waterfall."""
SHADES = 32
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
        tallest = max(float(shares(frame.real).max()), float(shares(frame.fake).max()))
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
        room = self._room()
        if self.with_history:
            room.setHeight(int(room.height() * 0.62))
        return room

    def history_rect(self) -> QRect:
        """The waterfall's rectangle; empty when it is not shown."""
        if not self.with_history:
            return QRect()
        room, plot = self._room(), self.plot_rect()
        return QRect(room.left(), plot.bottom() + GAP, room.width(), room.bottom() - plot.bottom() - GAP + 1)

    def _room(self) -> QRect:
        line = self.fontMetrics().height()
        left = self.fontMetrics().horizontalAdvance("100,000") + 14
        return self.rect().adjusted(left, line + 14, -18, -(2 * line + 12))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.frame
        if frame is None:
            painter.fillRect(self.rect(), QColor(colours().surface))
            draw_sentence(painter, self.rect(), self._sentence)
            return
        painter.drawPixmap(0, 0, self._backdrop_for(frame))
        c, plot = colours(), self.plot_rect()
        for counts, colour in ((frame.real, c.real), (frame.fake, c.fake)):
            self._draw_bars(painter, plot, shares(counts), QColor(colour))
        painter.setPen(QPen(QColor(c.muted), 2))
        painter.drawLine(plot.left(), plot.bottom(), plot.right(), plot.bottom())
        self._draw_equilibrium(painter, plot, frame)
        self._draw_legend(painter, plot, frame)
        if self.with_history:
            self._draw_history(painter, self.history_rect(), frame)

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
        box = QRect(plot.left(), foot.bottom() + 5 + line, plot.width(), line + 4)
        painter.setPen(QColor(c.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, WORDS[frame.kind])

    def _x(self, plot: QRect, frame: "HistogramFrame", value: float) -> int:
        low, high = float(frame.edges[0]), float(frame.edges[-1])
        return round(plot.left() + (value - low) / (high - low) * plot.width())

    def _draw_bars(self, painter: QPainter, plot: QRect, bars: np.ndarray, colour: QColor) -> None:
        xs = np.repeat(plot.left() + np.arange(len(bars) + 1) * (plot.width() / len(bars)), 2)
        ys = plot.bottom() - np.minimum(1.0, np.concatenate([[0], np.repeat(bars, 2), [0]]) / self.top) * plot.height()
        outline = QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])
        filling = QColor(colour)
        filling.setAlpha(FILL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(filling)
        painter.drawPolygon(outline)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(outline)

    def _draw_equilibrium(self, painter: QPainter, plot: QRect, frame: "HistogramFrame") -> None:
        if frame.equilibrium is None:
            return
        x = self._x(plot, frame, frame.equilibrium)
        painter.setPen(QPen(QColor(colours().equilibrium), 2, Qt.PenStyle.DashLine))
        painter.drawLine(x, plot.top(), x, plot.bottom())
        words = "½" if frame.equilibrium == 0.5 else number(frame.equilibrium, 0.01)
        painter.drawText(QPointF(x + 6, plot.top() + self.fontMetrics().ascent() + 2), words)

    def _draw_legend(self, painter: QPainter, plot: QRect, frame: "HistogramFrame") -> None:
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        painter.setFont(font)
        x, height = float(plot.left()), painter.fontMetrics().height()
        entries = [("real", frame.means[0]), ("generated", frame.means[1])]
        said = [f"{words}: mean {number(mean, max(0.01, abs(mean) / 100))}" for words, mean in entries]
        if painter.fontMetrics().horizontalAdvance("".join(said)) + 3 * height > plot.width():
            said = [words.replace(": mean", "") for words in said]
        box = QRectF(0, 0, height * 0.7, height * 0.7)
        c = colours()
        for text, colour in zip(said, (c.real, c.fake), strict=True):
            box.moveTo(x, plot.top() - 8 - height * 0.75)
            painter.fillRect(box, QColor(colour))
            painter.setPen(QColor(c.text))
            painter.drawText(QPointF(box.right() + 6, plot.top() - 8), text)
            x = box.right() + 6 + painter.fontMetrics().horizontalAdvance(text) + 22
        painter.setFont(self.font())

    def _draw_history(self, painter: QPainter, room: QRect, frame: "HistogramFrame") -> None:
        rows = frame.history.shape[1]
        if not rows:
            return
        # Kept by name: the image reads the array's memory while it is drawn.
        pixels = self._coloured(frame.history[:, ::-1])
        image = QImage(pixels.data, pixels.shape[1], rows, 4 * pixels.shape[1], QImage.Format.Format_RGB32)
        from_top = QRectF(room.left(), room.top(), room.width(), room.height() * rows / frame.history_room)
        painter.drawImage(from_top, image)
        line = self.fontMetrics().height()
        painter.setPen(QColor(colours().muted))
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(QRect(0, room.top() - 2, room.left() - 6, line), right, "now")
        if from_top.height() > 3 * line:
            box = QRect(0, int(from_top.bottom()) - 2 * line + 4, room.left() - 6, 2 * line)
            painter.drawText(box, right, f"step\n{frame.history_steps[0]:,}")

    def _coloured(self, history: np.ndarray) -> np.ndarray:
        """(2, T, bins) shares → (T, bins) uint32 pixels: the more samples, the more of their colour."""
        c = colours()
        if self._shades is None or self._shades[0] is not c:
            self._shades = (c, shades(c))
        level = np.sqrt(np.minimum(1.0, history / self.top)) * (SHADES - 1)
        real, fake = level.astype(np.intp)
        return np.ascontiguousarray(self._shades[1][real, fake])


def shares(counts: np.ndarray) -> np.ndarray:
    """Counts → shares of all samples; zeros where there are none."""
    return counts / max(1.0, float(counts.sum()))


def shades(c: Colours) -> np.ndarray:
    """(SHADES, SHADES) uint32 pixels: how much real (first index) and fake (second) lies in a cell."""
    ground, real, fake = (np.array(QColor(colour).getRgb()[:3], np.float64) for colour in (c.surface, c.real, c.fake))
    amount = np.linspace(0, 1, SHADES)
    of_real, of_fake = amount[:, None, None], amount[None, :, None]
    mixed = (real * of_real + fake * of_fake) / np.maximum(of_real + of_fake, 1e-9)
    covered = np.maximum(of_real, of_fake)
    rgb = np.rint(ground * (1 - covered) + mixed * covered).astype(np.uint32)
    return 0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
