"""The anchors of the walk as a person changes them: drawn, dropped, moved, removed, and all of that undone."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.anchors import moved, replaced, with_more, without
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.paths import MOST_ANCHORS
from ganstudio.latent.requests import Draw, Prior
from ganstudio.ui.studio import Studio

CLIENT = "walk.anchors"
FIRST_SEED = 0
COUNT = 9
"""As in the DCGAN paper's figure 4: nine random points of the prior."""
NO_Z = "That is an image without its z: drop a sample of the generator, or find its z in Invert first."


class WalkAnchors(QObject):
    """At first random points of the prior; every change by a person can be undone (Ctrl+Z)."""

    changed = Signal()
    """There are other anchors, or another prior."""
    ready = Signal()
    """A generator that these anchors fit answers."""
    placed = Signal(int)
    """A person has put, or moved, an anchor here."""
    failed = Signal(str)
    """Why there are none."""

    def __init__(self, studio: Studio):
        super().__init__()
        self._studio = studio
        self.z: np.ndarray | None = None
        """(n, dim) float32; None until the prior is known."""
        self.prior: Prior | None = None
        self.seed = FIRST_SEED
        """Of the random points."""
        self._drawn: np.ndarray | None = None  # random points that nobody has touched
        self._wanted = False  # a person asked for other random points
        studio.explorer.answered.connect(self._take)

    def ask(self) -> None:
        """Ask the generator that is open now for its random points, and so for its prior."""
        self._studio.explorer.ask(Draw(self.seed, COUNT), CLIENT)

    # what a person does

    def draw(self) -> None:
        """Other random anchors; the same ones for the same seed."""
        self.seed += 1
        self._wanted = True
        self.ask()

    def take(self, parcel: Parcel, place: int, onto: bool) -> None:
        """Samples have come: before an anchor's place, or instead of that anchor where it is only one."""
        z, anchors = parcel.inputs, self.z
        if z is None:
            self._studio.message.emit(NO_Z)
        elif anchors is not None and onto and len(z) == 1:
            self.change(lambda: replaced(anchors, place, z[0]), "replace anchor", place)
        elif anchors is not None:
            self.change(lambda: with_more(anchors, place, z), "add anchor", place)
            taken = len(self.z) - len(anchors)
            if 0 < taken < len(z):
                most = f"a path has at most {MOST_ANCHORS} anchors"
                self._studio.message.emit(f"{taken} of {len(z):,} taken: {most}.")

    def remove(self, index: int) -> None:
        """Walk past this anchor."""
        anchors = self.z
        if anchors is not None:
            self.change(lambda: without(anchors, index), "remove anchor", index)

    def move(self, index: int, to: int) -> None:
        """Go through this anchor at another time."""
        anchors = self.z
        if anchors is not None:
            self.change(lambda: moved(anchors, index, to), "move anchor", to)

    def load(self, z: np.ndarray, name: str) -> None:
        """Go through z (n, dim) float32 that came from a file of this name."""
        self.change(lambda: z, f"anchors of {name}", 0)

    def change(self, after: Callable[[], np.ndarray], words: str, place: int) -> None:
        """Go through other anchors, with undo; says so when they cannot be had."""
        try:
            z = after()
        except StudioError as error:
            self._studio.message.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        self._studio.undo_stack.push(_Change(self, z, words))
        self.placed.emit(place)

    def put(self, z: np.ndarray) -> None:
        """These are the anchors (n, dim) float32."""
        self.z = z
        self.changed.emit()

    # what the explorer tells

    def _take(self) -> None:
        for answer in self._studio.explorer.take(CLIENT):
            if answer.error:
                self.failed.emit(answer.error)
            else:
                self._take_drawn(answer.value, answer.prior)

    def _take_drawn(self, z: np.ndarray, prior: Prior) -> None:
        fits = self.z is not None and self.z.shape[1] == prior.dim
        other, self.prior = prior != self.prior, prior
        wanted, self._wanted = self._wanted, False
        if wanted and fits:
            self._drawn = z
            self._studio.undo_stack.push(_Change(self, z, "new anchors"))
        elif not fits or (self.z is self._drawn and not np.array_equal(self.z, z)):
            self._drawn = z
            self.put(z)
        elif other:
            self.changed.emit()
        self.ready.emit()


class _Change(QUndoCommand):
    """A person's change, from what to what."""

    def __init__(self, anchors: WalkAnchors, after: np.ndarray, words: str):
        super().__init__(f"walk: {words}")
        self._anchors, self._before, self._after = anchors, anchors.z, after

    def redo(self) -> None:
        self._anchors.put(self._after)

    def undo(self) -> None:
        if self._before is not None:
            self._anchors.put(self._before)
