"""What the two sides of a duel differ in, in letters that are read from the back of a lecture hall."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.duel_history import LEFT, RIGHT

MIDDLE = 0.30
"""Width of what stands between the sides, as a share."""
TINT = 46
"""Opacity of a side's colour behind its words, of 255."""


@dataclass(frozen=True)
class Words:
    """Everything that the header says."""

    field: str = ""
    """What differs: ``Losses``."""
    left: str = ""
    right: str = ""
    step: str = ""
    """How far the duel has come."""
    phase: str = ""
    """What it does."""
    left_note: str = ""
    """Below a side's words: who leads, who broke down."""
    right_note: str = ""


class DuelHeader(QWidget):
    """Both sides with a word on each, and between them what they differ in and the step."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Words()
        self.setAccessibleName("The duel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(800, 76)

    def set_height(self, panel: int) -> None:
        """Be as high as becomes a panel of this height."""
        self.setFixedHeight(min(132, max(64, round(0.125 * panel))))

    def say(self, words: Words) -> None:
        """Show other words."""
        if words != self.words:
            self.words = words
            self.setAccessibleDescription(
                f"{words.field}: {words.left} on the left, {words.right} on the right. {words.step}, {words.phase}"
            )
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c, room = QPainter(self), colours(), QRectF(self.rect())
        painter.fillRect(room, QColor(c.surface))
        middle = MIDDLE * room.width()
        side = (room.width() - middle) / 2
        left = QRectF(room.left(), room.top(), side, room.height())
        right = QRectF(room.right() - side, room.top(), side, room.height())
        self._paint_side(painter, left, self.words.left, self.words.left_note, getattr(c, LEFT), to_right=True)
        self._paint_side(painter, right, self.words.right, self.words.right_note, getattr(c, RIGHT), to_right=False)
        between = QRectF(left.right(), room.top(), middle, room.height())
        self._paint_middle(painter, between.adjusted(6, 0, -6, 0))

    def _paint_side(self, painter: QPainter, box: QRectF, words: str, note: str, hue: str, to_right: bool) -> None:
        tint, none = QColor(hue), QColor(hue)
        tint.setAlpha(TINT)
        none.setAlpha(0)
        fade = QLinearGradient(box.topLeft(), box.topRight())
        fade.setColorAt(0.0 if to_right else 1.0, tint)
        fade.setColorAt(1.0 if to_right else 0.0, none)
        painter.fillRect(box, fade)
        bar = QRectF(box.left(), box.bottom() - 4, box.width(), 4)
        painter.fillRect(bar, QColor(hue))
        size, room = 0.42 * box.height(), box.adjusted(16, 2, -16, -8)
        if note:
            line = QRectF(room.left(), room.bottom() - 0.28 * box.height(), room.width(), 0.28 * box.height())
            painter.setFont(sized(self.font(), 0.19 * box.height(), bold=True))
            painter.setPen(QColor(colours().text))
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, note)
            room.setBottom(line.top())
        painter.setPen(QColor(hue))
        painter.setFont(sized(self.font(), _fitting(painter, words, size, room.width()), bold=True))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_middle(self, painter: QPainter, box: QRectF) -> None:
        c, third = colours(), box.height() / 3
        lines = (
            (self.words.field, 0.22, c.muted, False),
            (self.words.step, 0.30, c.text, True),
            (self.words.phase, 0.19, c.muted, False),
        )
        for index, (words, size, colour, bold) in enumerate(lines):
            painter.setFont(sized(self.font(), size * box.height(), bold=bold))
            painter.setFont(sized(self.font(), _fitting(painter, words, size * box.height(), box.width()), bold=bold))
            painter.setPen(QColor(colour))
            row = QRectF(box.left(), box.top() + index * third, box.width(), third)
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, words)


def _fitting(painter: QPainter, words: str, size: float, width: float) -> float:
    """Pixels of a bold font in which the words are no wider than this, ``size`` at the most."""
    painter.setFont(sized(painter.font(), size, bold=True))
    wide = painter.fontMetrics().horizontalAdvance(words)
    return size if wide <= width else max(10.0, size * width / wide)
