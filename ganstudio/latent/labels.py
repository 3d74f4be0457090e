"""Which samples have an attribute and which have not, as somebody has said. Pure; states are values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from ganstudio.experiment.errors import StudioError

MOST = 2000
HAND = "hand"


@dataclass(frozen=True)
class Label:
    """What is said of one sample."""

    has: bool
    by: str = HAND
    """Who says so: by hand, or a classifier's name."""


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels of samples, by their z, in the order in which they were given."""

    by_z: Mapping[bytes, Label] = field(default_factory=lambda: MappingProxyType({}))
    """The bytes of z (dim,) float32 → its label. Never written to."""

    def __len__(self) -> int:
        return len(self.by_z)

    def of(self, z: np.ndarray) -> bool | None:
        """Whether this sample (dim,) has the attribute; None when nobody has said."""
        label = self.by_z.get(_key(z))
        return None if label is None else label.has

    def count(self, has: bool) -> int:
        """How many have it, or have not."""
        return sum(label.has == has for label in self.by_z.values())

    def side(self, has: bool) -> np.ndarray:
        """(n, dim) float32: those that have it, or have not, the latest first; (0, 0) for none."""
        return _rows([key for key, label in reversed(self.by_z.items()) if label.has == has])

    @property
    def inputs(self) -> np.ndarray:
        """(n, dim) float32; (0, 0) for none."""
        return _rows(self.by_z)

    @property
    def has(self) -> np.ndarray:
        """(n,) bool."""
        return np.array([label.has for label in self.by_z.values()], bool)

    def given(self, inputs: np.ndarray, has: Iterable[bool], by: str = HAND) -> "Labels":
        """With labels of these samples (n, dim), instead of any that they had. Raises ``StudioError`` for too many."""
        said = {_key(z): Label(bool(one), by) for z, one in zip(inputs, has, strict=True)}
        rest = {key: label for key, label in self.by_z.items() if key not in said}
        if len(rest) + len(said) > MOST:
            raise StudioError(f"at most {MOST:,} samples can have labels")
        return Labels(MappingProxyType({**rest, **said}))

    def without(self, z: np.ndarray) -> "Labels":
        """With no label of this sample (dim,)."""
        key = _key(z)
        return Labels(MappingProxyType({one: label for one, label in self.by_z.items() if one != key}))

    def who(self) -> str:
        """By whom, in words: ``by hand``, ``by the shipped classifier of faces and by hand``."""
        names = sorted({label.by for label in self.by_z.values()}, key=lambda name: name == HAND)
        return " and ".join(f"by {name}" for name in names)


def _key(z: np.ndarray) -> bytes:
    return np.asarray(z, np.float32).tobytes()


def _rows(keys: Iterable[bytes]) -> np.ndarray:
    rows = [np.frombuffer(key, np.float32) for key in keys]
    return np.stack(rows) if rows else np.zeros((0, 0), np.float32)
