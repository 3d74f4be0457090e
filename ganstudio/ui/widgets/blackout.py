"""Nothing to see: a black sheet over the whole window, while the speaker speaks."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

HINT = "B or a click: back to the picture"


class Blackout(QWidget):
    """Covers its window; a click asks to go."""

    clicked = Signal()

    def __init__(self, window: QWidget):
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(f"Blacked out. {HINT}")
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        # Barely to be seen: for the person at the machine, not for the room.
        painter.setPen(QColor(70, 70, 70))
        below = QRect(0, self.height() - 60, self.width(), 40)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, HINT)
