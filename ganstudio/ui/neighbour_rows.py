"""The samples whose neighbours are looked for: the current one, and those that a person has added."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QUndoCommand

from ganstudio.latent.parcel import Parcel

MOST = 8
"""Samples beside the current one."""
CURRENT = "current"


@dataclass(frozen=True, eq=False)
class Row:
    """A sample that a person has added."""

    words: str
    z: np.ndarray | None
    """(dim,) float32; None of a picture."""
    image: np.ndarray | None
    """(H, W, C) uint8; of a sample with z what stands in for it where another G is open, which z does not fit."""


@dataclass(frozen=True, eq=False)
class RowTitle:
    """What stands below a row's sample."""

    words: str
    z: np.ndarray | None = None
    """(dim,) float32, if it is made by G."""
    row: Row | None = None
    """None: the current sample."""


class ChangeRows(QUndoCommand):
    """One change of the added samples; ``show`` puts a tuple of rows in force."""

    def __init__(self, words: str, show: Callable[[tuple[Row, ...]], object], before: tuple, after: tuple):
        super().__init__(words)
        self._show, self._before, self._after = show, before, after

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)


class NeighbourRows:
    """Which samples there are, in the order in which they stand: made ones first, then pictures."""

    def __init__(self) -> None:
        self.added: tuple[Row, ...] = ()
        self.current: np.ndarray | None = None
        """(dim,) float32: z of the current sample."""
        self.following = True
        """Whether the current sample stands in the first row."""
        self._count = 0

    def with_parcel(self, parcel: Parcel, dim: int | None) -> tuple[Row, ...]:
        """The added rows and those of a parcel, as far as there is room and they fit a G that takes ``dim`` numbers."""
        found = list(self.added)
        for index in range(len(parcel)):
            z = None if parcel.inputs is None else parcel.inputs[index]
            image = None if parcel.images is None else parcel.images[index]
            fits = z is not None and dim in (None, len(z))
            if len(found) < MOST and (fits or image is not None):
                self._count += 1
                found.append(Row(f"{'sample' if fits else 'picture'} {self._count}", z, image))
        return tuple(found)

    def without(self, row: Row) -> tuple[Row, ...]:
        """The added rows but one."""
        return tuple(one for one in self.added if one is not row)

    def asked(self, dim: int | None) -> tuple[np.ndarray | None, tuple[np.ndarray, ...], list[RowTitle]]:
        """(inputs (n, dim) or None, pictures, titles of all of them in this order)."""
        made, pictures = [], []
        if self.following and self.current is not None and dim in (None, len(self.current)):
            made.append(RowTitle(CURRENT, self.current))
        for row in self.added:
            if row.z is not None and dim in (None, len(row.z)):
                made.append(RowTitle(row.words, row.z, row))
            elif row.image is not None:
                pictures.append(RowTitle(row.words, None, row))
        # Until it is known what G takes only those of one length can be asked for together.
        made = [one for one in made if len(one.z) == len(made[0].z)]
        inputs = np.stack([one.z for one in made]) if made else None
        return inputs, tuple(one.row.image for one in pictures), [*made, *pictures]
