"""The frames of a walk beside each other, as on a film; anchors are marked, and can be moved, removed and replaced."""

from collections.abc import Callable
from math import ceil

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import ON_ACCENT, colours, type_scale
from ganstudio.ui.widgets.sample_drag import TakesSamples, image_of, start_drag
from ganstudio.ui.widgets.sentence import draw_sentence

GAP, MARGIN = 6, 6
LEAST_SIDE, LARGE_SIDE, ACROSS = 44, 96, 9
"""Pixels of a tile as long as there is a frame between the anchors to leave out: at the least, and at the most, so
many that this number of them fills the width."""
MOST_BETWEEN = 10
"""Tiles to a stretch, at the most."""
UNTIDY = 0.86
"""Columns that put anchors below anchors are taken when tiles lose no more of their side than this."""


class WalkStrip(QWidget):
    """Tiles of frames; ``show_path`` says which. A frame's key is its number in the walk.

    Arrow keys choose an anchor, Alt+arrows move it, Delete removes it, Enter sends it on. Any tile can be dragged away;
    an anchor that is dropped in here again goes to that place. Samples that fall onto an anchor take its place, others
    come in between.
    """

    frame_chosen = Signal(int)
    """A person wants to see this frame."""
    sent = Signal(int)
    """This frame was double-clicked, or chosen with Enter."""
    removed = Signal(int)
    """Take this anchor away."""
    moved = Signal(int, int)
    """Move an anchor to another place in the order."""
    dropped = Signal(object, int, bool)
    """A ``Parcel`` fell before an anchor's place (as many as there are: at the end), or onto that anchor."""
    menu_wanted = Signal(int, QPoint)
    """The context menu of a frame (−1: of none), at a point of the screen."""
    rearranged = Signal()
    """Other frames are shown than before."""

    def __init__(self, sample: Callable[[int], np.ndarray | None], parcel: Callable[[int], Parcel | None]):
        """``sample(key)`` answers a frame's image or point, None while there is none; ``parcel`` what is dragged."""
        super().__init__()
        self.keys: list[int] = []
        """The frames shown, in order."""
        self.selected = 0
        """The anchor that keys act on."""
        self.refused: Callable[[str], object] = lambda sentence: None
        """Told why what was dropped is no sample."""
        self._sample, self._parcel = sample, parcel
        self._anchors, self._stretches, self._each, self._pictures = 0, 0, 1, True
        self._between, self._columns, self._side = 1, 1, 1.0
        self._aspect = 1.0
        self._here = 0
        self._sentence = ""
        self._drawn: dict[int, tuple[np.ndarray, QImage]] = {}
        self._pressed: QPointF | None = None
        self._carried: int | None = None  # the anchor that is on its way
        self._hanging: tuple[int, bool] | None = None
        self.setAccessibleName("Frames of the walk")
        self.setToolTip(
            "Drop samples here: onto an anchor to replace it, elsewhere to go through them too.\n"
            "Arrow keys choose an anchor, Alt+arrows or dragging move it, Delete removes it, E explores it."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        TakesSamples(self, self._drop, refused=lambda why: self.refused(why), hovering=self._hover)

    def sizeHint(self) -> QSize:
        return QSize(420, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 90)

    # what is shown

    def show_path(self, anchors: int, stretches: int, each: int, *, pictures: bool) -> None:
        """Show a path's frames, ``each`` to a stretch; of points, which have no picture, the anchors alone."""
        self._anchors, self._stretches, self._each, self._pictures = anchors, stretches, each, pictures
        self.selected = min(self.selected, anchors - 1)
        self._sentence = ""
        self._arrange()
        self._describe()

    def say(self, sentence: str) -> None:
        """Show words in place of frames."""
        self._anchors, self.keys, self._sentence = 0, [], sentence
        self._drawn.clear()
        self.setAccessibleDescription(sentence)
        self.update()

    def show_here(self, key: int) -> None:
        """The frame that is played stands between these tiles."""
        before, self._here = self._tile_here(), key
        if self.keys and before != self._tile_here():
            self.update(self._rect(before).adjusted(-4, -4, 4, 4).toAlignedRect())
            self.update(self._rect(self._tile_here()).adjusted(-4, -4, 4, 4).toAlignedRect())

    def select(self, anchor: int) -> None:
        """Have keys act on this anchor."""
        self.selected = min(max(0, anchor), self._anchors - 1)
        self._describe()
        self.update()

    def anchor_of(self, key: int) -> int | None:
        """Which anchor a frame is; None for one in between."""
        return key // self._each if key % self._each == 0 and key // self._each < self._anchors else None

    def _describe(self) -> None:
        self.setAccessibleDescription(f"Anchor {self.selected + 1} of {self._anchors}")

    def _tile_here(self) -> int:
        below = [tile for tile, key in enumerate(self.keys) if key <= self._here]
        return below[-1] if below else 0

    # layout

    def _arrange(self) -> None:
        """Show as many frames between the anchors as leave the tiles large enough."""
        if not self._anchors:
            return
        best, least = None, min(LARGE_SIDE, max(LEAST_SIDE, self.width() / ACROSS))
        for between in range(min(MOST_BETWEEN, self._each) if self._pictures else 1, 0, -1):
            count = self._stretches * between + (self._anchors > self._stretches)
            best = (between, *self._columns_for(count, between))
            if best[2] >= least:
                break
        assert best is not None
        self._between, self._columns, self._side = best
        numbers = range(self._stretches * self._between + (self._anchors > self._stretches))
        keys = [round(number * self._each / self._between) for number in numbers]
        self._drawn = {key: found for key, found in self._drawn.items() if key in keys}
        changed, self.keys = keys != self.keys, keys
        self.update()
        if changed:
            self.rearranged.emit()

    def _columns_for(self, count: int, between: int) -> tuple[int, float]:
        """Columns, and the height of a tile (its width is ``_aspect`` times that)."""
        room = self.width() - 2 * MARGIN + GAP, self.height() - 2 * MARGIN + GAP

        def side(columns: int) -> float:
            across = (room[0] / columns - GAP) / self._aspect
            return max(1.0, min(across, room[1] / ceil(count / columns) - GAP))

        best = max(range(1, count + 1), key=side)
        tidy = max(range(between, count + 1, between), key=side, default=best)
        chosen = tidy if side(tidy) >= UNTIDY * side(best) else best
        return chosen, side(chosen)

    def _rect(self, tile: int) -> QRectF:
        row, column = divmod(tile, self._columns)
        width = self._side * self._aspect
        rows = ceil(len(self.keys) / self._columns)
        left = (self.width() - self._columns * (width + GAP) + GAP) / 2
        top = (self.height() - rows * (self._side + GAP) + GAP) / 2
        return QRectF(round(left + column * (width + GAP)), round(top + row * (self._side + GAP)), width, self._side)

    def tile_at(self, point: QPointF) -> int:
        """The tile under a point; −1 for none."""
        return next((tile for tile in range(len(self.keys)) if self._rect(tile).contains(point)), -1)

    def rect_of_anchor(self, anchor: int) -> QRectF:
        """Where an anchor's tile stands."""
        return self._rect(self.keys.index(anchor * self._each))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(colours().surface))
        if not self.keys:
            draw_sentence(painter, self.rect(), self._sentence)
            return
        here = self._tile_here()
        for tile, key in enumerate(self.keys):
            rect = self._rect(tile)
            if event.rect().intersects(rect.adjusted(-4, -4, 4, 4).toAlignedRect()):
                self._paint_tile(painter, rect, key, here=tile == here)
        if self._hanging is not None:
            self._paint_hanging(painter, *self._hanging)

    def _paint_tile(self, painter: QPainter, rect: QRectF, key: int, *, here: bool) -> None:
        sample, anchor = self._sample(key), self.anchor_of(key)
        if sample is None or sample.ndim == 1:
            painter.fillRect(rect, QColor(colours().surface_raised))
        else:
            painter.drawImage(rect, self._image(key, sample))
        if sample is not None and sample.ndim == 1:
            self._paint_point(painter, rect, sample)
        if here:
            painter.fillRect(QRectF(rect.left(), rect.bottom() + 1, rect.width(), 4), QColor(colours().generator))
        if anchor is not None:
            self._paint_anchor(painter, rect, anchor)

    def _paint_anchor(self, painter: QPainter, rect: QRectF, anchor: int) -> None:
        chosen = anchor == self.selected and self.hasFocus()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours().text if chosen else colours().accent), 4 if chosen else 3))
        painter.drawRect(rect.adjusted(1, 1, -1, -1))
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(int(min(22 * type_scale(), max(11, self._side / 4))))
        painter.setFont(font)
        words = str(anchor + 1)
        size = QFontMetricsF(font)
        chip = QRectF(rect.left(), rect.top(), max(size.horizontalAdvance(words) + 8, size.height()), size.height())
        painter.fillRect(chip, QColor(colours().accent))
        painter.setPen(QColor(ON_ACCENT))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_point(self, painter: QPainter, rect: QRectF, point: np.ndarray) -> None:
        painter.setPen(QColor(colours().text))
        font = QFont(self.font())
        font.setPixelSize(int(min(18 * type_scale(), max(10, self._side / 5.5))))
        painter.setFont(font)
        painter.drawText(
            rect, Qt.AlignmentFlag.AlignCenter, "\n".join(f"{number:.2f}".replace("-", "−") for number in point[:3])
        )

    def _paint_hanging(self, painter: QPainter, anchor: int, onto: bool) -> None:
        """Where what hangs over the strip would go."""
        painter.setPen(QPen(QColor(colours().warning), 4))
        if onto:
            painter.drawRect(self.rect_of_anchor(anchor))
            return
        after = anchor == self._anchors
        rect = self.rect_of_anchor(anchor - after)
        x = rect.right() + GAP / 2 if after else rect.left() - GAP / 2
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    def _image(self, key: int, sample: np.ndarray) -> QImage:
        drawn = self._drawn.get(key)
        if drawn is None or drawn[0] is not sample:
            drawn = self._drawn[key] = sample, image_of(sample)
            self._shape(sample)
        return drawn[1]

    def _shape(self, sample: np.ndarray) -> None:
        aspect = sample.shape[1] / sample.shape[0]
        if aspect != self._aspect:
            self._aspect = aspect
            self._arrange()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            tile = self.tile_at(event.position())
            if tile >= 0:
                anchor = self.anchor_of(self.keys[tile])
                if anchor is not None:
                    self.select(anchor)
                self.frame_chosen.emit(self.keys[tile])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pressed = self._pressed
        if pressed is None or (event.position() - pressed).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed = None
        tile = self.tile_at(pressed)
        parcel = self._parcel(self.keys[tile]) if tile >= 0 else None
        if parcel is not None:
            self._carried = self.anchor_of(self.keys[tile])
            start_drag(self, parcel)
            self._carried = None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        tile = self.tile_at(event.position())
        if tile >= 0:
            self.sent.emit(self.keys[tile])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.keys:
            return
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        tile = self.tile_at(QPointF(event.pos())) if by_mouse else self.keys.index(self.selected * self._each)
        self.menu_wanted.emit(self.keys[tile] if tile >= 0 else -1, event.globalPos())

    # drops

    def place_at(self, point: QPointF) -> tuple[int, bool]:
        """Where a sample goes that falls here: before an anchor's place, or onto an anchor (True)."""
        tile = self.tile_at(point)
        if tile < 0:
            return self._anchors, False
        anchor = self.anchor_of(self.keys[tile])
        if anchor is not None and self._carried is None:
            return anchor, True
        return min(self.keys[tile] // self._each + (anchor is None), self._anchors), False

    def _hover(self, at: QPoint | None) -> None:
        self._hanging = self.place_at(QPointF(at)) if at is not None and self.keys else None
        self.update()

    def _drop(self, parcel: Parcel, at: QPoint) -> None:
        place, onto = self.place_at(QPointF(at))
        if self._carried is None:
            self.dropped.emit(parcel, place, onto)
        elif place not in (self._carried, self._carried + 1) or self.tile_at(QPointF(at)) >= 0:
            to = min(place, self._anchors - 1)
            if to != self._carried:
                self.moved.emit(self._carried, to)

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self._anchors - 1}
        key, alt = event.key(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        if not self.keys or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in ways and alt:
            to = self.selected + ways[key]
            if 0 <= to < self._anchors:
                self.moved.emit(self.selected, to)
        elif key in ways or key in ends:
            self.select(ends[key] if key in ends else self.selected + ways[key])
            self.frame_chosen.emit(self.selected * self._each)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.selected)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sent.emit(self.selected * self._each)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
