"""The sliders of the Directions panel: one for each chosen direction, locked or free, with their read-outs."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.latent.choices import Direction, Sliders
from ganstudio.latent.directions import freed
from ganstudio.latent.position import Position
from ganstudio.latent.requests import Prior
from ganstudio.ui.widgets.direction_choice import MOST_SLIDERS, DirectionChoice
from ganstudio.ui.widgets.direction_slider import DirectionSlider

ROWS = 100
"""Share of the room that the rows take until they are as tall as they may be, to one that stays empty."""


class SliderBank(QWidget):
    """Up to twelve sliders below the choice of what they move. It holds the directions, not z.

    What is locked keeps its slider, whatever the others are told to move. Free sliders move what of their direction is
    orthogonal to all that is locked.
    """

    moved = Signal(int, float)
    """A person gave slider i this coordinate, in σ."""
    chosen = Signal(object)
    """A person has locked or freed a slider, or chosen others: the ``Sliders`` that there are now."""
    released = Signal()
    """The hand lets go of a slider."""
    reset_asked = Signal(int)
    watched = Signal(int, bool)
    """Slider i is looked at (the mouse is over it, or it has the focus), or no longer is."""
    menu_asked = Signal(int, QPoint)
    """The context menu of slider i, at a point of the screen."""
    changed = Signal()
    """The sliders move other directions now: their read-outs are due."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[DirectionSlider] = []
        self.directions: list[Direction] = []
        """What each slider stands for."""
        self.vectors = np.zeros((0, 0))
        """(k, dim): what each slider moves, of length 1; 0 where the locked ones leave nothing to move."""
        self._prior: Prior | None = None
        self._generator = 0
        self._shown: Sliders | None = None  # what was chosen last, here or on the way back
        self.choice = DirectionChoice()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.choice)
        layout.addWidget(self.note)
        layout.addLayout(self._list, ROWS)
        layout.addStretch(1)
        self.choice.changed.connect(lambda: self._choose())
        self.choice.picked.connect(self._tell)
        self.choice.reach_changed.connect(self._take_reach)
        self._choose()

    def add_below(self, row: QWidget) -> None:
        """One more row below the sliders."""
        self.layout().insertWidget(self.layout().count() - 1, row)

    def set_prior(self, prior: Prior) -> None:
        """The prior in force: it bounds the sliders."""
        if prior == self._prior:
            return
        if self._prior is not None and prior.dim != self._prior.dim:
            self._fill([], [])  # what was locked is no direction of this z
        self._prior = prior
        self.choice.set_prior(prior)
        self._choose()

    def show_position(self, position: Position) -> None:
        """Read out where z stands, and where it came from."""
        if self._prior is None or self.vectors.shape[1] != len(position.z):
            return
        here = self.vectors @ position.z / self._prior.std
        there = self.vectors @ position.origin / self._prior.std
        for row, coordinate, default in zip(self.rows, here, there, strict=True):
            row.show_coordinate(float(coordinate), float(default))

    def locked(self) -> np.ndarray:
        """(m, dim): the directions whose coordinates are locked."""
        dim = 0 if self._prior is None else self._prior.dim
        found = [one.vector for one in self._held()]
        return np.array(found).reshape(len(found), dim)

    def _held(self) -> list[Direction]:
        """Those that are locked."""
        return [one for one, row in zip(self.directions, self.rows, strict=True) if row.lock.isChecked()]

    def sliders(self) -> Sliders:
        """What is chosen and locked now."""
        kind, numbers = self.choice.picks
        return Sliders(kind, numbers, tuple(self._held()), self._generator)

    def show_sliders(self, sliders: Sliders | None) -> None:
        """Return to what was chosen and locked before. Locks of another generator's directions stay open."""
        if sliders is None or sliders is self._shown:
            return
        self._shown = sliders
        self.choice.show_picks(sliders.kind, sliders.numbers)
        self._choose(sliders.locked if sliders.generator == self._generator else ())

    def forget(self) -> None:
        """Another G: what was locked is no direction of it."""
        self._generator += 1
        self.choice.forget()
        self._choose(())

    def _tell(self) -> None:
        self._shown = self.sliders()
        self.chosen.emit(self._shown)

    def restyle(self) -> None:
        """Follow a change of theme."""
        for row in self.rows:
            row.restyle()
        DirectionSlider.align(self.rows)

    def _choose(self, locked: Sequence[Direction] | None = None) -> None:
        """Give each slider its direction: first what is locked and not among the chosen, then the chosen.

        ``locked``: what is, else what was.
        """
        wanted = self.choice.directions()
        keys = {one.key for one in wanted}
        locked = self._held() if locked is None else locked
        self._fill(([one for one in locked if one.key not in keys] + wanted)[:MOST_SLIDERS], locked)
        sentence = self.choice.sentence()
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self._free()

    def _fill(self, directions: list[Direction], locked: Sequence[Direction]) -> None:
        """One row for each direction."""
        locks = {one.key for one in locked}
        self.directions = directions
        while len(self.rows) > len(directions):
            row = self.rows.pop()
            self._list.removeWidget(row)
            row.deleteLater()
        while len(self.rows) < len(directions):
            self._add_row()
        before: QWidget = self.choice.range
        for row, one in zip(self.rows, directions, strict=True):
            row.stand_for(one)
            row.set_locked(one.key in locks)
            # What is added late would be the window's last.
            self.setTabOrder(before, row.slider)
            before = row.slider
        DirectionSlider.align(self.rows)

    def _add_row(self) -> None:
        row, index = DirectionSlider(), len(self.rows)
        row.set_reach(self.choice.reach)
        row.moved.connect(lambda coordinate: self.moved.emit(index, coordinate))
        row.released.connect(self.released)
        row.reset_asked.connect(lambda: self.reset_asked.emit(index))
        row.watched.connect(lambda watched: self.watched.emit(index, watched))
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(lambda at: self.menu_asked.emit(index, row.mapToGlobal(at)))
        row.lock.clicked.connect(self._lock)
        self.rows.append(row)
        self._list.addWidget(row)

    def _lock(self) -> None:
        self._free()
        self._tell()

    def _free(self) -> None:
        """Keep the free sliders orthogonal to what is locked."""
        if self.directions:
            vectors = np.array([one.vector for one in self.directions])
            held = np.array([row.lock.isChecked() for row in self.rows])
            self.vectors = np.where(held[:, None], vectors, freed(vectors, self.locked()))
            for row, vector in zip(self.rows, self.vectors, strict=True):
                row.set_bound(not vector.any())
        else:
            self.vectors = np.zeros((0, 0))
        self.changed.emit()

    def _take_reach(self) -> None:
        for row in self.rows:
            row.set_reach(self.choice.reach)
        self.changed.emit()
