"""Where in latent space one stands: z, the sample it was reached from, and the way back. Knows no window."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.directions import held, moved, truncated, within

MOST_REMEMBERED = 200


@dataclass(frozen=True)
class _Place:
    z: np.ndarray
    origin: np.ndarray


class Position:
    """A z (dim,) that can be moved along directions, drawn anew, and taken back step by step.

    Numbers are float64 here, so that a float32 sample that comes in goes out bit for bit.
    """

    def __init__(self, z: np.ndarray):
        start = np.array(z, np.float64)
        self._way = [_Place(start, start)]
        self._here = 0
        self._gesture: Hashable = None
        self.truncation = 1.0
        """ψ, 0…1: what G is fed is z drawn this far towards the prior's mean."""

    @property
    def z(self) -> np.ndarray:
        """(dim,) float64, before truncation. Not to be written to."""
        return self._way[self._here].z

    @property
    def origin(self) -> np.ndarray:
        """(dim,) the drawn or received sample that z was moved from."""
        return self._way[self._here].origin

    def inputs(self, limit: float) -> np.ndarray:
        """(1, dim) float32: what G is fed. ``limit`` bounds the prior's support."""
        return within(truncated(self.z, self.truncation), limit).astype(np.float32)[None]

    def arrive(self, z: np.ndarray) -> None:
        """Stand at another sample."""
        z = np.array(z, np.float64)
        self._go(_Place(z, z), None)

    def draw(self, drawn: np.ndarray, locked: np.ndarray) -> None:
        """Stand at a drawn sample, keeping the components along the locked directions (k, dim)."""
        self.arrive(held(np.asarray(drawn, np.float64), self.z, locked))

    def move(self, vector: np.ndarray, coordinate: float, gesture: Hashable = None) -> None:
        """Give z this coordinate along a direction. Moves of the same gesture are taken back as one."""
        self._go(_Place(moved(self.z, vector, coordinate), self.origin), gesture)

    def reset(self, locked: np.ndarray) -> None:
        """Back to the origin, but for the components along the locked directions (k, dim)."""
        self._go(_Place(held(self.origin, self.z, locked), self.origin), None)

    def _go(self, place: _Place, gesture: Hashable) -> None:
        same = gesture is not None and gesture == self._gesture and self._here == len(self._way) - 1
        self._way = [*self._way[: self._here + (not same)], place][-MOST_REMEMBERED:]
        self._here = len(self._way) - 1
        self._gesture = gesture

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier place."""
        return self._here > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether a step back was made that can be taken again."""
        return self._here < len(self._way) - 1

    def back(self) -> None:
        """To the place before, if there is one."""
        self._here, self._gesture = max(0, self._here - 1), None

    def forward(self) -> None:
        """Take a step back again."""
        self._here, self._gesture = min(len(self._way) - 1, self._here + 1), None


def chosen(text: str, available: int, most: int) -> list[int]:
    """``1–8, 12`` → indices from 0, in the order written. Raises ``StudioError`` for anything else.

    ``available``: the largest number there is; ``most``: how many may be chosen.
    """
    found: list[int] = []
    for part in text.replace("–", "-").replace(";", ",").split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        last = last if dash else first
        if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
            raise StudioError("write numbers and ranges, for instance 1–8 or 3, 17, 40–43")
        if not 1 <= int(first) <= int(last) <= available:
            raise StudioError(f"choose from 1 to {available}, the smaller number first")
        found += [index for index in range(int(first) - 1, min(int(last), int(first) + most)) if index not in found]
    if len(found) > most:
        raise StudioError(f"at most {most} sliders fit here")
    return found
