"""The table of runs: thumbnails, sorting, and columns that can be chosen."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ganstudio.runs.catalogue import Entry
from ganstudio.ui.theme import ON_ACCENT, colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.run_model import COLUMNS, ENTRY, FIRST, RUN, SAVED, FoundRuns, RunModel

ROW, PICTURE = 58, 50
LEAST = 20
"""Letters of a run's title that are seen, whatever other columns there are."""
TITLES = [column.title for column in COLUMNS]
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
    """Rows that can be chosen, several too. What is done with them is the panel's.

    Where there is no room for all columns, those that matter less are left out; one that a person asks for comes
    before all others.
    """

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
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        self._unwanted: set[str] = set()  # hidden by hand
        self._first: list[str] = []  # asked for by hand
        self._letters = {column.title: column.letters + 2.0 for column in COLUMNS}
        self._widths: dict[str, int] = {}
        self._measure()
        header.setSectionResizeMode(RUN, QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(self._note_width)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
            self._fit()

    def _measure(self) -> None:
        """Columns and rows for the present type: on the stage it is large. What a hand has made wider stays wider."""
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        letter = self._letter = metrics.horizontalAdvance("0")
        for title, letters in self._letters.items():
            head = metrics.horizontalAdvance(symbols.plain(title)) + 3 * letter  # and the mark of the order
            self._widths[title] = max(round(letters * letter), head)
        self._least = LEAST * letter + PICTURE
        self._measuring = True
        header.setMinimumSectionSize(5 * letter)
        self.verticalHeader().setDefaultSectionSize(max(ROW, 2 * metrics.height() + 12))
        for index, title in enumerate(TITLES):
            header.resizeSection(index, self._widths[title])
        self._measuring = False

    def _note_width(self, index: int, _: int, width: int) -> None:
        if index != RUN and width and not self._measuring:  # 0 where it is hidden
            title = TITLES[index]
            self._widths[title], self._letters[title] = width, width / self._letter

    def _fit(self) -> None:
        """Show the columns that there is room for, those that matter most first."""
        room, shown = self.viewport().width() - self._least, {TITLES[RUN]}
        for title in dict.fromkeys((*self._first, *FIRST)):
            if title not in self._unwanted and self._widths[title] <= room:
                room -= self._widths[title]
                shown.add(title)
        for index, title in enumerate(TITLES):
            self.horizontalHeader().setSectionHidden(index, title not in shown)

    def want(self, title: str, wanted: bool) -> None:
        """Show a column before all others, or leave it out."""
        self._unwanted.discard(title) if wanted else self._unwanted.add(title)
        self._first = [title] * wanted + [one for one in self._first if one != title]
        self._fit()

    def _choose_columns(self, place: QPoint) -> None:
        header = self.horizontalHeader()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for index, title in enumerate(TITLES):
            crowded = header.isSectionHidden(index) and title not in self._unwanted
            action = menu.addAction(f"{symbols.plain(title)}{' (no room now)' if crowded else ''}")
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(index))
            action.setEnabled(index != RUN)
            action.toggled.connect(lambda shown, title=title: self.want(title, shown))
        menu.popup(header.mapToGlobal(place))

    def state(self) -> dict[str, Any]:
        """Columns and order as plain values."""
        header = self.horizontalHeader()
        return {
            "hidden": [title for title in TITLES if title in self._unwanted],
            "first": list(self._first),
            "sorted": TITLES[header.sortIndicatorSection()],
            "descending": header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        }

    def load(self, state: dict[str, Any]) -> None:
        """Take up choices; those that misfit are ignored."""
        hidden, first = state.get("hidden"), state.get("first")
        if isinstance(hidden, list):
            self._unwanted = {title for title in FIRST if title in hidden}
        if isinstance(first, list):
            self._first = [title for title in first if title in FIRST]
        self._fit()
        if state.get("sorted") in TITLES:
            order = Qt.SortOrder.DescendingOrder if state.get("descending") is True else Qt.SortOrder.AscendingOrder
            self.sortByColumn(TITLES.index(state["sorted"]), order)
