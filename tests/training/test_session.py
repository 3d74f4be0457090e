"""The session: commands are kept and followed at their step, failures leave the last good state, closing saves."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.training import loop, threads, worker
from ganstudio.training.commands import Edit, Open, Pause, Restore, Save, Step, Stop, Train
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Frame
from ganstudio.training.protocols import Opened
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

    def __init__(self, threads: int = 1) -> None:
        self.keeper = Memory()
        self.events: list[Event] = []
        self.session = Session(
            probes=lambda: {"looking": Looking}, keeper=lambda: self.keeper, device="cpu", threads=threads
        )

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


@pytest.fixture
def told():
    torch.set_num_threads(1)
    found = Told()
    yield found
    found.close()


@pytest.fixture
def running(told):
    told.session.start()
    told.post(Open(experiment=small()), Train())
    told.event("started")
    return told


# commands


def test_commands_given_before_torch_is_in_are_kept_in_order(told):
    told.post(Open(experiment=small()), Edit(at=3, path="lr", value=0.01), Pause(at=5), Train())
    assert told.session.status.phase == "loading"
    told.session.start()
    assert told.event("paused").step == 5
    assert [e.kind for e in told.events if e.kind in ("opened", "started", "edited", "paused")] == [
        "opened",
        "started",
        "edited",
        "edited",
        "paused",
    ]
    told.close()
    expected = by_hand(5, (3, "lr", 0.01))
    assert told.session.weights_sha256() == expected.weights_sha256()


def test_an_edit_acts_after_its_step_and_says_so(told):
    told.session.start()
    told.post(Open(experiment=small(("steps", 6))), Edit(at=4, path="objective", value="saturating"), Train())
    edited, finished = told.event("edited"), told.event("finished")
    assert (edited.step, finished.step) == (4, 6)
    assert edited.data["path"] == "objective.kind"
    assert (edited.data["old"], edited.data["new"]) == ("non-saturating", "saturating")
    assert told.session.experiment.objective.kind == "saturating"
    told.close()
    expected = by_hand(6, (4, "objective", "saturating"))
    assert told.session.weights_sha256() == expected.weights_sha256()


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("lr", -1, "players.generator.optimiser"),
        ("players.generator.network.width", 8, "players.generator.network"),
        ("nonsense", 1, "nonsense"),
        ("batch_size", 60000, "batch_size"),
    ],
)
def test_a_refused_edit_names_the_field_and_training_goes_on(running, path, value, field):
    running.post(Edit(path=path, value=value))
    refused = running.event("refused")
    assert refused.data["field"].startswith(field)
    assert field in refused.sentence
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step)
    assert running.session.status.phase == "running"


@pytest.mark.parametrize("command", [Pause(), Stop()], ids=["pause", "stop"])
def test_it_rests_promptly(running, command):
    running.until(lambda: running.session.status.step > 2)
    asked = time.monotonic()
    running.post(command)
    running.event("paused" if isinstance(command, Pause) else "stopped")
    assert time.monotonic() - asked < 1
    step = running.session.status.step
    time.sleep(0.1)
    assert running.session.status.step == step == len(running.session.history)


def test_stop_saves_and_train_goes_on_as_if_nothing_was(told):
    told.session.start()
    told.post(Open(experiment=small(("steps", 6))), Train(), Stop(at=3))
    assert told.event("stopped").step == 3
    told.until(lambda: told.keeper.saves)
    assert told.keeper.saves[0][:2] == (3, False)
    assert "stopped" in told.keeper.saves[0][2]
    told.post(Train())
    told.event("finished")
    told.close()
    assert told.session.weights_sha256() == by_hand(6).weights_sha256()


def test_without_an_experiment_there_is_nothing_to_train(told):
    told.session.start()
    told.post(Train())
    assert "preset" in told.event("refused").sentence


def test_stepping_by_hand_is_stepping(told):
    told.session.start()
    told.post(Open(experiment=small()), Step(), Step(player="discriminator"), Step(player="generator"))
    assert [told.event("stepped", number).step for number in (1, 2, 3)] == [1, 1, 2]
    told.close()
    assert told.session.weights_sha256() == by_hand(2).weights_sha256()


def test_a_running_session_is_not_stepped_by_hand(running):
    running.post(Step())
    assert "pause" in running.event("refused").sentence


def test_a_run_that_is_opened_goes_on_and_brings_its_events(told):
    told.session.start()
    told.post(Open(experiment=small(("steps", 6)), run="anywhere"), Train())
    opened = told.event("opened")
    assert opened.step == 3
    assert [event.sentence for event in opened.data["earlier"]] == ["earlier"]
    assert told.event("finished").step == 6
    told.close()
    assert told.session.weights_sha256() == by_hand(6).weights_sha256()
    assert told.keeper.saves[-1][2][0] == "edited"


def test_opening_another_experiment_saves_the_one_before(running):
    running.until(lambda: running.session.status.step > 2)
    running.post(Open(experiment=small(("seed", 5))))
    running.event("opened", 2)
    steps, waited, _ = running.keeper.saves[0]
    assert steps > 2
    assert waited
    assert running.session.experiment.seed == 5
    assert (running.session.status.step, len(running.session.history)) == (0, 0)


@pytest.mark.parametrize(
    "edit", [("data.path", "/nowhere/at/all"), ("batch_size", 60000)], ids=["missing data", "batch too large"]
)
def test_an_experiment_that_cannot_be_opened_leaves_the_open_one(running, edit):
    running.until(lambda: running.session.status.step > 2)
    running.post(Open(experiment=small(edit)))
    refused = running.event("refused")
    assert str(edit[1]) in refused.sentence
    assert running.session.status.phase == "paused"
    running.post(Train())
    running.event("started", 2)


def test_what_was_to_be_done_later_goes_with_its_run(running):
    running.post(Edit(at=10**6, path="lr", value=0.5), Open(experiment=small(("seed", 5))))
    running.event("opened", 2)
    assert running.session.idle


def test_nothing_is_wrong_with_the_open_run_when_another_fails_to_open(running, monkeypatch):
    running.until(lambda: running.session.status.step > 2)
    monkeypatch.setattr(worker, "Trainer", lambda *_, **__: 1 / 0)
    running.post(Open(experiment=small()))
    failed = running.event("failed")
    assert "cannot be opened" in failed.sentence
    assert "ZeroDivisionError" in failed.data["traceback"]
    assert failed.step == running.keeper.saves[0][0] == running.session.status.step


# threads


@pytest.fixture
def choosing(monkeypatch):
    """A session that chooses its threads; the choice by measuring would be 1."""
    monkeypatch.setattr(worker, "threads_for", lambda *_: 1)
    before = torch.get_num_threads()
    found = Told(threads=0)
    found.session.start()
    yield found
    found.close()
    torch.set_num_threads(before)


def test_a_run_goes_on_with_its_own_number_of_threads(choosing):
    choosing.post(Open(experiment=small()), Open(experiment=small(), run="anywhere"))
    choosing.event("opened", 2)
    assert choosing.threads() == 2


def test_the_number_that_was_asked_for_goes_before(told):
    told.session.start()
    told.post(Open(experiment=small(), run="anywhere"))
    told.event("opened")
    assert told.threads() == 1


def test_what_cannot_be_opened_leaves_the_threads_of_the_open_run(choosing, monkeypatch):
    choosing.post(Open(experiment=small(), run="anywhere"))
    choosing.event("opened")

    def broken(*_: object) -> int:
        torch.set_num_threads(1)
        raise StudioError("broken on purpose")

    monkeypatch.setattr(worker, "threads_for", broken)
    choosing.post(Open(experiment=small()), Open(experiment=small(), run="damaged"))
    choosing.event("refused", 2)
    assert choosing.threads() == 2


def test_closing_does_not_wait_for_the_trial(monkeypatch, tmp_path):
    began = threading.Event()

    def slowly(trial: Trainer) -> list[float]:
        began.set()
        time.sleep(0.1)
        return [0.1]

    monkeypatch.setattr(threads, "_step_times", slowly)
    monkeypatch.setattr(threads, "candidates", lambda: [1] * 500)
    monkeypatch.setattr(threads.platformdirs, "user_cache_dir", lambda _: str(tmp_path))
    found = Told(threads=0)
    found.session.start()
    found.post(Open(experiment=small()))
    assert began.wait(SECONDS)
    asked = time.monotonic()
    found.close()
    assert time.monotonic() - asked < 2
    assert not found.all("failed")


# failures


def test_a_step_that_is_not_finite_rests_in_the_last_finite_state(told, monkeypatch):
    monkeypatch.setattr(loop, "FLUSH_SECONDS", 0)
    monkeypatch.setattr(loop, "KEEP_SECONDS", 0)
    wild = small(("objective", "wasserstein"), ("players.*.optimiser.kind", "sgd"), ("batch_size", 8))
    told.session.start()
    told.post(Open(experiment=wild), Train(), Edit(at=2, path="lr", value=10))
    failed = told.event("failed")
    assert "finite" in failed.sentence
    assert "learning rate" in failed.sentence
    assert failed.data["failed_at"] > failed.step > 2
    assert told.session.status.phase == "failed"
    told.close()
    trainer = by_hand(failed.step, (2, "lr", 10), experiment=wild)
    assert trainer.finite()
    assert told.session.weights_sha256() == trainer.weights_sha256()
    assert told.keeper.saves[-1][0] == failed.step


def test_a_step_that_raises_rests_and_goes_on_after_an_edit(told, monkeypatch):
    step = Trainer.step

    def scarce(self: Trainer) -> None:
        if self.steps >= 3 and self.experiment.batch_size > 8:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        step(self)

    monkeypatch.setattr(Trainer, "step", scarce)
    told.session.start()
    told.post(Open(experiment=small()), Train())
    failed = told.event("failed")
    assert "smaller batch" in failed.sentence
    assert "OutOfMemoryError" in failed.data["traceback"]
    told.post(Edit(path="batch_size", value=8), Train())
    told.until(lambda: told.session.status.step > 10)
    assert told.session.status.phase == "running"


def test_an_edit_that_ends_badly_is_left_behind_where_it_was_made(told, monkeypatch):
    monkeypatch.setattr(loop, "FLUSH_SECONDS", 0)
    wild = small(("objective", "wasserstein"), ("players.*.optimiser.kind", "sgd"), ("batch_size", 8))
    told.session.start()
    told.post(Open(experiment=wild), Train(), Edit(at=3, path="lr", value=10))
    assert told.event("failed").step == 3
    told.close()
    assert told.session.weights_sha256() == by_hand(3, experiment=wild).weights_sha256()


def test_a_device_that_gives_nothing_back_ends_the_run_and_not_the_session(running, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    monkeypatch.setattr(Trainer, "flush", broken)
    monkeypatch.setattr(Trainer, "load", broken)
    assert "out of reach" in running.event("failed").sentence
    monkeypatch.undo()
    running.post(Open(experiment=small()), Train())
    running.event("started", 2)


@pytest.mark.parametrize("error", [MemoryError(), torch.OutOfMemoryError("CUDA out of memory.")])
def test_memory_that_runs_out_in_opening_is_said(told, monkeypatch, error):
    def scarce(*_, **__) -> None:
        raise error

    monkeypatch.setattr(worker, "Trainer", scarce)
    told.session.start()
    told.post(Open(experiment=small()))
    assert "not enough memory" in told.event("refused").sentence


def test_the_processors_own_lack_of_memory_is_known():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**45)
    assert "smaller batch" in worker.plain_sentence(caught.value)
    assert "memory" not in worker.plain_sentence(RuntimeError("another reason"))


def test_restore_returns_to_a_finite_state(told):
    told.session.start()
    told.post(Open(experiment=small()), Train(), Pause(at=4), Restore(at=4))
    restored = told.event("restored")
    assert restored.step < 4
    told.close()
    assert told.session.weights_sha256() == by_hand(restored.step).weights_sha256()


def test_an_absent_device_is_said_at_once(told):
    told.session = Session(probes=dict, device="abacus").start()
    assert "abacus" in told.event("failed").sentence
    assert told.session.close()


def test_a_cuda_device_beyond_the_last_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert [worker.device(name) for name in ("auto", "cuda", "cuda:1")] == ["cuda", "cuda", "cuda:1"]
    with pytest.raises(StudioError, match="cuda:1"):
        worker.device("cuda:2")


# frames


def test_a_subscriber_sees_the_newest_state_once(told):
    mailbox = told.session.subscribe("looking", colour="red")
    told.session.start()
    told.post(Open(experiment=small()), Train(), Pause(at=3))
    told.event("paused")
    frames = []
    told.until(lambda: frames.append(mailbox.take()) or (frames[-1] and frames[-1].step == 3))
    assert frames[-1].options == {"colour": "red"}
    time.sleep(0.15)
    assert mailbox.take() is None
    mailbox.options = {"colour": "blue"}
    told.session.wake()
    told.until(lambda: frames.append(mailbox.take()) or frames[-1])
    assert frames[-1].options == {"colour": "blue"}


def test_nobody_looking_costs_nothing(running, monkeypatch):
    made = []
    monkeypatch.setattr(Looking, "frame", lambda self, trainer, **_: made.append(1) or Seen(0, "main", {}))
    mailbox = running.session.subscribe("looking")
    running.until(lambda: made)
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step + 10)
    assert len(made) == 1
    running.session.unsubscribe(mailbox)
    mailbox.take()
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step + 10)
    assert len(made) == 1


def test_a_broken_probe_rests_and_training_goes_on(running):
    running.session.subscribe("looking", broken=True)
    running.session.subscribe("no such probe")
    assert "looking" in running.event("warned").sentence
    assert "no such probe" in running.event("warned", 2).sentence
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step + 5)
    assert len(running.all("warned")) == 2


# closing


def test_closing_stops_saves_and_ends_the_thread(running):
    running.until(lambda: running.session.status.step > 2)
    running.close()
    assert running.session.status.phase == "closed"
    steps, waited, _ = running.keeper.saves[-1]
    assert (steps, waited) == (running.session.status.step, True)
    assert len(running.session.history) == steps
    assert not [thread for thread in threading.enumerate() if thread.name == "training"]


def test_closing_before_anything_was_trained_saves_nothing(told):
    told.session.start()
    told.post(Open(experiment=small()))
    told.event("opened")
    told.close()
    assert not told.keeper.saves


def test_saving_on_command(running):
    running.until(lambda: running.session.status.step > 2)
    running.post(Save())
    running.until(lambda: running.keeper.saves)
    assert running.keeper.saves[0][1] is False
    assert running.session.status.phase == "running"
