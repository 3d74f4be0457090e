"""The sheet of all keys (F1)."""

from html import escape

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.ui.theme import colours


class KeySheet(QDialog):
    """Menus side by side, each command with its keys."""

    def __init__(self, menus: dict[str, list[QAction]], parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAccessibleName("All keys")
        cells = "".join(
            f"<td style='padding-right: 32px'>{_table(menu, actions)}</td>" for menu, actions in menus.items()
        )
        label = QLabel(f"<table><tr>{cells}</tr></table>")
        label.setMargin(12)
        scroll = QScrollArea()
        scroll.setWidget(label)
        scroll.setWidgetResizable(True)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(close)
        hint = label.sizeHint()
        self.resize(min(1240, hint.width() + 60), min(680, hint.height() + 100))


def _table(menu: str, actions: list[QAction]) -> str:
    rows = [f"<tr><td colspan=2><h3 style='color: {colours().accent}'>{escape(menu)}</h3></td></tr>"]
    for action in actions:
        keys = " or ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        if keys:
            title = escape(action.text().replace("&", ""))
            rows.append(f"<tr><td style='padding-right: 14px'><b>{escape(keys)}</b></td><td>{title}</td></tr>")
    return f"<table>{''.join(rows)}</table>"
