"""A − B + C = result, laid out as in the figure of the DCGAN paper: columns of samples, their means, the result."""

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.arithmetic import Rows, Terms, combined, in_pixels
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.sentence import draw_sentence
from ganstudio.ui.widgets.term_tiles import PixelTiles, PlaneTiles, ResultTiles, SlotTiles

SIGN, NARROW_SIGN = 30, 20
"""Pixels of the room for − + =; and where the samples need every one."""
NARROW = 560
"""Pixels of width below which they do."""
STACKED = 1.15
"""Width over height below which the result stands under the slots."""
RESULT, PIXELS = 0.35, 0.14
"""Shares of the width, where all stand side by side."""
SLOT = 0.5
"""Width of a slot, as a share of its height, at the most."""
SIGNS = "−+="


class Equation(QWidget):
    """Three slots, the result's square, and for contrast the same sum of the images (or points) themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.slots = [SlotTiles(slot) for slot in range(3)]
        self.result, self.plane, self.pixels = ResultTiles(), PlaneTiles(), PixelTiles()
        self._signs: list[QRect] = []
        self._sentence, self._words = "", QRect()
        for part in self.parts:
            part.setParent(self)
        self.plane.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for before, after in zip(self.parts, self.parts[1:], strict=False):
            QWidget.setTabOrder(before, after)

    @property
    def parts(self) -> list:
        """All widgets with tiles, in reading order."""
        return [*self.slots, self.result, self.plane, self.pixels]

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 120)

    def sizeHint(self) -> QSize:
        return QSize(700, 380)

    # what is shown

    def show_sum(self, terms: Terms, rows: Rows, samples: np.ndarray) -> None:
        """``samples``: images (n, H, W, C) uint8 or points (n, D) of the rows' inputs."""
        images = samples.ndim == 4
        for tiles, where, mean in zip(self.slots, rows.slots, rows.means, strict=True):
            if mean is None:
                tiles.show_samples(None, None)
            else:
                picked = [*range(where.start, where.stop), mean]
                tiles.show_samples(samples[picked], rows.inputs[picked])
        if rows.square is None:
            for part in (self.result, self.plane, self.pixels):
                part.show_samples(None, None)
        else:
            parts = [samples[where] for where in rows.slots]
            inputs = rows.inputs[rows.square]
            if images:
                self.result.show_samples(samples[rows.square], inputs)
                self.pixels.show_samples(in_pixels(*parts)[None], None)
            else:
                self.plane.show_points(parts, samples[rows.square], combined(*parts), inputs)
        self._show_kind(images, rows.square is not None)

    def say(self, sentence: str) -> None:
        """Words in the place of the result, and of all samples."""
        self._sentence = sentence
        for part in self.parts:
            part.show_samples(None, None)
        self._show_kind(True, False)

    def invite(self, sentence: str) -> None:
        """What to do while there is no result."""
        self._sentence = sentence
        self.update()

    def _show_kind(self, images: bool, there: bool) -> None:
        self.result.setVisible(there and images)
        self.pixels.setVisible(there and images)
        self.plane.setVisible(there and not images)
        self.setAccessibleDescription("" if there else self._sentence)
        self.update()

    # places

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = self.width(), self.height()
        room = SIGN if width >= NARROW else NARROW_SIGN
        stacked = width < STACKED * height
        tall = int(0.5 * height) if stacked else height
        result = 0 if stacked else min(int(RESULT * width), height - 12)
        pixels = 0 if stacked else int(min(PIXELS * width, 0.5 * height))
        rest = width - result - pixels - (2 if stacked else 4) * room
        column = min(rest // 3, int(SLOT * tall))
        used = 3 * column + (2 if stacked else 4) * room + result + pixels
        left = (width - used) // 2
        self._signs = []
        for index, tiles in enumerate(self.slots):
            tiles.setGeometry(left, 0, column, tall)
            left += column
            if index < 2 or not stacked:
                self._signs.append(QRect(left, 0, room, tall))
                left += room
        if stacked:
            below = height - tall
            side = min(int(0.68 * width), below)
            start = (width - side - int(0.28 * width)) // 2
            self._signs.append(QRect(max(0, start - room), tall, room, below))
            self.result.setGeometry(start, tall, side, below)
            self.pixels.setGeometry(start + side + 8, tall, int(0.28 * width) - 8, below)
            self.plane.setGeometry(0, tall, width, below)
            self._words = QRect(start, tall, width - 2 * start, below)
        else:
            self.result.setGeometry(left, 0, result, height)
            self.pixels.setGeometry(left + result + room // 2, 0, pixels + room // 2, height)
            self.plane.setGeometry(left, 0, result + pixels + room, height)
            self._words = QRect(left, 0, result + pixels + room, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        there = not (self.result.isHidden() and self.plane.isHidden())
        painter.save()
        font = painter.font()
        font.setPointSizeF(2.0 * font.pointSizeF())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(colours().text))
        for place, sign in zip(self._signs, SIGNS, strict=True):
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)
        painter.restore()
        if not there:
            draw_sentence(painter, self._words, self._sentence)
