"""How long a run had been trained after each of its steps, its rests left out. Needs no torch."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ganstudio.runs.store import Store
from ganstudio.training.events import Event

RESTS = ("paused", "stopped", "failed", "finished", "opened", "restored", "rewound")
LEAST = 1e-6
"""Seconds between two known moments at least: time only goes on."""


@dataclass(frozen=True)
class Clock:
    """Known moments of a run; between two of them the pace is taken as even, after the last one as it was there."""

    steps: np.ndarray
    """(n,) float64, ascending, at least two: completed steps."""
    seconds: np.ndarray
    """(n,) float64, ascending: seconds of training until then."""

    def seconds_at(self, steps: np.ndarray | float) -> np.ndarray:
        """Seconds of training after so many steps."""
        return _line(np.asarray(steps, np.float64), self.steps, self.seconds)

    def steps_at(self, seconds: np.ndarray | float) -> np.ndarray:
        """Steps, with their fraction, after so many seconds."""
        return _line(np.asarray(seconds, np.float64), self.seconds, self.steps)

    @property
    def total(self) -> float:
        """Seconds of training until the last known moment."""
        return float(self.seconds[-1])


def clock_of(store: Store, branch: int) -> Clock | None:
    """The clock of a branch of a run on disk; the current one counts up to what was recorded last."""
    about = store.about()
    saves = [(one.step, one.time) for one in store.checkpoints(branch)]
    if branch == about.branch:
        saves.append((about.steps, about.ended))
    return clock(store.events(branch), saves)


def clock(events: Iterable[Event], saves: Iterable[tuple[int, float]] = ()) -> Clock | None:
    """What events and saves (step, seconds since the epoch) of one branch tell; None when they tell no stretch of time.

    A run that was killed has no event that ends its training: it counts up to its last save. Where a run went back,
    the time goes back too: what counts is the way that led to its end.
    """
    moments = [(one.time, one.step, one.kind) for one in events] + [(time, step, "saved") for step, time in saves]
    known: list[tuple[float, float]] = []
    seconds, since, at = 0.0, None, 0
    for time, step, kind in sorted(moments, key=lambda moment: moment[0]):
        if step < at and known:
            seconds = float(np.interp(step, *np.array(known).T))
            since, at = None if since is None else time, step
        elif since is not None and kind != "opened":
            if step > at:
                _note(known, at, seconds)
                _note(known, step, seconds + max(0.0, time - since))
            seconds, since, at = seconds + max(0.0, time - since), time, step
        if kind in RESTS:
            since = None
        elif kind == "started":
            since, at = time, step
    if len(known) < 2:
        return None
    steps, at_seconds = np.array(known, np.float64).T
    return Clock(steps, at_seconds)


def _note(known: list[tuple[float, float]], step: float, seconds: float) -> None:
    """Add a moment; where the run went back, what lay after it is forgotten."""
    while known and known[-1][0] >= step:
        known.pop()
    if known:
        seconds = max(seconds, known[-1][1] + LEAST)
    known.append((step, seconds))


def _line(values: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Straight lines through the points, the last one going on; the first value before the first point."""
    slope = (down[-1] - down[-2]) / (across[-1] - across[-2])
    return np.interp(values, across, down) + np.maximum(0.0, values - across[-1]) * slope
