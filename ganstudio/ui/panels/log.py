"""Everything that the session has told, in order."""

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from ganstudio.ui.panel import Panel
from ganstudio.ui.widgets.event_list import EventList

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

FILTERS: dict[str, tuple[str, ...] | None] = {
    "All events": None,
    "Problems": ("failed", "warned", "diagnosed", "refused"),
    "Edits": ("edited", "refused"),
    "Training": (
        "opened",
        "started",
        "paused",
        "stopped",
        "stepped",
        "paced",
        "restored",
        "rewound",
        "branched",
        "finished",
        "failed",
    ),
    "Saves": ("saved",),
    "Loading": ("loading", "opened"),
}


class LogPanel(Panel):
    """The session's events with their steps; errors with their tracebacks, to be opened and copied."""

    name = "log"
    title = "Log"
    description = "What happened and when; errors with their tracebacks"
    keys: ClassVar[dict[str, str]] = {"→ or double click": "Open a traceback", "Ctrl+C": "Copy the chosen events"}
    order = 90

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.events = EventList()
        self.filter = QComboBox()
        self.filter.addItems(list(FILTERS))
        self.filter.setAccessibleName("Kinds of events shown")
        self.filter.setToolTip("Which kinds of events are shown")
        self.filter.currentTextChanged.connect(lambda words: self.events.show_kinds(FILTERS[words]))
        copy = QToolButton()
        copy.setText("Copy all")
        copy.setAccessibleName("Copy all events shown")
        copy.setToolTip("Copy all that is shown, with tracebacks (Ctrl+C in the list copies the chosen rows)")
        copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        copy.clicked.connect(self.copy_all)
        label = QLabel("Show")
        label.setBuddy(self.filter)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 8, 4)
        head.setSpacing(6)
        for widget in (label, self.filter, copy):
            head.addWidget(widget)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.events, 1)
        studio.event.connect(self.events.add)

    def copy_all(self) -> None:
        """Put all that is shown on the clipboard."""
        QGuiApplication.clipboard().setText(self.events.text())
        self.studio.message.emit("Copied the log.")

    def show_past(self, step: int | None) -> None:
        self.events.show_until(step)

    def restyle(self) -> None:
        self.events.restyle()

    def save_state(self) -> dict[str, Any]:
        return {"filter": self.filter.currentText()}

    def load_state(self, state: dict[str, Any]) -> None:
        if state.get("filter") in FILTERS:
            self.filter.setCurrentText(state["filter"])
