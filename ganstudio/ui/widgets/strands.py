"""Runs and branches side by side, as one history that a plot of curves can draw. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import numpy as np

from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.clock import Clock
from ganstudio.training.history import Envelope, History
from ganstudio.ui.widgets.time_axis import ROWS_PER_SECOND

FINER = 2
"""Buckets of steps in one of seconds, at least, where there are so many steps: its extremes are then its own."""


@dataclass(frozen=True)
class Strand:
    """One run, or one branch of a run with all that it comes from."""

    folder: Path | None
    """None while the run is saved nowhere."""
    branch: int
    title: str
    history: History
    """Every metric, from step 1 on."""
    clock: Clock | None = None
    """None where nobody knows when its steps were made."""
    experiment: Experiment | None = None
    """As it is at the end."""
    lineage: tuple[tuple[int, float], ...] = ()
    """(branch, steps up to which it counts), from the first branch to this one."""
    name: str = ""
    """That somebody gave the branch."""

    @property
    def key(self) -> str:
        """Tells it from others."""
        return f"{self.folder or ''}#{self.branch}"

    def common(self, other: "Strand") -> float:
        """Steps that both have in common: made before one of them left the other, or each left the same branch."""
        if self.folder != other.folder:
            return 0
        shared = 0.0
        for (mine, mine_until), (its, its_until) in zip(self.lineage, other.lineage, strict=False):
            if mine != its:
                break
            shared = min(mine_until, its_until)
        return shared


class Strands(History):
    """One metric of several strands: a curve each, called by its strand's key.

    ``timed``: a row is not a step but a hundredth of a second of training, and shows the last step completed by then.
    Steps that a curve has in common with one before it are drawn once.
    """

    def __init__(self, strands: Sequence[Strand], metric: str, *, timed: bool = False):
        self.strands = {one.key: one for one in strands if metric in one.history.names and (one.clock or not timed)}
        self.metric, self.timed = metric, timed
        super().__init__(tuple(self.strands))
        self._seen = self._lengths()

    def _lengths(self) -> dict[str, tuple[int, int]]:
        return {key: (one.history.revision, self._rows(one)) for key, one in self.strands.items()}

    def __len__(self) -> int:
        return max((self._rows(one) for one in self.strands.values()), default=0)

    def _rows(self, strand: Strand) -> int:
        steps = len(strand.history)
        if not self.timed or strand.clock is None or not steps:
            return steps
        return max(1, ceil(float(strand.clock.seconds_at(steps)) * ROWS_PER_SECOND))

    def end(self, key: str) -> int:
        """Rows of one strand."""
        return self._rows(self.strands[key])

    def grows_at_the_end(self) -> bool:
        """Whether what is new since ``see`` lies behind all that was there: a picture can go on with it."""
        longest = max((rows for _, rows in self._seen.values()), default=0)
        return all(
            now == before or (now[0] == before[0] and before[1] >= longest)
            for now, before in zip(self._lengths().values(), self._seen.values(), strict=True)
        )

    def see(self) -> None:
        """Note what has grown; where a picture cannot go on with it, that is another revision."""
        self.revision += not self.grows_at_the_end()
        self._seen = self._lengths()

    def retime(self, key: str, found: Clock | None) -> None:
        """Take up what has become known of when a strand's steps were made."""
        if self.timed and key in self.strands and found is not None:
            self.strands[key] = replace(self.strands[key], clock=found)
            self.revision += 1

    def latest(self, name: str) -> float:
        return self.strands[name].history.latest(self.metric)

    def column(self, name: str) -> np.ndarray:
        return self.strands[name].history.column(self.metric)

    def buckets(self, names: Sequence[str], start: int, stop: int, width: int, smooth: int = 1) -> Envelope:
        """See ``History``; curves that end before the longest are NaN from there on."""
        count = max(0, -(-min(stop, len(self)) // width) - max(0, start) // width)
        planes = np.full((3, len(names), count), np.nan, np.float32)
        x = np.empty(0)
        for index, name in enumerate(names):
            strand = self.strands[name]
            found = (self._timed if self.timed else self._stepped)(strand, start, stop, width, smooth)
            planes[:, index, : len(found.x)] = found.low[0], found.high[0], found.mean[0]
            planes[:, index, : len(found.x)][:, found.x <= self._begins(name, names[:index]) - width] = np.nan
            x = found.x if len(found.x) >= len(x) else x
        planes = planes[:, :, : len(x)]
        return Envelope(x, *planes, width)

    def _begins(self, name: str, before: Sequence[str]) -> float:
        """The row at which a curve leaves those that are drawn before it."""
        strand = self.strands[name]
        shared = max((strand.common(self.strands[one]) for one in before), default=0)
        shared = min(shared, len(strand.history))
        if shared and self.timed and strand.clock is not None:
            return float(strand.clock.seconds_at(shared)) * ROWS_PER_SECOND
        return shared

    def _stepped(self, strand: Strand, start: int, stop: int, width: int, smooth: int) -> Envelope:
        return strand.history.buckets([self.metric], start, stop, width, smooth)

    def _timed(self, strand: Strand, start: int, stop: int, width: int, smooth: int) -> Envelope:
        assert strand.clock is not None
        rows, steps = self._rows(strand), len(strand.history)
        first, last = max(0, start) // width, -(-min(stop, rows) // width)
        if last <= first or not steps:
            nothing = np.empty((1, 0), np.float32)
            return Envelope(np.empty(0), nothing, nothing, nothing, width)
        edges = np.minimum(np.arange(first, last + 1) * width, rows)
        done = np.floor(strand.clock.steps_at(edges / ROWS_PER_SECOND) + 1e-6).clip(0, steps).astype(np.int64)
        done[-1] = steps if last * width >= rows else done[-1]
        # What is in force at the left edge comes from the step before.
        begin, end = max(0, int(done[0]) - 1), int(done[-1])
        fine = 1
        while fine * 2 * FINER * (last - first) <= end - begin:
            fine *= 2
        found = strand.history.buckets([self.metric], begin, end, fine, smooth)
        low, high, mean = (_over(part[0], done, fine, begin // fine) for part in (found.low, found.high, found.mean))
        x = (edges[:-1] + edges[1:] + 1) / 2
        least, greatest = np.fmin.reduceat(*low)[None, ::2], np.fmax.reduceat(*high)[None, ::2]
        return Envelope(x, least, greatest, mean[0][None, mean[1][1::2] - 1], width)


def _over(values: np.ndarray, done: np.ndarray, fine: int, base: int) -> tuple[np.ndarray, np.ndarray]:
    """Buckets of ``fine`` steps, NaN before the first and after the last, and (begin, end) for each stretch of time.

    ``done`` (n + 1,) are the steps completed at the stretches' edges. One in which none was completed has the last.
    """
    padded = np.concatenate([[np.nan], values, [np.nan]]).astype(np.float32)
    ends = np.where(done[1:] > 0, -(-done[1:] // fine) - base, 0) + 1
    begins = np.where(done[1:] > done[:-1], done[:-1] // fine - base + 1, ends - 1)
    return padded, np.stack([begins, ends], 1).ravel()
