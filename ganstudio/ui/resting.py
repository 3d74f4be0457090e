"""While a duel trains two other trainers, the panels of the run itself rest: their docks say so."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ganstudio.training.events import Event

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

AWAKE = ("duel", "experiment", "log", "runs", "compare", "loss_shape", "real")
"""Panels that do not show how the run trains, or show the duel itself."""


class Resting(QObject):
    """Follows a window's studio; a panel that somebody opens during a duel is marked from the start."""

    def __init__(self, window: "MainWindow"):
        super().__init__(window)
        self._window = window
        window.studio.event.connect(self._take)

    def _take(self, event: Event) -> None:
        if event.kind in ("duel", "duel-ended"):
            self._window.statusBar().showMessage(event.sentence, 5000)
        if event.kind == "duel":
            self._mark(f" · rests at step {event.step:,}")
        elif event.kind in ("duel-ended", "opened"):
            self._mark("")

    def _mark(self, note: str) -> None:
        for name, dock in self._window.docks.items():
            panel = self._window.panels[name]
            resting = note if name not in AWAKE else ""
            dock.setWindowTitle(f"{panel.title}{resting}")
            dock.toggleViewAction().setText(panel.title)
            tip = " (at rest: the duel trains two copies of the run)" if resting else ""
            dock.setToolTip(f"{panel.description}{tip}")
