"""Slow motion: when the next part of a step may be played. It delays, and never changes what a part computes."""

from math import isfinite
from time import perf_counter

from ganstudio.experiment.errors import StudioError


class Tempo:
    """Spreads the parts of a step evenly over the step's time; 0 steps per second is full speed.

    A part that comes late (a long one, a pause) does not hurry those after it.
    """

    def __init__(self) -> None:
        self.steps_per_s = 0.0
        self._due_at = 0.0
        self._gap = 0.0

    @property
    def slow(self) -> bool:
        """Whether steps are played part by part."""
        return self.steps_per_s > 0

    def set(self, steps_per_s: float | None) -> None:
        """Take up a pace; the part that is waited for comes within the new one. ``StudioError`` when it is none."""
        steps_per_s = steps_per_s or 0.0
        if not isfinite(steps_per_s) or steps_per_s < 0:
            raise StudioError("must be a positive number of steps per second, or 0 for full speed", "pace")
        if self.slow and steps_per_s:
            self._gap *= self.steps_per_s / steps_per_s
            self._due_at = min(self._due_at, perf_counter() + self._gap)
        self.steps_per_s = float(steps_per_s)

    def begin(self) -> None:
        """The next part is due at once."""
        self._due_at = perf_counter()

    def wait(self) -> float:
        """Seconds until the next part is due; 0 at full speed."""
        return max(0.0, self._due_at - perf_counter()) if self.slow else 0.0

    def played(self, parts: int) -> None:
        """A part of a step of so many has just been played."""
        self._gap = 1 / (self.steps_per_s * parts) if self.slow else 0.0
        self._due_at = max(self._due_at + self._gap, perf_counter())

    def words(self) -> str:
        """For people: ``Slow motion: ¼ step/s``."""
        return f"Slow motion: {rate_words(self.steps_per_s)}" if self.slow else "Full speed"


def rate_words(steps_per_s: float) -> str:
    """A pace for people: ``¼ step/s``, ``2 steps/s``, ``full speed``."""
    if not steps_per_s:
        return "full speed"
    number = {0.0625: "1/16", 0.125: "⅛", 0.25: "¼", 0.5: "½"}.get(steps_per_s, f"{steps_per_s:g}")
    return f"{number} step{'s' if steps_per_s > 1 else ''}/s"
