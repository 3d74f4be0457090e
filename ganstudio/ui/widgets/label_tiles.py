"""Samples to be labelled, and the samples of either side."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.sample_tiles import GAP, SampleTiles, draw_badge, squares

SIDE = 52
"""Pixels of a sample's side, at the least."""
FEWEST = 6
FRAME = 3
"""Width of the line around a tile with a label."""
HEAD = 24
"""Pixels of the words above a side."""
SIGNS = {True: "+", False: "−"}
KEYS = {
    Qt.Key.Key_Plus: True,
    Qt.Key.Key_Equal: True,
    Qt.Key.Key_Minus: False,
    Qt.Key.Key_Delete: None,
    Qt.Key.Key_Backspace: None,
}
HAS_NOT = Qt.MouseButton.RightButton


def side_colour(has: bool) -> str:
    """The hue of those that have the attribute, and of those that have not."""
    return colours().equilibrium if has else colours().danger


class LabelledTiles(SampleTiles):
    """Tiles that say which side they are on. Keys: + − Delete."""

    said = Signal(int, object)
    """A tile is said to have the attribute (True), or not (False); None takes back what was said."""

    def __init__(self, name: str):
        super().__init__(name)
        self._labels: dict[int, bool] = {}

    def show_labels(self, labels: dict[int, bool]) -> None:
        """What is said of which tiles."""
        if labels != self._labels:
            self._labels = labels
            self.update()

    @property
    def labels(self) -> dict[int, bool]:
        """Tile → whether it has the attribute."""
        return self._labels

    def paint_tile(self, painter: QPainter, tile: int, place: QRectF) -> None:
        super().paint_tile(painter, tile, place)
        has = self._labels.get(tile)
        if has is not None:
            painter.save()
            painter.setPen(QPen(QColor(side_colour(has)), FRAME))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(0, 0, -1, -1))
            font = painter.font()
            font.setPixelSize(int(min(max(place.width() / 5, 9), 18)))
            painter.setFont(font)
            draw_badge(painter, SIGNS[has], side_colour(has), place)
            painter.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if plain and event.key() in KEYS and self.current >= 0:
            self.said.emit(self.current, KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _choose(self, way: QPointF) -> None:
        super()._choose(way)
        words = {True: ", has it", False: ", has it not", None: ""}[self._labels.get(self._chosen)]
        self.setAccessibleDescription(f"{self.accessibleDescription()}{words}")


class CandidateTiles(LabelledTiles):
    """As many as are large enough to be told apart. A click says that one has it, with Shift or right that it has not,
    and a click on one of which the same was said takes that back.
    """

    def __init__(self) -> None:
        super().__init__("Samples to be labelled")
        self.setToolTip(
            "Click (Enter, +): it has the attribute · right click or Shift+click (−): it has not\n"
            "The same again, or Delete: nothing is said of it · R: other samples · E or double click: explore it"
        )
        self._right = -1

    @property
    def total(self) -> int:
        fit = (self.width() // SIDE) * (self.height() // SIDE)
        return min(super().total, max(FEWEST, fit))

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._right = self.tile_at(event.position()) if event.button() == HAS_NOT else -1
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        tile = self.tile_at(event.position())
        if event.button() == HAS_NOT:
            if tile >= 0 and tile == self._right:
                self.toggle(tile, False)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            pressed, self._pressed = self._pressed, None
            if tile >= 0 and pressed is not None and pressed[0] == tile:
                self.toggle(tile, False)
        else:
            super().mouseReleaseEvent(event)

    def toggle(self, tile: int, has: bool) -> None:
        """Say this of a tile, or take it back."""
        self.said.emit(tile, None if self._labels.get(tile) is has else has)


class SideTiles(LabelledTiles):
    """The latest samples of one side, under words that count them all."""

    def __init__(self, has: bool):
        super().__init__("Samples that have it" if has else "Samples that have it not")
        self.has = has
        self._count = 0
        self.removable = lambda tile: True
        self.setToolTip("Drop samples here, or paste them (Ctrl+V) · Delete, or the cross: nothing is said of it")

    def show_count(self, count: int) -> None:
        """How many samples this side has, those included that are not shown."""
        if count != self._count:
            self._count = count
            self.update()

    @property
    def words(self) -> str:
        """What stands above them."""
        verb = "has" if self._count == 1 else "have"
        return f"{self._count:,} {verb} it" if self.has else f"{self._count:,} {verb} not"

    def places(self, count: int) -> list[QRectF]:
        room = QRectF(self.rect()).adjusted(4, HEAD, -4, -4)
        found = squares(room, count)
        if not found:
            return found
        # Few of them are no larger than those to be labelled.
        side = min(float(SIDE), found[0].width())
        step, across = side + GAP, max(1, int((room.width() + GAP) // (side + GAP)))
        corners = [room.topLeft() + QPointF(tile % across, tile // across) * step for tile in range(count)]
        return [QRectF(corner.x(), corner.y(), side, side) for corner in corners]

    def room_for_words(self) -> QRect:
        return self.rect().adjusted(-16, HEAD - 12, 16, 12)  # words have margins of their own

    def paint_behind(self, painter: QPainter) -> None:
        painter.save()
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(side_colour(self.has)))
        head = self.rect().adjusted(6, 0, -6, 0)
        head.setHeight(HEAD)
        words = f"{SIGNS[self.has]}  {self.words}"
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()
