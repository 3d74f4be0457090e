"""Saving beside training: nothing that a disk does stops a step."""

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from ganstudio.runs import folder, keeper, snapshot
from ganstudio.runs.compose import new_session
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.runs.restore import restore
from ganstudio.training.commands import Edit, Open, Save, Stop, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer


@pytest.fixture
def training(tmp_path, small):
    """Starts sessions that train and save all the time into ``tmp_path/run``; closes them."""
    sessions = []

    def start(every: float = 0.02) -> Session:
        out = tmp_path / "run"
        session = Session(probes=dict, keeper=lambda: RunKeeper(out, tmp_path / "runs", every), threads=1)
        sessions.append(session.start())
        session.post(Open(experiment=small()))
        session.post(Train())
        return session

    yield start
    for session in sessions:
        assert session.close()


def until(session: Session, kind: str, count: int = 1) -> list:
    """All events until there are ``count`` of this kind."""
    events, deadline = [], time.monotonic() + 30
    while sum(event.kind == kind for event in events) < count:
        assert time.monotonic() < deadline, [event.sentence for event in events]
        events += session.events()
        time.sleep(0.005)
    return events


def sentences(events: list, kind: str) -> list[str]:
    return [event.sentence for event in events if event.kind == kind]


def test_it_saves_of_its_own_accord_and_at_the_end(training, tmp_path):
    session = training()
    until(session, "saved", 3)
    session.close()
    run = read_run(tmp_path / "run")
    assert run.record.steps == session.status.step
    assert len(session.history) == run.record.steps


def test_edits_and_their_steps_are_in_the_record(training, tmp_path):
    session = training(every=1000)
    session.post(Edit(at=4, path="lr", value=0.0005))
    until(session, "edited", 2)
    session.close()
    run = read_run(tmp_path / "run")
    assert [event.step for event in run.record.events if event.kind == "edited"] == [4, 4]
    assert run.experiment.players["generator"].optimiser.params["lr"] == 0.0005


def test_a_full_disk_warns_once_and_training_goes_on(training, tmp_path, monkeypatch):
    room = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    session = training()
    until(session, "saved")
    monkeypatch.setattr(folder.os, "fsync", full)
    events = until(session, "warned")
    before = session.status.step
    while session.status.step < before + 20:
        time.sleep(0.01)
    events += session.events()
    assert len(sentences(events, "warned")) == 1
    assert "disk is full" in sentences(events, "warned")[0]
    assert not sentences(events, "failed")
    assert read_run(tmp_path / "run").record.steps > 0
    monkeypatch.setattr(folder.os, "fsync", room)
    until(session, "saved")


def test_a_disk_that_fills_up_for_real(training, tmp_path):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    session = training()
    until(session, "saved")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        warned = sentences(until(session, "warned"), "warned")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "cannot be saved" in warned[0]
    until(session, "saved")
    assert sorted(file.name for file in (tmp_path / "run").iterdir() if file.suffix != ".part") == sorted(folder.FILES)


def test_a_folder_that_vanishes_and_returns(training, tmp_path):
    session = training()
    until(session, "saved")
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    warned = sentences(until(session, "warned"), "warned")
    assert "folder is gone" in warned[0]
    assert not (tmp_path / "run").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "run")
    until(session, "saved")


def test_a_place_that_cannot_be_written_lets_it_train(tmp_path, small):
    (tmp_path / "file").write_text("")
    session = new_session(threads=1, runs=tmp_path / "file" / "runs").start()
    session.post(Open(experiment=small()))
    session.post(Train())
    session.post(Save(at=2))
    assert "cannot be saved" in sentences(until(session, "warned"), "warned")[0]
    session.post(Stop())
    assert not sentences(until(session, "stopped"), "failed")
    assert session.close()


def test_weights_that_are_not_finite_do_not_replace_good_ones(tmp_path, small, trained):
    trainer = trained(small(), 1)
    one = RunKeeper(tmp_path / "run")
    one.save(trainer, [], wait=True)
    next(iter(trainer.players["generator"].network.parameters())).data.fill_(float("inf"))
    trainer.steps = 2
    one.save(trainer, [], wait=True)
    assert read_run(tmp_path / "run").record.steps == 1
    assert "not finite" in one.news()[-1].sentence


def test_no_memory_for_a_copy_leaves_the_last_save(tmp_path, small, trained, monkeypatch):
    saver, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    saver.save(trainer, [], wait=True)
    trainer.step()
    with monkeypatch.context() as scarce:
        scarce.setattr(Trainer, "state", lambda self: [].append(bytearray(2**62)))
        saver.save(trainer, [], wait=True)
    assert "MemoryError" in sentences(saver.news(), "warned")[0]
    assert read_run(tmp_path / "run").record.steps == 1
    saver.save(trainer, [], wait=True)
    assert read_run(tmp_path / "run").record.steps == 2


def test_nothing_is_written_twice(tmp_path, small, trained, monkeypatch):
    written = []
    monkeypatch.setattr(keeper.Snapshot, "write", lambda self, where: written.append(where))
    one, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    one.save(trainer, [], wait=False)
    one.save(trainer, [], wait=True)
    assert len(written) == 1


def test_a_save_that_waits_behind_another_gives_way_to_the_newest(tmp_path, small, trained, monkeypatch):
    free, steps = threading.Event(), []

    def slow(self: snapshot.Snapshot, _) -> None:
        free.wait(10)
        steps.append(self.record.steps)

    monkeypatch.setattr(keeper.Snapshot, "write", slow)
    one, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    for _ in range(4):
        one.save(trainer, [], wait=False)
        trainer.step()
        trainer.flush()
    free.set()
    one.save(trainer, [], wait=True)
    assert steps[-1] == 5
    assert len(steps) <= 3


def test_without_keeping_runs_open_all_the_same(tmp_path, small, trained):
    RunKeeper(tmp_path / "run").save(trained(small(), 3), [], wait=True)
    shutil.copy(tmp_path / "run" / folder.WEIGHTS, tmp_path / "model.safetensors")
    session = new_session(threads=1, keep=False).start()
    session.post(Open(experiment=small(), run=tmp_path / "run"))
    opened = until(session, "opened")[-1]
    assert (opened.step, len(session.history)) == (3, 3)
    session.post(Open(experiment=small(), run=tmp_path / "model.safetensors"))
    assert until(session, "opened")[-1].step == 0
    session.post(Open(experiment=small(), run=tmp_path / "nowhere"))
    assert "nowhere" in sentences(until(session, "refused"), "refused")[0]
    assert session.status.phase == "paused"
    assert session.close()


KILLED = """
import os, sys, time
from pathlib import Path
from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.runs.keeper import RunKeeper
from ganstudio.training.commands import Open, Train
from ganstudio.training.session import Session

experiment = files.preset("dcgan-mnist")
for path, value in (("data", "pixel-faces"), ("batch_size", 16), ("players.*.network.width", 4)):
    experiment, _ = change(experiment, path, value)
session = Session(probes=lambda: {}, keeper=lambda: RunKeeper(Path(sys.argv[1]), every=0.001), threads=1).start()
session.post(Open(experiment=experiment))
session.post(Train())
saved = 0
while saved < 5:
    time.sleep(0.01)
    saved += sum(event.kind == "saved" for event in session.events())
print(session.status.step, flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_a_run_that_opens(tmp_path):
    """Killed while it writes without a pause, so in the middle of a file as a rule."""
    command = [sys.executable, "-c", KILLED, str(tmp_path / "run")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(keeper.__file__).parents[2])
    step = int(process.stdout.readline())
    time.sleep(0.1)
    process.kill()
    process.communicate()
    trainer = Trainer(read_run(tmp_path / "run").experiment)
    restore(tmp_path / "run", trainer)
    assert trainer.steps >= step - 20
    assert len(trainer.history) == trainer.steps
    assert np.isfinite(trainer.history.column("loss.generator")).all()
    trainer.step()
    assert trainer.flush()
