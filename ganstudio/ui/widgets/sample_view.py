"""One sample, as large as fits, scaled without smoothing; or a sentence while there is none."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.sentence import draw_sentence

EXPORT_SIDE = 512
"""Pixels that the longer side of an exported picture has at least."""


class SampleView(QWidget):
    """An image with a caption below it."""

    def __init__(self, name: str):
        super().__init__()
        self.painted: Callable[[float], None] = lambda seconds: None
        """Told, after painting, how long the picture took since the moment it was asked for."""
        self._image = QImage()
        self._sentence = self._caption = ""
        self._asked_at: float | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_image(self, pixels: np.ndarray, caption: str, asked_at: float | None = None) -> None:
        """(H, W, C) uint8 of 1 or 3 channels. ``asked_at``: ``perf_counter()`` when a person asked for it."""
        rgb = np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
        height, width, _ = rgb.shape
        # A copy: QImage does not keep the array alive.
        self._image = QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self._sentence, self._caption, self._asked_at = "", caption, asked_at
        self.setAccessibleDescription(caption)
        self.update()

    def say(self, sentence: str) -> None:
        """Show words instead of an image."""
        if sentence != self._sentence or not self._image.isNull():
            self._image, self._sentence, self._caption, self._asked_at = QImage(), sentence, "", None
            self.setAccessibleDescription(sentence)
            self.update()

    @property
    def sentence(self) -> str:
        """The words that are shown; empty when there is an image."""
        return self._sentence

    def picture(self) -> QImage:
        """The image enlarged by a whole factor, for copying and saving; null when there is none."""
        if self._image.isNull():
            return self._image
        factor = -(-EXPORT_SIDE // max(self._image.width(), self._image.height()))
        return self._image.scaled(self._image.width() * factor, self._image.height() * factor)

    @property
    def _foot(self) -> int:
        """Pixels of height for the caption: the type grows on the stage."""
        return self.fontMetrics().height() + 6

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120 + self._foot)

    def sizeHint(self) -> QSize:
        return QSize(360, 360 + self._foot)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        room = self.rect().adjusted(0, 0, 0, -self._foot)
        if self._image.isNull():
            draw_sentence(painter, self.rect(), self._sentence)
            return
        shown = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(room.center() - QRect(0, 0, shown.width(), shown.height()).center(), shown)
        painter.drawImage(target, self._image)
        painter.setPen(QColor(colours().muted))
        below = QRect(0, target.bottom() + 1, self.width(), self._foot)
        words = painter.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        if self._asked_at is not None:
            self.painted(perf_counter() - self._asked_at)
            self._asked_at = None
