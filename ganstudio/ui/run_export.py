"""What can be written of a run, as a menu."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.catalogue import Entry
from ganstudio.runs.export import EXPORTS, Export
from ganstudio.training.cores import keep_to_one_core
from ganstudio.ui.runs import Runs

MOST_SECONDS = 600


@dataclass(frozen=True)
class Choice:
    """One entry of the menu. ``what`` names it in ``EXPORTS``."""

    what: str
    words: str
    suffix: str
    kind: str
    """Of the file, for the dialog."""

    @property
    def write(self) -> Export:
        """Called beside the window with the run's folder and the file."""
        return {"onnx": _onnx, "weights": _weights}.get(self.what, EXPORTS[self.what])


CHOICES = (
    Choice("csv", "Metrics (CSV)", ".csv", "Numbers"),
    Choice("parquet", "Metrics (Parquet)", ".parquet", "Numbers"),
    Choice("samples", "Samples (PNG)", ".png", "Pictures"),
    Choice("weights", "Weights (safetensors)", ".safetensors", "Weights"),
    Choice("onnx", "G's average (ONNX)", ".onnx", "Networks"),
    Choice("experiment", "Experiment (TOML)", ".toml", "Experiments"),
    Choice("zip", "The whole run (zip)", ".zip", "Runs"),
)


def _weights(run: Path, file: Path) -> None:
    """On one core: the tensors are read and copied by torch, beside the training thread."""
    keep_to_one_core()
    EXPORTS["weights"](run, file)


def _onnx(run: Path, file: Path) -> None:
    """In a process of its own: building the players draws random numbers that a run in progress must not miss."""
    command = [sys.executable, "-m", "ganstudio", "export", str(run), "--what", "onnx", "--out", str(file), "--force"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StudioError(f"cannot be written as ONNX ({error})", str(run)) from None
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise StudioError(said[-1] if said else f"cannot be written as ONNX (exit code {done.returncode})")


class ExportMenu:
    """Asks for a file, and has it written."""

    def __init__(self, runs: Runs, parent: QWidget):
        self._runs, self._parent = runs, parent

    def of(self, entry: Entry, parent: QWidget) -> QMenu:
        """The menu for one run."""
        menu = QMenu("Export", parent)
        for one in CHOICES:
            menu.addAction(f"{one.words}…", lambda one=one: self._ask(one, entry))
        return menu

    def _ask(self, one: Choice, entry: Entry) -> None:
        kinds = f"{one.kind} (*{one.suffix})"
        name, _ = QFileDialog.getSaveFileName(self._parent, one.words, f"{entry.name}{one.suffix}", kinds)
        if name:
            path = Path(name)
            self.write(one, entry, path if path.suffix else path.with_suffix(one.suffix))

    def write(self, one: Choice, entry: Entry, path: Path) -> None:
        """Write to a file; the status bar says how it went."""
        self._runs.write(f"{one.words} of {entry.name}", path, lambda: one.write(entry.folder, path))
