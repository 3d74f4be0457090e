"""Samples pinned to the tiles of grids: by click, drop or paste, and taken back again."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.latent.pins import Pins
from ganstudio.latent.trail import Trail, Undoable
from ganstudio.ui.own_undo import OwnUndo
from ganstudio.ui.widgets.grid import ImageGrid
from ganstudio.ui.widgets.grid_samples import BESIDE

NO_Z = "Only what G made can be pinned; find the z of an image in the Invert panel."
NOTHING = "There are no samples here yet to pin others beside."


class Pinning(QObject, Undoable[Pins]):
    """Of one grid, or of several that show the same inputs.

    ``shown`` answers those (N, dim) float32, as they are on screen; None where there are none. ``closed`` answers why
    nothing can be pinned at present, in a sentence; nothing where it can.
    """

    changed = Signal()
    """Other inputs are wanted."""
    refused = Signal(str)
    """Why something that a person did has no effect, in a sentence."""

    def __init__(
        self,
        *grids: ImageGrid,
        shown: Callable[[], np.ndarray | None],
        closed: Callable[[], str] = lambda: "",
    ):
        super().__init__()
        self._grids, self._shown, self._closed = grids, shown, closed
        self._trail = Trail(Pins())
        self._draws = 0
        for grid in grids:
            grid.samples.accept(self.take, refused=self.refused.emit)

    def undone_in(self, panel: QWidget, stack: QUndoStack) -> None:
        """In this panel the keys for it take back pins first, then what the window did."""
        OwnUndo(
            panel,
            lambda: (self.back if self.can_go_back else stack.undo)(),
            lambda: (self.forward if self.can_go_forward else stack.redo)(),
        )

    @property
    def pinned(self) -> dict[int, np.ndarray]:
        """Tile → its input (dim,), for every pinned sample."""
        return dict(self._trail.now.inputs)

    @property
    def draw(self) -> int:
        """Number of the set of inputs of all other tiles."""
        return self._trail.now.draw

    def take(self, parcel: Parcel, tile: int = BESIDE) -> None:
        """Pin samples that were dropped or pasted."""
        if parcel.inputs is None:
            self.refused.emit(NO_Z)
        else:
            self.pin(parcel.inputs, tile)

    def pin(self, inputs: np.ndarray, tile: int = BESIDE) -> None:
        """Pin samples (n, dim) float32 at this tile and those after it, or (``BESIDE``) at the first without a pin.

        Refused where G takes other inputs.
        """
        shown, closed = self._shown(), self._closed()
        if closed or shown is None:
            self.refused.emit(closed or NOTHING)
        elif inputs.shape[1:] != shown.shape[1:]:
            words = f"these samples are another G's, with {inputs.shape[1]}"
            self.refused.emit(f"G takes {shown.shape[1]} numbers a sample; {words}.")
        else:
            self._go(self._trail.now.placed(inputs, None if tile == BESIDE else tile, len(shown)))

    def toggle(self, tile: int) -> bool:
        """Pin a tile, so that it keeps its input, or let it go. Answers False where there is no such tile."""
        shown = self._shown()
        if shown is None or self._closed() or not 0 <= tile < len(shown):
            return False
        self._go(self._trail.now.toggled(tile, shown[tile].copy()))
        return True

    def unpin_all(self) -> None:
        """Let go of all pinned samples."""
        if self._trail.now.inputs:
            self._go(Pins(draw=self.draw))

    def reshuffle(self) -> None:
        """Draw other inputs; pinned samples stay."""
        self._draws += 1
        self._go(Pins(self._trail.now.inputs, self._draws))

    def fit(self, dim: int) -> None:
        """G takes inputs of so many numbers: pins of another one are let go, and do not come back."""
        if any(len(z) != dim for z in self.pinned.values()):
            self.begin()

    def begin(self) -> None:
        """Without a pin, and with nothing to take back."""
        self._trail = Trail(Pins(draw=self.draw))
        self._moved()

    def _go(self, pins: Pins) -> None:
        self._trail.go(pins)
        self._moved()

    def _moved(self) -> None:
        for grid in self._grids:
            grid.mark(frozenset(self._trail.now.inputs))
        self.changed.emit()
