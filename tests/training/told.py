"""A session that tells all it does, over a keeper that notes what it is told to save."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.commands import Save
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Frame
from ganstudio.training.protocols import Keeper, Opened
from ganstudio.training.session import Session
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
        self.threads = 0
        """torch's number, as the training thread has it."""

    def save(self, trainer: Trainer, events: list[Event], wait: bool) -> None:
        self.threads = torch.get_num_threads()
        self.saves.append((trainer.steps, wait, [event.kind for event in events]))

    def due(self) -> bool:
        return False

    def news(self) -> list[Event]:
        return []

    def open(self, run, trainer: Trainer) -> Opened:
        if run == "damaged":
            raise StudioError("is damaged", run)
        trainer.load(by_hand(3).state())
        return Opened([Event("edited", 2, "earlier")], threads=2)


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
