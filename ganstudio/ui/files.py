"""Opening and saving from the window: experiments, runs, own data; by menu, recent list, or drag and drop."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from ganstudio.experiment import files
from ganstudio.experiment.edits import PICTURES, TABLES, change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.catalogue import is_run
from ganstudio.runs.read import read_experiment, read_run

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

WEIGHTS = ".safetensors"
BEATS = "[[beats]]"
"""What stands in a scene's file, and in no experiment's."""
POINTS_SUFFIXES = (*TABLES, *PICTURES)
DATA_SUFFIXES = (".npz", ".npy", ".gz", *POINTS_SUFFIXES)
POINTS_PRESET = "moons"
"""Its players learn points of a person's own where those of the open experiment are made for images."""


class Files:
    """The window's hands on the disk. Every failure is one sentence in the banner."""

    def __init__(self, window: "MainWindow"):
        self.window = window

    def open_path(self, path: Path) -> None:
        """Open whatever lies at a path: an experiment, a run, weights, a folder or an array of images, points."""
        try:
            if not path.exists():
                raise StudioError("there is nothing at this place any more; choose another", str(path))
            if path.suffix == ".toml" and BEATS in files.text(path):
                self.window.player.open(str(path))
            elif path.suffix == ".toml":
                self.window.open_experiment(files.read(path))
                self._remember(path)
            elif is_run(path):
                self.open_run(path)
            elif path.suffix.lower() == ".zip":
                self.window.studio.runs.unzip(path)
            elif path.suffix.lower() == WEIGHTS:
                self.open_weights(path)
            elif path.suffix.lower() == ".onnx":
                words = "is for other programs; export the run's weights (.safetensors) to open them here"
                raise StudioError(words, str(path))
            elif path.is_dir() or path.name.lower().endswith(DATA_SUFFIXES) or "idx" in path.name:
                self.use_data(path)
            else:
                known = (
                    "an experiment (.toml), a run, its .zip or its weights (.safetensors), a folder of images, .npz, "
                    ".npy, idx, .csv or one picture"
                )
                raise StudioError(f"drop {known}", str(path))
        except StudioError as error:
            self.window.banner.say(str(error))

    def open_run(self, folder: Path) -> None:
        """Bring a run back: its experiment, weights and history."""
        self.window.open_experiment(read_run(folder).experiment, folder)
        self._remember(folder)

    def open_weights(self, path: Path) -> None:
        """Open the players of an exported file, or of a shipped model: to be explored, and trained on from step 0."""
        self.window.open_experiment(read_experiment(path), path)
        self._remember(path)

    def use_data(self, path: Path) -> None:
        """Train the open experiment's players on the person's own data, from fresh weights.

        Points get other players where the open ones are for images.
        """
        studio = self.window.studio
        if not studio.is_loaded:
            studio.message.emit("Loading PyTorch… the data are opened as soon as it is in.")
            studio.loaded.connect(lambda: self.use_data(path), Qt.ConnectionType.SingleShotConnection)
        elif path.name.lower().endswith(POINTS_SUFFIXES) and not plays_on_points(studio.experiment):
            self._open_points(path)
        elif studio.edit("data.path", str(path)):
            self.window.restart()

    def _open_points(self, path: Path) -> None:
        """Open an experiment of its own on points from a file."""
        experiment = files.preset(POINTS_PRESET)
        for field, value in (("data.path", str(path)), ("title", path.name), ("description", "Points of your own.")):
            experiment, _ = change(experiment, field, value)
        self.window.fitting = True
        self.window.open_experiment(experiment)

    def _remember(self, path: Path) -> None:
        self.window.settings.add_recent(path)
        self.window.recent.fill()

    def open_dialog(self) -> None:
        """Ask for an experiment's TOML file, or exported weights."""
        kinds = f"Experiments and weights (*.toml *{WEIGHTS})"
        name, _ = QFileDialog.getOpenFileName(self.window, "Open experiment or weights", "", kinds)
        if name:
            self.open_path(Path(name))

    def open_scene_dialog(self) -> None:
        """Ask for a scene's TOML file."""
        name, _ = QFileDialog.getOpenFileName(self.window, "Open scene", "", "Scenes (*.toml)")
        if name:
            self.window.player.open(name)

    def open_run_dialog(self) -> None:
        """Ask for a run's folder."""
        name = QFileDialog.getExistingDirectory(
            self.window, "Open run: choose its folder", str(self.window.runs_folder)
        )
        if name:
            folder = Path(name)
            try:
                self.open_run(folder)
            except StudioError as error:
                self.window.banner.say(str(error))

    def import_run_dialog(self) -> None:
        """Ask for a run's zip file."""
        name, _ = QFileDialog.getOpenFileName(self.window, "Import run", "", "Runs (*.zip)")
        if name:
            self.open_path(Path(name))

    def open_data_dialog(self) -> None:
        """Ask for a folder of images."""
        name = QFileDialog.getExistingDirectory(self.window, "Use my own images: choose a folder")
        if name:
            self.open_path(Path(name))

    def open_points_dialog(self) -> None:
        """Ask for a file with points, or a picture to use as a density."""
        endings = " ".join(f"*{ending}" for ending in POINTS_SUFFIXES)
        title = "Use my own points: choose a CSV file or a picture"
        name, _ = QFileDialog.getOpenFileName(self.window, title, "", f"Points and pictures ({endings})")
        if name:
            self.open_path(Path(name))

    def save_dialog(self) -> None:
        """Ask where to save the experiment."""
        experiment = self.window.studio.experiment
        if experiment is None:
            return
        name, _ = QFileDialog.getSaveFileName(self.window, "Save experiment", "experiment.toml", "Experiments (*.toml)")
        if not name:
            return
        path = Path(name if name.endswith(".toml") else f"{name}.toml")
        try:
            files.write(experiment, path)
        except StudioError as error:
            self.window.banner.say(str(error))
        else:
            self._remember(path)
            self.window.statusBar().showMessage(f"Saved {path.name}.", 4000)


def plays_on_points(experiment: Experiment | None) -> bool:
    """Whether the experiment's data are points. PyTorch must be in."""
    from ganstudio.data.points import PointsSource
    from ganstudio.experiment.registry import registry

    found = registry.kinds("data").get(experiment.data.kind) if experiment is not None else None
    return found is not None and issubclass(found, PointsSource)
