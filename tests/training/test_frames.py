"""Frames computed beside training: on a thread of their own, one at a time, and without a trace in the run."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.commands import Open, Pause, Train
from ganstudio.training.events import Event
from ganstudio.training.frames import Frames
from ganstudio.training.mailbox import Frame
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer
from ganstudio.training.valves import Valves

SECONDS = 30


def ring(steps: int = 0, seed: int = 1) -> Experiment:
    """The ring of eight in small batches."""
    experiment = files.preset("ring-8")
    for path, value in (("batch_size", 16), ("players.*.network.hidden", [16]), ("steps", steps), ("seed", seed)):
        experiment, _ = change(experiment, path, value)
    return experiment


@dataclass(frozen=True)
class Seen(Frame):
    thread: str
    torch_threads: int


class Patient:
    """A probe that takes its time, and notices when it is asked too early."""

    name = "patient"
    hold: threading.Event
    busy = 0
    overlaps = 0

    def look(self, trainer: Trainer, broken: bool = False, busy: bool = False) -> Callable[[], Seen]:
        type(self).overlaps += self.busy
        self.busy, steps, name = 1, trainer.steps, trainer.name

        def compute() -> Seen:
            if broken:
                raise RuntimeError("broken on purpose")
            if busy:
                for _ in range(5):
                    torch.randn(400, 400, generator=torch.Generator().manual_seed(1)).exp().sum()
            else:
                self.hold.wait(SECONDS)
            self.busy = 0
            return Seen(steps, name, threading.current_thread().name, torch.get_num_threads())

        return compute

    def frame(self, trainer: Trainer, **options) -> Seen:
        return self.look(trainer, **options)()


@pytest.fixture
def session() -> Iterator[Session]:
    """A session with the patient probe, whose frames wait for ``Patient.hold``."""
    Patient.hold, Patient.overlaps = threading.Event(), 0
    session = Session(probes=lambda: {"patient": Patient}, device="cpu", threads=1)
    yield session
    Patient.hold.set()
    assert session.close()
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "frames"])


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end
        time.sleep(0.002)


def event(session: Session, kind: str) -> Event:
    found: list[Event] = []
    until(lambda: found.extend(one for one in session.events() if one.kind == kind) or found)
    return found[0]


def test_training_goes_on_while_a_frame_is_computed(session):
    mailbox = session.subscribe("patient")
    session.start()
    for command in (Open(experiment=ring()), Train()):
        session.post(command)
    until(lambda: session.status.step > 20)
    assert mailbox.take() is None
    Patient.hold.set()
    frames = []
    until(lambda: frames.append(mailbox.take()) or frames[-1])
    assert (frames[-1].thread, frames[-1].torch_threads) == ("frames", 1)
    assert frames[-1].step < session.status.step


def test_a_probe_is_not_asked_again_before_its_frame_is_there(session):
    mailbox = session.subscribe("patient", busy=True)
    session.start()
    for command in (Open(experiment=ring()), Train()):
        session.post(command)
    until(lambda: mailbox.take() and mailbox.taken > 20)
    assert Patient.overlaps == 0
    assert mailbox.seconds_aside > mailbox.seconds > 0


def test_a_resting_run_shows_its_last_state_once(session):
    mailbox = session.subscribe("patient", busy=True)
    session.start()
    for command in (Open(experiment=ring()), Train(), Pause(at=7)):
        session.post(command)
    frames = []
    until(lambda: frames.append(mailbox.take()) or (frames[-1] and frames[-1].step == 7))
    time.sleep(0.2)
    assert mailbox.take() is None


def test_a_frame_of_a_trainer_that_was_replaced_is_not_shown(session):
    mailbox = session.subscribe("patient")
    session.start()
    for command in (Open(experiment=ring()), Train(), Pause(at=5), Open(experiment=ring())):
        session.post(command)
    until(lambda: session.status.phase == "ready")
    time.sleep(0.1)  # the new trainer is looked at
    Patient.hold.set()
    frames = []
    until(lambda: frames.append(mailbox.take()) or frames[-1])
    assert frames[-1].step == 0


def test_a_frame_that_cannot_be_computed_is_told_of_and_training_goes_on(session):
    mailbox = session.subscribe("patient", broken=True)
    session.start()
    for command in (Open(experiment=ring()), Train()):
        session.post(command)
    warned = event(session, "warned")
    assert "patient probe failed" in warned.sentence
    assert "broken on purpose" in warned.data["traceback"]
    steps = session.status.step
    until(lambda: session.status.step > steps + 5)
    assert mailbox.take() is None
    assert mailbox.failed == "the patient probe failed: broken on purpose"


def test_closing_waits_for_no_frame_that_has_not_begun(session):
    for _ in range(3):
        session.subscribe("patient")
    session.start()
    session.post(Open(experiment=ring()))
    until(lambda: session.status.phase == "ready")
    asked = time.monotonic()
    assert session.close()
    assert time.monotonic() - asked < 4


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_busy_frames_thread_leaves_no_trace_in_the_run(seed, threads):
    def trained(watched: bool) -> tuple[str, int]:
        session = Session(probes=lambda: {"patient": Patient}, device="cpu", threads=threads)
        mailbox = session.subscribe("patient", busy=True) if watched else None
        for command in (Open(experiment=ring(steps=60, seed=seed)), Train()):
            session.post(command)
        session.start()
        try:
            until(lambda: (mailbox and mailbox.take()) or session.status.phase == "stopped")
            until(lambda: (mailbox and mailbox.take() and False) or session.status.phase == "stopped")
        finally:
            assert session.close()
        return session.weights_sha256(), mailbox.taken if mailbox else 0

    alone, _ = trained(False)
    watched, taken = trained(True)
    assert watched == alone
    assert taken > 0


def test_a_mailbox_is_served_by_the_trainer_that_it_names():
    valves = Valves()
    frames = Frames(valves, {"patient": Patient})
    Patient.hold = threading.Event()
    Patient.hold.set()
    trainers = {name: Trainer(ring(), name=name) for name in ("main", "left", "right")}
    boxes = {name: valves.subscribe("patient", {}, name) for name in ("left", "right")}
    assert not frames.serve(trainers["main"], 0)
    trainers["right"].step()
    for name, mailbox in boxes.items():
        assert frames.serve(trainers[name], 0)
        found: list[Seen] = []
        until(lambda box=mailbox, found=found: found.append(box.take()) or found[-1])
        assert (found[-1].trainer, found[-1].step) == (name, trainers[name].steps)
    Patient.hold.clear()
    trainers["left"].step()
    frames.serve(trainers["left"], 0)
    frames.forget("left")
    Patient.hold.set()
    frames.close()
    assert boxes["left"].take() is None
