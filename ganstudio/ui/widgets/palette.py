"""The command palette: type a few letters, press Enter."""

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QLineEdit, QListView, QVBoxLayout, QWidget


class CommandPalette(QDialog):
    """All enabled actions, filtered by what is typed; the words may come in any order."""

    def __init__(self, actions: list[QAction], parent: QWidget):
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName("Command palette")
        self.resize(560, 420)
        self._actions = [action for action in actions if action.isEnabled() and action.text()]
        model = QStandardItemModel(self)
        for index, action in enumerate(self._actions):
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QStandardItem(action.text().replace("&", "") + (f"    {keys}" if keys else ""))
            item.setToolTip(action.statusTip())
            item.setData(index, Qt.ItemDataRole.UserRole)
            model.appendRow(item)
        self._filter = QSortFilterProxyModel(self)
        self._filter.setSourceModel(model)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit()
        self.search.setPlaceholderText("What do you want to do?")
        self.search.setAccessibleName("Search commands")
        self.search.setToolTip("Type a few letters; Enter runs the selected command, Esc closes")
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list = QListView()
        self.list.setModel(self._filter)
        self.list.setAccessibleName("Commands")
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.activated.connect(lambda _: self.run())
        self.list.clicked.connect(lambda _: self.run())
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self._narrow("")
        self.search.setFocus()

    def _narrow(self, text: str) -> None:
        words = "".join(f"(?=.*{_escape(word)})" for word in text.split())
        self._filter.setFilterRegularExpression(words)
        self.list.setCurrentIndex(self._filter.index(0, 0))

    def eventFilter(self, watched: QWidget, event: QKeyEvent) -> bool:
        if event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row = max(0, min(self._filter.rowCount() - 1, self.list.currentIndex().row() + step))
                self.list.setCurrentIndex(self._filter.index(row, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.run()
                return True
        return super().eventFilter(watched, event)

    def run(self) -> None:
        """Close, then trigger the selected command."""
        index = self.list.currentIndex()
        self.close()
        if index.isValid():
            self._actions[index.data(Qt.ItemDataRole.UserRole)].trigger()


def _escape(word: str) -> str:
    return "".join(f"\\{letter}" if not letter.isalnum() else letter for letter in word)
