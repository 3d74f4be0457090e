"""Threads beside the training thread compute on one core, and training keeps its own number."""

import threading

import pytest
import torch

from ganstudio.training.aside import Aside
from ganstudio.training.cores import keep_to_one_core

SECONDS = 30


@pytest.mark.usefixtures("two_threads")
def test_a_thread_that_keeps_to_one_core_leaves_the_others_theirs():
    found = []

    def work() -> None:
        keep_to_one_core()
        torch.randn(300, 300, generator=torch.Generator().manual_seed(1)).exp().sum()
        found.append(torch.get_num_threads())

    beside = threading.Thread(target=work)
    beside.start()
    beside.join(SECONDS)
    assert found == [1]
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("two_threads")
def test_what_is_computed_aside_keeps_to_one_core():
    done, found, aside = threading.Event(), [], Aside("beside")
    aside.do(lambda: (found.append(torch.get_num_threads()), done.set()))
    assert done.wait(SECONDS)
    aside.close()
    assert found == [1]
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("two_threads")
def test_a_thread_keeps_to_one_core_though_another_sets_its_own_number_before_it_computes():
    """As when a run is opened after the thread has begun."""
    begun, other, found = threading.Event(), threading.Event(), []

    def work() -> None:
        keep_to_one_core()
        begun.set()
        assert other.wait(SECONDS)
        found.append(torch.get_num_threads())

    beside = threading.Thread(target=work)
    beside.start()
    assert begun.wait(SECONDS)
    torch.set_num_threads(2)
    other.set()
    beside.join(SECONDS)
    assert found == [1]
