"""The session's number of threads: the run's own, the one asked for, the one measured."""

import threading
import time

import pytest
import torch
from told import SECONDS, Told, small

from ganstudio.experiment.errors import StudioError
from ganstudio.training import threads, worker
from ganstudio.training.commands import Open
from ganstudio.training.trainer import Trainer


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
    for run in (None, "anywhere"):
        choosing.post(Open(experiment=small(), run=run))
        choosing.event("opened", 1 if run is None else 2)
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
