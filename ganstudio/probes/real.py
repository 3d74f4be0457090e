"""The real data, page by page, before and during training."""

from dataclasses import dataclass, field
from math import ceil
from typing import Any, ClassVar

import numpy as np
import torch

from ganstudio.data.dataset import ImageData
from ganstudio.probes.tiles import TileGrid, Tiles
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

MOST_TILES = 256


@dataclass(frozen=True)
class RealFrame(Frame):
    """One page of the data, and what there is to know of the whole."""

    tiles: Tiles | None
    """None when the data are not images."""
    indices: np.ndarray
    """(N,) int64: where each tile stands in the data set."""
    labels: np.ndarray | None
    """(N,) int64 classes of the tiles."""
    page: int
    """The page shown, from 0 on; the last one when a later one was asked for."""
    pages: int
    first: int
    """Place of the first tile among all that can be paged through."""
    found: int
    """Images that can be paged through: those of the chosen class."""
    total: int
    """Images in the data set."""
    shape: tuple[int, ...]
    """(C, H, W)."""
    classes: list[str] = field(default_factory=list)
    counts: np.ndarray | None = None
    """(classes,) int64: images of each class."""
    notes: list[str] = field(default_factory=list)


class RealDataProbe:
    """Reads the data set itself; the run's sampler stays where it is. A page is made once."""

    name: ClassVar[str] = "real"
    needs_data: ClassVar[bool] = True

    def __init__(self) -> None:
        self._asked: tuple[Any, ...] = ()
        self._frame: RealFrame | None = None
        self._labels: np.ndarray | None = None
        self._counts: np.ndarray | None = None
        self._members: dict[int | None, np.ndarray] = {}

    def frame(
        self, trainer: Trainer, *, page: int = 0, chosen: int | None = None, tiles: int = 64, columns: int = 0
    ) -> RealFrame:
        """``tiles`` images from ``page`` on, of the ``chosen`` class (None: of all), in the order of the data set.

        They stand in so many ``columns`` (0: in a square).

        The same page is the same frame, made at the step at which it was first asked for: real data do not change.
        """
        if self._frame is None or self._asked != (page, chosen, tiles, columns):
            self._asked = (page, chosen, tiles, columns)
            self._frame = self._make(trainer, page, chosen, min(max(1, tiles), MOST_TILES), columns)
        return self._frame

    def _make(self, trainer: Trainer, page: int, chosen: int | None, tiles: int, columns: int) -> RealFrame:
        data = trainer.data
        if len(data.shape) != 3:
            nothing = np.empty(0, np.int64)
            return RealFrame(trainer.steps, trainer.name, None, nothing, None, 0, 1, 0, 0, len(data), tuple(data.shape))
        if self._labels is None and data.labels is not None:
            self._labels = data.labels.cpu().numpy()
            self._counts = np.bincount(self._labels, minlength=len(data.classes))
        members = self._of_class(data, chosen)
        pages = max(1, ceil(len(members) / tiles))
        page = min(max(0, page), pages - 1)
        indices = members[page * tiles : (page + 1) * tiles]
        images = data.images[torch.from_numpy(indices).to(data.images.device)].cpu().numpy()
        _, height, width = data.shape
        # A page that is not full keeps the tiles' size.
        grid = TileGrid(tiles, height, width, columns)
        grid.put(0, images)
        return RealFrame(
            trainer.steps,
            trainer.name,
            grid.published(len(indices)),
            indices,
            None if self._labels is None else self._labels[indices],
            page,
            pages,
            page * tiles,
            len(members),
            len(data),
            data.shape,
            list(data.classes),
            self._counts,
            list(data.notes),
        )

    def _of_class(self, data: ImageData, chosen: int | None) -> np.ndarray:
        """Where the images of a class stand; all of them when there is no such class."""
        if self._labels is None or chosen is None or not 0 <= chosen < len(data.classes):
            chosen = None
        if chosen not in self._members:
            everything = np.arange(len(data))
            self._members = {chosen: everything if chosen is None else everything[self._labels == chosen]}
        return self._members[chosen]
