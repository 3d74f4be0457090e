"""What stands along the lower edge of the stage: which panels are shown, the scenes, and what the keys do."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ganstudio.ui.theme import colours, tool_buttons

NONE = "Nothing beside it"


class StageBar(QFrame):
    """Two lists of panels, buttons over the window's actions, and a line of key hints. It holds no state."""

    chosen = Signal(list)
    """Names of the panels that a person wants to see, one or two."""

    def __init__(self, window: QWidget, actions: Sequence[QAction], hints: Mapping[str, str]):
        super().__init__(window)
        self.setObjectName("stage-bar")
        self.setAccessibleName("Stage")
        self.left, self.right = QComboBox(), QComboBox()
        self.left.setAccessibleName("Panel on the stage")
        self.left.setToolTip("The panel that is shown")
        self.right.setAccessibleName("Panel beside it")
        self.right.setToolTip("A second panel at its right, or nothing")
        row = QHBoxLayout()
        row.setSpacing(8)
        for box in (self.left, self.right):
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.activated.connect(self._choose)
            row.addWidget(box)
        row.addStretch(1)
        self._buttons = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(action.text())
            row.addWidget(button)
            self._buttons.append(button)
        self.hints = QLabel()
        self._hints = hints
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.addLayout(row)
        layout.addWidget(self.hints, 0, Qt.AlignmentFlag.AlignHCenter)
        self.hide()

    def offer(self, panels: Mapping[str, str]) -> None:
        """Which panels may be chosen: title by name."""
        self.left.clear()
        self.right.clear()
        self.right.addItem(NONE, "")
        for name, title in panels.items():
            self.left.addItem(title, name)
            self.right.addItem(title, name)

    def show_panels(self, names: Sequence[str]) -> None:
        """Which panels are on the stage."""
        self.left.setCurrentIndex(self.left.findData(names[0]))
        self.right.setCurrentIndex(max(0, self.right.findData(names[1] if len(names) > 1 else "")))

    def _choose(self) -> None:
        names = [self.left.currentData(), self.right.currentData()]
        self.chosen.emit([name for name in dict.fromkeys(names) if name])

    def restyle(self) -> None:
        """Follow a change of theme or type size."""
        self.setStyleSheet(
            f"#stage-bar {{ background: {colours().surface_raised}; border-top: 2px solid {colours().accent}; }}"
            + tool_buttons("3px 10px")
        )
        keys = (f"<b style='color: {colours().accent}'>{key}</b>&nbsp;{what}" for key, what in self._hints.items())
        self.hints.setText(" &nbsp; · &nbsp; ".join(keys))
        side = round(1.3 * self.fontMetrics().height())
        for button in self._buttons:
            button.setIconSize(QSize(side, side))

    def place(self) -> None:
        """Along the lower edge of the window."""
        window = self.window()
        height = self.sizeHint().height()
        self.setGeometry(0, window.height() - height, window.width(), height)
