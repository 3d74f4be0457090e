"""The workbench: studies take turns, the latest wins, what is given up stays silent, and training notices nothing."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from time import sleep

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent import studies
from ganstudio.latent.opinions import AskJudge
from ganstudio.latent.render_all import RenderAll
from ganstudio.latent.requests import Study
from ganstudio.latent.workbench import Workbench
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.discriminator import DiscriminatorProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.training import worker
from ganstudio.training.commands import Open, Pause, Step, Train
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


@dataclass(frozen=True)
class Look(Study):
    """Renders, and needs nothing but G."""

    slices: int = 1


def look(workshop: Workshop, request: Look) -> Iterator[tuple[float, np.ndarray]]:
    for number in range(1, request.slices + 1):
        yield number / request.slices, workshop.render(workshop.draw(2, seed=1)).numpy()


class Bench:
    def __init__(self):
        self.probes = {"generator": GeneratorProbe, "discriminator": DiscriminatorProbe, "images": ImagesProbe}
        self.session = Session(probes=lambda: self.probes, threads=1).start()
        self.calls = 0
        self.bench = Workbench(self.session, self._called)
        self.answers = []

    def _called(self) -> None:
        self.calls += 1

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
    monkeypatch.setitem(studies.STUDIES, Look, look)
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
    alone = Trainer(small(), worker.device("auto"))
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


class Broken:
    """A probe that fails."""

    def frame(self, trainer: Trainer, **options):
        raise RuntimeError("broken on purpose")


def test_a_study_whose_probe_fails_is_answered_by_a_sentence_and_others_work_on(bench, small):
    bench.probes["discriminator"] = Broken
    bench.open(small())
    other = bench.bench.ask(Look(3), "another client")
    failed = bench.ended(bench.bench.ask(Count(3)))
    assert failed.value is None
    assert failed.error == "the discriminator probe failed: broken on purpose"
    bench.until(lambda: any((one.asked.number, one.share) == (other, 1) for one in bench.bench.take("another client")))
    assert bench.ended(bench.bench.ask(Look())).error == ""


def test_without_a_copy_of_g_a_study_is_answered_by_a_sentence_each_time(bench, small):
    bench.probes["generator"] = Broken
    bench.open(small())
    for _ in range(2):
        assert "generator probe failed" in bench.ended(bench.bench.ask(Look())).error


@pytest.mark.parametrize(
    ("slices", "value", "error"),
    [([], None, "the study ended without a result"), ([(0.5, None)], None, "ended without"), ([(0.5, 7)], 7, "")],
)
def test_a_study_that_ends_early_is_answered_all_the_same(bench, small, monkeypatch, slices, value, error):
    monkeypatch.setitem(studies.STUDIES, Look, lambda workshop, request: iter(slices))
    bench.open(small())
    last = bench.ended(bench.bench.ask(Look()))
    assert last.value == value
    assert error in last.error if error else last.error == ""


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (RenderAll(np.zeros((0, 64), np.float32)), "inputs"),
        (AskJudge("pixel-faces", "glasses", 0, count=0), "count"),
        (AskJudge("pixel-faces", "glasses", 0, count=-1), "count"),
    ],
)
def test_a_study_of_nothing_is_refused_by_the_fields_name(bench, small, request_, field):
    bench.open(small())
    assert bench.ended(bench.bench.ask(request_)).error.startswith(f"{field}: ")


def test_what_nobody_foresaw_is_an_answer_and_the_next_study_works(bench, small, monkeypatch):
    def surprised(workshop, request):
        yield 0.5, 1 / (len(request.name) - len(request.name))

    def cannot_begin(workshop, request):
        raise KeyError("nothing of the kind")

    bench.open(small())
    for work, sentence in ((surprised, "ZeroDivisionError"), (cannot_begin, "KeyError")):
        monkeypatch.setitem(studies.STUDIES, Count, work)
        found = bench.ended(bench.bench.ask(Count(3)))
        assert found.value is None
        assert sentence in found.error
        assert bench.ended(bench.bench.ask(Look())).error == ""


def test_looking_back_studies_g_as_it_was_until_one_returns(bench, small):
    bench.open(small())
    then = bench.ended(bench.bench.ask(Look()))
    frame = GeneratorProbe().frame(Trainer(small()))
    for _ in range(2):
        bench.session.post(Step())
    bench.until(lambda: bench.session.status.step == 2)
    bench.bench.look_back(frame)
    back = bench.ended(bench.bench.ask(Look()))
    assert back.step == 0
    np.testing.assert_array_equal(back.value, then.value)
    bench.bench.look_back(None)
    now = bench.ended(bench.bench.ask(Look()))
    assert now.step == 2
    assert not np.array_equal(now.value, then.value)


def test_live_weights_are_studied_when_asked_for(bench, small):
    bench.open(small(("ema", 0.99)))
    for _ in range(4):
        bench.session.post(Step())
    bench.until(lambda: bench.session.status.step == 4)
    average = bench.ended(bench.bench.ask(Look()))
    bench.bench.live = True
    live = bench.ended(bench.bench.ask(Look()))
    assert (average.live, live.live) == (False, True)
    assert not np.array_equal(average.value, live.value)


def test_another_run_ends_a_study_in_progress(bench, small):
    bench.open(small())
    old = bench.bench.ask(Count(100_000))
    bench.until(lambda: bench.answers)
    bench.open(small(("noise.params.dim", 7)))
    bench.answers.clear()
    new = bench.ended(bench.bench.ask(Look()))
    assert new.prior.dim == 7
    sleep(0.05)
    bench.until(lambda: True)
    assert old not in {one.asked.number for one in bench.answers}


def test_another_run_ends_a_study_that_waits_for_its_players(bench, small):
    old = bench.bench.ask(Count(2))
    bench.until(lambda: bench.session._valves.mailboxes)
    bench.bench.reopen()
    bench.until(lambda: not bench.session._valves.mailboxes)
    bench.open(small())
    bench.ended(bench.bench.ask(Look()))
    assert old not in {one.asked.number for one in bench.answers}


def test_closing_ends_a_study_that_waits_for_its_players(bench):
    bench.bench.ask(Count(2))
    bench.until(lambda: bench.session._valves.mailboxes)
    assert bench.bench.close()
    assert not bench.session._valves.mailboxes
    assert not bench.bench.take()


def test_it_is_told_once_until_somebody_takes(bench, small):
    bench.open(small())
    bench.bench.ask(Look(5), "silent")
    key = ("silent", Look)
    for _ in range(2_000):  # nobody takes meanwhile
        found = bench.bench._answers.get(key)
        if found is not None and found.share == 1:
            break
        sleep(0.005)
    sleep(0.02)
    assert bench.calls == 1
    assert bench.bench.take("silent")[0].share == 1
    bench.bench.ask(Look(), "silent")
    bench.until(lambda: bench.calls == 2)


def test_a_flood_starves_nobody_and_its_final_study_is_answered(bench, small):
    bench.open(small())
    bench.session.post(Train())
    other, others, found = bench.bench.ask(Count(10), "another client"), [], []
    asked = 0
    while not (others and others[-1].share == 1 and len(found) > 2):
        assert asked < 2_000, "starved"
        final = bench.bench.ask(Count(1_000_000, str(asked)))
        asked += 1
        sleep(0.004)
        others += bench.bench.take("another client")
        found += bench.bench.take()
    assert {one.asked.number for one in others} == {other}
    numbers = [one.asked.number for one in found]
    assert numbers == sorted(numbers), "never an older answer after a newer one"
    assert len(set(numbers)) < asked / 2, "most are skipped"
    bench.until(lambda: any(one.asked.number == final and one.value[1] > 3 for one in bench.answers))


def test_two_floods_take_turns(bench, small):
    bench.open(small())
    found = {"first": 0, "second": 0}
    for _ in range(2_000):
        for client in found:
            bench.bench.ask(Count(1_000_000), client)
        sleep(0.003)
        for client in found:
            found[client] += len(bench.bench.take(client))
        if min(found.values()) > 2:
            break
    assert min(found.values()) > 2, found


def test_what_is_given_up_in_the_midst_of_its_first_slice_is_silent(bench, small, monkeypatch):
    begun, hold = threading.Event(), threading.Event()

    def slow(workshop, request):
        begun.set()
        assert hold.wait(30)
        yield 1.0, request.name

    monkeypatch.setitem(studies.STUDIES, Count, slow)
    bench.open(small())
    bench.bench.ask(Count(1, "given up"))
    assert begun.wait(30)
    bench.bench.cancel(Count)
    number = bench.bench.ask(Count(1, "wanted"))
    hold.set()
    assert bench.ended(number).value == "wanted"
    assert [one.value for one in bench.answers] == ["wanted"]
