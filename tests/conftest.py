"""Everything runs without a display, leaves the person's own settings alone, and lets no thread linger."""

import gc
import os
import threading
from time import perf_counter, sleep

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Read when torch is imported. Threads that spin while they wait for each other take whole time slices away from each
# other as soon as anything else runs: ten times the time for a step on a busy machine of two cores.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import pytest

from ganstudio.ui import collecting

FULL_COLLECTION_SECONDS = 40.0
"""Apart. In between, only what has become rubbish of late is collected: going through all that lives takes long."""
_collected_at = perf_counter()
# As a window does, but from the first test to the last: what a test leaves behind of Qt may else be found by the
# collector on the training thread of a later test, long after its window was closed, and that ends the process.
collecting.hold(collecting)


@pytest.fixture(autouse=True)
def _rubbish_is_collected_here():
    """Between the tests, on their own thread."""
    global _collected_at
    yield
    gc.unfreeze()  # windows freeze what lives when they have loaded
    full = perf_counter() - _collected_at > FULL_COLLECTION_SECONDS
    gc.collect(2 if full else 1)
    if full:
        _collected_at = perf_counter()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    """Runs, caches and settings of a test lie in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home / name))


@pytest.fixture(autouse=True)
def _no_lingering_threads():
    """A session that a test started must be closed by it: no training thread may outlive the test."""
    before = set(threading.enumerate())
    yield
    late = [
        t
        for t in threading.enumerate()
        if t not in before and t.name in ("training", "explorer", "keeper", "past", "film")
    ]
    for thread in late:
        _wait_for(thread)
    assert not [thread.name for thread in late if thread.is_alive()]


def _wait_for(thread: threading.Thread, seconds: float = 5.0) -> None:
    """Until it has ended. One that is only just starting is listed, but cannot be joined yet."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        try:
            thread.join(seconds)
            break
        except RuntimeError:
            sleep(0.001)


@pytest.fixture
def threads_come_back():
    """torch computes on as many threads afterwards as before, whatever the test sets."""
    import torch

    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def one_thread(threads_come_back):
    """torch computes on one thread, so that two runs can be compared; afterwards on as many as before."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture
def two_threads(threads_come_back):
    """torch computes on two threads, as in a session that trains; afterwards on as many as before."""
    import torch

    torch.set_num_threads(2)
