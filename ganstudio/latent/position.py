"""Where in latent space one stands: z, the sample it was reached from, and the way back. Knows no window."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ganstudio.latent.choices import Sliders
from ganstudio.latent.directions import held, moved, truncated, within
from ganstudio.latent.trail import Trail, Undoable


@dataclass(frozen=True)
class _Place:
    z: np.ndarray
    origin: np.ndarray
    truncation: float
    seed: int
    sliders: Sliders | None


class Position(Undoable[_Place]):
    """A z (dim,) that can be moved along directions, drawn anew, and taken back step by step.

    Numbers are float64 here, so that a float32 sample that comes in goes out bit for bit.
    """

    def __init__(self, z: np.ndarray, truncation: float = 1.0, sliders: Sliders | None = None):
        start = np.array(z, np.float64)
        self._trail = Trail(_Place(start, start, truncation, 0, sliders))

    @property
    def z(self) -> np.ndarray:
        """(dim,) float64, before truncation. Not to be written to."""
        return self._trail.now.z

    @property
    def origin(self) -> np.ndarray:
        """(dim,) the drawn or received sample that z was moved from."""
        return self._trail.now.origin

    @property
    def is_origin(self) -> bool:
        """Whether z is that sample still."""
        return np.array_equal(self.z, self.origin)

    @property
    def truncation(self) -> float:
        """ψ, 0…1: what G is fed is z drawn this far towards the prior's mean."""
        return self._trail.now.truncation

    @property
    def seed(self) -> int:
        """Of the random directions that one moves along."""
        return self._trail.now.seed

    @property
    def sliders(self) -> Sliders | None:
        """What one moves along; None where nobody has said."""
        return self._trail.now.sliders

    def inputs(self, limit: float) -> np.ndarray:
        """(1, dim) float32: what G is fed. ``limit`` bounds the prior's support."""
        return within(truncated(self.z, self.truncation), limit).astype(np.float32)[None]

    def arrive(self, z: np.ndarray, truncation: float = 1.0) -> None:
        """Stand at another sample."""
        z = np.array(z, np.float64)
        self._change(None, z=z, origin=z, truncation=truncation)

    def draw(self, drawn: np.ndarray, locked: np.ndarray) -> None:
        """Stand at a drawn sample, keeping the components along the locked directions (k, dim), and ψ."""
        self.arrive(held(np.asarray(drawn, np.float64), self.z, locked), self.truncation)

    def move(self, vector: np.ndarray, coordinate: float, gesture: Hashable = None) -> None:
        """Give z this coordinate along a direction. Moves of the same gesture are taken back as one."""
        self._change(gesture, z=moved(self.z, vector, coordinate))

    def truncate(self, psi: float, gesture: Hashable = None) -> None:
        """Draw what G is fed towards the prior's mean, by ψ = 0…1."""
        self._change(gesture, truncation=psi)

    def shuffle(self, seed: int) -> None:
        """Move along other random directions from now on."""
        self._change(None, seed=seed)

    def choose(self, sliders: Sliders) -> None:
        """Move along these directions, or with these locks, from now on."""
        self._change(None, sliders=sliders)

    def reset(self, locked: np.ndarray) -> None:
        """Back to the origin, but for the components along the locked directions (k, dim)."""
        self._change(None, z=held(self.origin, self.z, locked))

    def rest(self) -> None:
        """The gesture has ended: the next move is a step of its own."""
        self._trail.rest()

    def _change(self, gesture: Hashable, **parts: Any) -> None:
        self._trail.go(replace(self._trail.now, **parts), gesture)
