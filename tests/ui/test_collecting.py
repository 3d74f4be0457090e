"""While any window is open, rubbish is collected on its thread alone."""

import gc

import pytest

from ganstudio.ui import collecting


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch):
    """The tests themselves hold it too, for as long as they run."""
    monkeypatch.setattr(collecting, "_holders", set())
    gc.enable()
    yield
    gc.disable()


def test_the_last_window_to_close_lets_the_collector_go_and_no_other():
    first, second = object(), object()
    collecting.hold(first)
    collecting.hold(second)
    collecting.let_go(first)
    collecting.let_go(first)
    assert not gc.isenabled()
    collecting.let_go(second)
    assert gc.isenabled()


def test_a_window_that_closes_beside_another_leaves_it_held(make):
    one, other = make(), make()
    assert not gc.isenabled()
    one.close()
    assert not gc.isenabled()
    other.close()
    enabled = gc.isenabled()
    gc.disable()  # what these windows leave behind is collected here, not on a thread of theirs
    assert enabled
