"""Samples out of a grid of images and into it: drag and drop, copy and paste."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.sample_drag import TakesSamples

if TYPE_CHECKING:
    from ganstudio.probes.tiles import Tiles
    from ganstudio.ui.widgets.grid import ImageGrid

BESIDE = -1
"""Where samples fall that hit no tile."""


def images_of(tiles: "Tiles", indices: Sequence[int]) -> np.ndarray:
    """(n, H, W, 3) uint8: the images of some tiles, each pixel as it was put there."""
    found = []
    for tile in indices:
        row, column = divmod(tile, tiles.columns)
        top, left = row * (tiles.height + tiles.gap), column * (tiles.width + tiles.gap)
        found.append(tiles.picture[top : top + tiles.height, left : left + tiles.width])
    return np.stack(found)


class GridSamples(QObject):
    """What goes out of an ``ImageGrid`` and into it. Every grid is a source; ``accept`` makes it a target too."""

    def __init__(self, grid: "ImageGrid"):
        super().__init__(grid)
        self._grid = grid
        self.inputs: Callable[[list[int]], np.ndarray | None] = lambda tiles: None
        """G's inputs (n, dim) float32 of these tiles, as they are shown; None for what G did not make."""
        self.hanging: int | None = None
        """The tile over which samples hang, or ``BESIDE``; None while none do."""
        self._take: Callable[[Parcel, int], object] | None = None
        self._refused: Callable[[str], object] = lambda sentence: None
        self._pictures = False
        self._carried: list[int] = []  # tiles of this grid that are on their way

    # out

    def parcel(self, tiles: Sequence[int]) -> Parcel | None:
        """These tiles with their images, and their inputs where they have any; None when there is no such tile."""
        shown = self._grid.tiles
        there = [tile for tile in tiles if shown is not None and 0 <= tile < shown.count]
        if shown is None or not there:
            return None
        return Parcel(self.inputs(there), images_of(shown, there))

    def carry(self, tile: int, *, alone: bool = False) -> None:
        """Let a person drag a tile away; a marked one takes the other marked ones along, unless ``alone``."""
        others = sorted(self._grid.marked - {tile}) if tile in self._grid.marked and not alone else []
        parcel = self.parcel([tile, *others])
        if parcel is not None:
            self._carried = [tile, *others]
            sample_drag.start_drag(self._grid, parcel)
            self._carried = []

    def copy(self, tile: int | None = None) -> None:
        """Put a tile (else that under the mouse or chosen by key; with none, the whole grid) on the clipboard."""
        tile = self._grid.current if tile is None else tile
        if tile < 0:
            self.copy_all()
            return
        parcel = self.parcel([tile])
        if parcel is not None:
            sample_drag.copy(parcel)
            self._grid.told.emit(f"The sample is on the clipboard{_with(parcel)}.")

    def copy_all(self) -> None:
        """Put the whole grid on the clipboard: for other programs one picture, for this one every sample."""
        parcel = self.parcel(range(self._grid.tiles.count)) if self._grid.tiles is not None else None
        if parcel is not None:
            sample_drag.copy(parcel, picture=self._grid.exported())
            self._grid.told.emit(f"{len(parcel):,} samples are on the clipboard{_with(parcel)}.")

    # in

    def accept(
        self, take: Callable[[Parcel, int], object], *, refused: Callable[[str], object], pictures: bool = False
    ) -> None:
        """Make the grid a target: ``take`` is told the samples and the tile on which they fell, or ``BESIDE``.

        ``refused`` and ``pictures`` as in ``TakesSamples``.
        """
        self._take, self._refused, self._pictures = take, refused, pictures
        TakesSamples(self._grid, self._drop, refused=refused, hovering=self._hover, pictures=pictures)

    def paste(self) -> bool:
        """Take what is on the clipboard to the tile under the mouse or chosen. Answers whether the grid takes any."""
        if self._take is None:
            return False
        try:
            parcel = sample_drag.pasted(pictures=self._pictures)
        except StudioError as error:
            self._refused(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return True
        if parcel is None:
            self._refused("There is no sample on the clipboard; copy one with Ctrl+C.")
        else:
            self._take(parcel, self._grid.current)
        return True

    def _drop(self, parcel: Parcel, at: QPoint) -> None:
        assert self._take is not None
        tile = self._grid.tile_at(QPointF(at))
        if tile not in self._carried:  # let go again where it was taken up
            self._take(parcel, tile)

    def _hover(self, at: QPoint | None) -> None:
        hanging = None if at is None else self._grid.tile_at(QPointF(at))
        if hanging != self.hanging:
            self.hanging = hanging
            self._grid.update()


def _with(parcel: Parcel) -> str:
    return ", with z" if parcel.inputs is not None else ""
