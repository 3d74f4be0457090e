"""A canvas over an image: paint, erase, pick a colour, draw edges, drag patches, by mouse and by keyboard alone."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.edits import Edits, Place
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import easel_painting as painting
from ganstudio.ui.widgets.sample_drag import image_of
from ganstudio.ui.widgets.sentence import draw_sentence
from ganstudio.ui.widgets.viewport import Viewport

Tool = Literal["paint", "erase", "pick", "edge", "drag"]
LEAST_RADIUS = 0.5
LARGEST = 0.3
"""The largest brush's radius as a share of the image's shorter side."""
FIRST_RADIUS = 0.06
FINER = 1.25
"""From one size of the brush to the next."""
LEAST_PATCH = 1.5
"""Pixels: a dragged patch has at least this radius."""
FAR = 4
"""Pixels that an arrow key goes with Shift."""
MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class Easel(QWidget):
    """Shows a picture with the edits over it, and tells how a person changes them.

    Mouse: the tool works where the button is held; the wheel changes the brush; Ctrl+drag carries the sample away.
    Keys: arrows move the cursor (Shift: further), Space is the button, Escape gives a gesture up.
    """

    begun = Signal()
    """A gesture begins: what is edited until the next one belongs together."""
    edited = Signal(object)
    """The ``Edits`` are these now."""
    ended = Signal()
    """The gesture is done."""
    given_up = Signal()
    """The gesture is not to count."""
    picked = Signal(object)
    """A colour was taken up, (C,) uint8."""
    radius_changed = Signal(float)
    """Of the brush, in pixels of the image."""
    carried = Signal()
    """A person drags the sample away."""

    def __init__(self, name: str):
        super().__init__()
        self.tool: Tool = "paint"
        self.colour = np.zeros(3, np.uint8)
        """(C,) of the brush."""
        self.opacity = 0.5
        """Of the edits over the picture while none is being made, 0…1."""
        self.edits: Edits | None = None
        """None while there is no picture."""
        self.hanging = False
        """Whether samples hang over it."""
        self._picture = np.zeros((1, 1, 3), np.uint8)
        self._image = QImage()
        self._radius = 1.0
        self._sentence = ""
        self._viewport = Viewport()
        self._cursor: Place = (0.5, 0.5)
        self._inside = False
        self._pen: Place | None = None  # where the gesture in progress is; None between gestures
        self._source: Place = (0.0, 0.0)  # where it began
        self._held: Edits | None = None  # the edits when it began
        self._seen = self._picture  # the picture when it began
        self._leaving: QPointF | None = None  # where a drag out of it was begun
        self._wheel = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 160)

    # what is shown

    def show_picture(self, pixels: np.ndarray) -> None:
        """(H, W, C) uint8 of 1 or 3 channels. Edits of images of another size are forgotten."""
        self._picture, self._image = pixels, image_of(pixels)
        if self.edits is None or self.edits.shape != pixels.shape:
            self.edits, self._pen = Edits.none(*pixels.shape), None
            self.radius = FIRST_RADIUS * min(pixels.shape[:2])
            self._cursor = (pixels.shape[0] // 2 + 0.5, pixels.shape[1] // 2 + 0.5)
        self._sentence = ""
        self._place()
        self.update()

    def show_edits(self, edits: Edits) -> None:
        """Show these edits of the picture; they have its size."""
        self.edits = edits
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of a picture."""
        self.edits, self._pen, self._sentence = None, None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How much of the edits is seen over the picture, 0…1."""
        self.opacity = opacity
        self.update()

    @property
    def picture(self) -> np.ndarray:
        """(H, W, C) uint8, without the edits."""
        return self._picture

    @property
    def sentence(self) -> str:
        """The words that are shown; empty when there is a picture."""
        return self._sentence

    @property
    def radius(self) -> float:
        """The brush's, in pixels of the image."""
        return self._radius

    @radius.setter
    def radius(self, radius: float) -> None:
        found = min(max(LEAST_RADIUS, radius), self.most_radius)
        if found != self._radius:
            self._radius = found
            self.radius_changed.emit(found)
            self.update()

    @property
    def most_radius(self) -> float:
        """Of the largest brush, in pixels of the image."""
        return max(1.0, LARGEST * min(self._picture.shape[:2]))

    def resize_brush(self, steps: int) -> None:
        """Make the brush larger, or smaller for negative steps."""
        self.radius = self._radius * FINER**steps

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(colours().surface))
        if self.edits is None:
            draw_sentence(painter, self.rect(), self._sentence)
            return
        target = self._viewport.target
        painter.drawImage(target, self._image)
        opacity = 1.0 if self._pen is not None else self.opacity
        painting.draw_edits(painter, target, self.edits, opacity)
        if self._inside or self.hasFocus():
            painting.draw_brush(painter, target, self.edits.shape, self._cursor, self._drawn_radius)
        if self.hasFocus() or self.hanging:
            painting.draw_border(painter, target)

    @property
    def _drawn_radius(self) -> float:
        if self.tool in ("pick", "edge"):
            return LEAST_RADIUS
        return max(LEAST_PATCH, self._radius) if self.tool == "drag" else self._radius

    def _place(self) -> None:
        if self.edits is not None:
            height, width, _ = self.edits.shape
            self._viewport.place(QSizeF(self.size()), QSizeF(width, height), self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def place_at(self, point: QPointF) -> Place:
        """(row, column) in the image under a point of the widget; beyond its borders for one beside it."""
        target = self._viewport.target
        scale = target.width() / max(1, self._image.width())
        return (point.y() - target.top()) / scale, (point.x() - target.left()) / scale

    def point_at(self, place: Place) -> QPointF:
        """The point of the widget over (row, column)."""
        target: QRectF = self._viewport.target
        scale = target.width() / max(1, self._image.width())
        return QPointF(target.left() + place[1] * scale, target.top() + place[0] * scale)

    # gestures

    def _press(self) -> None:
        """The tool begins to work where the cursor is."""
        edits = self.edits
        if edits is None or self._pen is not None:
            return
        if self.tool == "pick":
            self._pick(edits)
            return
        self._held, self._seen = edits, self._picture
        self._pen = self._source = self._cursor
        self.begun.emit()
        self._work()

    def _work(self) -> None:
        """The tool has come to where the cursor is."""
        edits, held, pen = self.edits, self._held, self._pen
        if edits is None or held is None or pen is None:
            return
        here = self._pen = self._cursor
        if self.tool == "paint":
            edits = edits.painted(pen, here, self._radius, self.colour)
        elif self.tool == "erase":
            edits = edits.erased(pen, here, self._radius)
        elif self.tool == "edge":
            edits = edits.edged(pen, here)
        elif round(here[0] - self._source[0]) or round(here[1] - self._source[1]):
            edits = held.dragged(self._seen, self._source, here, max(LEAST_PATCH, self._radius))
        else:
            edits = held
        if edits is not self.edits:
            self.edits = edits
            self.edited.emit(edits)
        self.update()

    def _release(self) -> None:
        if self._pen is not None:
            self._pen = self._held = None
            self.ended.emit()
            self.update()

    def give_up(self) -> bool:
        """Take the gesture in progress back. Answers whether there was one."""
        if self._pen is None:
            return False
        self._pen = self._held = None
        self.given_up.emit()
        self.update()
        return True

    def _pick(self, edits: Edits) -> None:
        row, column = (int(number) for number in self._cursor)
        height, width, _ = edits.shape
        if 0 <= row < height and 0 <= column < width:
            painted = edits.mask[row, column]
            self.picked.emit((edits.colours if painted else self._picture)[row, column].copy())

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.edits is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._leaving = event.position()
            return
        self._hover(event.position())
        self._press()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._leaving is not None:
            if (event.position() - self._leaving).manhattanLength() >= 8:
                self._leaving = None
                self.carried.emit()
            return
        self._hover(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._work()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._leaving = None
            self._release()

    def _hover(self, point: QPointF) -> None:
        self._cursor = self.place_at(point)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._inside = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._inside = False
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        notches, self._wheel = int(self._wheel / 120), self._wheel - int(self._wheel / 120) * 120
        if notches:
            self.resize_brush(notches)
        event.accept()

    # the keyboard

    def event(self, event: QEvent) -> bool:
        # Space is also the window's key for training: here it is the brush's.
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space and not event.modifiers():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self.edits is None or event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        ):
            event.ignore()
        elif key in MOVES:
            self._move(*MOVES[key], FAR if shift else 1)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._toggle()
        elif key == Qt.Key.Key_Escape and self.give_up():
            pass
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # A patch is taken up by one press and let go by the next, so that arrows can be pressed in between at leisure.
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self.tool != "drag":
            self._release()
        else:
            event.ignore()

    def _toggle(self) -> None:
        if self._pen is not None:
            self._release()
        else:
            self._press()

    def _move(self, down: int, right: int, count: int) -> None:
        """The cursor goes to the middle of another pixel; a tool at work comes along."""
        assert self.edits is not None
        height, width, _ = self.edits.shape
        row, column = (int(number) for number in self._cursor)
        row, column = min(max(0, row + down * count), height - 1), min(max(0, column + right * count), width - 1)
        self._cursor = (row + 0.5, column + 0.5)
        self._work()
        self._describe()
        self.update()

    def _describe(self) -> None:
        """What a screen reader says of the cursor."""
        row, column = (int(number) for number in self._cursor)
        colour = ", ".join(str(number) for number in self._picture[row, column])
        self.setAccessibleDescription(f"Row {row + 1}, column {column + 1}, colour {colour}")

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._release()
        self.update()
