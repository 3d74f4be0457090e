"""While any window is open, rubbish is collected on its thread alone."""

import gc

from ganstudio.ui import collecting


def test_the_last_window_to_close_lets_the_collector_go_and_no_other():
    was, first, second = gc.isenabled(), object(), object()
    others, collecting._holders = collecting._holders, set()
    try:
        collecting.hold(first)
        collecting.hold(second)
        collecting.let_go(first)
        collecting.let_go(first)
        assert not gc.isenabled()
        collecting.let_go(second)
        assert gc.isenabled()
    finally:
        collecting._holders = others
        if not was:
            gc.disable()


def test_a_window_that_closes_beside_another_leaves_it_held(make):
    one, other = make(), make()
    assert not gc.isenabled()
    one.close()
    assert not gc.isenabled()
    other.close()
    assert gc.isenabled() or collecting._holders  # held by windows of other tests at the most
