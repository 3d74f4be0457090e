"""How evenly a walk plays: what was painted, against the clock that it should keep to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from statistics import median


@dataclass(frozen=True)
class Playback:
    """What a window saw of a walk in a whole number of frame periods."""

    per_second: float
    """Frames painted, over the time of those periods: the player's rate when none is missing, and never more."""
    on_time: float
    """Share of the periods, 0…1, of which a frame was painted within half a period of the moment it was due."""
    skipped: int = 0
    """Frames that the window was too late for."""
    waited: int = 0
    """How often a frame was not in memory when its time had come."""


def playback(painted_at: Sequence[float], periods: int, fps: float, skipped: int = 0, waited: int = 0) -> Playback:
    """Of the moments (s, rising) at which frames were painted, the ``periods`` that follow the first.

    The first frame itself is the beginning and does not count. When frames are due is taken from all of them (the
    median of how far they are off an even beat), so that a first one that came late delays no other.
    """
    if len(painted_at) < 2:
        return Playback(0.0, 0.0, skipped, waited)
    beats = [(moment - painted_at[0]) * fps for moment in painted_at]
    late = median(beat - round(beat) for beat in beats)
    due = [floor(beat - late + 0.5) for beat in beats[1:]]
    within = [beat for beat in due if 1 <= beat <= periods]
    return Playback(min(len(within), periods) * fps / periods, len(set(within)) / periods, skipped, waited)
