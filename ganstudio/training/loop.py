"""The worker's loop: commands that are due, a step if it runs, frames that are wanted; and what to do when it fails."""

import traceback
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from ganstudio.data.dataset import Cancelled
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry
from ganstudio.training import worker
from ganstudio.training.commands import Command, Edit, Forget, Open, Pace, Pause, Restore, Save, Say, Step, Stop, Train
from ganstudio.training.events import Event, EventKind
from ganstudio.training.frames import Frames
from ganstudio.training.protocols import Keeper, Opened, Probe
from ganstudio.training.status import Phase, Status
from ganstudio.training.tempo import Tempo
from ganstudio.training.trainer import State, Trainer
from ganstudio.training.valves import REST_SECONDS, Valves

FLUSH_SECONDS = 0.05
"""How old a metric may be before it is brought into the history."""
KEEP_SECONDS = 2.0
"""How often the last finite state is copied; a copy costs about a millisecond for a million weights."""


class Loop:
    """Runs on the training thread alone, and deals with all others through the valves."""

    def __init__(self, valves: Valves, threads: int):
        self.trainer: Trainer | None = None
        self._valves = valves
        self._wanted_threads = self._threads = threads
        self._device = ""
        self._phase: Phase = "loading"
        self._keeper: Keeper | None = None
        self._meter = worker.Meter()
        self._tempo = Tempo()
        self._step_seconds = 0.0  # spent in the step in progress
        self._events: list[Event] = []  # the open run's, saved with it
        self._version = 0
        self._kept: State | None = None
        self._kept_at = 0.0

    def run(
        self,
        device: str,
        probes: Callable[[], Mapping[str, type[Probe]]],
        keeper: Callable[[], Keeper | None],
    ) -> None:
        """Load everything, work until the session is closed, save."""
        try:
            registry.load()
            self._device = worker.device(device)
            self._frames, self._keeper = Frames(self._valves, probes()), keeper()
            self._set_phase("empty")
            self._tell("loaded", "PyTorch is in.")
            while not self._valves.closing:
                try:
                    self._turn()
                except Exception as error:
                    self._fail(error)
            self._frames.close()
            if self.trainer is not None and self.trainer.steps:
                self._complete_step()
                self._save(wait=True)
        except BaseException as error:  # the window must learn of it, whatever it is
            self._fail(error)
        self._set_phase("closed")

    def _turn(self) -> None:
        self._follow_commands()
        running = self._phase == "running" and not self._valves.closing
        due = running and not self._tempo.wait()
        if due:
            self._valves.yield_to_hand()
            self._step()
        served = self.trainer is not None and self._frames.serve(self.trainer, self._version)
        if not due:
            self._refresh_status()
            self._hear_keeper()
            if not served:
                self._valves.rest(self._steps, self._tempo.wait() if running else REST_SECONDS)

    @property
    def _steps(self) -> int:
        return self.trainer.steps if self.trainer else 0

    # commands

    def _follow_commands(self) -> None:
        while not self._valves.closing:
            command = self._valves.next_command(self._steps)
            if command is None:
                return
            try:
                self._follow(command)
            except StudioError as error:
                self._not_opened()
                self._tell("refused", str(error), field=error.field, command=command)
            except Exception as error:
                if self._phase != "opening":
                    self._fail(error)
                    continue
                # Nothing is wrong with the trainer that is open.
                self._not_opened()
                details = "".join(traceback.format_exception(error))
                sentence = f"The experiment cannot be opened: {type(error).__name__}: {error}."
                self._tell("failed", sentence, traceback=details, failed_at=self._steps)

    def _not_opened(self) -> None:
        if self._phase == "opening":
            self._set_phase("empty" if self.trainer is None else "paused")

    def _follow(self, command: Command) -> None:
        if isinstance(command, Open):
            self._open(command)
            return
        if isinstance(command, Pace):
            self._tempo.set(command.steps_per_s)
            self._refresh_status()
            self._tell("paced", f"{self._tempo.words()}.", steps_per_s=self._tempo.steps_per_s)
            return
        if isinstance(command, Forget):  # the valves have dropped what it is about
            return
        trainer = self.trainer
        if trainer is None:
            raise StudioError("no experiment is open; choose a preset first")
        # A state in the middle of a step cannot be gone on from.
        if isinstance(command, Stop | Save) or (self._phase == "running" and isinstance(command, Edit)):
            self._complete_step()
        if isinstance(command, Train):
            if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps:
                raise StudioError("all steps are done; raise the number of steps to go on", "steps")
            self._meter.restart()
            self._tempo.begin()
            self._set_phase("running")
            self._tell("started", f"Training from step {trainer.steps:,}.")
        elif isinstance(command, Pause):
            if self._phase == "running":
                self._rest("paused", f"Paused after step {trainer.steps:,}.")
        elif isinstance(command, Stop):
            self._rest("stopped", f"Stopped after step {trainer.steps:,}.")
            self._save(wait=False)
        elif isinstance(command, Step):
            self._step_by_hand(trainer, command.player)
        elif isinstance(command, Edit):
            self._edit(trainer, command)
        elif isinstance(command, Say):
            self._tell("said", command.caption, beat=command.beat, beats=command.beats)
        elif isinstance(command, Save):
            self._save(wait=False)
        elif isinstance(command, Restore):
            self._restore(trainer)

    def _open(self, command: Open) -> None:
        assert command.experiment is not None
        if self._steps:
            self._complete_step()
            self._save(wait=True)
        self._set_phase("opening")
        device = worker.device(command.device) if command.device else self._device

        def bring(trainer: Trainer) -> Opened:
            if command.run is None:
                return Opened([])
            if self._keeper is None:
                raise StudioError("this session keeps no runs", str(command.run))
            return self._keeper.open(command.run, trainer)

        try:
            found = worker.open_trainer(command.experiment, device, self._wanted_threads, self._progress, bring)
        except Cancelled:  # something else was opened meanwhile, or all ends
            return
        (trainer, opened, self._threads), self._device = found, device
        self.trainer, earlier = trainer, opened.events
        self._events = list(earlier)
        self._version += 1
        self._keep(trainer)
        self._valves.history, self._valves.experiment = trainer.history, trainer.experiment
        self._meter = worker.Meter()
        self._set_phase("ready")
        sentence, notes = f"{trainer.experiment.title} is ready.", list(trainer.data.notes)
        shape = list(trainer.data.shape)
        self._tell("opened", sentence, experiment=trainer.experiment, notes=notes, earlier=earlier, shape=shape)

    def _progress(self, what: str, share: float) -> bool:
        self._valves.tell(Event("loading", self._steps, what, {"share": share}))
        return not self._valves.interrupted

    def _edit(self, trainer: Trainer, command: Edit) -> None:
        self._flush()
        changes = trainer.edit(command.path, command.value)
        # Should the edit end badly, the way back leads to where it was made: what is said of it stays true.
        if trainer.between_steps and trainer.finite():
            self._keep(trainer)
        self._valves.experiment = trainer.experiment
        self._version += 1
        for one in changes:
            sentence = f"{one.path}: {one.old} → {one.new}, in force from step {trainer.steps + 1:,}."
            self._tell("edited", sentence, path=one.path, old=one.old, new=one.new)

    def _step_by_hand(self, trainer: Trainer, player: str) -> None:
        if self._phase == "running":
            raise StudioError("pause before stepping by hand")
        try:
            if player:
                trainer.play_until(player)
            else:
                trainer.step()
        except Exception as error:
            self._fail(error)
            return
        self._version += 1
        if self._flush():
            self._set_phase("paused")
            self._tell("stepped", f"Stepped {player or 'all players'}; {trainer.steps:,} steps are complete.")

    def _restore(self, trainer: Trainer) -> None:
        assert self._kept is not None
        trainer.load(self._kept)
        self._version += 1
        self._set_phase("paused")
        self._tell("restored", f"Back at step {trainer.steps:,}, the last state known to be finite.")

    # training

    def _step(self) -> None:
        """A step; in slow motion a part of one."""
        trainer = self.trainer
        assert trainer is not None
        if self._tempo.slow:
            if self._play(trainer.play_next):
                self._tempo.played(len(trainer.game.order()))
            self._version += 1  # a part that was played is something new to see
        else:
            self._play(trainer.step)

    def _complete_step(self) -> None:
        """Play the rest of a step in progress, if there is one, at once: so far slow motion has only delayed it."""
        if self.trainer is not None and not self.trainer.between_steps:
            self._version += 1
            self._play(self.trainer.step)

    def _play(self, play: Callable[[], None]) -> bool:
        """Play, and see to what a complete step brings. False when it failed."""
        trainer = self.trainer
        assert trainer is not None
        start = perf_counter()
        try:
            play()
        except Exception as error:
            self._step_seconds = 0.0
            self._fail(error)
            return False
        self._step_seconds += perf_counter() - start
        if trainer.between_steps:
            self._stepped(trainer)
        return True

    def _stepped(self, trainer: Trainer) -> None:
        self._meter.stepped(self._step_seconds)
        self._step_seconds = 0.0
        if self._meter.since_flush() >= FLUSH_SECONDS and not self._flush():
            return
        if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps and self._flush():
            self._rest("finished", f"Finished: {trainer.steps:,} steps.")
            self._save(wait=False)
        elif self._keeper is not None and self._keeper.due():
            self._save(wait=False)

    def _flush(self) -> bool:
        """Metrics into the history. False when a step was not finite: the run then rests in its last good state."""
        trainer = self.trainer
        assert trainer is not None
        finite = trainer.flush()
        self._meter.flushed()
        if not finite:
            self._fail(StudioError(f"a loss or gradient is not a finite number at step {trainer.steps:,}"))
            return False
        if perf_counter() - self._kept_at >= KEEP_SECONDS and trainer.between_steps:
            if not trainer.finite():
                self._fail(StudioError(f"a weight is not a finite number after step {trainer.steps:,}"))
                return False
            self._keep(trainer)
        self._hear_keeper()
        self._refresh_status()
        return True

    def _keep(self, trainer: Trainer) -> None:
        """Remember this state as the last that is known to be finite."""
        self._kept, self._kept_at = trainer.state(), perf_counter()

    def _rest(self, kind: EventKind, sentence: str) -> None:
        self._set_phase("stopped" if kind in ("stopped", "finished") else "paused")
        if self._flush():
            self._tell(kind, sentence)

    def _save(self, wait: bool) -> None:
        # Flushed first: what is saved has all its metrics, and is finite.
        if self._keeper is not None and self.trainer is not None and self._flush():
            self._keeper.save(self.trainer, list(self._events), wait)
            self._hear_keeper()

    def _fail(self, error: BaseException) -> None:
        """Something went wrong: go back to the last good state and rest."""
        details = "".join(traceback.format_exception(error))
        sentence, failed_at = worker.plain_sentence(error), self._steps
        if self.trainer is not None and self._kept is not None:
            self._version += 1
            try:
                self.trainer.load(self._kept)
                sentence += f" The run rests at step {self._steps:,}, its last good state."
            except Exception as worse:  # a broken device gives nothing back
                details += "".join(traceback.format_exception(worse))
                self.trainer = self._kept = None
                sentence += " Its last good state is out of reach; open the run as it was saved last."
        self._set_phase("failed")
        self._tell("failed", sentence, traceback=details, failed_at=failed_at)

    # telling

    def _set_phase(self, phase: Phase) -> None:
        self._phase = phase
        self._refresh_status()

    def _refresh_status(self) -> None:
        if self.trainer is None:
            self._valves.status = Status(phase=self._phase, device=self._device)
        else:
            self._valves.status = self._meter.status(self._phase, self.trainer, self._threads, self._tempo.steps_per_s)

    def _hear_keeper(self) -> None:
        if self._keeper is not None:
            for event in self._keeper.news():
                self._publish(event)

    def _tell(self, kind: EventKind, sentence: str, **data: Any) -> None:
        self._publish(Event(kind, self._steps, sentence, data))

    def _publish(self, event: Event) -> None:
        self._events.append(event)
        self._valves.tell(event)
