"""Valve 2: every step's metrics, append-only. Any length is drawn at the same price, from a min–max pyramid."""

from dataclasses import dataclass
from threading import Lock

import numpy as np

RADIX = 8


@dataclass(frozen=True)
class Envelope:
    """A stretch of one metric in buckets: x is the step at each bucket's middle (float64), the others float32."""

    x: np.ndarray
    low: np.ndarray
    high: np.ndarray
    mean: np.ndarray


class _Column:
    """Growing rows of (min, max, sum) at one level of the pyramid; level 0 holds the values themselves."""

    def __init__(self, width: int, planes: int):
        self.length = 0
        self.data = np.empty((planes, width, 1024), np.float32)

    def extend(self, part: np.ndarray) -> None:
        """Append (planes, width, n)."""
        end = self.length + part.shape[2]
        if end > self.data.shape[2]:
            # Untouched pages of a fresh array cost no memory, so growing generously is cheap.
            grown = np.empty((*self.data.shape[:2], max(end, int(self.data.shape[2] * 1.5))), np.float32)
            grown[:, :, : self.length] = self.data[:, :, : self.length]
            self.data = grown
        self.data[:, :, self.length : end] = part
        self.length = end


class History:
    """Metrics of every step, by name. Row i belongs to step i + 1. One writer, any readers, from any thread."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self._index = {name: i for i, name in enumerate(names)}
        self._lock = Lock()
        self._levels = [_Column(len(names), 1)]

    def __len__(self) -> int:
        return self._levels[0].length

    def append(self, rows: np.ndarray) -> None:
        """Add the rows (n, len(names)) of the next n steps; NaN stands for a value that a step did not have."""
        with self._lock:
            self._levels[0].extend(np.asarray(rows, np.float32).T[None])
            self._grow()

    def _grow(self) -> None:
        level = 0
        while self._levels[level].length >= RADIX:
            if level + 1 == len(self._levels):
                self._levels.append(_Column(len(self.names), 3))
            below, above = self._levels[level], self._levels[level + 1]
            start, stop = above.length * RADIX, below.length // RADIX * RADIX
            if stop > start:
                low, high, total = (below.data[plane, :, start:stop] for plane in ((0, 0, 0), (0, 1, 2))[level > 0])
                shape = (len(self.names), -1, RADIX)
                above.extend(
                    np.stack(
                        [
                            np.fmin.reduce(low.reshape(shape), axis=2),
                            np.fmax.reduce(high.reshape(shape), axis=2),
                            total.reshape(shape).sum(2),
                        ]
                    )
                )
            level += 1

    def truncate(self, length: int) -> None:
        """Forget all steps after ``length``: the run went back."""
        with self._lock:
            for level in self._levels:
                level.length = min(level.length, length)
                length //= RADIX

    def column(self, name: str) -> np.ndarray:
        """A copy of one metric, (steps,) float32."""
        with self._lock:
            base = self._levels[0]
            return base.data[0, self._index[name], : base.length].copy()

    def rows(self, start: int = 0) -> np.ndarray:
        """A copy of all metrics from row ``start`` on, (steps, len(names)) float32."""
        with self._lock:
            base = self._levels[0]
            return base.data[0, :, start : base.length].T.copy()

    def latest(self, name: str) -> float:
        """The last value of one metric; NaN before the first step."""
        with self._lock:
            base = self._levels[0]
            return float(base.data[0, self._index[name], base.length - 1]) if base.length else float("nan")

    def envelope(self, name: str, start: int = 0, stop: int | None = None, buckets: int = 1000) -> Envelope:
        """One metric over the rows start…stop in at most about ``buckets`` buckets of equal width.

        Costs the same at any length: it reads the coarsest level that still has that many blocks in the stretch.
        """
        column = self._index[name]
        with self._lock:
            stop = min(len(self), len(self) if stop is None else stop)
            start = max(0, min(start, stop))
            level, width = 0, 1
            while level + 1 < len(self._levels) and (stop - start) // (width * RADIX) >= buckets:
                level, width = level + 1, width * RADIX
            store = self._levels[level]
            first = start // width
            last = min(store.length, -(-stop // width))
            planes = (0, 0, 0) if level == 0 else (0, 1, 2)
            low, high, total = (store.data[plane, column, first:last] for plane in planes)
            group = max(1, -(-(last - first) // max(1, buckets)))
            whole = (last - first) // group * group
            cut = [part[:whole].reshape(-1, group) for part in (low, high, total)]
            tail = [part[whole:].copy() for part in (low, high, total)]
            found = [np.fmin.reduce(cut[0], axis=1), np.fmax.reduce(cut[1], axis=1), cut[2].mean(1)]
            # The rest of the newest, incomplete block of this level, so that the curve reaches the last step.
            recent = self._levels[0].data[0, column, last * width : stop].copy()
        middles = (first + np.arange(len(found[0])) * group + group / 2) * width + 0.5
        x, low, high, mean = middles.astype(np.float64), found[0], found[1], found[2] / width
        rest_steps = len(tail[0]) * width + len(recent)
        if rest_steps:
            rest_low = np.fmin.reduce(np.concatenate([tail[0], recent]))
            rest_high = np.fmax.reduce(np.concatenate([tail[1], recent]))
            rest_mean = (tail[2].sum() + recent.sum()) / rest_steps
            x = np.append(x, stop - rest_steps / 2 + 0.5)
            low, high, mean = np.append(low, rest_low), np.append(high, rest_high), np.append(mean, rest_mean)
        return Envelope(x, low.astype(np.float32), high.astype(np.float32), mean.astype(np.float32))
