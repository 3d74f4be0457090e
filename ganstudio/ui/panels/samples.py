"""A grid of samples of fixed inputs, as they are at this step."""

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout

from ganstudio.ui.panel import Panel
from ganstudio.ui.pinning import Pinning
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.axis import number
from ganstudio.ui.widgets.controls import button, choice, row, select
from ganstudio.ui.widgets.grid import ImageGrid

if TYPE_CHECKING:
    from ganstudio.probes.samples import SamplesFrame
    from ganstudio.ui.studio import Studio

COUNTS = (16, 36, 64, 100, 144, 196, 256)
WIDE = 560
"""Pixels of width with room for all buttons."""
NO_IMAGES = "These data are points, not images: their samples are drawn in a plot of their own."


class SamplesPanel(Panel):
    """What G makes of inputs that stay the same, so that one can watch each sample grow."""

    name = "samples"
    title = "Samples"
    description = "What the generator makes of fixed inputs"
    probe = "samples"
    keys: ClassVar[dict[str, str]] = {
        "R": "New inputs; pinned samples stay",
        "← → ↑ ↓": "Choose a sample",
        "Enter or click": "Pin or unpin the sample",
        "E or double click": "Explore the sample in Directions",
        "+ · − or wheel": "Zoom",
        "0": "Fit the grid",
        "Drag": "Carry the sample, pinned ones together, to another panel; Shift: it alone; Ctrl: when zoomed in",
        "Ctrl+C": "Copy the sample with its z; with none chosen, the grid",
        "Ctrl+V": "Pin copied samples",
        "Ctrl+Z · Ctrl+Shift+Z": "Pins and inputs as they were · and again",
    }
    order = 10

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self._frame: SamplesFrame | None = None
        self._columns = 0  # as the probe was last asked
        self._clicked = -1  # the tile that a click has just pinned or let go: a double click takes that back
        self._scores = False
        self.grid = ImageGrid("Samples of the generator")
        self.grid.caption = self._caption
        self.grid.samples.inputs = self._inputs
        self.pinning = Pinning(self.grid, shown=lambda: self._frame.z if self._frame is not None else None)
        """What is pinned, and which inputs the other tiles show."""
        self._count = choice(
            "Number of samples", "How many samples are shown", [(f"{n} samples", n) for n in COUNTS], self._ask
        )
        select(self._count, 64)
        self._weights = choice(
            "Weights",
            "Whose samples: the running average (EMA) of G's weights, smoother and usually better, or G as it trains",
            [("EMA weights", False), ("Live weights", True)],
            self._ask,
        )
        self._renew = button(
            "New inputs", "New random inputs", "Draw other inputs z; pinned samples stay (R)", self.pinning.reshuffle
        )
        self._unpin = button("Unpin", "Unpin all samples", "Let go of all pinned samples", self.pinning.unpin_all)
        self._unpin.hide()
        self._fit = button("Fit", "Fit the grid", "Show the whole grid again (0)", self.grid.fit)
        self._fit.hide()
        self._more = button("⋯", "More", "What else can be done with the samples", self._show_menu)
        self._copy = button("Copy", "Copy the grid", "Copy all samples, with every z, to the clipboard", self.copy)
        self._save = button("Save…", "Save the grid", "Save the picture as PNG", self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        always = (self._count, self._weights, self._renew, self._unpin, None, self._fit)
        layout.addLayout(row(*always, self._copy, self._save, self._more))
        layout.addWidget(self.grid, 1)
        self.pinning.changed.connect(self._show_pins)
        self.pinning.refused.connect(studio.trouble)
        self.grid.clicked.connect(self._click)
        self.grid.double_clicked.connect(self._double_click)
        self.grid.menu_wanted.connect(self._menu)
        self.grid.watched.connect(self._watch)
        self.grid.zoomed.connect(self._fit.setVisible)
        self.grid.resized.connect(self._reshape)
        self.grid.told.connect(studio.message)
        for keys, run in (
            ("R", self.pinning.reshuffle),
            ("E", self._explore_current),
            ("Ctrl+C", self.grid.samples.copy),
            ("Ctrl+V", self.grid.samples.paste),
        ):
            QShortcut(QKeySequence(keys), self, run).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.pinning.undone_in(self, studio.undo_stack)
        self._waiting = Waiting(studio, self._wait, "The samples appear as soon as G is built.")

    # frames

    def options(self) -> dict[str, Any]:
        count = self._count.currentData()
        self._columns = self.grid.columns_for(count)
        return {
            "tiles": count,
            "columns": self._columns,
            "live": self._weights.currentData(),
            "draw": self.pinning.draw,
            "scores": self._scores,
            "pinned": self.pinning.pinned,
        }

    def show_frame(self, frame: "SamplesFrame") -> None:
        if frame.tiles is None:
            self._frame = None
            self._waiting.over()
            self._wait(NO_IMAGES)
            return
        self._frame = frame
        self._waiting.over()
        self._copy.setEnabled(True)
        self._save.setEnabled(True)
        self.pinning.fit(frame.z.shape[1])
        self.grid.show_tiles(frame.tiles)

    def _wait(self, sentence: str) -> None:
        self.grid.show_sentence(sentence)
        self._copy.setEnabled(False)
        self._save.setEnabled(False)

    def _ask(self) -> None:
        self.studio.ask_again(self)

    def _reshape(self) -> None:
        # Not those on screen: a layout changes in several steps, and the frames of the first come after the last.
        if self._columns != self.grid.columns_for(self._count.currentData()):
            self._ask()

    def _watch(self, watched: bool) -> None:
        # D is asked for its opinion only while somebody may read it.
        self._scores = watched
        self._ask()

    def _caption(self, tile: int) -> str:
        frame = self._frame
        if frame is None or frame.scores is None or tile >= len(frame.scores) or np.isnan(frame.scores[tile]):
            return "D = …"
        return f"D = {number(float(frame.scores[tile]), 0.01)}" + ("" if frame.probability else "  (critic)")

    # what a person does

    def z(self, tile: int) -> np.ndarray | None:
        """The input of a tile as it is shown, (dim,) float32; None when there is no such tile."""
        if self._frame is None or not 0 <= tile < len(self._frame.z):
            return None
        return self._frame.z[tile].copy()

    def _inputs(self, tiles: list[int]) -> np.ndarray | None:
        return self._frame.z[tiles] if self._frame is not None else None

    def _show_pins(self) -> None:
        pinned = self.pinning.pinned
        self._unpin.setVisible(bool(pinned))
        self._unpin.setText(f"Unpin {len(pinned)}")
        self._ask()

    def explore(self, tile: int) -> None:
        """Send a sample to the explorer."""
        z = self.z(tile)
        if z is not None:
            self.studio.sample_chosen.emit(z)
            self.studio.message.emit("The sample is in the Directions panel.")

    def _explore_current(self) -> None:
        self.explore(self.grid.current)

    def _click(self, tile: int) -> None:
        self._clicked = tile if self.pinning.toggle(tile) else -1

    def _double_click(self, tile: int) -> None:
        if self._clicked == tile:  # the first click of the two pinned or let go: that was not meant
            self.pinning.back()
        self._clicked = -1
        self.explore(tile)

    def _show_menu(self) -> None:
        self._menu(-1, self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _menu(self, tile: int, at: QPoint) -> None:
        self.menu(tile).popup(at)

    def menu(self, tile: int) -> QMenu:
        """What can be done with a tile (−1: with none in particular)."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if tile >= 0:
            menu.addAction("Explore this sample\tE", lambda: self.explore(tile))
            words = "Unpin" if tile in self.pinning.pinned else "Pin"
            menu.addAction(words, lambda: self.pinning.toggle(tile))
            menu.addSeparator()
        menu.addAction("New inputs\tR", self.pinning.reshuffle)
        menu.addAction("Unpin all", self.pinning.unpin_all).setEnabled(bool(self.pinning.pinned))
        menu.addAction("Take back\tCtrl+Z", self.pinning.back).setEnabled(self.pinning.can_go_back)
        menu.addAction("Do again\tCtrl+Shift+Z", self.pinning.forward).setEnabled(self.pinning.can_go_forward)
        menu.addAction("Fit\t0", self.grid.fit)
        menu.addSeparator()
        if tile >= 0:
            menu.addAction("Copy this sample", lambda: self.grid.samples.copy(tile))
        menu.addAction("Copy the grid", self.copy)
        menu.addAction("Save the grid…", self.save)
        return menu

    def copy(self) -> None:
        """Put the grid on the clipboard, with every z."""
        self.grid.samples.copy_all()

    def save(self) -> None:
        """Ask for a file, and save the grid there."""
        if self._frame is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, "Save the samples", self._file_name(), "PNG image (*.png)")
        if path:
            self.save_to(path)

    def save_to(self, path: str) -> bool:
        """Save the grid as PNG; says so when the file cannot be written."""
        path = path if path.lower().endswith(".png") else f"{path}.png"
        picture = self._picture()
        done = picture is not None and picture.save(path, "PNG")
        if done:
            self.studio.message.emit(f"Saved as {path}.")
        else:
            self.studio.trouble.emit(f"{path}: the picture cannot be written there; choose another place.")
        return done

    def _file_name(self) -> str:
        return f"samples-step-{self._frame.step if self._frame else 0}.png"

    def _picture(self) -> QImage | None:
        return self.grid.exported() if self._frame is not None else None

    # memory and looks

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # What the menu offers too gives way first.
        wide = event.size().width() >= WIDE
        self._copy.setVisible(wide)
        self._save.setVisible(wide)
        self._more.setVisible(not wide)

    def restyle(self) -> None:
        self.grid.update()

    def save_state(self) -> dict[str, Any]:
        return {"count": self._count.currentData(), "live": self._weights.currentData()}

    def load_state(self, state: dict[str, Any]) -> None:
        select(self._count, state.get("count"))
        select(self._weights, state.get("live"))
        self._ask()
