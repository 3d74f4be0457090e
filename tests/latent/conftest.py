"""Small generators to explore, and sessions that train them."""

from collections.abc import Callable
from time import monotonic, sleep

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.latent.explorer import Explorer
from ganstudio.latent.requests import Answer
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.commands import Open
from ganstudio.training.session import Session


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def small() -> Callable[..., Experiment]:
    """Makes quick experiments: narrow players on the smallest data set, with edits."""

    def make(*edits: tuple[str, object], preset: str = "dcgan-mnist") -> Experiment:
        experiment = files.preset(preset)
        width = ("width", 4) if preset.startswith("dcgan") else ("hidden", [16])
        values = [("data", "pixel-faces"), ("batch_size", 16), (f"players.*.network.params.{width[0]}", width[1])]
        for path, value in [*values, *edits]:
            experiment, _ = change(experiment, path, value)
        return experiment

    return make


class Explored:
    """A session with an explorer, and the answers that one client took."""

    def __init__(self, threads: int = 1):
        self.session = Session(probes=lambda: {"generator": GeneratorProbe}, threads=threads).start()
        self.calls = 0
        self.explorer = Explorer(self.session, self._called)
        self.answers: list[Answer] = []

    def _called(self) -> None:
        self.calls += 1

    def open(self, experiment: Experiment) -> None:
        """Open, and wait until it stands, as the window learns it: from the event."""
        self.session.post(Open(experiment=experiment))
        self.until(lambda: any(event.kind == "opened" for event in self.session.events()))
        self.explorer.reopen()

    def until(self, condition: Callable[[], object], seconds: float = 60.0) -> None:
        """Take answers until something holds."""
        end = monotonic() + seconds
        while not condition():
            assert monotonic() < end, "waited too long"
            self.answers += self.explorer.take()
            sleep(0.002)
        self.answers += self.explorer.take()

    def answer(self, number: int) -> Answer:
        """The answer to a request, waited for."""
        self.until(lambda: any(one.asked.number == number for one in self.answers))
        return next(one for one in self.answers if one.asked.number == number)

    def ask(self, request) -> Answer:
        """Ask and wait."""
        return self.answer(self.explorer.ask(request))

    def close(self) -> None:
        assert self.explorer.close()
        assert self.session.close()


@pytest.fixture
def explored():
    """Makes ``Explored`` sessions, closed at the end."""
    made: list[Explored] = []

    def make(threads: int = 1) -> Explored:
        made.append(Explored(threads))
        return made[-1]

    yield make
    for one in made:
        one.close()
