"""Some samples side by side, each a tile: images, or the numbers of points. Every tile can be dragged and copied."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
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
from ganstudio.ui.theme import ON_ACCENT, colours
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.grid_painting import draw_frame
from ganstudio.ui.widgets.sample_drag import TakesSamples
from ganstudio.ui.widgets.sentence import draw_sentence
from ganstudio.ui.widgets.viewport import columns_for

GAP = 4
"""Pixels between tiles."""
CROSS = 18
"""Pixels of the mark that removes a tile."""
MOVES = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class SampleTiles(QWidget):
    """Samples with G's inputs, or a sentence while there are none. Keys: arrows choose a tile, Enter clicks it."""

    clicked = Signal(int)
    """A tile was clicked, or chosen with Enter; −1 beside all tiles."""
    double_clicked = Signal(int)
    """A tile was double-clicked; ``clicked`` came first."""
    removed = Signal(int)
    """The cross of a removable tile was clicked."""
    dropped = Signal(object)
    """A ``Parcel`` fell on it (see ``accept``)."""

    def __init__(self, name: str):
        super().__init__()
        self.inputs: np.ndarray | None = None
        """(n, dim) float32: G's input of each tile; None of samples that G did not make."""
        self.removable: Callable[[int], bool] = lambda tile: False
        """Which tiles have a cross under the mouse."""
        self.badges: dict[int, tuple[str, str]] = {}
        """A letter and its colour in the corner of some tiles."""
        self.sentence = ""
        self._samples: np.ndarray | None = None
        self._pictures: list[QImage] = []
        self._hovered = self._chosen = -1
        self._pressed: tuple[int, QPointF] | None = None
        self._hanging = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 40)

    # what is shown

    def show_samples(self, samples: np.ndarray | None, inputs: np.ndarray | None) -> None:
        """Images (n, H, W, C) uint8 or points (n, D) float32; None or none of them: the sentence."""
        self._samples = samples if samples is not None and len(samples) else None
        self.inputs = inputs if self._samples is not None else None
        images = self._samples is not None and self._samples.ndim == 4
        self._pictures = [sample_drag.image_of(one) for one in self._samples] if images else []
        self._hovered, self._chosen = (tile if tile < self.total else -1 for tile in (self._hovered, self._chosen))
        self.update()

    def say(self, sentence: str) -> None:
        """Words in the place of samples."""
        self.sentence = sentence
        self.setAccessibleDescription(sentence)
        self.show_samples(None, None)

    def badge(self, badges: dict[int, tuple[str, str]]) -> None:
        """Put letters in the corners of these tiles."""
        if badges != self.badges:
            self.badges = badges
            self.update()

    def accept(self, refused: Callable[[str], object]) -> None:
        """Make it a target of drag and drop: ``dropped`` tells what falls here."""
        TakesSamples(self, lambda parcel, at: self.dropped.emit(parcel), refused=refused, hovering=self._hang)

    @property
    def total(self) -> int:
        """How many tiles there are."""
        return 0 if self._samples is None else len(self._samples)

    @property
    def current(self) -> int:
        """The tile under the mouse, else the one chosen by key while it has the focus; −1 for none."""
        if self._hovered >= 0:
            return self._hovered
        return self._chosen if self.hasFocus() else -1

    def parcel(self, tiles: list[int]) -> Parcel | None:
        """Some samples, packed; None where there is none."""
        if self._samples is None or not tiles:
            return None
        inputs = None if self.inputs is None else self.inputs[tiles]
        images = self._samples[tiles] if self._pictures else None
        return None if inputs is None and images is None else Parcel(inputs, images)

    # places

    def places(self, count: int) -> list[QRectF]:
        """Where so many tiles stand: squares, as large as fit."""
        return squares(QRectF(self.rect()), count)

    def tile_at(self, point: QPointF) -> int:
        """The tile under a point of the widget; −1 for none."""
        return next((tile for tile, place in enumerate(self.places(self.total)) if place.contains(point)), -1)

    # painting

    def room_for_words(self) -> QRect:
        """Where the sentence stands."""
        return self.rect()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        self.paint_behind(painter)
        places = self.places(self.total)
        for tile, place in enumerate(places):
            self.paint_tile(painter, tile, place)
        if not places and self.sentence:
            draw_sentence(painter, self.room_for_words(), self.sentence)
        if 0 <= self._chosen < len(places) and self.hasFocus():
            draw_frame(painter, places[self._chosen], dashed=True)
        if 0 <= self._hovered < len(places):
            draw_frame(painter, places[self._hovered])
            if self.removable(self._hovered):
                draw_cross(painter, cross_of(places[self._hovered]))
        if self._hanging:
            painter.setPen(QPen(QColor(colours().accent), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def paint_behind(self, painter: QPainter) -> None:
        """What stands behind the tiles."""

    def paint_tile(self, painter: QPainter, tile: int, place: QRectF) -> None:
        """One sample and its badge."""
        assert self._samples is not None
        if self._pictures:
            draw_image(painter, self._pictures[tile], place)
        else:
            draw_numbers(painter, self._samples[tile], place)
        if tile in self.badges:
            draw_badge(painter, *self.badges[tile], place)

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (self.tile_at(event.position()), event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(self.tile_at(event.position()))
            return
        tile, start = self._pressed
        if (event.position() - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None  # the release goes where the sample falls
            parcel = self.parcel([tile]) if tile >= 0 else None
            if parcel is not None:
                sample_drag.start_drag(self, parcel)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None or self.tile_at(event.position()) != pressed[0]:
            return
        tile = pressed[0]
        if tile >= 0 and self.removable(tile) and cross_of(self.places(self.total)[tile]).contains(pressed[1]):
            self.removed.emit(tile)
        else:
            self.clicked.emit(tile)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Not taken as a press: its release is no second click.
        tile = self.tile_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and tile >= 0:
            self.double_clicked.emit(tile)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover(self.tile_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def _hover(self, tile: int) -> None:
        if tile != self._hovered:
            self._hovered = tile
            self.update()

    def _hang(self, at: QPoint | None) -> None:
        if self._hanging != (at is not None):
            self._hanging = at is not None
            self.update()

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in MOVES and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self.total:
            self._choose(MOVES[event.key()])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit(self.current)
        else:
            event.ignore()

    def _choose(self, way: QPointF) -> None:
        """Move the chosen tile to the nearest one that way; the first one is chosen first."""
        self._hovered = -1
        if self._chosen < 0:
            self._chosen = 0
        else:
            centres = [place.center() for place in self.places(self.total)]
            here = centres[self._chosen]
            self._chosen = min(range(len(centres)), key=lambda tile: (distance(here, centres[tile], way), tile))
        self.setAccessibleDescription(f"Sample {self._chosen + 1} of {self.total}")
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self._chosen < 0 and self.total:
            self._choose(QPointF(0, 0))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.update()


def distance(here: QPointF, there: QPointF, way: QPointF) -> float:
    """How far it is to a tile that way: what lies aside is farther, then it itself comes, then what lies back."""
    by = there - here
    along, aside = QPointF.dotProduct(by, way), abs(by.x() * way.y() - by.y() * way.x())
    if by.isNull():
        return 1e6
    return along + 2 * aside if along > aside / 2 and along > 1 else 2e6


def squares(room: QRectF, count: int, columns: int = 0) -> list[QRectF]:
    """Places of so many square tiles in a room, in its middle, row by row; ``columns`` 0 makes them as large as fit."""
    if not count or room.width() < 8 or room.height() < 8:
        return [QRectF() for _ in range(count)]
    columns = columns or columns_for(count, QSizeF(room.size()))
    rows = -(-count // columns)
    side = int(min((room.width() - (columns - 1) * GAP) / columns, (room.height() - (rows - 1) * GAP) / rows))
    left = room.left() + (room.width() - columns * side - (columns - 1) * GAP) // 2
    top = room.top() + (room.height() - rows * side - (rows - 1) * GAP) // 2
    return [
        QRectF(left + tile % columns * (side + GAP), top + tile // columns * (side + GAP), side, side)
        for tile in range(count)
    ]


def cross_of(place: QRectF) -> QRectF:
    """Where the mark that removes a tile stands."""
    side = min(CROSS, place.width() / 2)
    return QRectF(place.right() - side, place.top(), side, side)


def draw_image(painter: QPainter, picture: QImage, place: QRectF) -> None:
    """An image in the middle of a place, without smoothing."""
    size = picture.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(place.toRect().center())
    painter.drawImage(target, picture)
    painter.setPen(QColor(colours().grid))  # an image may have the ground's colour
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(target.adjusted(0, 0, -1, -1))


def draw_numbers(painter: QPainter, point: np.ndarray, place: QRectF) -> None:
    """A point's first numbers, one below the other."""
    painter.fillRect(place, QColor(colours().surface_raised))
    painter.setPen(QColor(colours().text))
    words = "\n".join(f"{number:.2f}".replace("-", "−") for number in point[:3]) + ("\n…" if len(point) > 3 else "")
    painter.save()
    font = painter.font()
    font.setPixelSize(int(min(max(place.width() / 5, 9), 26)))
    painter.setFont(font)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


def draw_badge(painter: QPainter, letter: str, colour: str, place: QRectF) -> None:
    """A letter on its colour in the lower left corner of a tile."""
    painter.save()
    font = painter.font()
    font.setBold(True)
    painter.setFont(font)
    side = painter.fontMetrics().height() + 2
    chip = QRectF(place.left(), place.bottom() - side, side, side)
    painter.fillRect(chip, QColor(colour))
    painter.setPen(QColor(colours().surface))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


def draw_cross(painter: QPainter, chip: QRectF) -> None:
    """The mark that removes a tile."""
    painter.fillRect(chip, QColor(colours().danger))
    painter.setPen(QPen(QColor(ON_ACCENT), 2))
    inside = chip.adjusted(5, 5, -5, -5)
    painter.drawLine(inside.topLeft(), inside.bottomRight())
    painter.drawLine(inside.topRight(), inside.bottomLeft())
