"""Frames of the past, kept in memory: dense at both ends of a run and thinner between, under a budget of bytes."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

BUDGET = 256 * 2**20
"""Bytes that are kept, unless somebody chooses another number."""
OVERHEAD = 1024
"""Bytes that a frame counts for besides its arrays."""
MOST = 1000
"""Frames kept of one key at the most, however small they are: Python's collector walks through all of them."""
LEFT = 0.75
"""Share of a key's frames that a thinning leaves."""

Kept = tuple[int, Any]
"""A step and the frame of it."""


class Reel:
    """Frames by key and step. Adding one costs some microseconds: arrays are kept by reference, never copied.

    What is thinned is the key that takes most room. Of each key the first and the newest frame stay; between them the
    distances grow with the distance from the nearer end, up to a fixed share of the run (see ``thinned``): the first
    seconds and the last hours can both be gone back to.
    """

    def __init__(self, budget: int = BUDGET):
        """``budget`` in bytes is never exceeded, not even for a frame that alone is larger: that one is not kept."""
        self.budget = budget
        self._tapes: dict[Hashable, _Tape] = {}

    @property
    def bytes(self) -> int:
        """What is kept; an array that frames of a key share counts once."""
        return sum(tape.bytes for tape in self._tapes.values())

    def add(self, key: Hashable, step: int, frame: Any) -> None:
        """Keep the frame of a step. One of the same step replaces it; an earlier step forgets what came after it."""
        tape = self._tapes.get(key)
        if tape is None:
            tape = self._tapes[key] = _Tape()
        if tape.steps and tape.steps[-1] >= step:
            tape.cut(bisect_left(tape.steps, step))
        before = tape.bytes
        tape.append(step, frame)
        if tape.bytes - before > self.budget:
            tape.cut(len(tape.steps) - 1)
        if len(tape.steps) > MOST:
            tape.thin()
        while self.bytes > self.budget:
            fattest = max(self._tapes.values(), key=lambda tape: tape.bytes)
            if len(fattest.steps) > 2:
                fattest.thin()
            else:
                fattest.drop_first()

    def at_or_before(self, key: Hashable, step: int) -> Kept | None:
        """The newest frame that is not of a later step; None where there is none."""
        tape = self._tapes.get(key)
        index = bisect_right(tape.steps, step) - 1 if tape else -1
        return (tape.steps[index], tape.frames[index]) if tape and index >= 0 else None

    def nearest(self, key: Hashable, step: int) -> Kept | None:
        """The frame whose step lies nearest, the earlier one of two; None where nothing is kept."""
        tape = self._tapes.get(key)
        if not tape or not tape.steps:
            return None
        after = bisect_left(tape.steps, step)
        index = min(
            (i for i in (after - 1, after) if 0 <= i < len(tape.steps)), key=lambda i: (abs(tape.steps[i] - step), i)
        )
        return tape.steps[index], tape.frames[index]

    def latest(self, key: Hashable) -> Kept | None:
        """The newest frame; None where nothing is kept."""
        tape = self._tapes.get(key)
        return (tape.steps[-1], tape.frames[-1]) if tape and tape.steps else None

    def steps(self, key: Hashable) -> list[int]:
        """The steps that frames are kept of, ascending."""
        tape = self._tapes.get(key)
        return list(tape.steps) if tape else []

    def forget_after(self, step: int) -> None:
        """Drop the frames of all later steps: the run went back."""
        for tape in self._tapes.values():
            tape.cut(bisect_right(tape.steps, step))

    def clear(self) -> None:
        """Drop everything: another run."""
        self._tapes.clear()


class _Tape:
    """The frames of one key, in order of their steps."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.frames: list[Any] = []
        self.bytes = 0
        self._parts: list[dict[str, Arrays]] = []  # of each frame the arrays of its fields
        self._users: dict[int, int] = {}  # how many fields of frames hold an array, by its identity

    def append(self, step: int, frame: Any) -> None:
        parts: dict[str, Arrays] = {}
        before = self.frames[-1] if self.frames else None
        for name in _names(type(frame)):
            value = getattr(frame, name)
            if type(value) in _PLAIN:
                continue
            if before is not None and getattr(before, name, None) is value:
                parts[name] = self._parts[-1][name]  # the same object as in the frame before: no need to walk it again
            else:
                parts[name] = _arrays(value)
        self.steps.append(step)
        self.frames.append(frame)
        self._parts.append(parts)
        self.bytes += OVERHEAD
        for arrays in parts.values():
            for identity, size in arrays:
                users = self._users.get(identity, 0)
                self._users[identity] = users + 1
                if not users:
                    self.bytes += size

    def cut(self, length: int) -> None:
        """Keep the first ``length`` frames."""
        for index in range(length, len(self.steps)):
            self._let_go(index)
        del self.steps[length:], self.frames[length:], self._parts[length:]

    def drop_first(self) -> None:
        self._let_go(0)
        del self.steps[0], self.frames[0], self._parts[0]

    def thin(self) -> None:
        """Leave some of three frames or more."""
        kept = thinned(np.array(self.steps), max(2, int(LEFT * len(self.steps)))).tolist()
        for index in set(range(len(self.steps))).difference(kept):
            self._let_go(index)
        self.steps = [self.steps[i] for i in kept]
        self.frames = [self.frames[i] for i in kept]
        self._parts = [self._parts[i] for i in kept]

    def _let_go(self, index: int) -> None:
        self.bytes -= OVERHEAD
        for arrays in self._parts[index].values():
            for identity, size in arrays:
                self._users[identity] -= 1
                if not self._users[identity]:
                    del self._users[identity]
                    self.bytes -= size


def thinned(steps: np.ndarray, count: int) -> np.ndarray:
    """Which ``count`` ≥ 2 of the ascending steps (n,) to keep: their indices, the first and the last among them.

    Kept steps are spaced evenly, as far as those that there are admit it, on an axis half of which is linear and half
    logarithmic from both ends: of a run of T steps no gap is much wider than 2T/count, and those at a distance d from
    an end are not much wider than 4 d ln(T)/count.
    """
    unit = float(np.diff(steps).min())
    past, ahead = (steps - steps[0]) / unit, (steps[-1] - steps) / unit
    place = past / past[-1] + np.log((1 + past) / (1 + ahead)) / (2 * np.log(1 + past[-1]))
    kept = np.arange(len(steps))
    while (excess := len(kept) - count) > 0:
        # How wide a gap each one's removal would leave. Those that leave the least go, but no two neighbours at once.
        width = place[kept[2:]] - place[kept[:-2]]
        least = np.sort(np.argpartition(width, excess - 1)[:excess]) if excess < len(width) else np.arange(len(width))
        run = np.cumsum(np.diff(least, prepend=-2) > 1)
        _, first = np.unique(run, return_index=True)
        alone = (least - least[first][run - 1]) % 2 == 0
        kept = np.delete(kept, least[alone] + 1)
    return kept


Arrays = tuple[tuple[int, int], ...]
"""(identity, bytes) of arrays that own memory."""
_PLAIN = (int, float, str, bool, type(None), bytes)
_known: dict[type, tuple[str, ...]] = {}


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else."""
    found = _known.get(kind)
    if found is None:
        found = _known[kind] = tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
    return found


def _arrays(value: Any) -> Arrays:
    """All arrays in a value of plain data. A view stands for the whole array that it keeps in memory."""
    found, rest = [], [value]
    while rest:
        part = rest.pop()
        kind = type(part)
        if kind in _PLAIN:
            continue
        if kind is np.ndarray:
            while type(part.base) is np.ndarray:
                part = part.base
            found.append((id(part), part.nbytes))
        elif kind is dict:
            rest.extend(part.values())
        elif kind is tuple or kind is list:
            rest.extend(part)
        else:
            rest.extend([getattr(part, name) for name in _names(kind)])
    return tuple(found)
