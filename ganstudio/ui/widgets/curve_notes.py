"""What is written onto curves: edits, the values of theory, and the read-out under the pointer."""

from math import floor

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ganstudio.ui.theme import colours, past_colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.curve_model import Level, Marker
from ganstudio.ui.widgets.curve_painting import FAR, Paper

PAD = 3
"""Pixels of the patch under words, left and right of them."""


def paint_markers(painter: QPainter, at: Paper, markers: list[Marker], free: float = -FAR) -> float:
    """A dashed line a pixel column, and a few words where there is room right of ``free``; answers what is then free.

    However many markers there are, there is no more to paint than columns.
    """
    places = np.round(at.across(np.array([marker.step for marker in markers], np.float64)))
    metrics = QFontMetricsF(at.font)
    words: list[tuple[float, str]] = []
    painter.setPen(QPen(QColor(colours().accent), 1, Qt.PenStyle.DashLine))
    for place, index in zip(*(found.tolist() for found in np.unique(places, return_index=True)), strict=True):
        if not at.plot.left() <= place <= at.plot.right():
            continue
        painter.drawLine(QLineF(place + 0.5, at.plot.top(), place + 0.5, at.plot.bottom()))
        if place > free:
            width = metrics.horizontalAdvance(markers[index].label)
            if place + width + 8 < at.plot.right():
                words.append((place, markers[index].label))
                free = place + width + 12
    for place, text in words:
        paint_tag(painter, at, place + 5, at.plot.top() + metrics.ascent() + 3, text, "accent")
    return free


def paint_levels(painter: QPainter, at: Paper, levels: list[Level]) -> None:
    """Dashed lines at the values of theory."""
    for level in levels:
        y = float(at.down(level.value))
        if at.plot.top() <= y <= at.plot.bottom():
            pen = QPen(QColor(getattr(colours(), level.colour)), max(1.0, at.line * 0.75))
            pen.setDashPattern([6, 4])
            painter.setPen(pen)
            painter.drawLine(QLineF(at.plot.left(), round(y) + 0.5, at.plot.right(), round(y) + 0.5))


def level_labels_from(at: Paper, levels: list[Level]) -> int:
    """Pixels from the left at which the first of the levels' names begins; the plot's right where there are none."""
    return max(0, floor(min((_left(at, level) - PAD for level in levels), default=at.plot.right())))


def paint_level_labels(painter: QPainter, at: Paper, levels: list[Level]) -> None:
    """The levels' names at the right, each above its line: pushed apart where they would meet, else left out."""
    metrics = QFontMetricsF(at.font)
    lowest = at.plot.bottom() - 3
    for level in sorted(levels, key=lambda level: level.value):
        y = float(at.down(level.value))
        if not at.plot.top() <= y <= at.plot.bottom():
            continue
        baseline = max(min(y - 6, lowest), at.plot.top() + metrics.ascent())
        if baseline > lowest:  # two names over each other tell neither
            continue
        paint_tag(painter, at, _left(at, level), baseline, level.label, level.colour)
        lowest = baseline - metrics.height()


def _left(at: Paper, level: Level) -> float:
    return at.plot.right() - symbols.width(at.font, level.label) - 8


def paint_tag(painter: QPainter, at: Paper, left: float, baseline: float, text: str, colour: str) -> None:
    """Words on a faint patch of the surface, legible above curves; ``colour`` is one of the theme's by name."""
    metrics = QFontMetricsF(at.font)
    patch = QColor(colours().surface)
    patch.setAlpha(200)
    width = symbols.width(at.font, text)
    painter.fillRect(QRectF(left - PAD, baseline - metrics.ascent(), width + 2 * PAD, metrics.height()), patch)
    painter.setPen(QColor(getattr(colours(), colour)))
    symbols.paint(painter, at.font, QPointF(left, baseline), text)


def readout_size(at: Paper, lines: list[tuple[str, str]]) -> QSizeF:
    """Pixels of the box that ``paint_readout`` paints."""
    font = _readout_font(at)
    width = max(symbols.width(font, text) for text, _ in lines)
    return QSizeF(width + 20, QFontMetricsF(font).lineSpacing() * len(lines) + 12)


def paint_readout(painter: QPainter, at: Paper, place: float, lines: list[tuple[str, str]]) -> None:
    """A box of lines (text, colour) beside a place on the plot, on the side that has room."""
    c, font, size = colours(), _readout_font(at), readout_size(at, lines)
    metrics = QFontMetricsF(font)
    left = place + 12
    if left + size.width() > at.plot.right():
        left = max(at.plot.left(), place - 12 - size.width())
    box = QRectF(QPointF(left, at.plot.top() + 6), size)
    back = QColor(c.surface_raised)
    back.setAlpha(240)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(c.muted), 1))
    painter.setBrush(back)
    painter.drawRoundedRect(box, 5, 5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for index, (text, colour) in enumerate(lines):
        painter.setPen(QColor(colour))
        baseline = box.top() + 6 + metrics.ascent() + index * metrics.lineSpacing()
        symbols.paint(painter, font, QPointF(left + 10, baseline), text)


def _readout_font(at: Paper) -> QFont:
    font = QFont(at.font)
    font.setPixelSize(at.font.pixelSize() + 2)
    return font


def paint_cursor(painter: QPainter, at: Paper, place: float, dots: list[tuple[float, str]]) -> None:
    """The step of the past that the window looks at: a bold line, and a dot on each curve."""
    painter.setPen(QPen(QColor(past_colours()[0]), 2))
    painter.drawLine(QLineF(round(place) + 0.5, at.plot.top(), round(place) + 0.5, at.plot.bottom()))
    _paint_dots(painter, at, place, dots)


def paint_cross(painter: QPainter, at: Paper, place: float, dots: list[tuple[float, str]]) -> None:
    """The crosshair: a line at a place, and a dot on each curve (pixels from the top, colour)."""
    painter.setPen(QPen(QColor(colours().text), 1, Qt.PenStyle.DotLine))
    painter.drawLine(QLineF(round(place) + 0.5, at.plot.top(), round(place) + 0.5, at.plot.bottom()))
    _paint_dots(painter, at, place, dots)


def _paint_dots(painter: QPainter, at: Paper, place: float, dots: list[tuple[float, str]]) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for y, colour in dots:
        painter.setPen(QPen(QColor(colours().surface), 2))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QPointF(place, y), at.line + 2.5, at.line + 2.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
