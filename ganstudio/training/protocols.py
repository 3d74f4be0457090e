"""What the session is handed by the rooms above it: probes to look with, and a keeper of runs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ganstudio.training.events import Event
from ganstudio.training.mailbox import Frame

if TYPE_CHECKING:
    from ganstudio.training.trainer import Trainer


class Probe(Protocol):
    """Turns a trainer's state into frames. Made once for each subscription and trainer; works on the worker thread.

    It may read the trainer but not draw from its generators nor change anything of it.
    """

    def frame(self, trainer: "Trainer", **options: Any) -> Frame: ...


class PatientProbe(Probe, Protocol):
    """A probe whose frames take longer than a step may be held up: the worker only copies what it needs."""

    def look(self, trainer: "Trainer", **options: Any) -> Callable[[], Frame]:
        """Copy, on the worker; the answer computes the frame, on another thread, and is called before the next look.

        ``frame`` is both at once: ``self.look(trainer, **options)()``.
        """
        ...


@dataclass(frozen=True)
class Opened:
    """What comes with a run besides the state that its trainer then has."""

    events: list[Event]
    """The run's earlier ones."""
    threads: int = 0
    """torch's threads that it was trained with, where they can serve again here; 0 leaves the choice open."""


class Keeper(Protocol):
    """Puts runs on disk and brings them back."""

    def save(self, trainer: "Trainer", events: list[Event], wait: bool) -> None:
        """Save a run. ``wait``: return when it is on disk; else copy what is needed and write beside training."""

    def due(self) -> bool:
        """Whether it is time for a save of its own accord."""

    def news(self) -> list[Event]:
        """What became of earlier saves: ``saved`` and ``warned`` events."""

    def open(self, run: Path, trainer: "Trainer") -> Opened:
        """Bring a run's state and history, or a shipped model's weights, into a fresh trainer of the same experiment.

        Raises ``StudioError`` naming the file that cannot be used.
        """
