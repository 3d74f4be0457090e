"""The open trainer at work: its steps and their pace, its metrics, its last good state, its saves, what is told."""

import traceback
from collections.abc import Callable
from time import perf_counter
from typing import Any

from ganstudio.experiment.errors import StudioError
from ganstudio.training import worker
from ganstudio.training.events import Event, EventKind
from ganstudio.training.protocols import Keeper
from ganstudio.training.status import Phase, Status
from ganstudio.training.tempo import Tempo
from ganstudio.training.trainer import State, Trainer
from ganstudio.training.valves import Valves

FLUSH_SECONDS = 0.05
"""How old a metric may be before it is brought into the history."""
KEEP_SECONDS = 2.0
"""How often the last finite state is copied; a copy costs about a millisecond for a million weights."""


class Engine:
    """What the loop turns and the commands act on. Lives on the training thread alone."""

    def __init__(self, valves: Valves, threads: int):
        self.trainer: Trainer | None = None
        self.keeper: Keeper | None = None
        self.valves = valves
        self.wanted_threads = self.threads = threads
        self.device = ""
        self.phase: Phase = "loading"
        self.tempo = Tempo()
        self.version = 0
        """Counts what changes the trainer besides steps: what was seen of an earlier one may not hold any more."""
        self._meter = worker.Meter()
        self._step_seconds = 0.0  # spent in the step in progress
        self._events: list[Event] = []  # the open run's, saved with it
        self._kept: State | None = None
        self._kept_at = 0.0

    @property
    def steps(self) -> int:
        """Steps completed; 0 while nothing is open."""
        return self.trainer.steps if self.trainer else 0

    def take(self, trainer: Trainer, threads: int, events: list[Event]) -> None:
        """Go on with another trainer, ``events`` being what its run has told so far."""
        self.trainer, self.threads, self._events = trainer, threads, list(events)
        self.version += 1
        self.keep(trainer)
        self.valves.history, self.valves.experiment = trainer.history, trainer.experiment
        self._meter = worker.Meter()

    # training

    def begin(self) -> None:
        """Run from now on."""
        self._meter.restart()
        self.tempo.begin()
        self.set_phase("running")

    def step(self) -> None:
        """A step; in slow motion a part of one."""
        trainer = self.trainer
        assert trainer is not None
        if self.tempo.slow:
            if self._play(trainer.play_next):
                self.tempo.played(len(trainer.game.order()))
            self.version += 1  # a part that was played is something new to see
        else:
            self._play(trainer.step)

    def complete_step(self) -> None:
        """Play the rest of a step in progress, if there is one, at once: so far slow motion has only delayed it."""
        if self.trainer is not None and not self.trainer.between_steps:
            self.version += 1
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
            self.fail(error)
            return False
        self._step_seconds += perf_counter() - start
        if trainer.between_steps:
            self._stepped(trainer)
        return True

    def _stepped(self, trainer: Trainer) -> None:
        self._meter.stepped(self._step_seconds)
        self._step_seconds = 0.0
        if self._meter.since_flush() >= FLUSH_SECONDS and not self.flush():
            return
        if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps and self.flush():
            self.rest("finished", f"Finished: {trainer.steps:,} steps.")
            self.save(wait=False)
        elif self.keeper is not None and self.keeper.due():
            self.save(wait=False)

    def flush(self) -> bool:
        """Metrics into the history. False when a step was not finite: the run then rests in its last good state."""
        trainer = self.trainer
        assert trainer is not None
        finite = trainer.flush()
        self._meter.flushed()
        if not finite:
            self.fail(StudioError(f"a loss or gradient is not a finite number at step {trainer.steps:,}"))
            return False
        if perf_counter() - self._kept_at >= KEEP_SECONDS and trainer.between_steps:
            if not trainer.finite():
                self.fail(StudioError(f"a weight is not a finite number after step {trainer.steps:,}"))
                return False
            self.keep(trainer)
        self.hear_keeper()
        self.refresh_status()
        return True

    def keep(self, trainer: Trainer) -> None:
        """Remember this state as the last that is known to be finite."""
        self._kept, self._kept_at = trainer.state(), perf_counter()

    def restore(self, trainer: Trainer) -> None:
        """Return to the last state that is known to be finite."""
        assert self._kept is not None
        trainer.load(self._kept)
        self.version += 1

    def rest(self, kind: EventKind, sentence: str) -> None:
        """Stop running; told with an event of this kind."""
        self.set_phase("stopped" if kind in ("stopped", "finished") else "paused")
        if self.flush():
            self.tell(kind, sentence)

    def save(self, wait: bool) -> None:
        """Have the run saved as it is now."""
        # Flushed first: what is saved has all its metrics, and is finite.
        if self.keeper is not None and self.trainer is not None and self.flush():
            self.keeper.save(self.trainer, list(self._events), wait)
            self.hear_keeper()

    def fail(self, error: BaseException) -> None:
        """Something went wrong: go back to the last good state and rest."""
        details = "".join(traceback.format_exception(error))
        sentence, failed_at = worker.plain_sentence(error), self.steps
        if self.trainer is not None and self._kept is not None:
            self.version += 1
            try:
                self.trainer.load(self._kept)
                sentence += f" The run rests at step {self.steps:,}, its last good state."
            except Exception as worse:  # a broken device gives nothing back
                details += "".join(traceback.format_exception(worse))
                self.trainer = self._kept = None
                sentence += " Its last good state is out of reach; open the run as it was saved last."
        self.set_phase("failed")
        self.tell("failed", sentence, traceback=details, failed_at=failed_at)

    # telling

    def set_phase(self, phase: Phase) -> None:
        """Enter a phase, seen by everybody at once."""
        self.phase = phase
        self.refresh_status()

    def refresh_status(self) -> None:
        """Measure anew what the status bar shows."""
        if self.trainer is None:
            self.valves.status = Status(phase=self.phase, device=self.device)
        else:
            self.valves.status = self._meter.status(self.phase, self.trainer, self.threads, self.tempo.steps_per_s)

    def hear_keeper(self) -> None:
        """Tell what became of earlier saves."""
        if self.keeper is not None:
            for event in self.keeper.news():
                self._publish(event)

    def tell(self, kind: EventKind, sentence: str, **data: Any) -> None:
        """Tell of something that happened now."""
        self._publish(Event(kind, self.steps, sentence, data))

    def _publish(self, event: Event) -> None:
        self._events.append(event)
        self.valves.tell(event)
