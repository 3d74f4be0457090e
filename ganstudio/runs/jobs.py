"""What the keeper hands to its writer, and how what waits is merged: nothing is lost, and little has to be held."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganstudio.experiment.experiment import Experiment
from ganstudio.probes.tiles import Tiles
from ganstudio.runs.scatter import Scatter
from ganstudio.runs.snapshot import Snapshot
from ganstudio.training.events import Event

OF_ITS_OWN_ACCORD = ("time", "steps")
"""Reasons of checkpoints that give way to newer ones while they wait."""
MOST_COPIES = 4
"""So many states wait at the most: when a disk is slow or full, the oldest go, their metrics stay."""


@dataclass(eq=False)
class Line:
    """The branch that a trainer is on. Its number is known once the writer has made it."""

    id: int | None
    step: int = 0
    """Where it begins."""
    parent: int | None = None
    event: int = 0
    """Number of the newest event that counts of what was before ``step``."""
    again: bool = False
    """Whether to forget first what the branch has after ``step``: it is made once more."""
    back: int | None = None
    """The earliest step that training has gone back to since the last checkpoint; the writer's."""


@dataclass(eq=False)
class Job:
    """New steps, events and pictures of a run, and a checkpoint where there is one."""

    run: Any
    """Whose: a key, compared by identity."""
    line: Line
    first: int
    """Row of the first of ``rows``."""
    rows: np.ndarray
    """(n, metrics) float32."""
    events: list[Event]
    experiment: Experiment
    looks: list[tuple[int, Tiles | Scatter]] = field(default_factory=list)
    """Samples of steps."""
    snapshot: Snapshot | None = None
    back: int | None = None
    """A step that training had gone back to: checkpoints beyond it are of a future that did not come."""

    @property
    def gives_way(self) -> bool:
        """Whether a newer checkpoint makes this one's superfluous."""
        return self.snapshot is None or self.snapshot.reason in OF_ITS_OWN_ACCORD


class Waiting:
    """Jobs in order."""

    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()

    def __len__(self) -> int:
        return len(self.jobs)

    def put(self, job: Job) -> None:
        """Append, merged with the last one where that may be."""
        self.jobs.append(job)
        self._merge(len(self.jobs) - 2)
        copies = [one for one in self.jobs if one.snapshot is not None]
        for one in copies[: max(0, len(copies) - MOST_COPIES)]:
            one.snapshot = None
        for at in reversed(range(len(self.jobs) - 1)):
            self._merge(at)

    def put_back(self, job: Job) -> None:
        """The first again: it could not be written."""
        self.jobs.appendleft(job)
        self._merge(0)

    def drop(self, run: Any) -> None:
        """Forget what waits of a run."""
        self.jobs = deque(one for one in self.jobs if one.run is not run)

    def _merge(self, at: int) -> None:
        if not 0 <= at < len(self.jobs) - 1:
            return
        one, other = self.jobs[at], self.jobs[at + 1]
        same = one.run is other.run and one.line is other.line
        if same and (one.snapshot is None or (one.gives_way and other.snapshot is not None)):
            self.jobs[at + 1] = merged(one, other)
            del self.jobs[at]


def merged(one: Job, other: Job) -> Job:
    """Two jobs of one line as one; the newer checkpoint stays. Rows that were made again replace the earlier ones."""
    overlap = other.first - one.first
    rows = other.rows if overlap <= 0 else np.concatenate([one.rows[:overlap], other.rows])
    return Job(
        run=one.run,
        line=one.line,
        first=min(one.first, other.first),
        rows=rows,
        events=one.events + other.events,
        experiment=other.experiment,
        looks=one.looks + other.looks,
        snapshot=other.snapshot or one.snapshot,
        back=earliest(one.back, other.back),
    )


def earliest(one: int | None, other: int | None) -> int | None:
    """The lesser of two steps; None is none."""
    return min((step for step in (one, other) if step is not None), default=None)
