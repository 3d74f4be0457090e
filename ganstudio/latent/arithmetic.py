"""Vector arithmetic in z: mean(A) − mean(B) + mean(C), as in Radford et al. 2016 (DCGAN), section 6.3.2. Pure.

They found that sums of single samples are unstable and that means of three follow the arithmetic of their contents;
eight neighbours about the result show how far it can be trusted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.directions import within

SLOTS = "ABC"
USUAL = 3
"""Samples in a slot in the paper."""
MOST = 9
SIDE = 3
"""The result and its neighbours fill a square of so many; the result is in the middle."""
MIDDLE = SIDE * SIDE // 2
NOISE, MOST_NOISE = 0.25, 2.0
"""Neighbours lie within ± so much of the result in each number of z: as in the paper; the most."""

Slot = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Terms:
    """What is added up: z (dim,) float32 in each of A, B and C, and the noise about the result. Never written to."""

    slots: tuple[Slot, Slot, Slot] = ((), (), ())
    noise: float = NOISE
    seed: int = 0
    """Of the noise."""

    def __len__(self) -> int:
        return sum(len(slot) for slot in self.slots)

    @property
    def complete(self) -> bool:
        """Whether there is a sample in each slot."""
        return all(self.slots)

    def added(self, slot: int, inputs: np.ndarray) -> "Terms":
        """With the rows of ``inputs`` (n, dim) in a slot, as many as fit. Raises ``StudioError`` when none does."""
        room = MOST - len(self.slots[slot])
        if room <= 0:
            raise StudioError(f"{SLOTS[slot]} is full: a slot takes {MOST} samples; remove one first")
        rows = np.array(inputs[:room], np.float32)
        return self._with(slot, (*self.slots[slot], *rows))

    def without(self, slot: int, index: int) -> "Terms":
        """Without one sample of a slot."""
        kept = self.slots[slot]
        return self._with(slot, (*kept[:index], *kept[index + 1 :]))

    def cleared(self, slot: int | None = None) -> "Terms":
        """With this slot empty, or all of them."""
        return replace(self, slots=((), (), ())) if slot is None else self._with(slot, ())

    def swapped(self, one: int, other: int) -> "Terms":
        """With two slots exchanged."""
        slots = list(self.slots)
        slots[one], slots[other] = slots[other], slots[one]
        return replace(self, slots=(slots[0], slots[1], slots[2]))

    def with_noise(self, noise: float, seed: int) -> "Terms":
        """With other noise about the result."""
        return replace(self, noise=noise, seed=seed)

    def _with(self, slot: int, samples: Slot) -> "Terms":
        slots = [samples if index == slot else kept for index, kept in enumerate(self.slots)]
        return replace(self, slots=(slots[0], slots[1], slots[2]))

    @property
    def step(self) -> np.ndarray:
        """(dim,) float64: mean(A) − mean(B), which leads from what B shows to what A shows. Neither may be empty."""
        a, b, _ = self.slots
        return mean(a) - mean(b)

    @cached_property
    def sum(self) -> np.ndarray:
        """(dim,) float64: mean(A) − mean(B) + mean(C), wherever it lies. No slot may be empty."""
        return combined(*self.slots)


def mean(samples: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
    """(n, …), n ≥ 1 → (…) float64."""
    return np.mean(np.asarray(samples, np.float64), axis=0)


def combined(a: Sequence[np.ndarray], b: Sequence[np.ndarray], c: Sequence[np.ndarray]) -> np.ndarray:
    """mean(A) − mean(B) + mean(C) of any arrays of one shape, float64: of z, of points, of images (then as numbers)."""
    return mean(a) - mean(b) + mean(c)


def in_pixels(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """The same sum of the images themselves, (n, H, W, C) uint8 each → (H, W, C) uint8; what lies outside is cut off.

    Images overlay each other instead of blending into another one: the contrast that the paper draws.
    """
    return np.clip(np.rint(combined(a, b, c)), 0, 255).astype(np.uint8)


def surrounded(z: np.ndarray, noise: float, seed: int, limit: float = np.inf) -> np.ndarray:
    """(9, dim) float32, row by row of a square: z (dim,) in the middle, z + U(−noise, noise) in each number about it.

    The same seed gives the same directions whatever the noise, so that neighbours move as its scale does. ``limit``
    bounds the prior's support: z is brought into it first, and then its neighbours.
    """
    middle = within(np.asarray(z, np.float64), limit)
    offsets = np.random.default_rng(seed).uniform(-1, 1, (SIDE * SIDE, len(middle)))
    offsets[MIDDLE] = 0
    return within(middle + noise * offsets, limit).astype(np.float32)


def beyond(z: np.ndarray, limit: float) -> int:
    """How many numbers of z (dim,) lie outside −limit…limit."""
    return int((np.abs(z) > limit).sum())


@dataclass(frozen=True)
class Rows:
    """One batch for G: all samples of the slots, then the mean of each slot that has some, then the result's square."""

    inputs: np.ndarray
    """(n, dim) float32."""
    slots: tuple[slice, slice, slice]
    means: tuple[int | None, int | None, int | None]
    square: slice | None
    """None while a slot is empty."""


def rows_of(terms: Terms, limit: float = np.inf) -> Rows:
    """What G must make for a picture of these terms, of which there is at least one.

    A mean is not clipped: the support of a prior is convex.
    """
    parts: list[np.ndarray] = [np.stack(slot) for slot in terms.slots if slot]
    ends = np.cumsum([len(slot) for slot in terms.slots])
    slots = [slice(int(end) - len(slot), int(end)) for end, slot in zip(ends, terms.slots, strict=True)]
    means: list[int | None] = []
    total = int(ends[-1])
    for slot in terms.slots:
        means.append(total if slot else None)
        if slot:
            parts.append(mean(slot)[None].astype(np.float32))
            total += 1
    square = None
    if terms.complete:
        parts.append(surrounded(terms.sum, terms.noise, terms.seed, limit))
        square = slice(total, total + SIDE * SIDE)
    return Rows(np.concatenate(parts), (slots[0], slots[1], slots[2]), (means[0], means[1], means[2]), square)
