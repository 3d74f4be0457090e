"""Samples kept by a key and by the state of G that made them, so that a picture is there before it is asked for."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from ganstudio.latent.requests import Answer


@dataclass(frozen=True)
class Stamp:
    """Which weights made a sample."""

    trainer: str
    live: bool
    step: int

    @classmethod
    def of(cls, answer: Answer) -> "Stamp":
        return cls(answer.trainer, answer.live, answer.step)


class SampleCache:
    """Samples by key. What another G made is kept, to be shown until its successor comes, but it is *stale*.

    When it grows beyond ``most_bytes`` the samples that were put in first go first.
    """

    def __init__(self, most_bytes: int = 256 << 20):
        self._most = most_bytes
        self._bytes = 0
        self._kept: dict[Hashable, tuple[np.ndarray, Stamp]] = {}
        self.newest: Stamp | None = None
        """Of the G that answers now; None before there is one."""

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Forget everything: the keys stand for other z."""
        self._kept.clear()
        self._bytes, self.newest = 0, None

    def put(self, key: Hashable, sample: np.ndarray, stamp: Stamp) -> None:
        """Keep a sample; its G is the newest from now on."""
        before = self._kept.pop(key, None)
        self._bytes += sample.nbytes - (before[0].nbytes if before else 0)
        self._kept[key] = (sample, stamp)
        self.newest = stamp
        while self._bytes > self._most and len(self._kept) > 1:
            oldest = next(iter(self._kept))
            self._bytes -= self._kept.pop(oldest)[0].nbytes

    def get(self, key: Hashable) -> np.ndarray | None:
        """The sample, fresh or stale; None when there is none."""
        found = self._kept.get(key)
        return None if found is None else found[0]

    def missing(self, keys: Iterable[Hashable]) -> list[Hashable]:
        """Those of which there is no sample, in the same order."""
        return [key for key in keys if key not in self._kept]

    def stale(self, keys: Iterable[Hashable]) -> list[Hashable]:
        """Those whose sample another G made, in the same order."""
        kept = self._kept
        return [key for key in keys if key in kept and kept[key][1] != self.newest]
