"""What the colours, dots and lines of the plane mean, beside it or below it."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ganstudio.ui.theme import Colours, type_scale
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.axis import number
from ganstudio.ui.widgets.plane_layers import draw_arrow, manifold_colour
from ganstudio.ui.widgets.plane_picture import SHADES, image

BAR = 12
"""Breadth of the colour scale, in pixels."""


@dataclass(frozen=True)
class Key:
    """Everything that the legend says."""

    title: str
    """Of the colour scale; empty where there is none."""
    ends: tuple[float, float, float]
    """Values at the scale's lower end, its middle and its upper end."""
    entries: tuple[tuple[str, str], ...]
    """(name of the layer or nothing, what it means), from the top."""


def text_size(width: float, height: float) -> int:
    """Pixels of the words beside a plane of this size."""
    return round(type_scale() * min(22.0, max(12.0, min(height / 26, width / 46))))


def room_beside(font: QFont, key: Key) -> float:
    """The breadth of a legend beside the plane."""
    metrics = QFontMetricsF(font)
    words = max(
        [metrics.horizontalAdvance(words) for _, words in key.entries] + [metrics.horizontalAdvance("0.00 real")]
    )
    return max(words + 2 * metrics.height(), symbols.width(font, key.title)) + metrics.height()


def draw_beside(painter: QPainter, room: QRectF, font: QFont, key: Key, ramp: np.ndarray, c: Colours) -> None:
    """Entries one below the other, and under them the colour scale, upright."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    line, top = metrics.height() * 1.3, room.top()
    for layer, words in key.entries:
        _entry(painter, QPointF(room.left(), top), font, layer, words, c)
        top += line
    height = min(room.bottom() - top - 1.7 * line, 8 * line)
    if not key.title or height < 2 * line:
        return
    painter.setPen(QColor(c.text))
    symbols.paint(painter, font, QPointF(room.left(), top + 0.2 * line + metrics.ascent()), key.title)
    bar = QRectF(room.left() + 2, top + 1.5 * line, BAR, height - 0.3 * line)
    painter.drawImage(bar, image(np.ascontiguousarray(ramp[SHADES - 1 :: -1][:SHADES, None])))
    for share, value, word in zip((1, 0.5, 0), key.ends, ("fake", "", "real"), strict=True):
        y = bar.top() + share * bar.height()
        painter.setPen(QColor(c.muted))
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 4, y))
        painter.setPen(QColor(c.text))
        painter.drawText(QPointF(bar.right() + 8, y + metrics.ascent() / 2 - 1), f"{_tick(value)} {word}".rstrip())
    painter.setPen(QColor(c.muted))
    painter.drawRect(bar)


def room_below(font: QFont) -> float:
    """The height of a legend below the plane."""
    return 2.3 * QFontMetricsF(font).height() + 4


def draw_below(painter: QPainter, room: QRectF, font: QFont, key: Key, ramp: np.ndarray, c: Colours) -> None:
    """One line of entries, as many as fit, and one with the colour scale."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    line, left = metrics.height(), room.left()
    for layer, words in key.entries:
        wide = 1.6 * line + symbols.width(font, words)
        if left + wide > room.right():
            break
        _entry(painter, QPointF(left, room.top()), font, layer, words, c)
        left += wide + 0.6 * line
    low, middle, high = (_tick(value) for value in key.ends)
    before, after = f"fake {low}", f"{high} real"
    left, baseline = room.left(), room.top() + 1.2 * line + metrics.ascent()
    start = left + symbols.width(font, key.title) + line + metrics.horizontalAdvance(before) + 6
    wide = min(16 * line, room.right() - start - metrics.horizontalAdvance(after) - 8)
    if not key.title or wide < 3 * line:
        return
    painter.setPen(QColor(c.text))
    symbols.paint(painter, font, QPointF(left, baseline), key.title)
    painter.drawText(QPointF(start - 6 - metrics.horizontalAdvance(before), baseline), before)
    bar = QRectF(start, room.top() + 1.2 * line + (line - BAR) / 2, wide, BAR)
    painter.drawImage(bar, image(np.ascontiguousarray(ramp[None, :SHADES])))
    painter.drawText(QPointF(bar.right() + 6, baseline), after)
    painter.drawText(
        QRectF(bar.left(), bar.top() - line, bar.width(), line * 2 + BAR), Qt.AlignmentFlag.AlignCenter, middle
    )
    painter.setPen(QColor(c.muted))
    painter.drawRect(bar)


def _entry(painter: QPainter, at: QPointF, font: QFont, layer: str, words: str, c: Colours) -> None:
    """A small likeness of the layer, and its name."""
    metrics = QFontMetricsF(font)
    side = metrics.height()
    middle = QPointF(at.x() + side / 2, at.y() + side / 2)
    dot = QRectF(-2.5, -2.5, 5, 5).translated(middle)
    if layer == "real":
        painter.fillRect(dot, QColor(c.equilibrium))
    elif layer == "generated":
        painter.fillRect(dot.adjusted(-1.5, -1.5, 1.5, 1.5), QColor(c.surface))
        painter.fillRect(dot.adjusted(-0.5, -0.5, 0.5, 0.5), QColor(c.fake))
    elif layer == "arrows":
        draw_arrow(painter, middle - QPointF(side * 0.45, 0), middle + QPointF(side * 0.45, 0), c.text)
    elif layer:
        colour = manifold_colour(c) if layer == "manifold" else QColor(c.text)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(middle - QPointF(side * 0.45, 0), middle + QPointF(side * 0.45, 0))
    painter.setPen(QColor(c.text))
    symbols.paint(painter, font, QPointF(at.x() + 1.4 * side, at.y() + metrics.ascent()), words)


def _tick(value: float) -> str:
    return "½" if value == 0.5 else number(value, 1.0 if value == round(value) else 0.01)
