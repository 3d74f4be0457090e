"""Events as a list that a person can read, filter, expand and copy."""

from collections.abc import Collection
from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from ganstudio.training.events import Event
from ganstudio.ui.theme import colours

MOST = 4000
"""Rows kept; the oldest go first."""
DROPPED = 400
"""Rows that go at once, so that a full list is not moved for each new event."""
RECENT = "00:00:00"
DATA = Qt.ItemDataRole.UserRole
HUES = {"failed": "danger", "warned": "warning", "diagnosed": "warning", "refused": "warning", "edited": "accent"}
"""Colours by kind; the kind stands there in words too."""


class EventList(QTreeWidget):
    """One row an event: time, step, kind, sentence. A traceback is folded away under its row, a line a row."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Collection[str] | None = None
        self._until: int | None = None
        self._widest = 0
        self._dated = False  # whether events of other days are among them, whose time takes more room
        # Scrolling lays out all rows: once for many events is enough.
        self._scroll = QTimer(self, singleShot=True, interval=100)
        self._scroll.timeout.connect(self.scrollToBottom)
        self.setColumnCount(4)
        self.setHeaderLabels(["Time", "Step", "Kind", "What happened"])
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setAccessibleName("Events of the session")
        self.setToolTip("Double click or → opens a traceback; Ctrl+C copies the chosen rows")
        header = self.header()
        header.setStretchLastSection(False)
        for column, sample in enumerate((RECENT, "100,000", "diagnosed")):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            room = self.indentation() if column == 0 else 0
            self.setColumnWidth(column, self.fontMetrics().horizontalAdvance(sample) + 18 + room)

    def add(self, event: Event) -> None:
        """Add an event at the end, after those that a run brought along. The next share of a work replaces it."""
        for one in event.data.get("earlier", ()):
            self._add(one)
        self._add(event)

    def _add(self, event: Event) -> None:
        bar = self.verticalScrollBar()
        follows = self._scroll.isActive() or bar.value() >= bar.maximum() - 1
        last = self.topLevelItem(self.topLevelItemCount() - 1)
        if event.kind == "loading" and last is not None and _continues(last.data(0, DATA), event):
            _write(last, event)
            return
        item = QTreeWidgetItem()
        _write(item, event)
        _tint(item)
        self.addTopLevelItem(item)
        item.setHidden(not self._shows(event))
        if len(item.text(0)) > len(RECENT) and not self._dated:
            self._dated = True
            self.setColumnWidth(0, self.fontMetrics().horizontalAdvance(item.text(0)) + 18 + self.indentation())
        if event.data.get("traceback"):
            self._fold(item, str(event.data["traceback"]))
        if self.topLevelItemCount() > MOST:
            self._drop(DROPPED)
        self._make_room(event.sentence)
        if follows:
            self._scroll.start()

    def _make_room(self, words: str) -> None:
        """Widen the last column, so that no sentence is cut off."""
        widest = max(self._widest, self.fontMetrics().horizontalAdvance(words) + 24)
        if widest > self._widest:
            self._widest = widest
            self._fit()

    def _fit(self) -> None:
        rest = self.viewport().width() - sum(self.columnWidth(column) for column in range(3))
        self.setColumnWidth(3, max(rest, self._widest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fold(self, item: QTreeWidgetItem, traceback: str) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        for line in traceback.rstrip().splitlines():
            row = QTreeWidgetItem(item, [line])
            row.setFont(0, font)
            row.setForeground(0, QColor(colours().muted))
            row.setFirstColumnSpanned(True)
        self._make_room(max(traceback.splitlines(), key=len))

    def _drop(self, count: int) -> None:
        self.setUpdatesEnabled(False)
        for _ in range(count):
            self.takeTopLevelItem(0)
        self.setUpdatesEnabled(True)

    def show_kinds(self, kinds: Collection[str] | None) -> None:
        """Show events of these kinds alone; None shows all."""
        self._shown = kinds
        self._choose()

    def show_until(self, step: int | None) -> None:
        """Show what had happened by the end of a step; None shows all."""
        self._until = step
        self._choose()
        self._scroll.start()

    def _choose(self) -> None:
        self.setUpdatesEnabled(False)
        for item in self._items():
            item.setHidden(not self._shows(item.data(0, DATA)))
        self.setUpdatesEnabled(True)

    def _shows(self, event: Event) -> bool:
        known = self._until is None or event.step <= self._until
        return known and (self._shown is None or event.kind in self._shown)

    def text(self, *, chosen: bool = False) -> str:
        """What is shown, or chosen, as plain text with tracebacks."""
        items = [item for item in self._items() if not item.isHidden()]
        if chosen:
            items = [item for item in items if item.isSelected() or _has_chosen(item)]
        return "".join(plain(item.data(0, DATA)) for item in items)

    def copy(self) -> None:
        """Put the chosen rows on the clipboard, or all that is shown when none is."""
        QGuiApplication.clipboard().setText(self.text(chosen=True) or self.text())

    def restyle(self) -> None:
        """Take the theme's colours."""
        for item in self._items():
            _tint(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _items(self) -> list[QTreeWidgetItem]:
        return [self.topLevelItem(index) for index in range(self.topLevelItemCount())]


def plain(event: Event) -> str:
    """An event as lines of text."""
    lines = [f"{_clock(event)}  step {event.step:,}  {event.kind}: {_sentence(event)}"]
    lines += [f"    {line}" for line in str(event.data.get("traceback", "")).rstrip().splitlines()]
    return "\n".join(lines) + "\n"


def _write(item: QTreeWidgetItem, event: Event) -> None:
    for column, words in enumerate((_clock(event), f"{event.step:,}", event.kind, _sentence(event))):
        item.setText(column, words)
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(3, event.sentence)
    item.setData(0, DATA, event)


def _sentence(event: Event) -> str:
    share = event.data.get("share")
    return f"{event.sentence} {share:.0%}" if isinstance(share, float | int) else event.sentence


def _clock(event: Event) -> str:
    when = datetime.fromtimestamp(event.time)
    return when.strftime("%H:%M:%S" if when.date() == datetime.now().date() else "%Y-%m-%d %H:%M")


def _continues(before: Event, event: Event) -> bool:
    return before.kind == event.kind and before.sentence == event.sentence


def _has_chosen(item: QTreeWidgetItem) -> bool:
    return any(item.child(index).isSelected() for index in range(item.childCount()))


def _tint(item: QTreeWidgetItem) -> None:
    hue = HUES.get(item.data(0, DATA).kind)
    for column in range(4):
        item.setForeground(column, QColor(getattr(colours(), hue or ("text" if column == 3 else "muted"))))
    for index in range(item.childCount()):
        item.child(index).setForeground(0, QColor(colours().muted))
