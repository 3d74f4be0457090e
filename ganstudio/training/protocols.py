"""What the session is handed by the rooms above it: probes to look with, and a keeper of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Frame

if TYPE_CHECKING:
    from ganstudio.training.duel import Duel
    from ganstudio.training.trainer import Trainer


class Probe(Protocol):
    """Turns a trainer's state into frames. Made once for each subscription and trainer; works on the worker thread.

    It may read the trainer but not draw from its generators nor change anything of it. One whose class sets
    ``of_last_step`` reads besides the state what the last step left behind: ``trainer.moment`` and the history.
    One whose class sets ``needs_data`` looks at the real data: where they are absent it is not asked.
    """

    def frame(self, trainer: "Trainer", **options: Any) -> Frame: ...


def needs_data(probe: type[Probe] | None) -> bool:
    """Whether the probe looks at the real data."""
    return getattr(probe, "needs_data", False)


class PatientProbe(Probe, Protocol):
    """A probe whose frames take longer than a step may be held up: the worker only copies what it needs."""

    def look(self, trainer: "Trainer", **options: Any) -> Callable[[], Frame] | Frame:
        """Copy, on the worker; the answer computes the frame, on another thread, and is called before the next look.

        It is the frame itself where nothing is left to compute: another thread would only be woken for nothing.
        ``frame`` is both at once.
        """
        ...


Reason = Literal["start", "time", "steps", "edit", "pause", "stop", "asked", "end"]
"""Why a checkpoint is made."""


class Often(Protocol):
    """The part of an experiment's ``checkpoints`` that says how often one is made of its own accord."""

    every_seconds: float
    """0 never."""
    every_steps: int
    """0 never."""


@dataclass(frozen=True)
class Opened:
    """What comes with a run, or with a rewind, besides the state that its trainer then has."""

    events: list[Event]
    """The lineage's earlier ones, up to that state."""
    threads: int = 0
    """torch's threads that it was trained with, where they can serve again here; 0 leaves the choice open."""
    branch: int = 0
    """The branch of the run that the trainer stands on."""
    read_only: bool = False
    """Whether the run itself cannot be written (media, open elsewhere): training on saves into a new one."""
    pending: list[dict[str, Any]] = field(default_factory=list)
    """The commands that waited for later steps, as they were handed to ``checkpoint``."""


class Judge(Protocol):
    """Says who stands better in a duel."""

    def __call__(self, duel: "Duel") -> dict[str, Any]:
        """Plain data for the event that ends the duel; called on the worker."""
        ...


class Keeper(Protocol):
    """Puts runs on disk and brings them back.

    All methods are called on the worker, between two of a step's parts, and return at once; a thread of the keeper's
    own writes. ``events`` is always the open run's whole list, oldest first, of which the keeper writes what is new; a
    list that begins anew belongs to an ``Opened``. What cannot be written is told in a ``warned`` event and written
    later; training goes on.
    """

    def record(self, trainer: "Trainer", events: list[Event]) -> None:
        """Hand over what is new in the history and the events. Cheap: called at each flush, and after going back."""

    def checkpoint(
        self,
        trainer: "Trainer",
        events: list[Event],
        reason: Reason,
        *,
        pending: Sequence[dict[str, Any]] = (),
        field: str = "",
        wait: bool = False,
    ) -> None:
        """Copy the state, its metrics flushed, and write the copy beside training. ``wait``: return when it is written.

        ``start`` is handed over once, when a trainer stands ready: it is written before the first step, edit or
        explicit save, so that a run which is only looked at leaves nothing behind. ``edit`` comes before the edit acts;
        ``field`` is what it edits, so that a slider's drag makes one checkpoint. ``pending`` are the commands that wait
        for later steps, as plain values for JSON.
        """

    def due(self, checkpoints: Often, step: int) -> Reason | None:
        """Whether it is time for a checkpoint of its own accord: ``time`` or ``steps``."""

    def news(self) -> list[Event]:
        """What became of it all: ``saved``, ``warned`` and ``branched`` events."""

    def sample_shape(self, run: Path, experiment: Experiment) -> tuple[int, ...] | None:
        """The shape of what a run's, or a model's, G makes, as its weights tell: it can be explored without the data.

        None where they do not tell, or where the experiment names other data than theirs. Raises ``StudioError`` naming
        the file that cannot be used.
        """

    def open(self, run: Path, trainer: "Trainer") -> Opened:
        """Bring a run's state and history, or a shipped model's weights, into a fresh trainer of the same experiment.

        Raises ``StudioError`` naming the file that cannot be used.
        """

    def rewind(self, trainer: "Trainer", branch: int, step: int) -> Opened:
        """Bring an earlier checkpoint of the trainer's own run into it: state, history and the live experiment.

        Going on from there, by a step or an edit, begins a new branch where the run has gone on before (``branched``
        in ``news``). Raises ``StudioError``, and changes nothing, when there is none or it cannot be used.
        """

    def close(self) -> None:
        """Write all that is waiting and let go of the runs' folders."""
