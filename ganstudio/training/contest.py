"""What everybody may see of a duel, as immutable records that can be read at any time. It imports no torch."""

from dataclasses import dataclass
from typing import Any

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.history import History


@dataclass(frozen=True)
class Contestant:
    """One side."""

    trainer: str
    """``left`` or ``right``: its name in frames and subscriptions."""
    value: Any
    """What the duel's field has here."""
    step: int
    """Completed steps."""
    history: History
    """Every step's metrics, those before the fork too; one object for the whole duel."""
    experiment: Experiment
    """With the edits that have acted."""
    failure: str = ""
    """Why it rests for good, in a sentence; empty while it can play."""

    @property
    def words(self) -> str:
        """Its value for people."""
        if isinstance(self.value, bool):
            return "on" if self.value else "off"
        return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)


@dataclass(frozen=True)
class Contest:
    """Two trainers that differ in one edit."""

    path: str
    """Full dotted path of the field in which they differ; the first, where one name stands for several."""
    step: int
    """Completed steps when they parted."""
    until: int
    """Completed steps after which both rest; 0 goes on."""
    left: Contestant
    right: Contestant
