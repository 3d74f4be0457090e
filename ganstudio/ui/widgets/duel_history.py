"""The two sides of a duel as one history that a plot of curves can draw: a trunk that parts into two. No Qt."""

from collections.abc import Sequence

import numpy as np

from ganstudio.training.contest import Contest
from ganstudio.training.history import Envelope, History
from ganstudio.ui.widgets.axis import Axis, room_for
from ganstudio.ui.widgets.curve_model import Curve

LEFT, RIGHT = "run_5", "run_3"
"""Names of the sides' colours in ``theme.Colours``: none of D's and G's, and told apart by the colour-blind."""
BEFORE = 0.2
"""How much of the past the axis shows, as a share of the room for the duel."""
RECENT = 20
"""Steps over which the numbers beside a plot are means."""


class Sides(History):
    """One metric: ``before`` the fork, ``left`` and ``right`` of it. A row is a step.

    While both sides play it is as long as the shorter one, so that neither curve grows behind the other's end.
    """

    def __init__(self, contest: Contest, metric: str):
        super().__init__(("before", "left", "right"))
        self.metric, self.contest = metric, contest
        self._lengths = self._revisions = (0, 0)
        self.see(contest)

    def see(self, contest: Contest) -> None:
        """Take note of how far the sides have come."""
        self.contest = contest
        sides = contest.left, contest.right
        lengths = tuple(len(one.history) for one in sides)
        revisions = tuple(one.history.revision for one in sides)
        playing = [length for one, length in zip(sides, lengths, strict=True) if not one.failure]
        self._length = min(playing, default=max(lengths))
        # A side that broke down has lost its last steps, and what was drawn of them does not hold.
        self.revision += revisions != self._revisions
        self._lengths, self._revisions = lengths, revisions

    def __len__(self) -> int:
        return self._length

    def _history(self, name: str) -> History:
        return self.contest.right.history if name == "right" else self.contest.left.history

    def latest(self, name: str) -> float:
        found = self._history(name)
        return found.latest(self.metric) if self.metric in found.names else float("nan")

    def recent(self, name: str) -> float:
        """Mean over a side's last ``RECENT`` steps since the fork; NaN without any."""
        found = self._history(name)
        if self.metric not in found.names:
            return float("nan")
        rows = found.rows(max(self.contest.step, len(found) - RECENT))[:, found.names.index(self.metric)]
        rows = rows[np.isfinite(rows)]
        return float(rows.mean(dtype=np.float64)) if len(rows) else float("nan")

    def buckets(self, names: Sequence[str], start: int, stop: int, width: int, smooth: int = 1) -> Envelope:
        """See ``History``: NaN where a curve has not begun yet, and where it has ended."""
        stop = min(stop, len(self))
        count = max(0, -(-stop // width) - max(0, start) // width)
        planes = np.full((3, len(names), count), np.nan, np.float32)
        x = (np.arange(count) + max(0, start) // width + 0.5) * width + 0.5
        for index, name in enumerate(names):
            history = self._history(name)
            if self.metric not in history.names:
                continue
            found = history.buckets([self.metric], start, stop, width, smooth)
            n = len(found.x)
            part = found.x < self.contest.step + width if name == "before" else found.x > self.contest.step - width
            planes[:, index, :n] = np.where(part, (found.low[0], found.high[0], found.mean[0]), np.nan)
            x[:n] = found.x if n > 0 else x[:n]
        return Envelope(x, *planes, width)


class ForkAxis(Axis):
    """Steps around a fork: a little of what was before, and room for the duel that grows by leaps."""

    def __init__(self, fork: int):
        super().__init__(0, 1)
        self.fork = fork
        self._room = -1.0
        self.room_for_steps(fork)

    def room_for_steps(self, steps: int) -> None:
        """Show the fork and all steps after it."""
        room = room_for(steps - self.fork)
        if steps - self.fork > self._room or self._room > 4 * room:
            self._room = room
            self.low, self.high = max(0.0, self.fork - BEFORE * room), self.fork + room


def curves(contest: Contest) -> tuple[Curve, ...]:
    """The trunk in grey, and a side each in its colour."""
    return (
        Curve("before", "before the duel", "muted", "What both sides have in common."),
        Curve("left", contest.left.words, LEFT, "The left side."),
        Curve("right", contest.right.words, RIGHT, "The right side."),
    )
