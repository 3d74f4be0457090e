"""Panels whose curves a person may save: as a picture, a drawing or numbers."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from ganstudio.experiment.errors import StudioError
from ganstudio.ui.panel import Panel
from ganstudio.ui.widgets.curve_export import save_picture
from ganstudio.ui.widgets.curves import CurvePlot

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

FILTERS = {".png": "Picture (*.png)", ".svg": "Drawing (*.svg)", ".csv": "Numbers (*.csv)"}


class SavedCurves(Panel):
    """A panel of curves. A subclass says which plots it has, and how its numbers are written."""

    saved = Signal(str)
    """A file has been written: a plain sentence."""
    unsaved = Signal(str)
    """A file could not be written: a plain sentence."""

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.saved.connect(studio.message)
        self.unsaved.connect(studio.trouble)

    def pictured(self) -> list[CurvePlot]:
        """The plots of a picture, from top to bottom."""
        raise NotImplementedError

    def writer(self) -> Callable[[Path], None]:
        """What writes the numbers of now to a file, on another thread; it raises ``StudioError``."""
        raise NotImplementedError

    def ask_where_to_save(self, suffix: str) -> None:
        """Ask a person for a file, and save the curves there."""
        name, _ = QFileDialog.getSaveFileName(self, "Save the curves", f"{self.name}{suffix}", FILTERS[suffix])
        if name:
            path = Path(name)
            self.save(path if path.suffix else path.with_suffix(suffix))

    def save(self, path: Path) -> None:
        """Save the curves as the suffix says; ``saved`` or ``unsaved`` tells the outcome.

        Numbers are written beside the window.
        """
        if path.suffix.lower() == ".csv":
            Thread(target=self._try, args=(path, self.writer()), name="csv").start()
        else:
            self._try(path, lambda path: save_picture(path, self.pictured()))

    def _try(self, path: Path, save: Callable[[Path], None]) -> None:
        try:
            save(path)
        except StudioError as error:
            self.unsaved.emit(str(error))
        else:
            self.saved.emit(f"Saved {path}.")
