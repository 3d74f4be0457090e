"""Samples that a person holds at their places in a grid while the others change. Knows no window."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Pins:
    """Which inputs a grid shows: the set that ``draw`` numbers, and at some tiles others in its place."""

    inputs: Mapping[int, np.ndarray] = field(default_factory=dict)
    """Tile → (dim,) float32."""
    draw: int = 0

    def toggled(self, tile: int, z: np.ndarray) -> "Pins":
        """With this input (dim,) pinned at a tile, or with that tile let go."""
        if tile in self.inputs:
            return replace(self, inputs={one: z for one, z in self.inputs.items() if one != tile})
        return replace(self, inputs={**self.inputs, tile: z})

    def placed(self, inputs: np.ndarray, tile: int | None, count: int) -> "Pins":
        """With inputs (n, dim) at a tile of ``count`` and at those after it; None: at those without a pin.

        What finds no room is left out; where every tile has a pin the first one gives way.
        """
        free = [one for one in range(count) if one not in self.inputs] or [0]
        places = free if tile is None else range(tile, count)
        return replace(self, inputs={**self.inputs, **dict(zip(places, inputs, strict=False))})
