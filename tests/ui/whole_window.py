"""What a person does with the whole window."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.ui.main_window import MainWindow

WAIT = 60_000


def small() -> Experiment:
    experiment = files.preset("dcgan-mnist")
    for path, value in [("players.*.network.params.width", 4), ("batch_size", 16)]:
        experiment, _ = change(experiment, path, value)
    return experiment


def phase(window: MainWindow, *names: str):
    """Whether the session is in one of these phases; "ready" when the window has been told of what was opened, too."""
    return lambda: window.studio.status.phase in names and (bool(window.shape) or "ready" not in names)


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def trained(make, qtbot, steps: int = 3) -> MainWindow:
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= steps, timeout=WAIT)
    return window
