"""The table of runs: thumbnails, sorting, and columns that can be chosen."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ganstudio.runs.catalogue import Entry
from ganstudio.ui.theme import ON_ACCENT, colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.run_model import COLUMNS, ENTRY, RUN, SAVED, FoundRuns, RunModel

ROW, PICTURE = 58, 50
Index = QModelIndex | QPersistentModelIndex


class RunCell(QStyledItemDelegate):
    """Thumbnail, title, and below it what the run began as and its tags; of a damaged run what is wrong with it."""

    def __init__(self, runs: RunModel):
        super().__init__(runs)
        self._runs = runs

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c = colours()
        entry: Entry = index.data(ENTRY)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, option.palette.highlight())
        room = QRectF(option.rect)
        is_open = entry.folder == self._runs.open_run
        if is_open:
            bar = QRectF(room.left(), room.top() + 3, 4, room.height() - 6)
            painter.fillRect(bar, QColor(ON_ACCENT if chosen else c.accent))
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(painter, QRectF(room.left() + 8, room.center().y() - PICTURE / 2, PICTURE, PICTURE), entry)
        words = room.adjusted(8 + PICTURE + 10, 6, -6, -6)
        upper, lower = QRectF(words), QRectF(words)
        upper.setBottom(words.center().y())
        lower.setTop(words.center().y())
        font = option.font
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(ON_ACCENT if chosen else (c.muted if entry.damaged else c.text)))
        _write(painter, upper, entry.title or entry.name)
        font.setBold(False)
        painter.setFont(font)
        if entry.damaged:
            painter.setPen(QColor(ON_ACCENT if chosen else c.warning))
            inside = entry.damaged.replace(f"{entry.folder}/", "").replace(str(entry.folder), "the folder")
            _write(painter, lower, inside)
        else:
            painter.setPen(QColor(ON_ACCENT if chosen else c.muted))
            parts = ["open" if is_open else "", entry.preset or entry.name, *(f"#{tag}" for tag in entry.tags)]
            _write(painter, lower, "  ·  ".join(filter(None, parts)))
        painter.restore()

    def _paint_picture(self, painter: QPainter, frame: QRectF, entry: Entry) -> None:
        picture = self._runs.picture(entry.folder)
        shape = QPainterPath()
        shape.addRoundedRect(frame, 5, 5)
        painter.fillPath(shape, QColor(colours().surface_raised))
        if picture.isNull():
            return
        painter.save()
        painter.setClipPath(shape)
        size = picture.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        painter.drawPixmap(QRectF(frame.topLeft(), size), picture, QRectF(picture.rect()))
        painter.restore()


def _write(painter: QPainter, room: QRectF, text: str) -> None:
    words = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


class RunTable(QTableView):
    """Rows that can be chosen, several too. What is done with them is the panel's."""

    chosen = Signal()
    """Another run, or several, are chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = RunModel(self)
        self.found = FoundRuns(self.runs)
        self.setModel(self.found)
        self.setItemDelegateForColumn(RUN, RunCell(self.runs))
        self.setAccessibleName("Runs")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header, letter = self.horizontalHeader(), self.fontMetrics().horizontalAdvance("0")
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(5 * letter)
        for index, column in enumerate(COLUMNS):
            header.resizeSection(index, (column.letters + 2) * letter + (PICTURE if index == RUN else 0))
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        self.setSortingEnabled(True)
        self.sortByColumn(SAVED, Qt.SortOrder.DescendingOrder)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())

    @property
    def entries(self) -> list[Entry]:
        """The runs that are chosen, from the top."""
        return [index.data(ENTRY) for index in sorted(self.selectionModel().selectedRows(), key=lambda one: one.row())]

    def entry_at(self, index: Index) -> Entry:
        """The run of a row."""
        return index.data(ENTRY)

    def choose(self, folder: Path) -> None:
        """Choose one run and show it, where the search finds it."""
        index = self.found.mapFromSource(self.runs.index(self.runs.row_of(folder), RUN))
        if index.isValid():
            rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, rows)
            self.scrollTo(index)

    def keyboardSearch(self, text: str) -> None:
        """Nothing: there is a box for that, and letters are keys of the window."""

    def _choose_columns(self, place: QPoint) -> None:
        header = self.horizontalHeader()
        menu = QMenu(self)
        for index, column in enumerate(COLUMNS):
            action = menu.addAction(symbols.plain(column.title))
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(index))
            action.setEnabled(index != RUN)
            action.toggled.connect(lambda shown, index=index: header.setSectionHidden(index, not shown))
        menu.popup(header.mapToGlobal(place))

    def state(self) -> dict[str, Any]:
        """Columns and order as plain values."""
        header = self.horizontalHeader()
        return {
            "hidden": [column.title for index, column in enumerate(COLUMNS) if header.isSectionHidden(index)],
            "sorted": COLUMNS[header.sortIndicatorSection()].title,
            "descending": header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        }

    def load(self, state: dict[str, Any]) -> None:
        """Take up choices; those that misfit are ignored."""
        titles = [column.title for column in COLUMNS]
        hidden = state.get("hidden")
        if isinstance(hidden, list):
            for index, title in enumerate(titles):
                self.horizontalHeader().setSectionHidden(index, index != RUN and title in hidden)
        if state.get("sorted") in titles:
            order = Qt.SortOrder.DescendingOrder if state.get("descending") is True else Qt.SortOrder.AscendingOrder
            self.sortByColumn(titles.index(state["sorted"]), order)
