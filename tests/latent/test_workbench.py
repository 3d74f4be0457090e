"""The workbench: studies take turns, the latest wins, what is given up stays silent, and training notices nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import sleep

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent import studies
from ganstudio.latent.requests import Study
from ganstudio.latent.workbench import Workbench
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.discriminator import DiscriminatorProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.training.commands import Open, Pause, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer


@dataclass(frozen=True)
class Count(Study):
    """Counts in slices, with all that a workshop offers."""

    to: int
    name: str = ""
    fails: bool = False


def count(workshop: Workshop, request: Count) -> Iterator[tuple[float, tuple]]:
    logits = workshop.critic(workshop.render(workshop.draw(4, seed=1)))
    for number in range(1, request.to + 1):
        if request.fails:
            raise StudioError("cannot be counted", "to")
        sleep(0.002)
        yield number / request.to, (request.name, number, logits.numpy(), len(workshop.images.images))


class Bench:
    def __init__(self):
        probes = {"generator": GeneratorProbe, "discriminator": DiscriminatorProbe, "images": ImagesProbe}
        self.session = Session(probes=lambda: probes, threads=1).start()
        self.bench = Workbench(self.session, lambda: None)
        self.answers = []

    def open(self, experiment) -> None:
        self.session.post(Open(experiment=experiment))
        self.until(lambda: any(event.kind == "opened" for event in self.session.events()))
        self.bench.reopen()

    def until(self, condition) -> None:
        for _ in range(10_000):
            self.answers += self.bench.take()
            if condition():
                return
            sleep(0.003)
        raise AssertionError("waited too long")

    def ended(self, number: int):
        self.until(lambda: any(one.asked.number == number and one.share == 1 for one in self.answers))
        return next(one for one in self.answers if one.asked.number == number and one.share == 1)


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.setitem(studies.STUDIES, Count, count)
    found = Bench()
    yield found
    assert found.bench.close()
    assert found.session.close()


def test_a_study_is_answered_better_and_better(bench, small):
    bench.open(small())
    number = bench.bench.ask(Count(30))
    last = bench.ended(number)
    shares = [one.share for one in bench.answers]
    assert shares == sorted(shares)
    assert len(shares) > 2
    assert last.value[1] == 30
    assert (last.step, last.trainer, last.error, last.prior.dim) == (0, "main", "", 64)


def test_studies_wait_for_a_trainer_and_see_its_players_and_data(bench, small):
    number = bench.bench.ask(Count(1))
    bench.session.post(Open(experiment=small()))
    _, _, logits, images = bench.ended(number).value
    trainer = Trainer(small())
    assert images == len(trainer.data)
    players = {name: one.network.eval() for name, one in trainer.players.items()}
    z = Workshop(None, GeneratorProbe().frame(trainer), {}).draw(4, seed=1)
    expected = players["discriminator"](players["generator"](z)).detach().numpy()
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)


def test_the_latest_of_a_kind_wins_and_clients_take_turns(bench, small):
    bench.open(small())
    bench.bench.ask(Count(100_000, "first"))
    bench.until(lambda: bench.answers)
    number = bench.bench.ask(Count(40, "second"))
    other = bench.bench.ask(Count(40, "other"), "another client")
    bench.answers.clear()
    assert bench.ended(number).value[0] == "second"
    assert "first" not in {one.value[0] for one in bench.answers}
    assert bench.bench.take("another client")[-1].asked.number == other


def test_what_is_given_up_is_silent(bench, small):
    bench.open(small())
    bench.bench.ask(Count(100_000))
    bench.until(lambda: bench.answers)
    bench.bench.cancel(Count)
    bench.answers.clear()
    sleep(0.05)
    assert not bench.bench.take()


def test_an_error_is_an_answer(bench, small):
    bench.open(small())
    found = bench.ended(bench.bench.ask(Count(3, fails=True)))
    assert (found.value, found.error) == (None, "to: cannot be counted")


def test_studies_leave_training_as_it_is(bench, small):
    bench.open(small())
    bench.session.post(Train())
    for round_ in range(3):
        bench.ended(bench.bench.ask(Count(20, str(round_))))
    bench.session.post(Pause())
    bench.until(lambda: any(event.kind == "paused" for event in bench.session.events()))
    steps = bench.session.status.step
    assert steps > 0
    assert bench.bench.close()
    assert bench.session.close()
    alone = Trainer(small())
    for _ in range(steps):
        alone.step()
    assert bench.session.weights_sha256() == alone.weights_sha256()


def test_training_yields_to_a_study_unless_it_is_patient(bench, small, monkeypatch):
    @dataclass(frozen=True)
    class Patient(Study):
        patient: bool = True

    monkeypatch.setitem(studies.STUDIES, Patient, lambda workshop, request: iter([(0.5, 1), (1.0, 2)]))
    bench.open(small())
    yielded: list[bool] = []
    monkeypatch.setattr(bench.session, "hand_moves", yielded.append)
    bench.ended(bench.bench.ask(Patient()))
    assert not yielded
    bench.ended(bench.bench.ask(Count(2)))
    assert yielded == [True, False, True, False]
