"""Symbols of the losses as text: the word after an underscore is set low, as in ``J_D`` and ``p_data``."""

import re

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

LOW_SIZE = 0.75
LOW_SHIFT = 0.28


def width(font: QFont, text: str) -> float:
    """Pixels that a text takes."""
    low = _low(font)
    return sum(QFontMetricsF(low if i % 2 else font).horizontalAdvance(part) for i, part in enumerate(_parts(text)))


def paint(painter: QPainter, font: QFont, place: QPointF, text: str) -> None:
    """Write a text; ``place`` is the left end of its baseline."""
    low, shift = _low(font), LOW_SHIFT * font.pixelSize()
    x = place.x()
    for i, part in enumerate(_parts(text)):
        used = low if i % 2 else font
        painter.setFont(used)
        painter.drawText(QPointF(x, place.y() + (shift if i % 2 else 0)), part)
        x += QFontMetricsF(used).horizontalAdvance(part)
    painter.setFont(font)


def plain(text: str) -> str:
    """The text for a screen reader."""
    return text.replace("_", " ")


def _parts(text: str) -> list[str]:
    """Ordinary and low parts by turns."""
    return re.split(r"_(\w+)", text)


def _low(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(max(8, round(font.pixelSize() * LOW_SIZE)))
    return small
