"""What sliders can move: sets of directions in the space of z, and which of a set are chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.directions import axes, random_directions
from ganstudio.latent.keepsakes import NamedDirection
from ganstudio.latent.principal import Principal

PRINCIPAL, DIMENSIONS, RANDOM, NAMED = METHODS = ("principal", "dimensions", "random", "named")
MOST_PRINCIPAL = 64
"""Principal directions that can be chosen from."""
MOST_DIGITS = 9
"""Of a number that a person writes: Python itself refuses to read very long ones."""


@dataclass(frozen=True)
class Direction:
    """A direction that a slider can move, and what it is called."""

    key: tuple[str, ...]
    """Which one it is: the same whenever it comes back."""
    label: str
    """As short as a slider's name must be."""
    name: str
    details: str
    """A sentence more, or nothing."""
    vector: np.ndarray
    """(dim,) of length 1."""


@dataclass(frozen=True, eq=False)
class Sliders:
    """What a person has chosen to be moved by sliders."""

    kind: str
    """One of ``METHODS``."""
    numbers: Mapping[str, str]
    """Which ones of each kind, as ``chosen`` reads it."""
    locked: tuple[Direction, ...]
    generator: int
    """Counts the generators that were open: what is locked is a direction of this one."""


def principal(found: Principal) -> list[Direction]:
    """Principal directions of G, all that were found."""
    return [
        Direction(
            (PRINCIPAL, str(i + 1)),
            str(i + 1),
            f"Principal direction {i + 1}",
            f"It brings about {share:.1%} of the variance of G's first activation.",
            vector,
        )
        for i, (vector, share) in enumerate(zip(found.vectors, found.shares, strict=True))
    ]


def dimensions(dim: int) -> list[Direction]:
    """The single numbers of z."""
    return [
        Direction((DIMENSIONS, str(i + 1)), f"z {i + 1}", f"Dimension {i + 1} of z", "", vector)
        for i, vector in enumerate(axes(list(range(dim)), dim))
    ]


def random(seed: int, count: int, dim: int) -> list[Direction]:
    """Random directions, orthogonal to each other, the same for the same seed."""
    return [
        Direction((RANDOM, str(seed), str(i + 1)), f"r {i + 1}", f"Random direction {i + 1}", "", vector)
        for i, vector in enumerate(random_directions(seed, count, dim))
    ]


def named(kept: Sequence[NamedDirection], dim: int) -> list[Direction]:
    """The directions that were given a name, as far as they fit a z of so many numbers."""
    return [
        Direction((NAMED, one.name), one.name, one.name, _about(one), one.vector)
        for one in kept
        if one.vector.shape == (dim,)
    ]


def _about(one: NamedDirection) -> str:
    told = "" if one.accuracy is None else f"It tells samples apart with an accuracy of {one.accuracy:.0%}."
    return "\n".join(part for part in (one.source, told) if part)


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
        if max(len(first), len(last)) > MOST_DIGITS or not 1 <= int(first) <= int(last) <= available:
            raise StudioError(f"choose from 1 to {available}, the smaller number first")
        found += [index for index in range(int(first) - 1, min(int(last), int(first) + most)) if index not in found]
    if len(found) > most:
        raise StudioError(f"at most {most} sliders fit here")
    return found
