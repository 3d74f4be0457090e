"""The window's model: the open experiment, the session that trains it, and what a person may do with them.

Panels talk to this and to nothing below it: they call its methods, and listen to its signals.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from ganstudio.experiment.differences import waiting
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check
from ganstudio.training.commands import Edit, Open, Pace, Pause, Restore, Save, Step, Stop, Train
from ganstudio.training.events import Event
from ganstudio.training.session import Session
from ganstudio.training.status import Status
from ganstudio.ui.explorer import ExplorerBridge
from ganstudio.ui.keepsakes import KeepsakeBox
from ganstudio.ui.runs import Runs
from ganstudio.ui.undo import EditField, catch_up, take_back

SLOW = 0.25
"""Steps per second of slow motion, until somebody chooses another pace."""

if TYPE_CHECKING:
    from ganstudio.ui.panel import Panel


class Studio(QObject):
    """One session with its experiment, as the window's parts see it.

    ``experiment`` is what the fields show: the open experiment with all edits, also those that wait for a restart.
    ``reference`` is the experiment as it was opened: what a field's reset returns to.
    """

    event = Signal(object)
    """Every ``Event`` of the session, in order."""
    opened = Signal(object)
    """An ``Experiment`` has been opened and its trainer stands ready."""
    edited = Signal(str)
    """A field of ``experiment`` has changed; its full dotted path, or "" for all of them."""
    refused = Signal(str, str)
    """An edit was refused: the path that was edited and a plain sentence with the allowed range."""
    status_changed = Signal(object)
    """A new ``Status``; at most a few times a second."""
    loaded = Signal()
    """PyTorch and all components are in: forms may be filled."""
    pace_changed = Signal(float)
    """Slow motion of so many steps per second, or 0 for full speed."""
    message = Signal(str)
    """A plain sentence for the status bar."""
    trouble = Signal(str)
    """A plain sentence for the banner: something that a person asked for could not be done."""
    data_missing = Signal(str)
    """What was opened can be explored, but its real data are not to be had: ``absence`` as a sentence."""
    options_changed = Signal(object)
    """A ``Panel`` wants other frames of its probe."""
    sample_chosen = Signal(object)
    """Somebody sent a sample to the Directions panel, which comes up: its G input, a float32 array (dim,)."""
    sample_shown = Signal(object)
    """The sample in the Directions panel is another: its G input, a float32 array (dim,), as in ``shown_z``."""
    neighbours_wanted = Signal(object)
    """Somebody sent samples, a ``Parcel``, to the Neighbours panel, which comes up."""
    preset_chosen = Signal(str)
    """A panel asks the window to open the preset of this name."""
    path_chosen = Signal(object)
    """A panel asks the window to open what lies at this ``Path``: an experiment, a run, data."""
    action_wanted = Signal(str)
    """A panel asks the window for one of its actions, by name."""

    def __init__(self, session: Session):
        super().__init__()
        self.session = session
        self.explorer = ExplorerBridge(session)
        """Valve 5: images of chosen z, answered beside the trainer."""
        self.opened.connect(self.explorer.reopen)
        self.undo_stack = QUndoStack(self)
        self.experiment: Experiment | None = None
        self.reference: Experiment | None = None
        self.device = session.wanted_device
        """``auto``, ``cpu`` or ``cuda``: where the next trainer is opened."""
        self.recent: list[str] = []
        """Files and folders opened lately, the newest first; the window keeps them."""
        self.run: Path | None = None
        """What the trainer had to go on from: a run's folder, a shipped model's file; None for fresh weights."""
        self.absence = ""
        """Why the open run's data are absent, and what to do, in a sentence; empty where they are there."""
        self.waiting: set[str] = set()
        """Full paths of edits that act on restart, ``device`` included."""
        self.pace = 0.0
        """Steps per second of slow motion; 0 is full speed."""
        self.slow_pace = SLOW
        """The pace that slow motion was last given."""
        self._unanswered = 0  # paces asked for that have not been told to act
        self.is_loaded = False
        self._running: tuple[Experiment | None, str] = (None, self.device)  # what the trainer was opened with
        self._early_edits: list[tuple[str, Any]] = []
        self.shown_z: np.ndarray | None = None
        """The G input (dim,) float32 of the sample in the Directions panel, which others may follow."""
        self.runs = Runs(self)
        """Whole runs, the open one and those on disk."""
        self.keepsakes = KeepsakeBox(self)
        """Favourite samples and named directions of the open generator."""

    # what a person may do

    def show_sample(self, z: np.ndarray) -> None:
        """The Directions panel has moved to this G input (dim,) float32."""
        self.shown_z = z
        self.sample_shown.emit(z)

    def open(self, experiment: Experiment, run: Path | None = None) -> None:
        """Open an experiment, fresh or with a run's weights; a run in progress is stopped and saved.

        Raises ``StudioError``, and leaves open what is, when PyTorch is in and a component cannot be what it is told.
        """
        if self.is_loaded:
            check(experiment)
        self.reference = experiment
        self._open(experiment, run)

    def restart(self) -> None:
        """Start again from the seed, with all edits in force."""
        if self.experiment is not None:
            self._open(self.experiment, None)

    def _open(self, experiment: Experiment, run: Path | None) -> None:
        self.experiment, self.run = experiment, run
        self.undo_stack.clear()
        self.session.post(Open(experiment=experiment, run=run, device=self.device))
        self._running = (experiment, self.device)
        self.waiting = set()
        self.edited.emit("")

    def train(self) -> None:
        """Run, or go on."""
        self.session.post(Train())

    def pause(self) -> None:
        """Rest after the step in progress."""
        self.session.post(Pause())

    def toggle_training(self) -> None:
        """Train when resting, pause when running."""
        if self.status.phase == "running":
            self.pause()
        else:
            self.train()
            if not self.is_loaded:
                self.message.emit("Loading PyTorch… training starts as soon as it is in.")

    def stop(self) -> None:
        """Rest and save the run."""
        self.session.post(Stop())

    def step(self, player: str = "") -> None:
        """One step by hand, or one player's part of it."""
        self.session.post(Step(player=player))

    def set_pace(self, steps_per_s: float) -> None:
        """Slow motion of so many steps per second; 0 is full speed."""
        self.session.post(Pace(steps_per_s=steps_per_s))
        self._unanswered += 1
        self._take_pace(steps_per_s)

    def toggle_slow(self) -> None:
        """Into slow motion, at the pace that it had last, or back to full speed."""
        self.set_pace(0.0 if self.pace else self.slow_pace)

    def _take_pace(self, steps_per_s: float) -> None:
        self.slow_pace = steps_per_s or self.slow_pace
        if steps_per_s != self.pace:
            self.pace = steps_per_s
            self.pace_changed.emit(steps_per_s)

    def save_run(self) -> None:
        """Save the run as it is now."""
        self.session.post(Save())

    def restore(self) -> None:
        """Return to the last finite state."""
        self.session.post(Restore())

    def edit(self, path: str, value: Any) -> bool:
        """Set a field as a person does: with undo. Answers False, and emits ``refused``, when it cannot be.

        Live fields act at the next step, the others on restart. Edits made before PyTorch is in are kept until it is.
        """
        if not self.is_loaded:
            self._early_edits.append((path, value))
            self.message.emit("Loading PyTorch… the edit acts as soon as it is in.")
            return True
        return EditField.push(self, path, value)

    def take_edits(self, experiment: Experiment, paths: list[str]) -> None:
        """Show an experiment that differs from the last in the fields at these full paths."""
        self.experiment = experiment
        self._see_what_waits()
        for path in paths:
            self.edited.emit(path)

    def use_device(self, name: str) -> bool:
        """Choose where to train after the next restart. Answers False, and emits ``refused``, when there is none."""
        if not self.is_loaded:
            return False
        from ganstudio.training import worker  # torch is in

        try:
            worker.device(name)
        except StudioError as error:
            self.refused.emit("device", str(error))
            return False
        self.device = name
        self._see_what_waits()
        self.edited.emit("device")
        return True

    def _see_what_waits(self) -> None:
        running, device = self._running
        self.waiting = set() if running is None or self.experiment is None else waiting(running, self.experiment)
        if device != self.device:
            self.waiting.add("device")

    @property
    def saturating(self) -> bool:
        """Whether G plays the saturating loss."""
        return self.experiment is not None and self.experiment.objective.kind == "saturating"

    def toggle_saturating(self) -> None:
        """Flip G's loss between saturating and non-saturating."""
        self.edit("objective.kind", "non-saturating" if self.saturating else "saturating")

    def ask_again(self, panel: "Panel") -> None:
        """The panel's ``options`` have changed."""
        self.options_changed.emit(panel)

    # what the bridge brings

    @property
    def status(self) -> Status:
        """What the session is doing."""
        return self.session.status

    def take_event(self, event: Event) -> None:
        """Follow and pass on an event of the session."""
        if event.kind == "loaded":
            self._components_are_in()
        elif event.kind == "opened":
            self.absence = event.data.get("absence", "")
            self.opened.emit(event.data["experiment"])
        elif event.kind == "rewound":
            self._go_back(event.data["experiment"])
        elif event.kind == "duel-ended":
            catch_up(self)
        elif event.kind == "refused":
            self._take_refusal(event)
        elif event.kind == "paced":
            # While a hand moves a slider the answers lag behind it; the last one counts.
            self._unanswered = max(0, self._unanswered - 1)
            if not self._unanswered:
                self._take_pace(event.data["steps_per_s"])
        self.event.emit(event)
        if event.kind == "opened" and self.absence:
            self.data_missing.emit(f"{self.absence}.")

    def _go_back(self, experiment: Experiment) -> None:
        """The run stands at an earlier moment, with the experiment of that time."""
        self.undo_stack.clear()
        self.experiment, self._running = experiment, (experiment, self._running[1])
        self._see_what_waits()
        self.edited.emit("")

    def _take_refusal(self, event: Event) -> None:
        command = event.data.get("command")
        if isinstance(command, Edit):
            take_back(self, command.path)
            self.refused.emit(command.path, event.sentence)
        elif isinstance(command, Open):
            # The fields stay as they are, to be mended; the earlier trainer, if there is one, is still there.
            self._running = (self.session.experiment, self._running[1])
            self._see_what_waits()
            self.edited.emit("")
            self.refused.emit(event.data["field"], event.sentence)
        elif event.data.get("field"):
            self.refused.emit(event.data["field"], event.sentence)

    def _components_are_in(self) -> None:
        self.is_loaded = True
        self.loaded.emit()
        for path, value in self._early_edits:
            self.edit(path, value)
        self._early_edits.clear()
