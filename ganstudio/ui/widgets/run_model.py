"""Runs as the rows of a table that can be sorted and searched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QUrl,
)
from PySide6.QtGui import QColor, QImage, QPixmap

from ganstudio.runs import catalogue
from ganstudio.runs.catalogue import Entry
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.amounts import duration, moment, size

Index = QModelIndex | QPersistentModelIndex
ENTRY, SORT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Column:
    """One column: its heading, what the heading stands for, a cell's words, and what rows are sorted by."""

    title: str
    tip: str
    words: Callable[[Entry], str]
    key: Callable[[Entry], float | str]
    letters: int
    """Its width at first."""
    number: bool = True


def _metric(name: str) -> dict[str, Callable[[Entry], float | str]]:
    def value(entry: Entry) -> float:
        return entry.numbers.get(name, float("-inf"))

    return {"words": lambda entry: f"{value(entry):.3g}" if name in entry.numbers else "", "key": value}


def _ended(entry: Entry) -> float:
    return entry.ended.timestamp() if entry.ended else 0.0


COLUMNS = (
    Column("Run", "Title, and below it the preset and the tags", lambda entry: entry.title or entry.name,
           lambda entry: (entry.title or entry.name).casefold(), 30, False),
    Column("Steps", "Completed steps of the branch that the run is on", lambda entry: f"{entry.steps:,}",
           lambda entry: entry.steps, 9),
    Column("Trained", "Time spent in training, without rests", lambda entry: duration(entry.seconds),
           lambda entry: entry.seconds, 10),
    Column("Saved", "When it was saved last", lambda entry: moment(entry.ended) if entry.ended else "", _ended, 12),
    Column("Loss D", "Loss of the discriminator: mean over the last 100 steps", letters=6,
           **_metric("loss.discriminator")),
    Column("Loss G", "Loss of the generator: mean over the last 100 steps", letters=6, **_metric("loss.generator")),
    Column("D(x)", "Mean score of real samples over the last 100 steps", letters=6, **_metric("score.real")),
    Column("D(G(z))", "Mean score of generated samples over the last 100 steps", letters=7, **_metric("score.fake")),
    Column("Size", "On disk", lambda entry: size(entry.size), lambda entry: entry.size, 8),
    Column("Branches", "Ways that the run went", lambda entry: str(entry.branches), lambda entry: entry.branches, 8),
    Column("Tags", "Words of your own, to be searched for", lambda entry: ", ".join(entry.tags),
           lambda entry: ", ".join(entry.tags).casefold(), 14, False),
    Column("Note", "What you wrote about it", lambda entry: entry.note.partition("\n")[0],
           lambda entry: entry.note.casefold(), 30, False),
)  # fmt: skip
RUN, SAVED = 0, 3
FIRST = ("Saved", "Steps", "Loss D", "Loss G", "Trained", "D(x)", "D(G(z))", "Size", "Branches", "Note", "Tags")
"""Titles of the columns beside the run's own, those first that matter most where there is no room for all."""


class RunModel(QAbstractTableModel):
    """A row for each run, in no order of its own. A row that is read again changes in place: it stays chosen."""

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._pictures: dict[Path, QPixmap] = {}
        self.open_run: Path | None = None
        """The run that is open in the window."""

    @property
    def entries(self) -> list[Entry]:
        """All of them."""
        return list(self._entries)

    def entry(self, row: int) -> Entry:
        """The run of a row."""
        return self._entries[row]

    def row_of(self, folder: Path) -> int:
        """Where a run stands; −1 where it does not."""
        return next((row for row, entry in enumerate(self._entries) if entry.folder == folder), -1)

    def keep_only(self, folders: set[Path]) -> None:
        """Drop the rows of runs that are there no more."""
        for row in reversed(range(len(self._entries))):
            if self._entries[row].folder not in folders:
                self.remove(self._entries[row].folder)

    def remove(self, folder: Path) -> None:
        """Drop a run's row."""
        row = self.row_of(folder)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._entries[row]
            self._pictures.pop(folder, None)
            self.endRemoveRows()

    def take(self, rows: Iterable[tuple[Entry, QImage]]) -> None:
        """Show runs that are new or have changed, each with its thumbnail."""
        known = {entry.folder: row for row, entry in enumerate(self._entries)}
        fresh = []
        for entry, image in rows:
            self._pictures[entry.folder] = QPixmap.fromImage(image)
            row = known.get(entry.folder, -1)
            if row < 0:
                fresh.append(entry)
            else:
                self._entries[row] = entry
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
        if fresh:
            count = len(self._entries)
            self.beginInsertRows(QModelIndex(), count, count + len(fresh) - 1)
            self._entries += fresh
            self.endInsertRows()

    def show_open(self, folder: Path | None) -> None:
        """Mark the run that is open."""
        for changed in (self.open_run, folder):
            row = self.row_of(changed) if changed is not None else -1
            self.open_run = folder
            if row >= 0:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def picture(self, folder: Path) -> QPixmap:
        """A run's thumbnail; a null one where there is none."""
        return self._pictures.get(folder, QPixmap())

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry, column = self._entries[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if entry.damaged and column.number and index.column() != SAVED else column.words(entry)
        if role == ENTRY:
            return entry
        if role == SORT:
            return column.key(entry)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.number:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and entry.damaged:
            return QColor(colours().muted)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry)
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == RUN:
            return f"{entry.title or entry.name}{' (open)' if entry.folder == self.open_run else ''}. {entry.damaged}"
        return None

    def _tip(self, entry: Entry) -> str:
        if entry.damaged:
            return entry.damaged
        facts = [entry.title, f"{entry.steps:,} steps in {duration(entry.seconds)}", f"in {entry.folder}", entry.note]
        return "\n".join(filter(None, facts))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{COLUMNS[section].tip}. Click to sort; a right click chooses the columns."
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter if COLUMNS[section].number else Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        data = QMimeData()
        folders = dict.fromkeys(self._entries[index.row()].folder for index in indexes)
        data.setUrls([QUrl.fromLocalFile(str(folder)) for folder in folders])
        return data


class FoundRuns(QSortFilterProxyModel):
    """The runs that a search finds, in the order of a column; the newest first to begin with."""

    def __init__(self, runs: RunModel):
        super().__init__(runs)
        self.runs, self.text = runs, ""
        self.setSourceModel(runs)
        self.setSortRole(SORT)
        self.sort(SAVED, Qt.SortOrder.DescendingOrder)

    def search(self, text: str) -> None:
        """Show the runs in which every word occurs."""
        self.beginFilterChange()
        self.text = text
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        return not self.text.strip() or bool(catalogue.search([self.runs.entry(row)], self.text))
