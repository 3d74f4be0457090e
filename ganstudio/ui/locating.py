"""Real data that a run was trained on and that are not where they were: another place for them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.registry import registry
from ganstudio.experiment.wording import in_words
from ganstudio.training.commands import Open
from ganstudio.training.events import Event

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

PATH = "data.path"
LOCATE = "Locate data…"


class Locating:
    """Says that the data of what is open are missing, and opens it with those that a person finds."""

    def __init__(self, window: "MainWindow"):
        self._window = window
        self._tried: Experiment | None = None  # with data at the place that was found last
        window.studio.data_missing.connect(self._offer)
        window.studio.event.connect(self._take_event)

    def _offer(self, sentence: str) -> None:
        """Nothing is wrong with what is open: it is told, not warned of."""
        experiment = self._window.studio.experiment
        there = experiment is not None and experiment.data.params.get("path")
        self._window.banner.say(sentence, {LOCATE: self.locate} if there else None, wrong=False)

    def _take_event(self, event: Event) -> None:
        """What was found is refused: the button stays, for another place."""
        command = event.data.get("command")
        ours = isinstance(command, Open) and self._tried is not None and command.experiment is self._tried
        if event.kind == "refused" and ours and self._window.studio.absence:
            self._offer(f"{in_words(self._tried, event.sentence).rstrip('.')}.")

    def locate(self) -> None:
        """Ask for the folder or the file, and open with it what is open."""
        experiment = self._window.studio.experiment
        if experiment is None:
            return
        field = registry.find("data", experiment.data.kind, PATH).Config.model_fields["path"]
        title, near = "Where are the data now?", _nearest(Path(experiment.data.params["path"]))
        if field.title == "Folder":
            found = QFileDialog.getExistingDirectory(self._window, title, near)
        else:
            found, _ = QFileDialog.getOpenFileName(self._window, title, near)
        if found:
            self.use(Path(found))

    def use(self, path: Path) -> None:
        """Open what is open with the data at this place, with its weights and its history."""
        studio = self._window.studio
        if studio.experiment is None:
            return
        try:
            self._tried, _ = change(studio.experiment, PATH, str(path))
            self._window.open_experiment(self._tried, studio.run)
        except StudioError as error:
            self._offer(f"{in_words(studio.experiment, str(error))}.")


def _nearest(path: Path) -> str:
    """The innermost folder of a path that is still there."""
    return str(next((one for one in path.parents if one.is_dir()), ""))
