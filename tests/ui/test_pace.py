"""The window's budget: what it costs stays within it, and everything is served in turn."""

from collections import Counter

import pytest

from ganstudio.ui.pace import FASTEST, SLOWEST, Pace
from ganstudio.ui.panel import Panel


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


def test_an_interval_is_kept_until_it_is_far_off_and_reaches_its_bounds_exactly():
    pace = Pace(0.03, 2)
    found = []
    for seconds in (0.0030, 0.00303, 0.00297, 0.0030, 0.0045, 0.0001):
        pace.each = seconds
        pace.plan(1)
        found.append(pace.interval)
    assert found[0] == found[1] == found[2] == found[3] == pytest.approx(0.05)
    assert found[4:] == [pytest.approx(0.075), FASTEST]
    pace.interval = FASTEST + 0.001
    pace.plan(1)
    assert pace.interval == FASTEST


def test_more_cores_mean_more_looks():
    assert steady(8, 0.002, 0.0, 5)[0].interval < steady(2, 0.002, 0.0, 5)[0].interval


def test_a_look_without_news_changes_no_estimate():
    pace, _ = steady(2, 0.002, 0.0, 5)
    before = pace.each
    pace.note(0.5, 0.5, 0)
    assert pace.each == before


def steady_beside(threads: int, window: float, worker: float, aside: float, share: float = 0.08) -> Pace:
    """The pace of one panel on two cores, of which training has so many."""
    pace = Pace(0.015, 2)
    pace.train_on(threads)
    for _ in range(200):
        pace.note(window, worker, 1, aside)
        pace.plan(1, share)
    return pace


def test_a_toy_on_one_thread_is_watched_at_the_rate_of_a_film():
    assert steady_beside(1, 0.0024, 0.0001, 0.008).interval <= 1 / 30
    assert steady_beside(1, 0.001, 0.0001, 0.008).interval <= 1 / 60 + 1e-9


def test_with_cores_free_painting_takes_no_more_than_its_share_of_training():
    pace = steady_beside(1, 0.004, 0.0002, 0.02)
    assert (0.004 + 0.0002) / pace.interval <= 0.08 * 1.01


def test_on_all_cores_what_is_computed_beside_the_worker_displaces_a_core_like_painting():
    beside, painted = steady_beside(2, 0.001, 0.0, 0.001), steady_beside(2, 0.002, 0.0, 0.0)
    assert beside.interval == pytest.approx(painted.interval)


@pytest.mark.parametrize("threads", [0, 2, 4])
def test_training_that_may_need_all_cores_is_held_to_the_budget_whatever_share_a_panel_would_take(threads):
    assert steady_beside(threads, 0.003, 0.0, 0.0, share=0.5).interval == pytest.approx(0.003 / (0.015 * 2))


def test_another_number_of_threads_begins_the_estimate_anew():
    pace = steady_beside(2, 0.002, 0.001, 0.0)
    before = pace.each
    pace.train_on(3)
    assert pace.each == before
    pace.train_on(1)
    assert (pace.each, pace.spare) == (0.0, True)


def test_where_only_one_panel_is_served_at_a_time_curves_wait_for_two_turns(make):
    window, served = make(), Counter()
    bridge, panels = window.bridge, [window.panels[name] for name in ("samples", "histogram", "losses", "scores")]
    bridge.pause(True)

    def show(panel: Panel) -> bool:
        served[panel.name] += 1
        return True

    bridge._show = show
    for _ in range(600):
        bridge._serve(panels, 1)
    wanted = {"samples": 200, "histogram": 200, "losses": 100, "scores": 100}
    assert {name: abs(served[name] - count) <= 2 for name, count in wanted.items()} == dict.fromkeys(wanted, True)
