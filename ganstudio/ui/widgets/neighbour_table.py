"""A table of samples and the training samples nearest to each: images in pixels, points in the plane, both in D's
features. Of images each neighbour is a picture; of points one picture shows all of a group.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from ganstudio.latent.neighbours import Found, Neighbours
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.neighbour_rows import RowTitle
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import neighbour_words as words_of
from ganstudio.ui.widgets.grid_painting import draw_frame
from ganstudio.ui.widgets.neighbour_cells import FEATURES, GROUPS, PIXELS, SAMPLE, Cell, Cells, arranged
from ganstudio.ui.widgets.neighbour_painting import caption_font, draw_caption, draw_head, draw_image
from ganstudio.ui.widgets.neighbour_points import PointPicture, arranged_points
from ganstudio.ui.widgets.sample_drag import image_of, start_drag
from ganstudio.ui.widgets.sentence import draw_sentence

COMPACT = 12
"""Lines of type in view below which a caption has but one."""
MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class NeighbourTable(QWidget):
    """Shows ``Neighbours``, or a sentence. As high as its rows need: it stands in a scroll area.

    Keys: arrows choose a picture, Enter opens it, Delete removes its row.
    """

    opened = Signal(object)
    """A neighbour (a ``Cell``) is to be seen large beside its sample."""
    removed = Signal(int)
    """A row is to be taken out."""
    menu_wanted = Signal(object, QPoint)
    """The context menu of a ``Cell``, at a point of the screen."""
    chosen = Signal(object)
    """Another ``Cell`` has been chosen by key."""

    def __init__(self) -> None:
        super().__init__()
        self.neighbours: Neighbours | None = None
        self.titles: list[RowTitle] = []
        self.heads: tuple[Sequence[str], ...] = (words_of.PIXELS, words_of.FEATURES)
        """Titles of the groups, each from the longest wording to the shortest."""
        self.pending = ""
        """What stands in place of features that are not there yet."""
        self.suspicious = 0.0
        """Pixel distances below this are marked."""
        self._pictures: dict[Cell, QImage] | dict[Cell, PointPicture] = {}
        self._sentence = ""
        self._hovered: Cell | None = None
        self._current: Cell | None = None
        self._pressed: tuple[QPointF, Cell] | None = None
        self._room = QSize(600, 300)
        self.setAccessibleName("Samples and their nearest training images")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # what is shown

    def show_neighbours(self, neighbours: Neighbours, titles: list[RowTitle]) -> None:
        """Show what was found; ``titles`` has a row's for each sample."""
        self.neighbours, self.titles = neighbours, titles
        self._pictures = _points(neighbours) if neighbours.points else _images(neighbours)
        self._hovered, self._current = (
            cell if cell in self._pictures else None for cell in (self._hovered, self._current)
        )
        self._fit()
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of pictures."""
        if self.neighbours is None and sentence == self._sentence:
            return
        self.neighbours, self._sentence = None, sentence
        self._pictures = {}
        self._hovered = self._current = None
        self.setMinimumHeight(0)
        self.setAccessibleDescription(sentence)
        self.update()

    def set_room(self, room: QSize) -> None:
        """How much of the table can be seen at once."""
        self._room = room
        self._fit()

    def found(self, cell: Cell) -> Found | None:
        """The group that a cell belongs to; None for samples and for what is not there."""
        if self.neighbours is None or cell.group == SAMPLE:
            return None
        return self.neighbours.pixels if cell.group == PIXELS else self.neighbours.features

    def has(self, cell: Cell) -> bool:
        """Whether there is such a picture."""
        return cell in self._pictures

    @property
    def current(self) -> Cell | None:
        """The picture under the pointer, else the one chosen by key."""
        return self._hovered or self._current

    @property
    def shows_points(self) -> bool:
        """Whether the samples are points, and each group of their neighbours one picture."""
        return self.neighbours is not None and self.neighbours.points

    def parcel(self, cell: Cell) -> Parcel:
        """A picture as it travels: a sample with its z, where it has one. Of points the row's sample, by its z."""
        assert self.neighbours is not None
        if self.neighbours.points:
            return Parcel(self.titles[cell.row].z[None])
        found = self.found(cell)
        if found is not None:
            return Parcel(images=found.images[cell.row, cell.column][None])
        z = self.titles[cell.row].z if cell.row < len(self.titles) else None
        return Parcel(None if z is None else z[None], self.neighbours.samples[cell.row][None])

    def described(self, cell: Cell) -> str:
        """A picture in words."""
        found, neighbours = self.found(cell), self.neighbours
        if found is None or neighbours is None:
            return " ".join(self._title(cell.row))
        words = words_of.points_described if neighbours.points else words_of.described
        near = f" · nearer than 99 % of the real {'points' if neighbours.points else 'images'} are to theirs"
        return words(neighbours, found, cell) + (near if self._near(cell) else "")

    def _title(self, row: int) -> list[str]:
        """What a sample is, and of a point where."""
        words = [self.titles[row].words] if row < len(self.titles) else []
        return [*words, words_of.place_of(self.neighbours.samples[row])] if self.shows_points else words

    def _caption_font(self, layout: Cells) -> QFont:
        return caption_font(self.font(), layout.side / 2 if self.shows_points else layout.side)

    # layout

    def cells(self, room: QSize | None = None) -> Cells:
        """Where the pictures stand; ``room``: where they would stand if so much of the table could be seen."""
        neighbours, room = self.neighbours, room or self._room
        rows, columns = (1, 1) if neighbours is None else neighbours.pixels.places.shape
        line = self.fontMetrics().height()
        classes = neighbours is not None and bool(neighbours.classes) and neighbours.pixels.labels is not None
        lines = 2 if classes and room.height() >= COMPACT * line else 1

        def found(larger: float) -> Cells:
            if self.shows_points:
                return arranged_points(room.width(), room.height(), rows, 1.3 * line, 2 * larger * line + 4)
            return arranged(room.width(), room.height(), rows, max(1, columns), 1.3 * line, larger * lines * line + 4)

        first = found(1.0)
        return found(self._caption_font(first).pointSizeF() / self.font().pointSizeF())

    def _fit(self) -> None:
        needed = 0 if self.neighbours is None else ceil(self.cells().height)
        if needed != self.minimumHeight():
            self.setMinimumHeight(needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(colours().surface))
        neighbours = self.neighbours
        if neighbours is None:
            draw_sentence(painter, self.rect(), self._sentence)
            return
        layout = self.cells()
        for row in range(layout.rows if layout.stacked else 1):
            for group, words in enumerate(self.heads):
                draw_head(painter, layout.head_rect(row, group), words)
        if neighbours.features is None:
            self._draw_pending(painter, layout)
        painter.setFont(self._caption_font(layout))
        for cell, picture in self._pictures.items():
            if cell.column < layout.columns and self._rect(layout, cell).intersects(QRectF(event.rect())):
                self._draw_cell(painter, layout, cell, picture)

    def _draw_pending(self, painter: QPainter, layout: Cells) -> None:
        painter.setPen(QColor(colours().muted))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        for row in range(layout.rows):
            room = layout.rect(Cell(row, FEATURES)).united(layout.rect(Cell(row, FEATURES, layout.columns - 1)))
            painter.drawText(room, flags, self.pending)

    def _draw_cell(self, painter: QPainter, layout: Cells, cell: Cell, picture: QImage | PointPicture) -> None:
        c, rect, near = colours(), layout.rect(cell), self._near(cell)
        if isinstance(picture, PointPicture):
            picture.paint(painter, rect, c.warning if near else "")
        else:
            draw_image(painter, rect, picture, c.warning if near else "")
        if cell == self._current and self.hasFocus():
            draw_frame(painter, rect.adjusted(1, 1, -1, -1), c.accent)
        elif cell == self._hovered:
            draw_frame(painter, rect.adjusted(1, 1, -1, -1))
        found = self.found(cell)
        if found is None or self.neighbours is None:
            title, *place = self._title(cell.row) or [""]
            if painter.fontMetrics().horizontalAdvance(title) > layout.foot_rect(cell).width():
                title = title.split(" ")[-1]  # the number of "sample 3"
            lines = [(words, c.muted) for words in (title, *place)]
        elif self.neighbours.points:
            nearest, farthest = words_of.range_of(found, cell)
            lines = [(nearest, c.warning if near else c.text), (farthest, c.muted)]
        else:
            distance, name = words_of.shown(found, cell), words_of.class_of(self.neighbours, found, cell)
            colour = c.warning if near else c.text
            lines, both = [(distance, colour), (name, c.muted)], f"{distance} · {name}"
            if layout.foot < 2 * painter.fontMetrics().height():
                fits = name and painter.fontMetrics().horizontalAdvance(both) <= layout.foot_rect(cell).width()
                lines = [(both if fits else distance, colour)]
        draw_caption(painter, layout.foot_rect(cell), lines)

    def _near(self, cell: Cell) -> bool:
        found = self.found(cell)
        if found is None or cell.group != PIXELS:
            return False
        return bool(found.distances[cell.row, cell.column] < self.suspicious)

    # the mouse

    def cell_at(self, point: QPointF) -> Cell | None:
        """The picture under a point of the widget."""
        if self.neighbours is None:
            return None
        layout = self.cells()
        seen = (cell for cell in self._pictures if cell.column < layout.columns)
        return next((cell for cell in seen if layout.rect(cell).contains(point)), None)

    def rect_of(self, cell: Cell) -> QRectF:
        """Where a picture and its caption stand."""
        return self._rect(self.cells(), cell)

    @staticmethod
    def _rect(layout: Cells, cell: Cell) -> QRectF:
        return layout.rect(cell).united(layout.foot_rect(cell))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._pressed = event.position(), cell

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            start, cell = self._pressed
            if (event.position() - start).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                if self.has(cell):
                    start_drag(self, self.parcel(cell))
        self._hover(self.cell_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed[1] == self.cell_at(event.position()):
            self._open(pressed[1])

    def _open(self, cell: Cell) -> None:
        """A sample is seen beside its nearest."""
        self._current = cell
        wanted = Cell(cell.row, PIXELS, 0) if cell.group == SAMPLE else cell
        if self.has(wanted) and not self.shows_points:  # points' pictures are large already
            self.opened.emit(wanted)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.setCursor(Qt.CursorShape.PointingHandCursor if cell else Qt.CursorShape.ArrowCursor)
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        cell = self.cell_at(QPointF(event.pos())) if by_mouse else self._current
        if cell is not None:
            self.menu_wanted.emit(cell, event.globalPos())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.described(cell) if cell else "", self)
            return True
        return super().event(event)

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.neighbours is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif key in MOVES:
            self._move(*MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self._open(self._current)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._current is not None:
            self.removed.emit(self._current.row)
        else:
            event.ignore()

    def _move(self, across: int, down: int) -> None:
        cell = self._current
        self.choose(Cell(0) if cell is None else self.beside(cell, across, down) or cell)

    def choose(self, cell: Cell) -> None:
        """Choose a picture, as the arrow keys do."""
        self._current, self._hovered = cell, None
        self.setAccessibleDescription(self.described(cell))
        self.chosen.emit(cell)
        self.update()

    def beside(self, cell: Cell, across: int, down: int) -> Cell | None:
        """The picture next to another in a direction; None where there is none."""
        lines = self._lines()
        at = next((index for index, line in enumerate(lines) if cell in line), None)
        if at is None:
            return None
        place = lines[at].index(cell)
        if across:
            return lines[at][place + across] if 0 <= place + across < len(lines[at]) else None
        at += down
        while 0 <= at < len(lines) and cell in lines[at]:  # a sample stands in all lines of its row
            at += down
        if not 0 <= at < len(lines):
            return None
        return lines[at][min(place, len(lines[at]) - 1)]

    def _lines(self) -> list[list[Cell]]:
        """The pictures in lines, as they stand."""
        layout, found = self.cells(), []
        for row in range(layout.rows):
            groups = [[Cell(row, group, column) for column in range(layout.columns)] for group in range(GROUPS)]
            pixels, features = ([cell for cell in group if self.has(cell)] for group in groups)
            if layout.stacked:
                found += [[Cell(row), *group] for group in (pixels, features) if group]
            else:
                found.append([Cell(row), *pixels, *features])
        return found

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self._current is None and self._pictures:
            self.choose(Cell(0))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


def _images(neighbours: Neighbours) -> dict[Cell, QImage]:
    """Of each sample and of each neighbour its image."""
    pictures = {Cell(row): image_of(pixels) for row, pixels in enumerate(neighbours.samples)}
    for group, found in enumerate((neighbours.pixels, neighbours.features)):
        if found is not None:
            for row, column in np.ndindex(found.places.shape):
                pictures[Cell(row, group, column)] = image_of(found.images[row, column])
    return pictures


def _points(neighbours: Neighbours) -> dict[Cell, PointPicture]:
    """Of each sample where it is among all training points, and enlarged its neighbours of either group."""
    pictures = {Cell(row): PointPicture(neighbours.cloud, point) for row, point in enumerate(neighbours.samples)}
    for group, found in enumerate((neighbours.pixels, neighbours.features)):
        if found is not None:
            for row, point in enumerate(neighbours.samples):
                pictures[Cell(row, group)] = PointPicture(neighbours.cloud, point, found.images[row])
    return pictures
