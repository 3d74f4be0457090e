"""Paths through the space of z: straight or on great circles, from anchor to anchor, open or closed. Pure functions.

Which of the two suits a prior is a matter of where its mass lies. A normal z in many dimensions lies near the sphere of
radius σ√d, and the chord between two of them passes through norms that G hardly ever saw: walk on the sphere (White
2016, "Sampling generative networks", section 2.1). The cube of a uniform prior is convex: a straight line between two
of its points never leaves it, a great circle may. There, walk straight.
"""

from dataclasses import dataclass
from math import isinf

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.directions import within
from ganstudio.latent.requests import Prior

LEAST_ANCHORS, MOST_ANCHORS = 2, 16
SAME = 1e-9
"""Unit vectors whose sine is smaller than this span no plane that could be told from rounding."""


def spherical_suits(prior: Prior) -> bool:
    """Whether great circles are the sensible default for this prior: its support has no bounds to leave."""
    return isinf(prior.limit)


def lerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """a, b (dim,), t (n,) in 0…1 → (n, dim) float64 on the straight line; at 0 and 1 exactly a and b."""
    a, b, t = np.asarray(a, np.float64), np.asarray(b, np.float64), np.atleast_1d(t)[:, None]
    return (1 - t) * a + t * b


def slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """a, b (dim,), t (n,) in 0…1 → (n, dim) float64: the direction turns from a's to b's at constant angular speed.

    Shoemake 1985, "Animating rotation with quaternion curves", section 3.3, of the unit vectors. Written as
    cos(tΩ)·u + sin(tΩ)·w with w ⟂ u in their plane, which stays exact where his sin(tΩ)/sin Ω divides by nearly 0.
    The norm goes linearly from |a| to |b|: unlike the geometric mean that is defined for a zero vector too, and for
    normal z, whose norms differ by some per cent, the two can hardly be told apart. (White's code weights a and b
    themselves; with unequal norms that turns unevenly.)

    Parallel vectors: the line between them. Opposite ones: half a circle in a plane that is chosen from a alone, always
    the same one; on the number line, where there is none, the line through 0. A zero vector has no direction: the line.
    """
    a, b, t = np.asarray(a, np.float64), np.asarray(b, np.float64), np.atleast_1d(np.asarray(t, np.float64))
    sizes = np.linalg.norm(a), np.linalg.norm(b)
    if 0 in sizes:
        return lerp(a, b, t)
    u, v = a / sizes[0], b / sizes[1]
    side = v - (u @ v) * u
    if np.linalg.norm(side) < SAME:
        if u @ v > 0 or len(a) == 1:
            return lerp(a, b, t)
        side = _perpendicular(u)
    side /= np.linalg.norm(side)
    side -= (u @ side) * u  # once more: of nearly opposite vectors the first leaves little but rounding
    side /= np.linalg.norm(side)
    angle = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))  # exact for small and for large ones
    turned = np.cos(t * angle)[:, None] * u + np.sin(t * angle)[:, None] * side
    found = lerp(sizes[:1], sizes[1:], t) * turned
    found[t == 0], found[t == 1] = a, b
    return found


def _perpendicular(u: np.ndarray) -> np.ndarray:
    """(dim,) a vector orthogonal to u, dim ≥ 2: the axis that u leans to least, made so."""
    axis = np.zeros_like(u)
    axis[np.abs(u).argmin()] = 1
    return axis - (axis @ u) * u


@dataclass(frozen=True, eq=False)
class Path:
    """A way through 2 to 16 anchors. Its parameter runs from 0 at the first one by 1 from each to the next."""

    anchors: np.ndarray
    """(n, dim) float32, the z to go through."""
    spherical: bool = True
    """On great circles, else straight."""
    looped: bool = False
    """Whether it goes back from the last anchor to the first."""

    def __post_init__(self) -> None:
        if not LEAST_ANCHORS <= len(self.anchors) <= MOST_ANCHORS:
            words = f"a path has {LEAST_ANCHORS} to {MOST_ANCHORS} anchors (these are {len(self.anchors)})"
            raise StudioError(words, "anchors")

    @property
    def stretches(self) -> int:
        """Ways from one anchor to the next."""
        return len(self.anchors) if self.looped else len(self.anchors) - 1

    def count(self, each: int) -> int:
        """Frames with so many to a stretch: a looped path does not show its first anchor again at the end."""
        return self.stretches * each + (not self.looped)

    def between(self, stretch: int, t: np.ndarray) -> np.ndarray:
        """(n, dim) float64 on one stretch, t (n,) in 0…1."""
        way = slerp if self.spherical else lerp
        return way(self.anchors[stretch], self.anchors[(stretch + 1) % len(self.anchors)], t)

    def frames(self, each: int, limit: float = np.inf) -> np.ndarray:
        """(count, dim) float32: z of all frames, ``each`` to a stretch; frame k·each is anchor k, to the bit.

        ``limit`` bounds the prior's support: what a great circle would have beyond it is brought back to it.
        """
        t = np.arange(each) / each
        parts = [self.between(stretch, t) for stretch in range(self.stretches)]
        last = [] if self.looped else [self.anchors[-1:].astype(np.float64)]
        found = np.concatenate([*parts, *last]).astype(np.float32)
        if isinf(limit):
            return found
        bounded = within(found, limit).astype(np.float32)
        bounded[::each] = found[::each]
        return bounded
