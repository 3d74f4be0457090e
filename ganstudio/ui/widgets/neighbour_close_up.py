"""A sample and one training image, large, and where they differ."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.sample_drag import image_of, start_drag

GAP = 16
NAMES = ("Sample", "Training image", "Difference: black where they agree")
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class CloseUp(QWidget):
    """Three pictures beside each other. Arrow keys ask for another neighbour, Enter and Escape close it."""

    closed = Signal()
    turned = Signal(int, int)
    """The picture so many to the right and below of it in the table is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.parcels: tuple[Parcel, Parcel] | None = None
        """The sample and the training image, as they travel."""
        self.title = ""
        self._pictures: list[QImage] = []
        self._pressed: tuple[QPointF, int] | None = None
        self.setAccessibleName("A sample and a training image beside each other")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_pair(self, sample: Parcel, neighbour: Parcel, title: str) -> None:
        """Show a sample and a neighbour, each a parcel of one image of the same shape."""
        assert sample.images is not None
        assert neighbour.images is not None
        self.parcels, self.title = (sample, neighbour), title
        one, other = sample.images[0], neighbour.images[0]
        self._pictures = [image_of(part) for part in (one, other, difference(one, other))]
        self.setAccessibleDescription(title)
        self.update()

    def _rects(self) -> list[QRect]:
        line = self.fontMetrics().height()
        top, below = round(2.2 * line), round(1.8 * line)
        side = min((self.width() - 4 * GAP) // 3, self.height() - top - below)
        left = (self.width() - 3 * side - 2 * GAP) // 2
        down = top + (self.height() - top - below - side) // 2
        return [QRect(left + i * (side + GAP), down, side, side) for i in range(3)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        if self.parcels is None:
            return
        line = self.fontMetrics().height()
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(colours().text))
        head = QRect(GAP, 0, self.width() - 2 * GAP, round(2.2 * line))
        words = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, head.width())
        painter.drawText(head, Qt.AlignmentFlag.AlignCenter, words)
        painter.setFont(self.font())
        for rect, picture, name in zip(self._rects(), self._pictures, NAMES, strict=True):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.width() > rect.width())
            size = picture.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(rect.topLeft(), size)
            target.moveCenter(rect.center())
            painter.drawImage(target, picture)
            painter.setPen(QColor(colours().grid))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(target)
            painter.setPen(QColor(colours().muted))
            foot = QRect(rect.left() - GAP // 2, rect.bottom() + 4, rect.width() + GAP, line + 4)
            words = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, foot.width())
            painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            inside = (i for i, rect in enumerate(self._rects()) if rect.contains(event.position().toPoint()))
            self._pressed = event.position(), next(inside, -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self.parcels is None or not 0 <= self._pressed[1] < len(self.parcels):
            return
        start, index = self._pressed
        if (event.position() - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            start_drag(self, self.parcels[index])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS:
            self.turned.emit(*STEPS[event.key()])
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace):
            self.closed.emit()
        else:
            event.ignore()


def difference(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(H, W, C) uint8 twice → their absolute difference, number by number."""
    return np.abs(one.astype(np.int16) - other).astype(np.uint8)
