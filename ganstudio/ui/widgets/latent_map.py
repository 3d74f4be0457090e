"""A map of G over a plane of z: G's samples side by side where their z lie, to be dragged and zoomed."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.section import MapView
from ganstudio.ui.theme import ON_ACCENT, colours
from ganstudio.ui.widgets.sample_drag import image_of
from ganstudio.ui.widgets.sentence import draw_sentence

LEAST_TILE = 44
"""Pixels of an image's tile, at the least; at most twice as many."""
COARSER = (4, 2, 1)
"""Tiles of these sizes are asked for one after the other, so that all of the map is there at once, if roughly."""
ZOOM_STEP = 1.2
LEAST_SCALE, MOST_SCALE = 1e-2, 1e7
"""Pixels to one unit of z."""
NEAR = 14
"""Pixels around the handle that belong to it."""
KEY_STEP, LONG_STEP = 4, 40
"""Pixels that an arrow key moves the handle by, and with Shift."""

Place = tuple[float, float]


class LatentMap(QWidget):
    """Drag the handle, or click, to choose a z; drag anything else to move the map, turn the wheel to zoom.

    Keys: arrows move the handle (Shift: far), + − zoom, 0 shows all, Home brings the handle to the middle.
    """

    handle_moved = Signal(object)
    """A person has the handle at this place (a, b)."""
    view_changed = Signal()
    """Other tiles are in view."""
    sent = Signal()
    """The handle's sample was double-clicked, or chosen with Enter."""

    def __init__(self, sample: Callable[[Place], np.ndarray | None]):
        """``sample(place)`` answers a tile's image, None while there is none."""
        super().__init__()
        self.view = MapView(0.0, 0.0, 100.0, 1, 1)
        self.handle: Place = (0.0, 0.0)
        self.marks: list[tuple[Place, str]] = []
        """Places with a number on a disc: the anchors."""
        self.path: list[Place] = []
        """Places joined by a line."""
        self.least_tile = LEAST_TILE
        """Pixels of a tile, at the least."""
        self.limit = np.inf
        """No tile stands where |a| or |b| is larger: the prior does not reach there."""
        self.home: Callable[[float, float], MapView] | None = None
        """The view of all that matters, for a size in pixels."""
        self._sample = sample
        self._sentence = ""
        self._drawn: dict[Place, tuple[np.ndarray, QImage]] = {}
        self._held: QPointF | None = None
        self._moves_handle = self._dragged = False
        self._untouched = True
        self._highlit = False
        self.setAccessibleName("Map of the generator")
        self.setToolTip(
            "Drag the handle or click to choose z; drag the map; wheel zooms (arrow keys, + and −, 0: all).\n"
            "Drop or paste a sample: the handle moves to the plane’s point nearest to its z (A: walk through it too)."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(480, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 140)

    # what is shown

    def say(self, sentence: str) -> None:
        """Show words in place of the map; an empty sentence shows the map."""
        if sentence != self._sentence:
            self._sentence = sentence
            self.setAccessibleDescription(sentence)
            self.update()

    def show_plane(self, home: Callable[[float, float], MapView], handle: Place) -> None:
        """Another plane: all of it, with the handle there."""
        self.home, self.handle = home, handle
        self._drawn.clear()
        self.fit()

    def fit(self) -> None:
        """Show all that matters."""
        if self.home is not None:
            self._untouched = True
            self._go(self.home(self.width(), self.height()))

    def mark(self, marks: list[tuple[Place, str]], path: list[Place]) -> None:
        """Mark the anchors that lie in the plane, and join the places of a walk."""
        self.marks, self.path = marks, path
        self.update()

    def layers(self) -> list[tuple[float, list[Place]]]:
        """(spacing, centres) of the tiles in view, the coarsest first."""
        spacing = self.view.spacing(self.least_tile)
        found = []
        for factor in COARSER:
            tiles = self.view.tiles(spacing * factor)
            found.append((spacing * factor, [at for at in tiles if max(map(abs, at)) <= self.limit]))
        return found

    @property
    def wanted(self) -> list[Place]:
        """The tiles in view, the coarsest first; a coarse one is a fine one too."""
        return list(dict.fromkeys(at for _, tiles in self.layers() for at in tiles))

    def _go(self, view: MapView) -> None:
        if LEAST_SCALE <= view.scale <= MOST_SCALE:
            self.view = view
            if len(self._drawn) > 4096:
                self._drawn.clear()
            self.update()
            self.view_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        view = self.view
        if self._untouched and self.home is not None:
            self.fit()
        else:
            self._go(MapView(view.a, view.b, view.scale, self.width(), self.height()))

    def highlight(self, on: bool) -> None:
        """Show that a sample hangs over the map."""
        if on != self._highlit:
            self._highlit = on
            self.update()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), colours()
        painter.fillRect(event.rect(), QColor(look.surface))
        if self._sentence:
            draw_sentence(painter, self.rect(), self._sentence)
            return
        layers = self.layers()
        there = [[at for at in tiles if self._sample(at) is not None] for _, tiles in layers]
        complete = len(there[-1]) == len(layers[-1][1])
        # What is covered in any case need not be drawn.
        for (spacing, _), tiles in list(zip(layers, there, strict=True))[-1 if complete else 0 :]:
            for at in tiles:
                painter.drawImage(self._rect(at, spacing), self._image(at))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(self.path) > 1:
            line = [QPointF(*self.view.to_pixel(*at)) for at in self.path]
            for pen in (QPen(QColor(0, 0, 0, 160), 5), QPen(QColor(look.generator), 2.5)):
                painter.setPen(pen)
                painter.drawPolyline(line)
        for at, words in self.marks:
            _disc(painter, QPointF(*self.view.to_pixel(*at)), words)
        self._paint_handle(painter)
        if self.hasFocus() or self._highlit:
            painter.setPen(QPen(QColor(look.accent), 6 if self._highlit else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _rect(self, at: Place, spacing: float) -> QRectF:
        """A tile's square in whole pixels, so that neighbours touch."""
        left, top = self.view.to_pixel(at[0] - spacing / 2, at[1] + spacing / 2)
        right, bottom = self.view.to_pixel(at[0] + spacing / 2, at[1] - spacing / 2)
        return QRectF(round(left), round(top), round(right) - round(left), round(bottom) - round(top))

    def _image(self, at: Place) -> QImage:
        sample = self._sample(at)
        assert sample is not None
        drawn = self._drawn.get(at)
        if drawn is None or drawn[0] is not sample:
            drawn = self._drawn[at] = sample, image_of(sample)
        return drawn[1]

    def _paint_handle(self, painter: QPainter) -> None:
        x, y = self.view.to_pixel(*self.handle)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("#000000", 7), ("#ffffff", 3.5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(QPointF(x, y), NEAR - 2, NEAR - 2)
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                inner, outer = QPointF(dx, dy) * (NEAR - 2), QPointF(dx, dy) * (NEAR + 7)
                painter.drawLine(QPointF(x, y) + inner, QPointF(x, y) + outer)

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._sentence:
            self._held, self._dragged = event.position(), False
            handle = QPointF(*self.view.to_pixel(*self.handle))
            self._moves_handle = (event.position() - handle).manhattanLength() <= 1.5 * NEAR

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            return
        way = event.position() - self._held
        if not self._dragged and way.manhattanLength() < 3:
            return
        self._dragged = True
        if self._moves_handle:
            self.move_handle(self.view.to_plane(event.position().x(), event.position().y()))
        else:
            self._untouched = False
            self._held = event.position()
            self._go(self.view.moved(way.x(), way.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and not self._dragged:
            self.move_handle(self.view.to_plane(event.position().x(), event.position().y()))
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.sent.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._sentence:
            self._zoom(ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def _zoom(self, factor: float, at: QPointF) -> None:
        self._untouched = False
        self._go(self.view.zoomed(factor, at.x(), at.y()))

    def move_handle(self, at: Place) -> None:
        """Bring the handle to a place, as far as the prior reaches."""
        a, b = (float(np.clip(number, -self.limit, self.limit)) for number in at)
        self.handle = a, b
        self.setAccessibleDescription(f"Handle at a = {a:.2f}, b = {b:.2f}")
        self.update()
        self.handle_moved.emit(self.handle)

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        key = event.key()
        if self._sentence or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in ways:
            step = LONG_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else KEY_STEP
            x, y = self.view.to_pixel(*self.handle)
            self.move_handle(self.view.to_plane(x + step * ways[key][0], y + step * ways[key][1]))
            self.follow_handle()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            handle = QPointF(*self.view.to_pixel(*self.handle))
            self._zoom(1 / ZOOM_STEP if key == Qt.Key.Key_Minus else ZOOM_STEP, handle)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_Home:
            self.move_handle((self.view.a, self.view.b))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sent.emit()
        else:
            event.ignore()

    def follow_handle(self) -> None:
        """Keep the handle in view."""
        x, y = self.view.to_pixel(*self.handle)
        dx = max(0.0, NEAR - x) - max(0.0, x - self.width() + NEAR)
        dy = max(0.0, NEAR - y) - max(0.0, y - self.height() + NEAR)
        if dx or dy:
            self._untouched = False
            self._go(self.view.moved(dx, dy))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


def _disc(painter: QPainter, at: QPointF, words: str) -> None:
    """A numbered disc that shows on any picture."""
    painter.setPen(QPen(QColor("#ffffff"), 2))
    painter.setBrush(QColor(colours().accent))
    painter.drawEllipse(at, 12, 12)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(14)
    painter.setFont(font)
    painter.setPen(QColor(ON_ACCENT))
    painter.drawText(QRectF(at.x() - 12, at.y() - 12, 24, 24), Qt.AlignmentFlag.AlignCenter, words)
