"""The session's failures leave the last good state, and say in a sentence what to do."""

import pytest
import torch
from told import by_hand, small

from ganstudio.experiment.errors import StudioError
from ganstudio.training import engine, worker
from ganstudio.training.commands import Edit, Open, Pause, Restore, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer


def test_a_step_that_is_not_finite_rests_in_the_last_finite_state(told, monkeypatch):
    monkeypatch.setattr(engine, "FLUSH_SECONDS", 0)
    monkeypatch.setattr(engine, "KEEP_SECONDS", 0)
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
    monkeypatch.setattr(engine, "FLUSH_SECONDS", 0)
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
