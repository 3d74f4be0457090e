"""A session that tells all it does, over a keeper that notes what it is told to save."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.commands import Save
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Frame
from ganstudio.training.protocols import Keeper, Often, Opened, Reason
from ganstudio.training.session import Session
from ganstudio.training.state import State
from ganstudio.training.trainer import Trainer

SECONDS = 30


def small(*edits: tuple[str, object]) -> Experiment:
    """Narrow DCGAN players on the smallest data set."""
    experiment = files.preset("dcgan-mnist")
    for path, value in (("data", "pixel-faces"), ("batch_size", 16), ("players.*.network.width", 4), *edits):
        experiment, _ = change(experiment, path, value)
    return experiment


def by_hand(steps: int, *edits: tuple[int, str, object], experiment: Experiment | None = None) -> Trainer:
    """The same run without a session: edits by the number of completed steps."""
    trainer = Trainer(experiment or small())
    for step in range(steps):
        for at, path, value in edits:
            if at == step:
                trainer.edit(path, value)
        trainer.step()
    trainer.flush()
    return trainer


@dataclass(frozen=True)
class Seen(Frame):
    options: dict


class Looking:
    """A probe that tells what it was asked for."""

    def frame(self, trainer: Trainer, **options) -> Seen:
        if options.get("broken"):
            raise RuntimeError("broken on purpose")
        return Seen(trainer.steps, trainer.name, options)


class Memory:
    """A keeper that notes what it is told to save."""

    def __init__(self) -> None:
        self.saves: list[tuple[int, bool, list[str]]] = []
        """(completed steps, whether it was waited for, the kinds of the events so far) of each checkpoint."""
        self.reasons: list[str] = []
        self.pending: list[dict] = []
        """What waited at the last checkpoint."""
        self.states: dict[int, tuple[State, Experiment, np.ndarray, list[Event], list[dict]]] = {}
        """By completed steps, the newest."""
        self.recorded: list[tuple[int, int]] = []
        """(rows, events) that were there at each record."""
        self.closed = False
        self.threads = 0
        """torch's number, as the training thread has it."""

    def record(self, trainer: Trainer, events: list[Event]) -> None:
        self.recorded.append((len(trainer.history), len(events)))

    def checkpoint(self, trainer, events, reason, *, pending=(), field="", wait=False) -> None:
        if reason == "start":
            return
        self.threads, self.pending = torch.get_num_threads(), list(pending)
        self.reasons.append(f"edit {field}" if field else reason)
        kept = trainer.state(), trainer.experiment, trainer.history.rows(), list(events), self.pending
        self.states[trainer.steps] = kept
        self.saves.append((trainer.steps, wait, [event.kind for event in events]))

    def due(self, checkpoints: Often, step: int) -> Reason | None:
        return None

    def news(self) -> list[Event]:
        return []

    def open(self, run, trainer: Trainer) -> Opened:
        if run == "damaged":
            raise StudioError("is damaged", run)
        trainer.load(by_hand(3).state())
        return Opened([Event("edited", 2, "earlier")], threads=2)

    def rewind(self, trainer: Trainer, branch: int, step: int) -> Opened:
        if branch or step not in self.states:
            raise StudioError(f"there is no checkpoint after step {step}")
        state, experiment, rows, events, pending = self.states[step]
        trainer.revise(experiment)
        trainer.load(state)
        trainer.history.truncate(0)
        trainer.history.append(rows)
        return Opened(events, branch=branch, pending=pending)

    def close(self) -> None:
        self.closed = True


class Told:
    """A session, what it saved, and all that it has told so far."""

    def __init__(self, threads: int = 1, keeper: Keeper | None = None, probes: dict | None = None) -> None:
        self.keeper = keeper or Memory()
        self.events: list[Event] = []
        probes = probes or {"looking": Looking}
        self.session = Session(probes=lambda: probes, keeper=lambda: self.keeper, device="cpu", threads=threads)

    def post(self, *commands) -> None:
        for command in commands:
            self.session.post(command)

    def until(self, reached: Callable[[], object], what: str = "") -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            self.events += self.session.events()
            if reached():
                return
            assert time.monotonic() < deadline, (what, [event.sentence for event in self.events])
            time.sleep(0.003)

    def event(self, kind: str, number: int = 1) -> Event:
        """Wait for the event of this kind that is the ``number``-th."""
        self.until(lambda: len(self.all(kind)) >= number, kind)
        return self.all(kind)[number - 1]

    def all(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind == kind]

    def threads(self) -> int:
        """The number that is told, and in force on the training thread."""
        saves = len(self.keeper.saves)
        self.post(Save())
        self.until(lambda: len(self.keeper.saves) > saves)
        assert self.keeper.threads == self.session.status.threads
        return self.keeper.threads

    def close(self) -> None:
        assert self.session.close()
        self.events += self.session.events()
