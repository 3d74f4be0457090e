"""Words in the middle of a view that has nothing to show yet."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from ganstudio.ui.theme import colours

LARGER = 1.3
"""Size of these words relative to the widget's font."""


def draw_sentence(painter: QPainter, room: QRect, sentence: str) -> None:
    """Draw a sentence, wrapped, in the middle of ``room``."""
    painter.save()
    font = painter.font()
    font.setPointSizeF(font.pointSizeF() * LARGER)
    painter.setFont(font)
    painter.setPen(QColor(colours().muted))
    painter.drawText(room.adjusted(24, 12, -24, -12), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, sentence)
    painter.restore()
