"""A film strip of what a slider does: G's samples along its range, with a mark where it stands. A click goes there."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours, type_scale
from ganstudio.ui.widgets.sentence import draw_sentence

FRAMES = 7
GAP = 4
LARGEST = 96
"""Pixels of a frame's side at the most, with type of the usual size."""
MARK = 5


class FilmStrip(QWidget):
    """Keys: ← → go to the next frame, Home and End to the first and the last. Its height depends on its width alone."""

    chosen = Signal(float)
    """A person wants the slider at this frame's value."""
    watched = Signal(bool)
    """Somebody looks at it: the mouse is over it, or it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: Sequence[QImage] = ()
        self._values = np.zeros(0)
        self._title = self._unit = self._sentence = ""
        self._value = 0.0
        self._hovered = -1
        self._watching = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Film strip of a slider")
        self.setToolTip("What the slider does, from one end to the other, at the present z.\nA click goes there (← →).")

    # what is shown

    def show_frames(self, title: str, pictures: Sequence[QImage], values: np.ndarray, unit: str) -> None:
        """``FRAMES`` pictures of a slider, at these values of it from left to right."""
        self._title, self._pictures, self._values, self._unit = title, pictures, values, unit
        self.setAccessibleDescription(f"{title}, from {values[0]:g} to {values[-1]:g} {unit}".strip())
        self.update()

    def show_value(self, value: float) -> None:
        """Where the slider stands."""
        if value != self._value:
            self._value = value
            self.update()

    def say(self, sentence: str) -> None:
        """Show words instead of frames."""
        self._pictures, self._values, self._sentence = (), np.zeros(0), sentence
        self._hovered = -1
        self.setAccessibleDescription(sentence)
        self.update()

    @property
    def values(self) -> np.ndarray:
        """Of the slider, at each frame; empty while there are none."""
        return self._values

    # geometry

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self._height(self.width()))

    def sizeHint(self) -> QSize:
        return QSize(420, self._height(420))

    def _height(self, width: int) -> int:
        return self._head + self._foot + self._side(width)

    @property
    def _foot(self) -> int:
        """Pixels below the frames, of their values; and above them, of the title."""
        return self.fontMetrics().height() + 1

    @property
    def _head(self) -> int:
        """Pixels above the frames: the title and the mark."""
        return self._foot + MARK + 1

    @staticmethod
    def _side(width: int) -> int:
        return min(round(LARGEST * type_scale()), (width - GAP * (FRAMES - 1)) // FRAMES)

    def frame(self, number: int) -> QRect:
        """Where a frame is."""
        side = self._side(self.width())
        left = (self.width() - FRAMES * side - (FRAMES - 1) * GAP) // 2
        return QRect(left + number * (side + GAP), self._head, side, side)

    def _at(self, point: QPointF) -> int:
        """The frame under a point; −1 for none."""
        inside = (number for number in range(len(self._pictures)) if self.frame(number).contains(point.toPoint()))
        return next(inside, -1)

    def _nearest(self) -> int:
        return int(np.abs(self._values - self._value).argmin())

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.surface_raised))
        if not len(self._pictures):
            draw_sentence(painter, self.rect(), self._sentence)
            return
        painter.setPen(QColor(c.text if self.hasFocus() else c.muted))
        painter.drawText(QRect(0, 0, self.width(), self._foot), Qt.AlignmentFlag.AlignCenter, self._title)
        near = self._nearest()
        for number, picture in enumerate(self._pictures):
            room = self.frame(number)
            shown = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(room.center() - QRect(QPointF(0, 0).toPoint(), shown).center(), shown)
            painter.drawImage(target, picture)
            if number in (near, self._hovered):
                colour = QColor(c.accent if number == near else c.muted)
                painter.setPen(QPen(colour, 2))
                painter.drawRect(target.adjusted(-1, -1, 0, 0))
            painter.setPen(QColor(c.text if number == near else c.muted))
            value = f"{self._values[number]:+.3g}" if self._unit else f"{self._values[number]:.2f}"
            below = QRect(room.left() - GAP, room.bottom() + 1, room.width() + 2 * GAP, self._foot)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, value.replace("-", "−").replace("+0", "0"))
        self._draw_mark(painter)

    def _draw_mark(self, painter: QPainter) -> None:
        """A triangle above the frames, between the two whose values lie about the slider's."""
        centres, tip = [QRectF(self.frame(number)).center().x() for number in range(FRAMES)], self._head - 1
        x = float(np.interp(self._value, self._values, centres))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().accent))
        painter.drawPolygon(QPolygonF([QPointF(x - MARK, tip - MARK), QPointF(x + MARK, tip - MARK), QPointF(x, tip)]))

    # mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(float(self._values[number]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self._values) - 1
        if last < 0:
            event.ignore()
            return
        number = {
            Qt.Key.Key_Left: max(0, int(np.searchsorted(self._values, self._value - 1e-6)) - 1),
            Qt.Key.Key_Right: min(last, int(np.searchsorted(self._values, self._value + 1e-6))),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(key))
        if number is None or event.modifiers():
            event.ignore()
        else:
            self.chosen.emit(float(self._values[number]))

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.update()

    def enterEvent(self, event: QEvent) -> None:
        self._watch()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        self._watch()

    def focusInEvent(self, event: QEvent) -> None:
        self._watch()
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self._watch()
        self.update()

    def _watch(self) -> None:
        watching = self.hasFocus() or self.underMouse()
        if watching != self._watching:
            self._watching = watching
            self.watched.emit(watching)
