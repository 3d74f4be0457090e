"""Words in the middle of a view that has nothing to show yet."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from ganstudio.ui.theme import colours

LARGER, SIZES = 1.3, 4
"""Size of these words relative to the widget's font, and how many sizes down to it are tried where room is scarce."""


def draw_sentence(painter: QPainter, room: QRect, sentence: str) -> QRect:
    """Draw a sentence, wrapped, in the middle of ``room``; smaller where it would be cut. Answers where it stands."""
    painter.save()
    font, flags = painter.font(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    usual = font.pointSizeF()
    across, down = min(24, room.width() // 12), min(12, room.height() // 12)
    inside = room.adjusted(across, down, -across, -down)
    for size in range(SIZES, -1, -1):
        font.setPointSizeF(usual * (1 + (LARGER - 1) * size / SIZES))
        painter.setFont(font)
        needed = painter.fontMetrics().boundingRect(inside, flags, sentence)
        if inside.contains(needed):
            break
    painter.setPen(QColor(colours().muted))
    painter.drawText(inside, flags, sentence)
    painter.restore()
    return needed
