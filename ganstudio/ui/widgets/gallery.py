"""A grid of cards to choose from, each with a picture and a title."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ganstudio.ui.theme import colours

NARROWEST, WIDEST, GAP, ROUND = 76, 150, 8, 6
PICTURE = 0.62
"""Height of the picture, in widths of the card."""


@dataclass(frozen=True)
class Entry:
    """What a card shows. ``picture`` need not exist."""

    name: str
    title: str
    description: str
    picture: Path


class Card(QAbstractButton):
    """One entry. Its picture is read when it is first painted."""

    def __init__(self, entry: Entry, parent: QWidget):
        super().__init__(parent)
        self.entry = entry
        self.is_open = False
        self._picture: QPixmap | None = None
        self.setText(entry.title)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setToolTip(entry.description)
        self.setAccessibleName(entry.title)
        self.setAccessibleDescription(entry.description)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(WIDEST, round(WIDEST * PICTURE) + self.caption)

    @property
    def caption(self) -> int:
        """Height of the title's two lines."""
        return 2 * self.fontMetrics().height() + 8

    def paintEvent(self, event: QPaintEvent) -> None:
        shades = colours()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(frame, ROUND, ROUND)
        painter.fillPath(shape, QColor(shades.surface))
        picture = frame.adjusted(0, 0, 0, -self.caption)
        painter.save()
        painter.setClipPath(shape)
        painter.setClipRect(picture, Qt.ClipOperation.IntersectClip)
        self._paint_picture(painter, picture)
        painter.restore()
        lit = self.is_open or self.hasFocus() or self.underMouse()
        edge = shades.accent if lit else shades.grid
        painter.setPen(QPen(QColor(edge), 2 if self.is_open or self.hasFocus() else 1))
        painter.drawPath(shape)
        room = QRect(0, round(picture.bottom()), self.width(), self.caption).adjusted(6, 2, -4, -3)
        painter.setPen(QColor(shades.accent if self.is_open else shades.text))
        lines = "\n".join(self._two_lines(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, lines)

    def _two_lines(self, width: int) -> list[str]:
        """The title broken between words, what is too long for two lines elided."""
        metrics, first, words = self.fontMetrics(), "", self.text().split()
        while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
            first = f"{first} {words.pop(0)}".strip()
        elide = Qt.TextElideMode.ElideRight
        if not first:
            first = metrics.elidedText(words.pop(0), elide, width) if words else ""
        rest = metrics.elidedText(" ".join(words).removeprefix("· "), elide, width)
        return [first.removesuffix(" ·"), rest] if rest else [first]

    def _paint_picture(self, painter: QPainter, where: QRectF) -> None:
        if self._picture is None:
            self._picture = QPixmap(str(self.entry.picture)) if self.entry.picture.is_file() else QPixmap()
        if self._picture.isNull():
            _paint_tiles(painter, where, self.entry.name)
            return
        whole = self._picture.rect()
        height = min(whole.height(), whole.width() * where.height() / where.width())
        width = height * where.width() / where.height()
        middle = QRectF((whole.width() - width) / 2, (whole.height() - height) / 2, width, height)
        painter.drawPixmap(where, self._picture, middle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif not self.parent().move_focus(self, event.key()):
            super().keyPressEvent(event)


class Gallery(QWidget):
    """As many columns as fit; as high as its rows. The arrow keys go from card to card, Return chooses."""

    chosen = Signal(str)
    """Name of the entry whose card was pressed."""

    def __init__(self, entries: list[Entry]):
        super().__init__()
        self.cards = {entry.name: Card(entry, self) for entry in entries}
        for name, card in self.cards.items():
            card.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def columns(self) -> int:
        """How many cards stand side by side."""
        return max((self.width() + GAP) // (WIDEST + GAP), min(3, self.width() // NARROWEST), 1)

    def show_open(self, title: str) -> None:
        """Frame the card of this title."""
        for card in self.cards.values():
            if card.is_open is not (card.entry.title == title):
                card.is_open = not card.is_open
                card.update()

    def move_focus(self, card: Card, key: int) -> bool:
        """Go from a card to its neighbour. Answers whether the key was an arrow."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
        }
        if key not in steps:
            return False
        cards = list(self.cards.values())
        index = cards.index(card) + steps[key]
        if 0 <= index < len(cards):
            cards[index].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = self.columns
        width = (self.width() - GAP * (columns - 1)) / columns
        height = round(width * PICTURE) + max((card.caption for card in self.cards.values()), default=0)
        for index, card in enumerate(self.cards.values()):
            row, column = divmod(index, columns)
            left, right = round(column * (width + GAP)), round(column * (width + GAP) + width)
            card.setGeometry(left, row * (height + GAP), right - left, height)
        rows = -(-len(self.cards) // columns)
        self.setFixedHeight(max(0, rows * (height + GAP) - GAP))


def _paint_tiles(painter: QPainter, where: QRectF, name: str) -> None:
    """Where there is no picture: a quilt of samples yet to come, each entry's own."""
    shades = colours()
    painter.fillRect(where, QColor(shades.surface_raised))
    seed = sum((index + 1) * ord(letter) for index, letter in enumerate(name))
    side = where.width() / 5
    for index in range(20):
        row, column = divmod(index, 5)
        draw = (seed * (index + 3) * 2654435761) >> 7 & 0xFF
        tile = QColor(shades.real if draw & 1 else shades.fake)
        tile.setAlphaF(0.10 + 0.5 * draw / 255)
        spot = QRectF(where.left() + column * side, where.top() + row * side, side, side).adjusted(2, 2, -2, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tile)
        painter.drawRoundedRect(spot, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
