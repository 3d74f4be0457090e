"""Valve 2: every step's metrics, append-only. Any length is drawn at the same price, from a min–max pyramid."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

RADIX = 8


@dataclass(frozen=True)
class Envelope:
    """A stretch of one metric, or of several, in buckets: NaN where no step of a bucket has a value."""

    x: np.ndarray
    """(buckets,) float64: the step at each bucket's middle."""
    low: np.ndarray
    """(buckets,) or (metrics, buckets) float32: the least value of a bucket's steps; smoothing leaves it alone."""
    high: np.ndarray
    """The same shape: the greatest."""
    mean: np.ndarray
    """The same shape: the mean over the bucket or, smoothed, over more steps before its end."""
    width: int
    """Steps a bucket; the newest may hold fewer."""


_Summary = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Least, greatest, sum and number of values, (columns, n) each."""


class _Column:
    """Growing rows at one level of the pyramid: (min, max, sum, count) a block; level 0 holds the values themselves."""

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

    def summary(self, start: int, stop: int, columns: np.ndarray | slice) -> _Summary:
        """Of the values in each entry start…stop; copies.

        Infinite values count for least and greatest alone: a mean that they enter says nothing for ever after.
        """
        if len(self.data) == 4:
            return tuple(self.data[:, columns, start:stop].copy())
        value = self.data[0, columns, start:stop].copy()
        finite = np.isfinite(value)
        return value, value, value if finite.all() else np.where(finite, value, 0), finite.astype(np.float32)


class History:
    """Metrics of every step, by name. Row i belongs to step i + 1. One writer, any readers, from any thread."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self.revision = 0
        """How often steps have been taken back: what was drawn of an earlier revision may not hold any more."""
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
                self._levels.append(_Column(len(self.names), 4))
            below, above = self._levels[level], self._levels[level + 1]
            start, stop = above.length * RADIX, below.length // RADIX * RADIX
            if stop > start:
                blocks = below.summary(start, stop, slice(None))
                above.extend(np.stack(_merged(blocks, np.arange(0, stop - start, RADIX))))
            level += 1

    def truncate(self, length: int) -> None:
        """Forget all steps after ``length``: the run went back."""
        with self._lock:
            if length < self._levels[0].length:
                self.revision += 1
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

    def envelope(
        self, name: str, start: int = 0, stop: int | None = None, buckets: int = 1000, smooth: int = 1
    ) -> Envelope:
        """One metric over the rows start…stop in about ``buckets`` buckets or fewer, at the same price for any length.

        ``stop`` may lie beyond the newest row: the buckets' width follows from the stretch asked for, so that it stays
        the same while a run grows into it. See ``buckets`` for the rest.
        """
        stop = len(self) if stop is None else stop
        found = self.buckets([name], start, stop, bucket_width(stop - start, buckets), smooth)
        return Envelope(found.x, found.low[0], found.high[0], found.mean[0], found.width)

    def buckets(self, names: Sequence[str], start: int, stop: int, width: int, smooth: int = 1) -> Envelope:
        """Several metrics in the buckets of ``width`` rows (a power of two) that hold any of the rows start…stop.

        A bucket begins at a multiple of its width, so that it is the same in every stretch; only the newest holds
        fewer rows, as long as the run has not filled it. The mean of each is over the last ``smooth`` steps (rounded
        up to whole buckets) at its end: it says nothing of what came later, and a change shows at the step it began.
        """
        columns = np.array([self._index[name] for name in names], np.intp)
        window = max(1, -(-smooth // width))
        with self._lock:
            length = len(self)
            level = min(_level_of(width), len(self._levels) - 1)
            block = RADIX**level
            group = width // block
            first, last = max(0, start) // width, -(-min(stop, length) // width)
            if last <= first:
                empty = np.empty((len(columns), 0), np.float32)
                return Envelope(np.empty(0), empty, empty, empty, width)
            before = min(window - 1, first)  # buckets needed for the first mean
            store = self._levels[level]
            end = min(last * group, store.length)
            blocks = store.summary((first - before) * group, end, columns)
            newest = min(last * width, length)
            # The newest rows may not fill a block of this level yet.
            recent = self._levels[0].summary(end * block, newest, columns) if end * block < newest else None
        whole = blocks[0].shape[1] // group * group
        if recent is not None:
            blocks = tuple(np.concatenate(pair, axis=1) for pair in zip(blocks, recent, strict=True))
        starts = np.arange(0, min(blocks[0].shape[1], whole + 1), group)
        low, high, total, count = _merged(blocks, starts)
        middles = np.arange(first, last) * float(width) + (width + 1) / 2
        middles[-1] = ((last - 1) * width + newest + 1) / 2
        mean = _trailing_mean(total, count, window)[:, before:]
        return Envelope(middles, low[:, before:], high[:, before:], mean, width)


def bucket_width(rows: float, buckets: int) -> int:
    """The least power of two that cuts so many rows into at most so many buckets (and one at the edge)."""
    width = 1
    while width * max(1, buckets) < rows:
        width *= 2
    return width


def _level_of(width: int) -> int:
    """The coarsest level of the pyramid whose blocks make up buckets of this width."""
    level = 0
    while width >= RADIX:
        width, level = width // RADIX, level + 1
    return level


def _merged(summary: _Summary, starts: np.ndarray) -> _Summary:
    """Least, greatest, sum and number: of n entries those from each start up to the next one made one."""
    if len(starts) == summary[0].shape[1]:
        return summary
    with np.errstate(over="ignore"):  # a sum that leaves float32 is left out of the means
        merges = (np.fmin, np.fmax, np.add, np.add)
        return tuple(merge.reduceat(part, starts, 1) for merge, part in zip(merges, summary, strict=True))


def _trailing_mean(total: np.ndarray, count: np.ndarray, window: int) -> np.ndarray:
    """(columns, n) mean over each bucket and the ``window`` − 1 before it; NaN where nothing counts."""
    counted = np.isfinite(total)
    if not counted.all():
        total, count = np.where(counted, total, 0), np.where(counted, count, 0)
    if window > 1:
        total, count = _trailing_sum(np.stack([total, count]), window)
    if count.all():
        return (total / count).astype(np.float32, copy=False)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _trailing_sum(values: np.ndarray, window: int) -> np.ndarray:
    """(…, n) sums over each entry and the ``window`` − 1 before it, in float64.

    Each is the end of one block plus the beginning of the next, never a difference of running sums: a huge value
    leaves no rounding error behind once it is out of the window.
    """
    *lead, n = values.shape
    blocks = np.zeros((*lead, -(-(n + window - 1) // window), window))
    blocks.reshape(*lead, -1)[..., window - 1 : window - 1 + n] = values
    ends = blocks[..., ::-1].cumsum(-1)[..., ::-1].reshape(*lead, -1)
    beginnings = blocks.cumsum(-1)
    beginnings[..., -1] = 0  # a window that fills its block is all in ``ends``
    return ends[..., :n] + beginnings.reshape(*lead, -1)[..., window - 1 : window - 1 + n]
