"""Composes images into one grid, in the worker, so that a panel has a single picture to paint."""

from dataclasses import dataclass
from math import ceil, isqrt

import numpy as np
from torch import Tensor


@dataclass(frozen=True)
class Tiles:
    """A grid as it is published: tile i stands in row i // columns, column i % columns."""

    picture: np.ndarray
    """(H, W, 3) uint8."""
    count: int
    columns: int
    height: int
    """Pixels of one tile."""
    width: int
    gap: int
    """Pixels between neighbours; black in the picture."""


def bytes_of(x: Tensor) -> np.ndarray:
    """(N, C, H, W) in [−1, 1] → (N, H, W, C) uint8 on the CPU; what lies outside is cut off."""
    return x.float().add(1).mul_(127.5).round_().clamp_(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy()


class TileGrid:
    """A grid of ``count`` tiles of ``height`` × ``width`` pixels, with a gap between neighbours.

    ``columns`` 0 makes it as square as it can be.
    """

    def __init__(self, count: int, height: int, width: int, columns: int = 0):
        self.count, self.height, self.width = count, height, width
        self.columns = columns if columns > 0 else max(1, isqrt(max(0, count - 1)) + 1)
        self.rows = max(1, ceil(count / self.columns))
        self.gap = max(1, height // 32)
        self._cells = np.zeros((self.rows, height + self.gap, self.columns, width + self.gap, 3), np.uint8)

    def put(self, first: int, tiles: np.ndarray) -> None:
        """Set the tiles from index ``first`` on: (n, H, W, C) uint8, grey (C = 1) or colour (C = 3)."""
        row, column = np.divmod(np.arange(first, first + len(tiles)), self.columns)
        if tiles.shape[3] == 1:  # NumPy is three times as long about it
            tiles = tiles.repeat(3, axis=3)
        self._cells[row, : self.height, column, : self.width] = tiles

    def published(self, count: int | None = None) -> Tiles:
        """A copy of the grid as it is now; ``count``: how many tiles are filled, if not all."""
        rows, cell_height, columns, cell_width, _ = self._cells.shape
        whole = self._cells.reshape(rows * cell_height, columns * cell_width, 3)
        picture = whole[: -self.gap, : -self.gap].copy()
        return Tiles(picture, self.count if count is None else count, self.columns, self.height, self.width, self.gap)
