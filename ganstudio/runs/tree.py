"""The branches of a run, and what of its steps belongs to which. Needs no torch."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganstudio.experiment.errors import StudioError


@dataclass(frozen=True)
class Branch:
    """One way that a run went. The first is 0 and has no parent."""

    id: int
    parent: int | None
    step: int
    """The completed steps that it shares with its parent: where it forks."""
    started: float
    """Seconds since the epoch."""
    title: str = ""
    event: int = 0
    """Number of the newest event that it shares with its parent."""


@dataclass(frozen=True)
class Stretch:
    """The part of a lineage that one branch recorded."""

    branch: int
    start: int
    """Its first row: the step it forked at."""
    stop: int | None
    """One past its last row that counts; None is open."""
    event: int | None
    """The number of its newest event that counts; None is open."""


def lineage(branches: Sequence[Branch], branch: int, source: str = "") -> list[Stretch]:
    """From the root to this branch.

    Raises ``StudioError``, headed by ``source``, for a branch that is not there or descends from none.
    """
    known = {one.id: one for one in branches}
    found: list[Stretch] = []
    stop: int | None = None
    event: int | None = None
    at: int | None = branch
    while at is not None:
        one = known.pop(at, None)  # popped: a circle ends too
        if one is None:
            raise StudioError(f"the run has no branch {at}", source)
        # A child may have forked before its parent did; then the parent gives it nothing.
        start = one.step if stop is None else min(one.step, stop)
        found.append(Stretch(one.id, start, stop, event))
        stop, event = start, one.event if event is None else min(event, one.event)
        at = one.parent
    return found[::-1]
