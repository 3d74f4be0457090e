"""One of the pictures that inversion shows beside each other: target, projection, residual."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.painted_samples import PaintedSamples
from ganstudio.ui.widgets.sample_drag import image_of
from ganstudio.ui.widgets.sentence import draw_sentence

STEPS = 255
"""Of a colour scale."""


class InversionPane(QWidget):
    """A titled picture with a caption below; a source of samples where there is a ``parcel``."""

    def __init__(self, title: str, tip: str):
        super().__init__()
        self.title = title
        self.caption = ""
        self.sentence = ""
        """Shown while there is no picture."""
        self.parcel: Parcel | None = None
        """What can be dragged away and copied."""
        self.marked = False
        """A picture hangs over it, about to be dropped."""
        self._image = QImage()
        self.setAccessibleName(title)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.samples = PaintedSamples(self, self._at, lambda which: self.parcel, lambda: int(self.parcel is not None))

    def show_picture(self, pixels: np.ndarray, caption: str, z: np.ndarray | None = None) -> None:
        """(H, W, C) uint8; with its input z (dim,) when G made it."""
        self._image, self.caption, self.sentence = image_of(pixels), caption, ""
        self.parcel = Parcel(None if z is None else z[None], pixels[None])
        self.setAccessibleDescription(caption)
        self.update()

    def say(self, sentence: str) -> None:
        """Words in place of a picture."""
        self._image, self.parcel, self.caption, self.sentence = QImage(), None, "", sentence
        self.setAccessibleDescription(sentence)
        self.update()

    @property
    def empty(self) -> bool:
        """Whether it shows no picture."""
        return self._image.isNull()

    def picture(self) -> QImage:
        """As it is shown, one pixel each."""
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(300, 340)

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(96, 96 + 4 * line)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        painter.fillRect(self.rect(), QColor(c.surface))
        line = self.fontMetrics().height()
        head = QRect(0, 4, self.width(), line + 4)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(c.text))
        painter.drawText(head, Qt.AlignmentFlag.AlignCenter, self.title)
        font.setBold(False)
        painter.setFont(font)
        room = self._room()
        if self._image.isNull():
            draw_sentence(painter, room, self.sentence)
        else:
            target = self._target()
            painter.drawImage(target, self._image)
            if self.samples.current >= 0:
                painter.setPen(QPen(QColor(c.accent), 2))
                painter.drawRect(target.adjusted(-1, -1, 1, 1))
            self.draw_foot(painter, QRect(0, target.bottom() + 4, self.width(), 2 * line))
        if self.marked or self.hasFocus():
            painter.setPen(QPen(QColor(c.accent), 3 if self.marked else 1, Qt.PenStyle.SolidLine))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def draw_foot(self, painter: QPainter, room: QRect) -> None:
        """What stands below the picture."""
        painter.setPen(QColor(colours().muted))
        words = self.fontMetrics().elidedText(self.caption, Qt.TextElideMode.ElideMiddle, room.width() - 8)
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def _room(self) -> QRect:
        line = self.fontMetrics().height()
        return self.rect().adjusted(6, line + 12, -6, -2 * line - 4)

    def _target(self) -> QRect:
        room = self._room()
        size = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(room.center() - QRect(0, 0, size.width(), size.height()).center(), size)

    def _at(self, point: QPointF) -> int:
        there = self.parcel is not None and self._target().contains(point.toPoint())
        return 0 if there else -1


class ResidualPane(InversionPane):
    """The difference between projection and target, in a diverging map with its scale below."""

    def __init__(self, title: str, tip: str):
        super().__init__(title, tip)
        self.values: np.ndarray | None = None
        """(H, W) in −1…1; 0…1 where unsigned."""
        self.scale, self.signed = 1.0, True

    def show_residual(self, values: np.ndarray, scale: float, signed: bool) -> None:
        """(H, W) values, and where the colours end."""
        self.values, self.scale, self.signed = values, scale, signed
        ends = f"from −{scale:g} to {scale:g}" if signed else f"from 0 to {scale:g}"
        self.show_picture(colour_map(signed)[_indices(values, scale, signed)], f"colours {ends} of the pixels' range")
        self.parcel = None  # a picture of numbers is no sample

    def say(self, sentence: str) -> None:
        self.values = None
        super().say(sentence)

    def restyle(self) -> None:
        """Follow a change of theme."""
        if self.values is not None:
            self.show_residual(self.values, self.scale, self.signed)

    def draw_foot(self, painter: QPainter, room: QRect) -> None:
        target, c = self._target(), colours()
        width = max(min(target.width(), room.width() - 16), 90)
        bar = QRectF(room.center().x() - width / 2, room.top() + 1, width, 8)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        table = colour_map(self.signed)
        for index in range(0, STEPS, 2 if self.signed else 4):
            gradient.setColorAt(index / (STEPS - 1), QColor(*table[index].tolist()))
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(c.grid))
        painter.drawRect(bar)
        painter.setPen(QColor(c.muted))
        line = QRectF(bar.left(), bar.bottom() + 1, bar.width(), self.fontMetrics().height())
        words = (f"−{self.scale:g}", "0", f"+{self.scale:g}") if self.signed else ("0", "", f"{self.scale:g}")
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for word, side in zip(words, sides, strict=True):
            painter.drawText(line, side, word)


def colour_map(signed: bool) -> np.ndarray:
    """(255, 3) uint8: blue where the target is brighter, orange where the projection is; nothing in the background."""
    c = colours()
    low, middle, high = (np.array(QColor(name).getRgb()[:3], float) for name in (c.real, c.surface, c.fake))
    share = np.linspace(-1 if signed else 0, 1, STEPS)[:, None]
    end = np.where(share < 0, low, high)
    return np.rint(middle + (end - middle) * np.abs(share)).astype(np.uint8)


def _indices(values: np.ndarray, scale: float, signed: bool) -> np.ndarray:
    share = (values / scale + 1) / 2 if signed else values / scale
    return np.clip(np.rint(share * (STEPS - 1)), 0, STEPS - 1).astype(np.intp)
