"""The runs on disk: look for one, go on with it, compare, copy, export, throw away."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QCloseEvent, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from ganstudio.runs.catalogue import Entry
from ganstudio.ui.panel import Panel
from ganstudio.ui.run_export import ExportMenu
from ganstudio.ui.run_reader import RunReader
from ganstudio.ui.theme import tool_buttons
from ganstudio.ui.widgets.run_detail import Details, RunDetail, read_details
from ganstudio.ui.widgets.run_table import RunTable
from ganstudio.ui.widgets.wrap import WrapLayout

if TYPE_CHECKING:
    from pathlib import Path

    from ganstudio.ui.studio import Studio

EMPTY = "Runs appear here once something was trained: press Train (Space).\n\nThey are saved in {place}."
NONE_FOUND = "No run has all of these words in its title, preset, tags or note."


class RunsPanel(Panel):
    """A table of all runs; below it the chosen one, with its branches."""

    name = "runs"
    title = "Runs"
    description = "Every run on disk: search, open, train on, compare, export; go back to a checkpoint and branch"
    order = 80
    keys: ClassVar[dict[str, str]] = {
        "Ctrl+F": "Search",
        "Enter · Shift+Enter": "Open the run · open it and train",
        "C": "Compare the chosen runs",
        "N": "Duplicate",
        "E": "Export",
        "Del": "Move to the trash",
        "F2 · Shift+F2": "Write tags · the title of the chosen branch",
        "F6": "Go to the branches",
    }

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.runs = studio.runs
        self.table = RunTable()
        self.detail = RunDetail()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search title, preset, tags, notes (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        for clear in self.search.findChildren(QToolButton):
            clear.setAccessibleName("Clear the search")
            clear.setToolTip("Clear the search")
        self.search.setAccessibleName("Search runs")
        self.search.setToolTip("Show the runs in which every word occurs (Ctrl+F; ↓ goes to the table)")
        self.search.textChanged.connect(self._search)
        self.count = QLabel()
        self.count.setAccessibleName("How many runs are shown")
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.export = ExportMenu(self.runs, self)
        self._make_actions()
        self._lay_out()
        self._stale = True
        self._reader = RunReader()
        self._reader.rows.connect(self._take_rows)
        self._reader.listed.connect(self._take_folders)
        self._reader.failed.connect(self._refuse)
        self._reader.answered.connect(self._take_answer)
        self.table.chosen.connect(self._follow_choice)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.doubleClicked.connect(lambda _: self.actions_by_name["open"].trigger())
        self.detail.described.connect(lambda folder, field, value: self.runs.describe(folder, **{field: value}))
        self.detail.titled.connect(self.runs.title_branch)
        self.detail.wanted.connect(self._continue)
        self.runs.changed.connect(self._read_again)
        self.runs.open_changed.connect(self._mark_open)
        self._listed = False
        self.restyle()
        self._follow_choice()
        self._show_state()

    def _make_actions(self) -> None:
        """What is done with the chosen runs, by button, by the table's context menu, and by keys in the table."""
        entries: tuple[tuple[str, str, str, str, Callable[[], object]], ...] = (
            ("open", "Open", "Return", "Open the run as it was left: look, explore, train on", self._open),
            ("resume", "Train on", "Shift+Return", "Open the run and train", self._resume),
            ("compare", "Compare", "C", "Compare the curves of the chosen runs, and say what differs", self._compare),
            ("duplicate", "Duplicate", "N", "Copy the run to a new folder beside it", self._duplicate),
            ("export", "Export…", "E", "Write metrics, samples, weights, experiment or a zip", self._export),
            ("delete", "Delete", "Del", "Move to the trash; the banner brings it back", self._delete),
            ("folder", "Open folder", "", "Show the run's files", self._show_folder),
        )
        self.actions_by_name: dict[str, QAction] = {}
        for name, words, keys, tip, act in entries:
            action = QAction(words, self.table)
            both = [keys, keys.replace("Return", "Enter")]  # the keypad has one of its own
            action.setShortcuts([QKeySequence(one) for one in dict.fromkeys(both) if one])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            label = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{tip} ({label})" if label else tip)
            action.triggered.connect(lambda _=False, act=act: act())
            self.table.addAction(action)
            self.actions_by_name[name] = action
        for keys, act in (
            ("Ctrl+F", self.search_for),
            ("F2", lambda: self.detail.tags.setFocus(Qt.FocusReason.ShortcutFocusReason)),
            ("Shift+F2", lambda: self.detail.branch.setFocus(Qt.FocusReason.ShortcutFocusReason)),
            ("F6", lambda: self.detail.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, act=act: act())
            self.addAction(action)
        down = QAction(self.search)
        down.setShortcuts([QKeySequence("Down"), QKeySequence("Return")])
        down.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        down.triggered.connect(self._into_table)
        self.search.addAction(down)

    def _lay_out(self) -> None:
        self.buttons: dict[str, QToolButton] = {}
        self._bar = QWidget()
        row = WrapLayout(self._bar, 5)
        row.setContentsMargins(8, 0, 8, 6)
        for name, action in self.actions_by_name.items():
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text().rstrip("…"))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
            self.buttons[name] = button
        row.addWidget(self.count)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.empty)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.pages)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setCollapsible(0, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(8, 6, 8, 6)
        head.addWidget(self.search)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        layout.addWidget(self.splitter, 1)
        self.setFocusProxy(self.table)

    # what is read

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self._reader.read_place(self.runs.place)

    def hideEvent(self, event: QHideEvent) -> None:
        self.detail.save()
        self._stale = True
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.detail.save()
        self._reader.close()
        super().closeEvent(event)

    def _read_again(self, folder: "Path") -> None:
        """A run has been saved, copied, moved or written on; nobody looks while the panel is hidden."""
        if not self.isVisible():
            self._stale = True
        elif folder.parent == self.runs.place and folder.is_dir() and self.table.runs.row_of(folder) >= 0:
            self._reader.read_run(folder)
        else:
            self._reader.read_place(self.runs.place)

    def _take_folders(self, folders: "set[Path]") -> None:
        self._listed = True
        self.table.runs.keep_only(folders)
        self._show_state()

    def _take_rows(self, rows: list) -> None:
        self.table.runs.take(rows)
        if not self.table.selectionModel().hasSelection() and self.table.found.rowCount():
            folder = self.runs.folder
            if folder is not None and self.table.runs.row_of(folder) >= 0:
                self.table.choose(folder)
        if self.detail.entry is not None and any(self.detail.entry.folder == entry.folder for entry, _ in rows):
            self._follow_choice()
        self._show_state()

    def _take_answer(self, kind: str, folder: "Path", answer: object) -> None:
        if kind == "details" and isinstance(answer, Details):
            self.detail.show_details(folder, answer)

    def _refuse(self, sentence: str) -> None:
        self._listed = True
        self.table.runs.keep_only(set())
        self._show_state(sentence)

    def _mark_open(self) -> None:
        self.table.runs.show_open(self.runs.folder)
        self._follow_choice()

    # what is shown

    def _search(self, text: str) -> None:
        self.table.found.search(text)
        self._show_state()

    def search_for(self) -> None:
        """Put the keyboard into the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _into_table(self) -> None:
        if self.table.found.rowCount():
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if not self.table.selectionModel().hasSelection():
                self.table.selectRow(0)

    def _show_state(self, sentence: str = "") -> None:
        """How many runs there are, or why none is seen."""
        all_, found = self.table.runs.rowCount(), self.table.found.rowCount()
        if not all_:
            sentence = sentence or (EMPTY.format(place=self.runs.place) if self._listed else "Reading the runs…")
        elif not found:
            sentence = NONE_FOUND
        self.empty.setText(sentence)
        self.pages.setCurrentWidget(self.table if found else self.empty)
        runs = "1 run" if all_ == 1 else f"{all_} runs"
        self.count.setText(runs if found == all_ else f"{found} of {runs}")
        self.detail.setVisible(bool(all_))
        self._bar.setVisible(bool(all_))
        self.search.setVisible(bool(all_))

    @property
    def chosen(self) -> list[Entry]:
        """The runs that an action is about."""
        return self.table.entries

    def _follow_choice(self) -> None:
        chosen = self.chosen
        whole = [entry for entry in chosen if not entry.damaged]
        is_open = any(self.runs.is_open(entry.folder) for entry in chosen)
        one = len(chosen) == 1
        for name, can in {
            "open": one,
            "resume": one,
            "compare": bool(whole),
            "duplicate": one,
            "export": one,
            "delete": bool(chosen) and not is_open,
            "folder": one,
        }.items():
            self.actions_by_name[name].setEnabled(can)
        delete = self.actions_by_name["delete"]
        tip = (
            "This run is open; open another one before you delete it"
            if is_open
            else ("Move to the trash; the banner brings it back (Del)")
        )
        delete.setToolTip(tip)
        current = self.table.currentIndex()
        entry = chosen[0] if one else (self.table.entry_at(current) if chosen and current.isValid() else None)
        self.detail.show_entry(entry)
        if entry is not None and self.isVisible():
            self._reader.ask("details", entry.folder, lambda: read_details(entry))

    def _show_menu(self, place: QPoint) -> None:
        if self.table.indexAt(place).isValid():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addActions([action for name, action in self.actions_by_name.items() if name != "export"])
            menu.insertMenu(self.actions_by_name["delete"], self.export.of(self.chosen[0], menu))
            menu.popup(self.table.viewport().mapToGlobal(place))

    # what is done

    def _open(self) -> None:
        self.runs.open(self.chosen[0].folder)

    def _resume(self) -> None:
        self.runs.resume(self.chosen[0].folder)

    def _compare(self) -> None:
        self.runs.compare_wanted.emit([entry.folder for entry in self.chosen if not entry.damaged])

    def _duplicate(self) -> None:
        self.runs.duplicate(self.chosen[0].folder)

    def _export(self) -> None:
        button = self.buttons["export"]
        self.export.of(self.chosen[0], self).popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _delete(self) -> None:
        self.runs.throw_away([entry.folder for entry in self.chosen])

    def _show_folder(self) -> None:
        self.runs.show_folder(self.chosen[0].folder)

    def _continue(self, checkpoint: object) -> None:
        entry = self.detail.entry
        if entry is not None and checkpoint is not None:
            self.runs.continue_from(entry.folder, checkpoint.branch, checkpoint.step)

    # looks and memory

    def restyle(self) -> None:
        self._bar.setStyleSheet(tool_buttons("3px 8px"))
        self.empty.setStyleSheet("font-size: 13pt;")
        self.detail.restyle()
        self.table.viewport().update()

    def save_state(self) -> dict[str, Any]:
        return {"table": self.table.state()}

    def load_state(self, state: dict[str, Any]) -> None:
        if isinstance(state.get("table"), dict):
            self.table.load(state["table"])
