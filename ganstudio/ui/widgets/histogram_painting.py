"""How two histograms are put on paper. Edges along the axes are filled as rectangles: a third of a polygon's price."""

from functools import lru_cache

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from ganstudio.ui.theme import Colours, colours
from ganstudio.ui.widgets.axis import number

FILL = 90
"""Opacity of a histogram's filling, of 255: the other one shows through."""
PEN = 2
"""Width of its outline."""
LEGEND_SIZE = 1.15
"""Of the legend's type, in the widget's."""
LEAST_LEGEND, ROOM = 0.5, 12
"""Of that size, where there is little room; pixels beyond the plot that it may take."""
SHADES = 32


class Bars:
    """Two histograms over the whole of one plot. What only its place decides is computed once."""

    def __init__(self, plot: QRect, bins: int):
        self._floor, self._height, width = float(plot.bottom()), plot.height(), plot.width() / bins
        left = plot.left() + np.arange(bins + 1) * width
        # Of each rectangle: left, top, width, height.
        self._bars = np.empty((2, bins, 4))
        self._bars[..., 0], self._bars[..., 2] = left[:-1], width
        self._tops = np.empty((2, bins, 4))
        self._tops[..., 0], self._tops[..., 2:] = left[:-1] - PEN / 2, (width + PEN, PEN)
        self._sides = np.empty((2, bins + 1, 4))
        self._sides[..., 0], self._sides[..., 2] = left - PEN / 2, PEN
        self._steps = np.full((2, bins + 2), self._floor)

    def draw(self, painter: QPainter, shares: np.ndarray, top: float, colours: tuple[str, str]) -> None:
        """``shares`` (2, bins) reach the upper edge at ``top``, and no further."""
        heights = np.minimum(shares * (self._height / top), self._height)
        steps = self._steps
        steps[:, 1:-1] = self._bars[..., 1] = self._floor - heights
        self._bars[..., 3] = heights
        self._tops[..., 1] = steps[:, 1:-1] - PEN / 2
        np.minimum(steps[:, :-1], steps[:, 1:], out=self._sides[..., 1])
        np.abs(steps[:, :-1] - steps[:, 1:], out=self._sides[..., 3])
        painter.setPen(Qt.PenStyle.NoPen)
        for side, name in enumerate(colours):
            colour = QColor(name)
            colour.setAlpha(FILL)
            painter.setBrush(colour)
            _fill(painter, self._bars[side])
            colour.setAlpha(255)
            painter.setBrush(colour)
            _fill(painter, self._tops[side])
            _fill(painter, self._sides[side])


def _fill(painter: QPainter, rectangles: np.ndarray) -> None:
    """(N, 4) float64, contiguous."""
    painter.drawRects(shiboken6.wrapInstance(rectangles.ctypes.data, QRectF), len(rectangles))


def draw_floor(painter: QPainter, plot: QRect) -> None:
    """The axis that the bars stand on."""
    line = QRectF(plot.left() - PEN / 2, plot.bottom() - PEN / 2, plot.width() + PEN - 1, PEN)
    painter.fillRect(line, QColor(colours().muted))


class EquilibriumLine:
    """The dashed line at the equilibrium with its value, kept as a picture: dashes and words are dear."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._key: tuple = ()

    def draw(self, painter: QPainter, plot: QRect, x: int, value: float) -> None:
        """Draw it at ``x``."""
        ratio = painter.device().devicePixelRatioF()
        key = (plot.height(), value, painter.font(), colours(), ratio)
        if key != self._key:
            self._key, self._picture = key, self._painted(plot.height(), value, painter.font(), ratio)
        painter.drawPixmap(x - PEN, plot.top() - PEN, self._picture)

    def _painted(self, height: int, value: float, font: QFont, ratio: float) -> QPixmap:
        words = "½" if value == 0.5 else number(value, 0.01)
        metrics = QFontMetrics(font)
        width = PEN + 6 + metrics.horizontalAdvance(words) + 2
        picture = QPixmap(round(width * ratio), round((max(height, metrics.height()) + 2 * PEN) * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setFont(font)
        painter.translate(PEN, PEN)
        painter.setPen(QPen(QColor(colours().equilibrium), PEN, Qt.PenStyle.DashLine))
        painter.drawLine(0, 0, 0, height - 1)
        painter.drawText(QPointF(6, metrics.ascent() + 2), words)
        painter.end()
        return picture


class Legend:
    """Which colour is which side, and its mean, in bold type somewhat larger than the widget's."""

    def __init__(self, font: QFont):
        self.font = QFont(font)
        self.font.setBold(True)
        self.font.setPointSizeF(font.pointSizeF() * LEGEND_SIZE)
        metrics = QFontMetrics(self.font)
        self._height = metrics.height()
        self._width = lru_cache(256)(metrics.horizontalAdvance)  # means come again: measuring words is dear

    def draw(self, painter: QPainter, plot: QRect, means: tuple[float, float]) -> None:
        """Draw it above the plot; the word "mean" is left out where there is little room, and then letters shrink."""
        height, c, room = self._height, colours(), plot.width() + ROOM
        said = [
            f"{words}: mean {number(mean, max(0.01, abs(mean) / 100))}"
            for words, mean in zip(("real", "generated"), means, strict=True)
        ]
        widths = [self._width(one) for one in said]
        if sum(widths) + 3 * height > plot.width():
            said = [words.replace(": mean", "") for words in said]
            widths = [self._width(one) for one in said]
        font, gaps = self.font, round(2 * 0.7 * height) + 2 * 6 + 22 + 4
        if sum(widths) + gaps > room:
            font = QFont(font)
            font.setPointSizeF(font.pointSizeF() * max(LEAST_LEGEND, (room - gaps) / sum(widths)))
            widths = [QFontMetrics(font).horizontalAdvance(one) for one in said]
        painter.setFont(font)
        left, side = float(plot.left()), height * 0.7
        for text, width, colour in zip(said, widths, (c.real, c.fake), strict=True):
            painter.fillRect(QRectF(left, plot.top() - 8 - height * 0.75, side, side), QColor(colour))
            painter.setPen(QColor(c.text))
            painter.drawText(QPointF(left + side + 6, plot.top() - 8), text)
            left += side + 6 + width + 22


def coloured(history: np.ndarray, top: float, shades: np.ndarray) -> np.ndarray:
    """(2, T, bins) shares → (T, bins) uint32 pixels: the more samples, the more of their colour, up to ``top``."""
    level = np.minimum(1.0, history / top)
    np.sqrt(level, out=level)
    level *= SHADES - 1
    real, fake = level.astype(np.intp)
    real *= SHADES
    real += fake
    return shades.take(real)


def shades(c: Colours) -> np.ndarray:
    """(SHADES, SHADES) uint32 pixels: how much real (first index) and fake (second) lies in a cell."""
    ground, real, fake = (np.array(QColor(colour).getRgb()[:3], np.float64) for colour in (c.surface, c.real, c.fake))
    amount = np.linspace(0, 1, SHADES)
    of_real, of_fake = amount[:, None, None], amount[None, :, None]
    mixed = (real * of_real + fake * of_fake) / np.maximum(of_real + of_fake, 1e-9)
    covered = np.maximum(of_real, of_fake)
    rgb = np.rint(ground * (1 - covered) + mixed * covered).astype(np.uint32)
    return 0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
