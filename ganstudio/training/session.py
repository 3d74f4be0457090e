"""The session: the worker thread that trains, and the five valves through which all others deal with it.

This is the one file in which threads meet. It imports no torch: the worker does, first thing, so that a window can
post commands and subscribe before PyTorch is in.
"""

import threading
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.commands import Command, Edit, Open, Pause, Restore, Save, Step, Stop, Train
from ganstudio.training.events import Event, EventKind
from ganstudio.training.history import History
from ganstudio.training.mailbox import Frame, Mailbox
from ganstudio.training.status import Phase, Status

if TYPE_CHECKING:
    from ganstudio.training.trainer import State, Trainer

FLUSH_SECONDS = 0.05
"""How old a metric may be before it is brought into the history."""
KEEP_SECONDS = 2.0
"""How often the last finite state is copied; a copy costs about a millisecond for a million weights."""
YIELD_SECONDS = 0.03
"""The longest that a step is put off while a hand moves a slider."""


class Probe(Protocol):
    """Turns a trainer's state into frames. Made once for each subscription and trainer; works on the worker thread.

    It may read the trainer but not draw from its generators nor change anything of it.
    """

    def frame(self, trainer: "Trainer", **options: Any) -> Frame: ...


class Keeper(Protocol):
    """Puts runs on disk and brings them back; handed to the session by the room that knows files."""

    def save(self, trainer: "Trainer", events: list[Event], wait: bool) -> None:
        """Save a run. ``wait``: return when it is on disk; else copy what is needed and write beside training."""

    def due(self) -> bool:
        """Whether it is time for a save of its own accord."""

    def news(self) -> list[Event]:
        """What became of earlier saves: ``saved`` and ``warned`` events."""

    def open(self, run: Path, trainer: "Trainer") -> list[Event]:
        """Bring a run's state and history, or a shipped model's weights, into a fresh trainer of the same experiment.

        Answers the run's earlier events. Raises ``StudioError`` naming the file that cannot be used.
        """


class Session:
    """A worker thread with one trainer at a time. All methods may be called from any thread.

    ``probes`` and ``keeper`` are functions called on the worker once torch is in: they give the probes by name, and
    who saves runs (None saves nothing).
    """

    def __init__(
        self,
        *,
        probes: Callable[[], Mapping[str, type[Probe]]],
        keeper: Callable[[], Keeper | None] = lambda: None,
        device: str = "auto",
        threads: int = 0,
    ):
        self.status = Status()
        self.history = History(())
        """Metrics of the open run; another object after each ``opened``."""
        self.experiment: Experiment | None = None
        """The open experiment with all edits that have acted."""
        self._make_probes, self._make_keeper = probes, keeper
        self.wanted_device = device
        """``auto``, ``cpu`` or ``cuda``, as the session was told."""
        self._device, self._threads = device, threads
        self._commands: deque[Command] = deque()
        self._events: deque[Event] = deque()
        self._all_events: list[Event] = []
        self._mailboxes: dict[Mailbox, tuple[Trainer, Probe] | None] = {}
        self._wake = threading.Condition()
        self._hand = threading.Event()
        self._closing = False
        self._interrupt = False
        self._trainer: Trainer | None = None
        self._kept: State | None = None
        self._version = 0
        self._phase: Phase = "loading"
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)

    # the valves, for everybody

    def start(self) -> "Session":
        """Start the worker: it imports torch and the components, then follows commands."""
        self._thread.start()
        return self

    def post(self, command: Command) -> None:
        """Valve 1. Commands given before torch is in are kept and followed in order."""
        with self._wake:
            self._commands.append(command)
            # A long load gives way to whatever else is opened.
            self._interrupt = self._interrupt or isinstance(command, Open)
            self._wake.notify()

    def subscribe(self, probe: str, **options: Any) -> Mailbox:
        """Valve 3: ask for a probe's frames. Nobody subscribed, no work."""
        mailbox = Mailbox(probe, options)
        with self._wake:
            self._mailboxes = {**self._mailboxes, mailbox: None}
            self._wake.notify()
        return mailbox

    def unsubscribe(self, mailbox: Mailbox) -> None:
        """End a subscription."""
        with self._wake:
            self._mailboxes = {kept: found for kept, found in self._mailboxes.items() if kept is not mailbox}

    def wake(self) -> None:
        """Tell a resting worker that a subscriber wants something (after ``take`` or new options)."""
        with self._wake:
            self._wake.notify()

    def events(self) -> list[Event]:
        """Valve 4: what happened since the last call, in order."""
        found = []
        while self._events:
            found.append(self._events.popleft())
        return found

    def hand_moves(self, moving: bool) -> None:
        """Valve 5's courtesy: while an answer is being made for a moving hand, the next step waits a moment."""
        if moving:
            self._hand.set()
        else:
            self._hand.clear()
            with self._wake:
                self._wake.notify()

    def close(self, timeout: float = 30.0) -> bool:
        """Stop, save and end the worker. Answers whether it ended in time."""
        with self._wake:
            self._closing = self._interrupt = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def weights_sha256(self) -> str:
        """Fingerprint of the open run's players and average; only once the session is closed, and nothing moves."""
        assert not self._thread.is_alive()
        assert self._trainer is not None
        return self._trainer.weights_sha256()

    # the worker

    def _work(self) -> None:
        try:
            self._import()
            while not self._closing:
                self._turn()
            if self._trainer is not None and self._trainer.steps:
                self._save(wait=True)
        except BaseException as error:  # the window must learn of it, whatever it is
            self._fail(error)
        self._set_phase("closed")

    def _import(self) -> None:
        from ganstudio.experiment.registry import registry
        from ganstudio.training import worker

        registry.load()
        self._device = worker.device(self._device)
        self._probes, self._keeper = self._make_probes(), self._make_keeper()
        self._meter = worker.Meter()
        self._set_phase("empty")
        self._tell("loaded", "PyTorch is in.")

    def _turn(self) -> None:
        """One round of the worker: commands that are due, a step if it runs, frames that are wanted."""
        self._follow_commands()
        if self._phase == "running" and not self._closing:
            self._yield_to_hand()
            self._step()
            self._serve()
        elif not self._serve():
            with self._wake:
                if not self._closing and not self._due():
                    self._wake.wait(0.05)

    def _due(self) -> bool:
        step = self._trainer.steps if self._trainer else 0
        return any(command.at is None or command.at <= step for command in self._commands)

    def _follow_commands(self) -> None:
        while self._commands and not self._closing:
            step = self._trainer.steps if self._trainer else 0
            with self._wake:
                due = next((c for c in self._commands if c.at is None or c.at <= step), None)
                if due is None:
                    return
                self._commands.remove(due)
                self._interrupt = any(isinstance(command, Open) for command in self._commands)
            try:
                self._follow(due)
            except StudioError as error:
                if self._phase == "opening":
                    self._set_phase("empty" if self._trainer is None else "paused")
                self._tell("refused", str(error), field=error.field, command=due)
            except Exception as error:
                self._fail(error)

    def _follow(self, command: Command) -> None:
        if isinstance(command, Open):
            self._open(command)
            return
        trainer = self._trainer
        if trainer is None:
            raise StudioError("no experiment is open; choose a preset first")
        if isinstance(command, Train):
            if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps:
                raise StudioError("all steps are done; raise the number of steps to go on", "steps")
            self._meter.restart()
            self._set_phase("running")
            self._tell("started", f"Training from step {trainer.steps:,}.")
        elif isinstance(command, Pause):
            if self._phase == "running":
                self._rest("paused", f"Paused after step {trainer.steps:,}.")
        elif isinstance(command, Stop):
            self._rest("stopped", f"Stopped after step {trainer.steps:,}.")
            self._save(wait=False)
        elif isinstance(command, Step):
            self._step_by_hand(command.player)
        elif isinstance(command, Edit):
            self._edit(command)
        elif isinstance(command, Save):
            self._save(wait=False)
        elif isinstance(command, Restore):
            self._restore()

    def _open(self, command: Open) -> None:
        from ganstudio.training import worker

        assert command.experiment is not None
        if self._trainer is not None and self._trainer.steps and self._phase != "opening":
            self._save(wait=True)
        self._set_phase("opening")
        device = worker.device(command.device) if command.device else self._device
        found = worker.open_trainer(
            command.experiment, device, self._threads, lambda what, share: self._progress(what, share)
        )
        if found is None:  # something else was opened meanwhile
            return
        trainer, threads = found
        earlier: list[Event] = []
        if command.run is not None:
            if self._keeper is None:
                raise StudioError("this session keeps no runs", str(command.run))
            earlier = self._keeper.open(command.run, trainer)
        self._trainer, self._device, self._running_threads = trainer, device, threads
        self._all_events = list(earlier)
        self._version += 1
        self._kept = trainer.state()
        self._kept_at = perf_counter()
        self.history, self.experiment = trainer.history, trainer.experiment
        self._meter = worker.Meter()
        self._set_phase("ready")
        notes = list(trainer.data.notes)
        sentence = f"{trainer.experiment.title} is ready."
        self._tell("opened", sentence, experiment=trainer.experiment, notes=notes, earlier=earlier)

    def _progress(self, what: str, share: float) -> bool:
        self._tell("loading", what, share=share)
        return not self._interrupt

    def _edit(self, command: Edit) -> None:
        assert self._trainer is not None
        changes = self._trainer.edit(command.path, command.value)
        self.experiment = self._trainer.experiment
        self._version += 1
        for one in changes:
            sentence = f"{one.path}: {one.old} → {one.new}, in force from step {self._trainer.steps + 1:,}."
            self._tell("edited", sentence, path=one.path, old=one.old, new=one.new)

    def _step(self) -> None:
        trainer = self._trainer
        assert trainer is not None
        start = perf_counter()
        try:
            trainer.step()
        except Exception as error:
            self._fail(error)
            return
        self._meter.stepped(perf_counter() - start)
        if self._meter.since_flush() >= FLUSH_SECONDS and not self._flush():
            return
        if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps and self._flush():
            self._rest("finished", f"Finished: {trainer.steps:,} steps.")
            self._save(wait=False)
        elif self._keeper is not None and self._keeper.due():
            self._save(wait=False)

    def _flush(self) -> bool:
        """Metrics into the history. False when a step was not finite: the run then rests in its last good state."""
        trainer = self._trainer
        assert trainer is not None
        finite = trainer.flush()
        self._meter.flushed()
        if not finite:
            self._fail(StudioError(f"a loss or gradient is not a finite number at step {trainer.steps:,}"))
            return False
        if perf_counter() - self._kept_at >= KEEP_SECONDS:
            if not trainer.finite():
                self._fail(StudioError(f"a weight is not a finite number after step {trainer.steps:,}"))
                return False
            self._kept, self._kept_at = trainer.state(), perf_counter()
        if self._keeper is not None:
            self._publish(self._keeper.news())
        self._refresh_status()
        return True

    def _step_by_hand(self, player: str) -> None:
        trainer = self._trainer
        assert trainer is not None
        if self._phase == "running":
            raise StudioError("pause before stepping by hand")
        try:
            if not player:
                trainer.step()
            else:
                order = trainer.game.order()
                for _ in order:
                    part = trainer.next_part
                    trainer.play_next()
                    if player in part.split("+"):
                        break
        except Exception as error:
            self._fail(error)
            return
        self._version += 1
        if self._flush():
            self._set_phase("paused")
            self._tell("stepped", f"Stepped {player or 'all players'}; {trainer.steps:,} steps are complete.")

    def _rest(self, kind: EventKind, sentence: str) -> None:
        self._set_phase("stopped" if kind in ("stopped", "finished") else "paused")
        if self._trainer is not None and self._trainer.steps:
            self._flush()
        self._tell(kind, sentence)

    def _restore(self) -> None:
        assert self._trainer is not None
        assert self._kept is not None
        self._trainer.load(self._kept)
        self._version += 1
        self._set_phase("paused")
        self._tell("restored", f"Back at step {self._trainer.steps:,}, the last state known to be finite.")

    def _fail(self, error: BaseException) -> None:
        """A step went wrong: go back to the last good state and rest."""
        from ganstudio.training import worker

        details = "".join(traceback.format_exception(error))
        sentence = worker.plain_sentence(error)
        if self._trainer is not None and self._kept is not None:
            failed_at = self._trainer.steps
            self._trainer.load(self._kept)
            self._version += 1
            sentence += f" The run rests at step {self._trainer.steps:,}, its last good state."
            self._set_phase("failed")
            self._tell("failed", sentence, traceback=details, failed_at=failed_at)
        else:
            self._set_phase("failed")
            self._tell("failed", sentence, traceback=details)

    def _save(self, wait: bool) -> None:
        if self._keeper is not None and self._trainer is not None:
            self._flush()  # what is saved has all its metrics, and is finite
            self._keeper.save(self._trainer, list(self._all_events), wait)
            self._publish(self._keeper.news())

    def _yield_to_hand(self) -> None:
        if self._hand.is_set():
            with self._wake:
                self._wake.wait_for(lambda: not self._hand.is_set() or self._closing, YIELD_SECONDS)

    def _serve(self) -> bool:
        """Make the frames that are wanted. Answers whether there were any."""
        trainer = self._trainer
        if trainer is None:
            return False
        served = False
        version = (trainer.steps, self._version)
        for mailbox, found in list(self._mailboxes.items()):
            if self._closing or not mailbox.wanted(version):
                continue
            served = True
            try:
                if found is None or found[0] is not trainer:
                    if mailbox.probe not in self._probes:
                        raise StudioError(f"there is no probe called {mailbox.probe!r}")
                    found = (trainer, self._probes[mailbox.probe]())
                    if mailbox in self._mailboxes:
                        self._mailboxes[mailbox] = found
                mailbox.put(found[1].frame(trainer, **mailbox.options), version)
            except Exception as error:
                # A probe that fails must not stop training: it rests, its panel stays as it was.
                self.unsubscribe(mailbox)
                details = "".join(traceback.format_exception(error))
                self._tell("warned", f"The {mailbox.probe} probe failed and rests: {error}", traceback=details)
        if self._phase != "running":
            self._refresh_status()
            if self._keeper is not None:
                self._publish(self._keeper.news())
        return served

    def _set_phase(self, phase: Phase) -> None:
        self._phase = phase
        self._refresh_status()

    def _refresh_status(self) -> None:
        trainer = self._trainer
        if trainer is None:
            self.status = Status(phase=self._phase, device=self._device)
            return
        self.status = self._meter.status(self._phase, trainer, self._running_threads)

    def _tell(self, kind: EventKind, sentence: str, **data: Any) -> None:
        self._publish([Event(kind, self._trainer.steps if self._trainer else 0, sentence, data)])

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            if event.kind != "loading":
                self._all_events.append(event)
            self._events.append(event)
