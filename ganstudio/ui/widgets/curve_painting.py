"""How curves are put on paper: QPainter calls that cost the same however long the run is.

Measured offscreen for three curves of 900 points: a translucent polygon each 20 ms, the masks here 1.3 ms; lines 2 px
wide and smooth 7 ms, which is why a picture is kept and only what is new is added to it.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from ganstudio.training.history import Envelope
from ganstudio.ui.theme import colours, type_scale
from ganstudio.ui.widgets.axis import Axis, Tick
from ganstudio.ui.widgets.polygon import polygon

BAND_ALPHA = 70
FEW_COLUMNS = 24
"""Up to which a band is painted column by column; a mask is cheaper beyond."""
CHUNK = 32
"""Points of a line painted at once: the price of smooth edges rises with the square of those on a row of pixels."""
FAR = 1e5
"""Pixels beyond which a place off the plot is not told apart any more: the rasteriser works in small numbers."""


@dataclass
class Paper:
    """Where and how a plot is painted. Text and lines grow with the plot, so that it reads from the back of a room."""

    width: float
    height: float
    x: Axis
    y: Axis
    plot: QRectF
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    font: QFont
    line: float
    """Width of the curves in pixels."""

    def across(self, steps: np.ndarray | float) -> np.ndarray:
        """Pixels from the left."""
        return _near(self.plot.left() + self.x.share(steps) * self.plot.width())

    def down(self, values: np.ndarray | float) -> np.ndarray:
        """Pixels from the top."""
        return _near(self.plot.bottom() - self.y.share(values) * self.plot.height())

    def trace(self, envelope: Envelope) -> "Trace":
        """Several metrics in pixels."""
        top, bottom, middle = self.down(np.stack([envelope.high, envelope.low, envelope.mean]))
        if self.y.log:  # where only the lower edge has no place on the axis, it is the bottom
            bottom = np.where(np.isnan(bottom) & ~np.isnan(top), self.plot.bottom(), bottom)
        return Trace(self.across(envelope.x), top, bottom, middle)


@dataclass(frozen=True)
class Trace:
    """Curves in pixels of a paper, NaN where there is nothing to draw."""

    across: np.ndarray
    """(n,)"""
    top: np.ndarray
    """(curves, n) upper edge of the bands."""
    bottom: np.ndarray
    middle: np.ndarray
    """(curves, n) the lines."""

    def __getitem__(self, part: slice) -> "Trace":
        return Trace(self.across[part], self.top[:, part], self.bottom[:, part], self.middle[:, part])

    def then(self, more: "Trace") -> "Trace":
        """This one and another one after it."""
        pairs = zip(vars(self).values(), vars(more).values(), strict=True)
        return Trace(*(np.concatenate(pair, axis=-1) for pair in pairs))


def _near(pixels: np.ndarray) -> np.ndarray:
    return np.minimum(np.maximum(pixels, -FAR), FAR)


def text_size(width: float, height: float) -> int:
    """Pixels of the text on a plot of this size."""
    return round(type_scale() * min(24.0, max(11.0, min(height / 22, width / 60))))


def paper(width: float, height: float, x: Axis, y: Axis, font: QFont) -> Paper:
    """Lay out a plot of this size: margins for the labels that its axes need."""
    font = QFont(font)
    font.setPixelSize(text_size(width, height))
    metrics = QFontMetricsF(font)
    y_ticks = y.ticks(round(height / metrics.height() / 2.6))
    left = max([metrics.horizontalAdvance(tick.label) for tick in y_ticks] + [metrics.horizontalAdvance("0.00")]) + 8
    bottom = metrics.height() + 4
    top = metrics.height() / 2 + 1
    plot = QRectF(round(left), round(top), round(width - left - 10), round(height - top - bottom))
    widest = metrics.horizontalAdvance("100,000")
    x_ticks = x.ticks(round(plot.width() / widest / 1.7))
    return Paper(width, height, x, y, plot, x_ticks, y_ticks, font, min(4.0, max(1.6, height / 180)))


def paint_background(painter: QPainter, at: Paper) -> None:
    """Surface, grid and tick labels."""
    c, plot = colours(), at.plot
    painter.fillRect(QRectF(0, 0, at.width, at.height), QColor(c.surface))
    painter.setFont(at.font)
    metrics = QFontMetricsF(at.font)
    grid, minor = QPen(QColor(c.grid), 1), QColor(c.grid)
    grid.setCosmetic(True)  # a hair line on any screen
    minor.setAlpha(110)
    end = at.width - metrics.horizontalAdvance(at.x.unit) - 6
    for tick in at.x_ticks:
        x = round(float(at.across(tick.value))) + 0.5
        painter.setPen(grid if tick.label else minor)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        half = metrics.horizontalAdvance(tick.label) / 2
        if tick.label and x - half >= 0 and x + half < end - 4:
            painter.setPen(QColor(c.muted))
            painter.drawText(QPointF(x - half, plot.bottom() + metrics.ascent() + 3), tick.label)
    painter.setPen(QColor(c.muted))
    painter.drawText(QPointF(end, plot.bottom() + metrics.ascent() + 3), at.x.unit)
    for tick in at.y_ticks:
        y = round(float(at.down(tick.value))) + 0.5
        painter.setPen(grid if tick.label else minor)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        if tick.label:
            painter.setPen(QColor(c.muted))
            left = plot.left() - 6 - metrics.horizontalAdvance(tick.label)
            painter.drawText(QPointF(left, y + metrics.ascent() / 2 - 1.5), tick.label)


def paint_band(painter: QPainter, at: Paper, trace: Trace, curve: int, colour: str, ratio: float) -> None:
    """Fill between the edges, pixel column by pixel column, from the first bucket's middle up to the last's.

    ``ratio`` is the number of device pixels a pixel. The column of the last middle is left to whoever goes on there.
    """
    if len(trace.across) < 2:
        return
    across = trace.across * ratio
    first = max(round(float(across[0])), round(at.plot.left() * ratio))
    last = min(round(float(across[-1])), round(at.plot.right() * ratio))
    if last <= first:
        return
    limits = (int(at.plot.top() * ratio), int(at.plot.bottom() * ratio))
    # From a column's left side to its right side, so that a band without height is a line without gaps.
    sides = np.arange(first, last + 1)
    top, bottom = (np.interp(sides, across, edge[curve] * ratio) for edge in (trace.top, trace.bottom))
    top, bottom = np.fmin(top[:-1], top[1:]), np.fmax(bottom[:-1], bottom[1:])
    unseen = np.isnan(top) | np.isnan(bottom)
    top = np.maximum(np.where(unseen, limits[1], np.floor(top)), limits[0]).astype(np.int16)
    bottom = np.minimum(np.where(unseen, limits[0], np.ceil(bottom)), limits[1]).astype(np.int16)
    tone = QColor(colour)
    tone.setAlpha(BAND_ALPHA)
    if last - first <= FEW_COLUMNS:
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        for column, (upper, lower) in enumerate(zip(top.tolist(), bottom.tolist(), strict=True), first):
            if lower > upper:
                painter.fillRect(column, upper, 1, lower - upper, tone)
        painter.restore()
        return
    upper, lower = int(top.min()), int(bottom.max())
    if lower > upper:
        painter.drawImage(QPointF(first / ratio, upper / ratio), _mask(top - upper, bottom - upper, tone, ratio))


def _mask(top: np.ndarray, bottom: np.ndarray, tone: QColor, ratio: float) -> QImage:
    """An image whose columns are filled from ``top`` to ``bottom``."""
    rows = np.arange(bottom.max(), dtype=np.int16)[:, None]
    filled = np.zeros((len(rows), -(-len(top) // 4) * 4), np.uint8)
    filled[:, : len(top)] = (rows >= top) & (rows < bottom)
    image = QImage(filled.data, len(top), len(rows), filled.shape[1], QImage.Format.Format_Indexed8).copy()
    image.setColorTable([0, tone.rgba()])
    image.setDevicePixelRatio(ratio)
    return image


def paint_band_outline(painter: QPainter, trace: Trace, curve: int, colour: str) -> None:
    """The same as a polygon: dearer, but sharp at any size (for files)."""
    tone = QColor(colour)
    tone.setAlpha(BAND_ALPHA)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone)
    top, bottom = trace.top[curve], trace.bottom[curve]
    for run in _runs(np.isfinite(top) & np.isfinite(bottom)):
        x = np.concatenate([trace.across[run], trace.across[run][::-1]])
        painter.drawPolygon(polygon(x, np.concatenate([top[run], bottom[run][::-1]])))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_line(painter: QPainter, at: Paper, trace: Trace, curve: int, colour: str) -> None:
    """The means as a line with a gap wherever there is none; a lonely one is a dot."""
    across, middle = trace.across, trace.middle[curve]
    painter.setPen(QPen(QColor(colour), at.line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for run in _runs(np.isfinite(middle)):
        if run.stop - run.start == 1:
            painter.drawPoint(QPointF(across[run.start], middle[run.start]))
        for start in range(run.start, run.stop - 1, CHUNK):
            piece = slice(start, min(run.stop, start + CHUNK + 1))
            painter.drawPolyline(polygon(across[piece], middle[piece]))


def _runs(known: np.ndarray) -> list[slice]:
    """The unbroken stretches of True."""
    if known.all():
        return [slice(0, len(known))] if len(known) else []
    turns = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
    return [slice(start, stop) for start, stop in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)]
