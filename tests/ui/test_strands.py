"""Runs and branches side by side as one history."""

import numpy as np
import pytest

from ganstudio.runs.clock import Clock
from ganstudio.training.history import History
from ganstudio.ui.widgets.strands import Strand, Strands
from ganstudio.ui.widgets.time_axis import ROWS_PER_SECOND, TimeAxis

END = float("inf")


def strand(values, folder=None, branch=0, lineage=((0, END),), pace=10.0) -> Strand:
    """A run of one metric, of so many steps a second."""
    history = History(("loss",))
    history.append(np.asarray(values, np.float32)[:, None])
    steps = np.array([0.0, len(values)])
    return Strand(folder, branch, "run", history, Clock(steps, steps / pace), None, lineage)


@pytest.fixture
def two(tmp_path):
    rng = np.random.default_rng(0)
    return strand(rng.normal(size=1000), tmp_path / "a"), strand(rng.normal(size=300), tmp_path / "b")


def test_each_curve_is_what_its_own_history_says(two):
    found = Strands(two, "loss")
    assert len(found) == 1000
    for width, smooth in ((1, 1), (16, 1), (16, 50)):
        buckets = found.buckets([one.key for one in two], 0, 1000, width, smooth)
        for index, one in enumerate(two):
            own = one.history.buckets(["loss"], 0, 1000, width, smooth)
            count = len(own.x)
            for name in ("low", "high", "mean"):
                part = getattr(buckets, name)[index]
                np.testing.assert_array_equal(part[:count], getattr(own, name)[0])
                assert np.isnan(part[count:]).all()


def test_a_run_without_the_metric_is_left_out(two):
    assert Strands(two, "score").names == ()
    assert len(Strands(two, "score")) == 0


def test_steps_in_common_are_drawn_once(tmp_path):
    first = strand(np.zeros(100), tmp_path)
    second = strand(np.zeros(90), tmp_path, 1, ((0, 40), (1, END)))
    third = strand(np.zeros(95), tmp_path, 2, ((0, 40), (1, 60), (2, END)))
    found = Strands([first, second, third], "loss")

    def begins(*strands):
        buckets = found.buckets([one.key for one in strands], 0, 100, 1)
        return [int(np.flatnonzero(np.isfinite(row))[0]) for row in buckets.mean]

    assert begins(first, second, third) == [0, 39, 59]  # from the step before, so that the lines join
    assert begins(first, third) == [0, 39]
    assert begins(third) == [0]


def test_over_time_a_curve_shows_the_last_step_completed():
    slow = strand([1, 2, 3], pace=1.0)
    found = Strands([slow], "loss", timed=True)
    assert len(found) == 3 * ROWS_PER_SECOND
    half_seconds = found.buckets([slow.key], 0, len(found), 50).mean[0].tolist()
    assert np.isnan(half_seconds[0])
    assert half_seconds[1:] == [1, 1, 2, 2, 3]


def test_over_time_no_extreme_is_lost():
    values = np.random.default_rng(1).normal(size=5000)
    values[1234] = 40
    fast = strand(values, pace=500.0)
    buckets = Strands([fast], "loss", timed=True).buckets([fast.key], 0, 1000, 8)
    assert np.nanmax(buckets.high) == 40
    assert np.nanmin(buckets.low) == pytest.approx(values.min())
    place = (1234 / 500 * ROWS_PER_SECOND) // 8
    assert abs(int(np.nanargmax(buckets.high)) - place) <= 1


def test_a_picture_goes_on_only_with_what_is_new_at_its_end(two):
    long, short = two
    found = Strands(two, "loss")
    revision = found.revision
    long.history.append(np.zeros((5, 1), np.float32))
    assert found.grows_at_the_end()
    found.see()
    assert found.revision == revision
    short.history.append(np.zeros((5, 1), np.float32))
    assert not found.grows_at_the_end()
    found.see()
    assert found.revision > revision
    revision = found.revision
    long.history.truncate(400)
    found.see()
    assert found.revision > revision


def test_the_axis_of_time_has_round_numbers_in_a_fitting_unit():
    for seconds, unit, last in ((40, "seconds", 40), (1200, "minutes", 20), (5 * 3600, "hours", 5)):
        axis = TimeAxis(0, seconds * ROWS_PER_SECOND)
        assert axis.unit == unit
        ticks = axis.ticks(6)
        assert float(ticks[-1].label) == last
        assert ticks[-1].value == pytest.approx(seconds * ROWS_PER_SECOND)
