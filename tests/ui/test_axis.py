"""An axis: its ticks can be read, it follows by leaps, and a hand moves it as expected."""

import numpy as np
import pytest

from ganstudio.ui.widgets.axis import Axis, number


def value(text: str) -> float:
    """The number that a tick's label says."""
    text = text.replace("−", "-").replace(",", "")
    scale = {"k": 1e3, "M": 1e6}.get(text[-1], 1)
    return float(text.rstrip("kM")) * scale


RANGES = [(0, 1), (0, 100), (-2, 5), (-1.4, 0.7), (0, 4999), (0, 123_456), (1e6, 1.2e6), (0.69, 0.7), (-5e8, 5e8)]


@pytest.mark.parametrize("low_high", RANGES)
@pytest.mark.parametrize("most", [2, 4, 8, 15])
def test_ticks_say_where_they_are(low_high, most):
    axis = Axis(*low_high)
    ticks = axis.ticks(most)
    assert 1 <= len(ticks) <= most + 1
    assert all(-1e-6 <= float(axis.share(tick.value)) <= 1 + 1e-6 for tick in ticks)
    for tick in ticks:
        assert value(tick.label) == pytest.approx(tick.value, rel=1e-6, abs=1e-9), tick
    assert len({tick.label for tick in ticks}) == len(ticks), "no two ticks read the same"


@pytest.mark.parametrize("low_high", [(1, 1000), (0.001, 30), (1e-9, 1e9), (2, 8), (0.5, 0.6)])
@pytest.mark.parametrize("most", [2, 5, 12])
def test_a_logarithmic_axis_has_ticks_at_powers(low_high, most):
    ticks = Axis(*low_high, log=True).ticks(most)
    labelled = [tick for tick in ticks if tick.label]
    assert 1 <= len(labelled) <= most + 2
    assert all(low_high[0] * 0.99 <= tick.value <= low_high[1] * 1.01 for tick in ticks)


def test_numbers_are_short_and_have_a_true_minus_sign():
    assert [number(v, 0.5) for v in (-1.0, 0.0, 1.5)] == ["−1.0", "0", "1.5"]
    assert number(1_200_000, 100_000) == "1.2M"
    assert number(250_000, 10_000) == "250k"
    assert number(12_000, 1000) == "12,000"
    assert number(1e-7, 1e-7) == "10⁻⁷"
    assert number(3e12, 1e12) == "3·10¹²"


def test_the_steps_have_room_and_leap():
    axis, states = Axis(0, 100), set()
    for steps in range(1, 10_000):
        axis.room_for_steps(steps)
        assert axis.low <= 1 <= steps <= axis.high <= max(100, 1.4 * steps)
        states.add(axis.state)
    assert len(states) < 25
    axis.room_for_steps(3)
    assert axis.high == 100, "a new run does not begin in the corner of the old one's axis"


@pytest.mark.parametrize("log", [False, True])
def test_values_fit_and_the_axis_stays_while_they_do(log):
    axis = Axis(0.1, 1, log=log)
    axis.fit(0.3, 7)
    state = axis.state
    assert axis.low < 0.3 < 7 < axis.high
    axis.fit(0.31, 6.5)
    assert axis.state == state
    axis.fit(0.31, 20)
    assert axis.high > 20
    axis.fit(1, 1.2)
    assert axis.high < 10, "an early spike does not flatten the rest for ever"


@pytest.mark.parametrize("constant", [0.0, 1.0, -3.0, 1e9, 1e-9])
def test_a_constant_fits(constant):
    axis = Axis()
    axis.fit(constant, constant)
    assert axis.low < constant < axis.high
    assert axis.ticks(5)


@pytest.mark.parametrize("log", [False, True])
def test_a_zoom_keeps_what_is_under_the_hand(log):
    axis = Axis(2, 50, log=log)
    under = axis.value(0.3)
    axis.zoom(0.5, 0.3)
    assert axis.value(0.3) == pytest.approx(under)
    assert float(axis.share(under)) == pytest.approx(0.3)
    assert not axis.follows
    axis.zoom(2, 0.3)
    assert (axis.low, axis.high) == pytest.approx((2, 50))


@pytest.mark.parametrize("log", [False, True])
def test_no_hand_can_break_an_axis(log):
    axis = Axis(1, 100, log=log)
    for _ in range(400):
        axis.zoom(0.5, 0.7)
    assert axis.low < axis.high
    for _ in range(400):
        axis.zoom(3, 0.1)
        axis.pan(0.9)
    assert np.isfinite([axis.low, axis.high]).all()
    assert axis.low < axis.high
    assert axis.ticks(5) is not None


def test_a_logarithmic_axis_has_no_place_for_what_is_not_above_zero():
    shares = Axis(1, 100, log=True).share(np.array([-1.0, 0.0, 1.0, 10.0, 100.0, np.nan]))
    np.testing.assert_allclose(shares, [np.nan, np.nan, 0, 0.5, 1, np.nan])
