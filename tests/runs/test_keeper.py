"""Saving beside training: nothing that a disk does stops a step."""

import errno
import os
import shutil
import threading
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.experiment.edits import change
from ganstudio.runs import folder, keeper, snapshot
from ganstudio.runs.compose import new_session
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.runs.store import Store
from ganstudio.runs.writer import Writer
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
        session.post(Open(experiment=small(("checkpoints.every_seconds", every))))
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
    assert run.about.steps == session.status.step
    assert len(session.history) == run.about.steps
    with closing(Store.open(tmp_path / "run")) as store:
        np.testing.assert_array_equal(store.rows(0), session.history.rows())
        listed = store.checkpoints(0)
        assert (listed[0].step, listed[0].reason) == (0, "start")
        assert (listed[-1].step, listed[-1].reason) == (session.status.step, "end")
        assert "time" in {one.reason for one in listed}
        assert len(store.snapshots(0)) > 3


def test_edits_and_their_steps_are_in_the_record(training, tmp_path):
    session = training(every=1000)
    session.post(Edit(at=4, path="lr", value=0.0005))
    until(session, "edited", 2)
    session.close()
    run = read_run(tmp_path / "run")
    assert [event.step for event in run.events if event.kind == "edited"] == [4, 4]
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
    assert read_run(tmp_path / "run").about.steps > 0
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
    names = {folder.EXPERIMENT, folder.STORE, folder.CHECKPOINTS, folder.SAMPLES, folder.LOCK}
    assert {file.name for file in (tmp_path / "run").glob("*") if not file.name.startswith(folder.STORE)} < names


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


def saved(one: RunKeeper, trainer: Trainer, wait: bool = True) -> None:
    one.checkpoint(trainer, [], "asked", wait=wait)


def test_weights_that_are_not_finite_do_not_replace_good_ones(tmp_path, small, trained):
    trainer = trained(small(), 1)
    one = RunKeeper(tmp_path / "run")
    saved(one, trainer)
    next(iter(trainer.players["generator"].network.parameters())).data.fill_(float("inf"))
    trainer.steps = 2
    saved(one, trainer)
    assert read_run(tmp_path / "run").about.steps == 1
    assert "not finite" in one.news()[-1].sentence


def test_no_memory_for_a_copy_leaves_the_last_save(tmp_path, small, trained, monkeypatch):
    saver, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    saved(saver, trainer)
    trainer.step()
    trainer.flush()
    with monkeypatch.context() as scarce:
        scarce.setattr(Trainer, "state", lambda self: [].append(bytearray(2**62)))
        saved(saver, trainer)
    assert "MemoryError" in sentences(saver.news(), "warned")[0]
    assert [one.step for one in checkpoints(tmp_path / "run")] == [1]
    saved(saver, trainer)
    assert [one.step for one in checkpoints(tmp_path / "run")] == [1, 2]


def checkpoints(run: Path) -> list:
    with closing(Store.open(run)) as store:
        return store.checkpoints()


def test_nothing_is_written_twice(tmp_path, small, trained, monkeypatch):
    written, write = [], keeper.Snapshot.write

    def noted(self: snapshot.Snapshot, *rest):
        written.append(self.reason)
        return write(self, *rest)

    monkeypatch.setattr(keeper.Snapshot, "write", noted)
    one, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    for reason in ("pause", "stop", "edit", "end"):
        one.checkpoint(trainer, [], reason, wait=True)
    assert written == ["pause"]


@pytest.mark.usefixtures("two_threads")
def test_runs_are_written_on_one_core_and_training_keeps_its_own(tmp_path, small, trained, monkeypatch):
    found, write = [], keeper.Snapshot.write

    def noted(self: snapshot.Snapshot, *rest):
        found.append(torch.get_num_threads())
        return write(self, *rest)

    monkeypatch.setattr(keeper.Snapshot, "write", noted)
    RunKeeper(tmp_path / "run").checkpoint(trained(small(), 1), [], "pause", wait=True)
    assert (found, torch.get_num_threads()) == ([1], 2)


def test_a_save_that_waits_gives_way_to_the_newest_unless_somebody_wanted_it(tmp_path, small, trained, monkeypatch):
    free, steps, write = threading.Event(), [], keeper.Snapshot.write

    def slow(self: snapshot.Snapshot, *rest):
        free.wait(10)
        steps.append((self.step, self.reason))
        return write(self, *rest)

    monkeypatch.setattr(keeper.Snapshot, "write", slow)
    one, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    for reason in ("time", "steps", "edit", "time", "pause", "time", "time", "time"):
        one.checkpoint(trainer, [], reason)
        trainer.step()
        trainer.flush()
    free.set()
    one.checkpoint(trainer, [], "end", wait=True)
    assert {(3, "edit"), (5, "pause"), (9, "end")} <= set(steps)
    assert len(steps) <= 6
    assert len(Store.open(tmp_path / "run").rows(0)) == 9


def test_a_slow_disk_holds_few_copies_and_all_metrics(tmp_path, small, trained, monkeypatch):
    free, held, writes = threading.Event(), [], Writer.put
    monkeypatch.setattr(keeper.Snapshot, "write", lambda *_: free.wait(10))

    def put(self, job, now=False):
        writes(self, job, now)
        held.append(sum(one.snapshot is not None for one in self._waiting.jobs))

    monkeypatch.setattr(Writer, "put", put)
    one, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    for _ in range(9):
        one.checkpoint(trainer, [], "edit")
        trainer.step()
        trainer.flush()
    assert max(held) <= 4
    monkeypatch.undo()
    free.set()
    one.checkpoint(trainer, [], "end", wait=True)
    assert len(Store.open(tmp_path / "run").rows(0)) == 10


def test_a_drag_is_one_edit(tmp_path, small, trained):
    one, trainer = RunKeeper(tmp_path / "run"), trained(small(), 1)
    for field in ("lr", "lr", "lr", "ema", "lr"):
        one.checkpoint(trainer, [], "edit", field=field, wait=True)
        trainer.step()
        trainer.flush()
    one.checkpoint(trainer, [], "edit", wait=True)
    assert [one.step for one in checkpoints(tmp_path / "run")] == [1, 4, 5, 6]


def test_checkpoints_come_by_the_clock_and_by_the_count(tmp_path, small, trained):
    one, trainer = RunKeeper(tmp_path / "run"), trained(small(), 3)
    one.checkpoint(trainer, [], "stop", wait=True)
    found = small(("checkpoints.every_steps", 4), ("checkpoints.every_seconds", 0)).checkpoints
    assert [one.due(found, step) for step in (3, 4, 5)] == [None, "steps", "steps"]
    assert one.due(small(("checkpoints.every_seconds", 0)).checkpoints, 10**6) is None
    assert one.due(small().checkpoints, 5) is None
    one._due_at -= 61
    assert one.due(small().checkpoints, 5) == "time"


def test_checkpoints_are_thinned_to_their_budget(tmp_path, small, trained):
    experiment, _ = change(small(), "checkpoints.budget_mb", 1)
    one, trainer = RunKeeper(tmp_path / "run"), trained(experiment, 1)
    for _ in range(12):
        one.checkpoint(trainer, [], "steps", wait=True)
        trainer.step()
        trainer.flush()
    listed = checkpoints(tmp_path / "run")
    assert sum(one.bytes for one in listed) <= 1_000_000 < 12 * listed[0].bytes
    assert {one.path for one in listed} == set((tmp_path / "run" / folder.CHECKPOINTS).iterdir())
    assert (listed[0].step, listed[-1].step) == (1, 12)


def test_without_keeping_runs_open_all_the_same(tmp_path, small, trained):
    saved(RunKeeper(tmp_path / "run"), trained(small(), 3))
    shutil.copy(checkpoints(tmp_path / "run")[0].path, tmp_path / "model.safetensors")
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
