"""What can be written of a run, as a menu."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from ganstudio.runs import archive
from ganstudio.runs.catalogue import Entry
from ganstudio.ui.runs import Runs


@dataclass(frozen=True)
class Export:
    """One entry of the menu. ``write`` is called beside the window with the run's folder and the file."""

    words: str
    suffix: str
    kind: str
    """Of the file, for the dialog."""
    write: Callable[[Path, Path], object]


EXPORTS = (Export("The whole run (zip)", ".zip", "Archives", archive.zip_run),)


class ExportMenu:
    """Asks for a file, and has it written."""

    def __init__(self, runs: Runs, parent: QWidget):
        self._runs, self._parent = runs, parent

    def of(self, entry: Entry, parent: QWidget) -> QMenu:
        """The menu for one run."""
        menu = QMenu("Export", parent)
        for one in EXPORTS:
            menu.addAction(f"{one.words}…", lambda one=one: self._ask(one, entry))
        return menu

    def _ask(self, one: Export, entry: Entry) -> None:
        kinds = f"{one.kind} (*{one.suffix})"
        name, _ = QFileDialog.getSaveFileName(self._parent, one.words, f"{entry.name}{one.suffix}", kinds)
        if name:
            path = Path(name)
            self.write(one, entry, path if path.suffix else path.with_suffix(one.suffix))

    def write(self, one: Export, entry: Entry, path: Path) -> None:
        """Write to a file; the status bar says how it went."""
        self._runs.write(one.words[0].lower() + one.words[1:], path, lambda: one.write(entry.folder, path))
