"""A line of words across the window's width."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours, past_colours

MARGIN, ROUNDNESS = 1, 4
"""Pixels above and below the words, and radius of the band's corners."""


class Band(QWidget):
    """Says what the window shows: quietly the present, on a coloured ground the past.

    Its words change while training goes on. They are painted, not a label's: with each new text a label that fills its
    row has all of the window laid out anew.
    """

    def __init__(self) -> None:
        super().__init__()
        self._words, self.past = "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says."""
        return self._words

    def say(self, words: str, past: bool) -> None:
        """Show other words."""
        if (words, past) != (self._words, self.past):
            self._words, self.past = words, past
            self.setAccessibleDescription(words)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2 * MARGIN)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = colours().muted
        if self.past:
            ground, ink = past_colours()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(self.rect(), ROUNDNESS, ROUNDNESS)
            font = painter.font()
            font.setBold(True)
            painter.setFont(font)
        painter.setPen(QColor(ink))
        words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
