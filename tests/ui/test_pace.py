"""The window's budget: what it costs stays within it, and everything is served in turn."""

import pytest

from ganstudio.ui.pace import FASTEST, SLOWEST, Pace


def steady(cores: int, window: float, worker: float, visible: int, budget: float = 0.03) -> tuple[Pace, int]:
    """The pace that settles in when a panel costs so much."""
    pace, count = Pace(budget, cores), visible
    for _ in range(200):
        pace.note(window * count, worker * count, count)
        count = pace.plan(visible)
    return pace, count


@pytest.mark.parametrize("cores", [2, 4, 16])
@pytest.mark.parametrize("window", [0.0005, 0.002, 0.004])
def test_the_cost_stays_within_the_budget(cores, window):
    pace, count = steady(cores, window, 0.0002, 5)
    spent = (window + 0.0002 * cores) * count / pace.interval
    assert spent <= 0.03 * cores * 1.3 or count == 1  # a whole panel is the least that can be served


def test_cheap_panels_are_served_at_display_rate():
    pace, count = steady(16, 0.0005, 0.0, 5)
    assert (pace.interval, count) == (FASTEST, 5)


def test_dear_panels_are_served_in_turn_never_more_rarely_than_the_slowest_look():
    pace, count = steady(2, 0.008, 0.002, 5)
    assert pace.interval == SLOWEST
    assert 1 <= count < 5


def test_more_cores_mean_more_looks():
    assert steady(8, 0.002, 0.0, 5)[0].interval < steady(2, 0.002, 0.0, 5)[0].interval


def test_a_look_without_news_changes_no_estimate():
    pace, _ = steady(2, 0.002, 0.0, 5)
    before = pace.each
    pace.note(0.5, 0.5, 0)
    assert pace.each == before
