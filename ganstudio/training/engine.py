"""The open trainer at work: its steps and their pace, its metrics, its last good state, its saves, what is told."""

import traceback
from collections.abc import Callable
from time import perf_counter
from typing import Any

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.training import duelling, saving, worker
from ganstudio.training.duel import Duel
from ganstudio.training.events import Event, EventKind
from ganstudio.training.protocols import Judge, Keeper, Opened
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
        self.judge: Judge | None = None
        self.duel: Duel | None = None
        """While it is on, the open trainer rests."""
        self.valves = valves
        self.wanted_threads = self.threads = threads
        self.device = ""
        self.phase: Phase = "loading"
        self.tempo = Tempo()
        self.version = 0
        """Counts what changes the trainer besides steps: what was seen of an earlier one may not hold any more."""
        self.meter = worker.Meter()
        self.step_seconds = 0.0
        """Spent in the step in progress."""
        self.events: list[Event] = []
        """The open run's, saved with it."""
        self.recorded = 0
        """How many of them the keeper has been handed."""
        self.saving_failed = False
        """Whether the keeper has failed since it took a checkpoint last: that is told once."""
        self._until = 0  # completed steps after which it rests, whatever the experiment says; 0 goes on
        self._opened: Experiment | None = None  # as the trainer was taken
        self._kept: State | None = None
        self._kept_at = 0.0

    @property
    def steps(self) -> int:
        """Steps completed; 0 while nothing is open."""
        if self.duel is not None:
            return self.duel.steps
        return self.trainer.steps if self.trainer else 0

    @property
    def trainers(self) -> list[Trainer]:
        """All that can be looked at: the open one, and in a duel both sides."""
        sides = [] if self.duel is None else [one.trainer for one in self.duel.sides.values()]
        return ([] if self.trainer is None else [self.trainer]) + sides

    @property
    def touched(self) -> bool:
        """Whether anything has been done that would be lost."""
        trainer = self.trainer
        if trainer is None:
            return False
        return trainer.steps > 0 or not trainer.between_steps or trainer.experiment != self._opened

    def take(self, trainer: Trainer, threads: int, opened: Opened) -> None:
        """Go on with another trainer, which stands where its run was opened."""
        if self.duel is not None:
            duelling.end(self, self.duel)
        self.trainer, self.threads, self._opened = trainer, threads, trainer.experiment
        self.valves.history = trainer.history
        self.stand(trainer, opened)

    def stand(self, trainer: Trainer, opened: Opened) -> None:
        """Go on where the trainer has been brought to."""
        self.events, self.recorded = list(opened.events), len(opened.events)
        self.version += 1
        self.keep(trainer)
        self.valves.experiment = trainer.experiment
        self.meter = worker.Meter()

    # training

    def begin(self, until: int = 0) -> None:
        """Run from now on; ``until`` as in ``Train``."""
        self._until = until
        self.meter.restart()
        self.tempo.begin()
        self.set_phase("running")

    def step(self) -> None:
        """A step; in slow motion a part of one. In a duel, of the side whose turn it is."""
        if self.duel is not None:
            duelling.step(self, self.duel)
            return
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
            self.step_seconds = 0.0
            self.fail(error)
            return False
        self.step_seconds += perf_counter() - start
        if trainer.between_steps:
            self._stepped(trainer)
        return True

    def _stepped(self, trainer: Trainer) -> None:
        self.meter.stepped(self.step_seconds)
        self.step_seconds = 0.0
        if self.meter.since_flush() >= FLUSH_SECONDS and not self.flush():
            return
        if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps and self.flush():
            saving.rest(self, "finished", f"Finished: {trainer.steps:,} steps.", "end")
        elif 0 < self._until <= trainer.steps and self.flush():
            saving.rest(self, "stopped", f"Stopped after step {trainer.steps:,}.", "stop")
        else:
            saving.checkpoint_if_due(self, trainer)

    def flush(self) -> bool:
        """Metrics into the history. False when a step was not finite: the run then rests in its last good state."""
        if self.duel is not None:
            duelling.flush(self, self.duel)
            return True
        trainer = self.trainer
        assert trainer is not None
        finite = trainer.flush()
        self.meter.flushed()
        if not finite:
            self.fail(StudioError(f"a loss or gradient is not a finite number at step {trainer.steps:,}"))
            return False
        if perf_counter() - self._kept_at >= KEEP_SECONDS:
            if not trainer.finite():
                self.fail(StudioError(f"a weight is not a finite number after step {trainer.steps:,}"))
                return False
            self.keep(trainer)
        saving.record(self)
        saving.hear(self)
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
        self.valves.experiment = trainer.experiment
        saving.record(self)

    def rest(self, kind: EventKind, sentence: str) -> None:
        """Stop running; told with an event of this kind."""
        self.set_phase("stopped" if kind in ("stopped", "finished") else "paused")
        if self.flush():
            self.tell(kind, sentence)

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
        saving.record(self)

    # telling

    def set_phase(self, phase: Phase) -> None:
        """Enter a phase, seen by everybody at once."""
        self.phase = phase
        self.refresh_status()

    def refresh_status(self) -> None:
        """Measure anew what the status bar shows."""
        self.valves.duel = None if self.duel is None else duelling.contest(self.duel)
        if self.trainer is None:
            self.valves.status = Status(phase=self.phase, device=self.device)
        else:
            trainer = self.trainer if self.duel is None else self.duel.front
            self.valves.status = self.meter.status(self.phase, trainer, self.threads, self.tempo.steps_per_s)

    def tell(self, kind: EventKind, sentence: str, **data: Any) -> None:
        """Tell of something that happened now; what happens in a duel is not saved with the run, which rests."""
        if self.duel is None:
            self.publish(Event(kind, self.steps, sentence, data))
        else:
            self.valves.tell(Event(kind, self.steps, sentence, data, "duel"))

    def publish(self, event: Event) -> None:
        """Tell of it, and save it with the run."""
        self.events.append(event)
        self.valves.tell(event)
