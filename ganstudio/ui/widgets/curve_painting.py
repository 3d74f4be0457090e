"""How curves are put on paper: QPainter calls that cost the same however long the run is.

Measured offscreen for three curves of 900 points: a translucent polygon each 20 ms, the masks here 1.3 ms; lines 2 px
wide and smooth 7 ms, which is why a picture is kept and only what is new is added to it.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ganstudio.training.history import Envelope
from ganstudio.ui.theme import colours, type_scale
from ganstudio.ui.widgets.axis import Axis, Tick
from ganstudio.ui.widgets.polygon import polygon

CHUNK = 16
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
        edges = self.down(np.array([envelope.high, envelope.low, envelope.mean]))
        if self.y.log:  # where only the lower edge has no place on the axis, it is the bottom
            edges[1, np.isnan(edges[1]) & ~np.isnan(edges[0])] = self.plot.bottom()
        return Trace(self.across(envelope.x), edges)


@dataclass(frozen=True)
class Trace:
    """Curves in pixels of a paper, NaN where there is nothing to draw."""

    across: np.ndarray
    """(n,)"""
    edges: np.ndarray
    """(3, curves, n): upper and lower edge of the bands, and the lines."""

    @property
    def middle(self) -> np.ndarray:
        """(curves, n) the lines."""
        return self.edges[2]

    def __getitem__(self, part: slice) -> "Trace":
        return Trace(self.across[part], self.edges[..., part])

    def then(self, more: "Trace") -> "Trace":
        """This one and another one after it."""
        return Trace(np.concatenate([self.across, more.across]), np.concatenate([self.edges, more.edges], -1))


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


def pen(colour: str, width: float) -> QPen:
    """What a line is drawn with."""
    return QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def paint_lines(painter: QPainter, trace: Trace, pens: list[QPen]) -> None:
    """The means as lines with a gap wherever there is none; a lonely one is a dot."""
    across, known = trace.across, np.isfinite(trace.middle)
    whole = [slice(0, len(across))] if len(across) and known.all() else None
    for middle, there, one in zip(trace.middle, known, pens, strict=True):
        painter.setPen(one)
        for run in whole or runs(there):
            if run.stop - run.start == 1:
                painter.drawPoint(QPointF(across[run.start], middle[run.start]))
            for start in range(run.start, run.stop - 1, CHUNK):
                piece = slice(start, min(run.stop, start + CHUNK + 1))
                painter.drawPolyline(polygon(across[piece], middle[piece]))


def runs(known: np.ndarray) -> list[slice]:
    """The unbroken stretches of True."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
    return [slice(start, stop) for start, stop in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)]
