"""A grid of images: one picture, scaled without smoothing, with zoom, a tile under the cursor, and markers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.grid_painting import (
    draw_caption,
    draw_frame,
    draw_picture,
    draw_pin,
    draw_veil,
    tile_at,
    tile_rect,
)
from ganstudio.ui.widgets.grid_samples import GridSamples
from ganstudio.ui.widgets.sentence import draw_sentence
from ganstudio.ui.widgets.viewport import Viewport, columns_for

if TYPE_CHECKING:
    from ganstudio.probes.tiles import Tiles

ZOOM_STEP = 1.25
EXPORT_SIDE = 1024
"""Pixels that the longer side of an exported picture has at least."""
MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ImageGrid(QWidget):
    """Shows ``Tiles``, or a sentence while there are none.

    Mouse: wheel zooms (or scrolls, see ``wheel_zooms``; Ctrl+wheel always zooms). Dragging carries a tile away, with
    the other marked ones if it is marked (Shift: it alone); of a zoomed picture it moves the picture, and Ctrl+drag
    carries. The middle button always moves the picture.
    Keys: arrows choose a tile, Enter clicks it, + − 0 zoom, Page up / down scroll, Ctrl+C and Ctrl+V copy and paste.
    """

    clicked = Signal(int)
    """A tile was clicked, or chosen with Enter."""
    double_clicked = Signal(int)
    """A tile was double-clicked; ``clicked`` came first."""
    menu_wanted = Signal(int, QPoint)
    """The context menu of a tile (−1: beside all of them), at a point of the screen."""
    watched = Signal(bool)
    """Somebody looks at single tiles (the mouse is over the grid, or a tile is chosen by key), or no longer does."""
    scrolled = Signal(int)
    """The wheel or a page key asks for so many pages on."""
    zoomed = Signal(bool)
    """Whether less than the whole picture is in view."""
    resized = Signal()
    """The grid has another size, in which other columns may look better."""
    told = Signal(str)
    """What came of a key, in a sentence."""

    def __init__(self, name: str, *, wheel_zooms: bool = True):
        super().__init__()
        self.wheel_zooms = wheel_zooms
        self.caption: Callable[[int], str] = lambda tile: ""
        """What stands beside the tile under the cursor."""
        self.tiles: Tiles | None = None
        self.marked: frozenset[int] = frozenset()
        """Tiles that carry a marker."""
        self._image = QImage()
        self._sentence = ""
        self._viewport = Viewport()
        self._hovered = self._chosen = -1
        self._inside = self._watching = False
        self._pressed: QPointF | None = None
        self._carries = self._dragging = False
        self._wheel = 0
        self.samples = GridSamples(self)
        """Samples by drag and drop, and on the clipboard."""
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(480, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    # what is shown

    def show_tiles(self, tiles: "Tiles") -> None:
        """Show a grid; its picture is not copied and must never be written again."""
        if tiles is self.tiles:
            return
        if self.tiles is None:
            self.setAccessibleDescription("")  # the words that stood here
        self.tiles = tiles
        height, width, _ = tiles.picture.shape
        self._image = QImage(tiles.picture.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._hovered, self._chosen = (tile if tile < tiles.count else -1 for tile in (self._hovered, self._chosen))
        self._place()
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of pictures."""
        self.tiles, self._sentence = None, sentence
        self._image = QImage()
        self._hovered = self._chosen = -1
        self.setAccessibleDescription(sentence)
        self.update()

    def mark(self, tiles: frozenset[int]) -> None:
        """Put a marker on these tiles."""
        self.marked = tiles
        self.update()

    def exported(self) -> QImage:
        """The whole grid for clipboard and files, each pixel a square of several."""
        factor = max(1, -(-EXPORT_SIDE // max(1, self._image.width(), self._image.height())))
        return self._image.scaled(self._image.size() * factor)

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom_by(0.0)

    @property
    def current(self) -> int:
        """The tile under the mouse, else the one chosen by key; −1 for none."""
        return self._hovered if self._hovered >= 0 else self._chosen

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(colours().surface))
        if self.tiles is None:
            draw_sentence(painter, self.rect(), self._sentence)
            return
        target = self._viewport.target
        draw_picture(painter, self.tiles, self._image, target)
        for tile in self.marked:
            if tile < self.tiles.count:
                draw_pin(painter, tile_rect(self.tiles, target, tile))
        if self._chosen >= 0 and self.hasFocus():
            draw_frame(painter, tile_rect(self.tiles, target, self._chosen), dashed=True)
        if self.current >= 0 and self._watching:
            rect = tile_rect(self.tiles, target, self.current)
            if self._hovered >= 0:
                draw_frame(painter, rect)
            draw_caption(painter, rect, self.caption(self.current), self.rect())
        if self.samples.hanging is not None:
            hanging = self.samples.hanging
            where = tile_rect(self.tiles, target, hanging) if hanging >= 0 else target
            draw_veil(painter, where)
            draw_frame(painter, where, colours().accent)

    def _place(self) -> None:
        if self.tiles is not None:
            size = QSizeF(self._image.width(), self._image.height())
            self._viewport.place(QSizeF(self.size()), size, self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        self.resized.emit()

    def columns_for(self, count: int) -> int:
        """The columns with which so many square tiles are largest here."""
        return columns_for(count, QSizeF(self.size()))

    # zoom

    def _zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about a point, the middle by default; a factor of 0 shows all."""
        if self.tiles is None:
            return
        self._viewport.zoom_at(QPointF(self.rect().center()) if at is None else at, factor)
        self.zoomed.emit(self._viewport.zoom > 1)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        notches, self._wheel = int(self._wheel / 120), self._wheel - int(self._wheel / 120) * 120
        if not notches:
            return
        if self.wheel_zooms or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by(ZOOM_STEP**notches, event.position())
            self._hover(event.position())
        else:
            self.scrolled.emit(-notches)
        event.accept()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragging = event.position(), False
            by_key = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            left = event.button() == Qt.MouseButton.LeftButton
            self._carries = left and bool(by_key or self._viewport.zoom == 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            way = event.position() - self._pressed
            if self._dragging or way.manhattanLength() >= QApplication.startDragDistance():
                self._dragging = True
                if self._carries:
                    self._carry(event)
                    return
                self._viewport.move(way)
                self._pressed = event.position()
                self.update()
        self._hover(event.position())

    def _carry(self, event: QMouseEvent) -> None:
        assert self._pressed is not None
        tile, self._pressed = self.tile_at(self._pressed), None  # the release goes where the samples fall
        self.samples.carry(tile, alone=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._dragging and event.button() == Qt.MouseButton.LeftButton:
            tile = self.tile_at(event.position())
            if tile >= 0:
                self.clicked.emit(tile)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Not taken as a press: its release is no second click.
        tile = self.tile_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and tile >= 0:
            self.double_clicked.emit(tile)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.tiles is not None:
            by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            tile = self.tile_at(QPointF(event.pos())) if by_mouse else self._chosen
            self.menu_wanted.emit(tile, event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        self._inside = True
        self._hover(event.position())
        self._watch()

    def leaveEvent(self, event: QEvent) -> None:
        self._inside = False
        self._hovered = -1
        self._watch()
        self.update()

    def tile_at(self, point: QPointF) -> int:
        """The tile under a point of the widget; −1 for none."""
        return -1 if self.tiles is None else tile_at(self.tiles, self._viewport.target, point)

    def _hover(self, point: QPointF) -> None:
        tile = self.tile_at(point)
        if tile != self._hovered:
            self._hovered = tile
            self.update()

    def _watch(self) -> None:
        watching = self._inside or (self.hasFocus() and self._chosen >= 0)
        if watching != self._watching:
            self._watching = watching
            self.watched.emit(watching)

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy) and self.tiles is not None:
            self.samples.copy()
        elif event.matches(QKeySequence.StandardKey.Paste) and self.samples.paste():
            pass
        elif self.tiles is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in MOVES:
            self._choose(*MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen >= 0:
            self.clicked.emit(self._chosen)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom_by(1 / ZOOM_STEP if key == Qt.Key.Key_Minus else ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.scrolled.emit(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            event.ignore()

    def _choose(self, columns: int, rows: int) -> None:
        """Move the chosen tile; the first one is chosen first."""
        assert self.tiles is not None
        if self._chosen < 0:
            self._chosen = 0
        else:
            row, column = divmod(self._chosen, self.tiles.columns)
            column = min(max(0, column + columns), self.tiles.columns - 1)
            tile = max(0, row + rows) * self.tiles.columns + column
            self._chosen = tile if tile < self.tiles.count else self._chosen
        self._hovered = -1
        self.setAccessibleDescription(f"Tile {self._chosen + 1}: {self.caption(self._chosen)}")
        self._watch()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self._chosen < 0 and self.tiles is not None:
            self._choose(0, 0)
        self._watch()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._watch()
        self.update()
