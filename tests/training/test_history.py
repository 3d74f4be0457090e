"""The history answers as if it looked at every step, at the same price for any length."""

import threading
import time
import warnings
from dataclasses import replace

import numpy as np
import pytest

from ganstudio.training.history import RADIX, Envelope, History, bucket_width

LENGTHS = [1, 2, 7, 8, 9, 63, 64, 65, 511, 512, 513, 1000, 1023, 1024, 1025, 4095, 4096, 4097, 5000, 33_000]


def filled(length: int, seed: int = 0, missing: float = 0.0) -> tuple[History, np.ndarray]:
    """A history of two metrics, appended in pieces of all sizes, and its second column."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(length, 2)).astype(np.float32) + np.linspace(0, 3, length, dtype=np.float32)[:, None]
    values[rng.random((length, 2)) < missing] = np.nan
    history = History(("other", "loss"))
    at = 0
    while at < length:
        size = int(rng.choice([1, 2, 3, 8, 20, 64, 500, 3000]))
        history.append(values[at : at + size])
        at += size
    return history, values[:, 1]


def brute(values: np.ndarray, start: int, stop: int, width: int, smooth: int = 1) -> Envelope:
    """What ``History.buckets`` promises, by looking at every value."""
    x, low, high, mean = [], [], [], []
    behind = max(1, -(-smooth // width)) - 1
    for bucket in range(max(0, start) // width, -(-min(stop, len(values)) // width)):
        first, last = bucket * width, min((bucket + 1) * width, len(values))
        part, wide = values[first:last], values[max(0, first - behind * width) : last].astype(np.float64)
        wide = wide[np.isfinite(wide)]
        x.append((first + last + 1) / 2)
        known = part[~np.isnan(part)]
        low.append(known.min() if len(known) else np.nan)
        high.append(known.max() if len(known) else np.nan)
        mean.append(wide.mean() if len(wide) else np.nan)
    return Envelope(*(np.array(one) for one in (x, low, high, mean)), width)


def one(history: History, start: int, stop: int, width: int, smooth: int = 1) -> Envelope:
    """The buckets of the metric ``loss`` alone."""
    found = history.buckets(["loss"], start, stop, width, smooth)
    return replace(found, low=found.low[0], high=found.high[0], mean=found.mean[0])


def assert_same(found: Envelope, expected: Envelope) -> None:
    np.testing.assert_array_equal(found.x, expected.x)
    np.testing.assert_array_equal(found.low, expected.low)
    np.testing.assert_array_equal(found.high, expected.high)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("missing", [0.0, 0.4, 0.98])
@pytest.mark.parametrize("length", LENGTHS)
def test_buckets_are_those_of_brute_force(length, missing):
    history, values = filled(length, seed=length, missing=missing)
    rng = np.random.default_rng(length)
    for width in (1, 2, 4, 8, 16, 32, 64, 512, 2048):
        start, stop = sorted(rng.integers(0, length + 1, 2))
        for first, last in ((0, length), (start, stop), (start, length + 100)):
            if (last - first) / width < 700:
                assert_same(one(history, first, last, width), brute(values, first, last, width))


@pytest.mark.parametrize("smooth", [2, 7, 64, 100, 1000])
def test_the_smoothed_mean_is_over_the_last_steps_and_hides_no_extreme(smooth):
    history, values = filled(3000, missing=0.1)
    for first, last, width in ((0, 3000, 8), (1500, 1700, 1), (0, 5000, 64), (2999, 3000, 1), (900, 3000, 4)):
        assert_same(one(history, first, last, width, smooth), brute(values, first, last, width, smooth))


def test_several_metrics_at_once_are_the_same_as_one_by_one():
    history, _values = filled(3000, missing=0.3)
    both = history.buckets(["loss", "other"], 100, 2500, 16, 100)
    for row, name in enumerate(["loss", "other"]):
        alone = history.buckets([name], 100, 2500, 16, 100)
        for field in ("low", "high", "mean"):
            np.testing.assert_array_equal(getattr(both, field)[row], getattr(alone, field)[0])


def test_smoothing_does_not_look_ahead():
    history = History(("loss",))
    history.append(np.repeat([[0.0], [1.0]], 100, axis=0))
    mean = one(history, 0, 200, 1, smooth=20).mean
    assert (mean[:100] == 0).all()
    assert mean[100] > 0
    assert mean[119] == pytest.approx(1)


def test_a_huge_value_leaves_nothing_behind_in_the_mean():
    history = History(("loss",))
    values = np.ones((600, 1), np.float32)
    values[100], values[200], values[300] = 1e30, np.inf, -np.inf
    history.append(values)
    found = one(history, 0, 600, 1, smooth=10)
    assert found.mean[150] == found.mean[250] == found.mean[599] == 1
    assert found.mean[205] == 1, "infinite values do not count for the mean"
    assert (found.high[100], found.high[200], found.low[300]) == (np.float32(1e30), np.inf, -np.inf)


def test_values_beyond_the_sum_of_floats_are_drawn_without_a_warning():
    history = History(("loss",))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history.append(np.full((100, 1), 3e38, np.float32))
        history.append(np.full((100, 1), 1, np.float32))
        history.append(np.full((100, 1), np.nan, np.float32))
        found = history.envelope("loss", buckets=10)
    assert found.high[0] == np.float32(3e38)
    assert found.mean[5] == 1
    assert np.isnan(found.low[-1])
    assert np.isnan(found.mean[-1])


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("buckets", [1, 10, 300, 1000])
def test_an_envelope_is_within_its_number_of_buckets_and_covers_the_stretch(length, buckets):
    history, values = filled(length)
    for start, stop in ((0, length), (length // 3, length), (length // 3, length // 2 + 1)):
        found = history.envelope("loss", start, stop, buckets)
        assert len(found.x) <= buckets + 1
        assert found.width == 1 or (stop - start) / found.width > buckets / 2, "no coarser than it must be"
        assert np.nanmin(found.low) <= values[start:stop].min()
        assert np.nanmax(found.high) >= values[start:stop].max()
        assert found.x[0] - (found.width + 1) / 2 <= start
        assert found.x[-1] + (found.width + 1) / 2 >= stop


def test_a_growing_run_keeps_its_buckets():
    """What has been drawn stays right: a bucket changes only while it is the newest."""
    history, _values = filled(2000)
    before = history.envelope("loss", 0, 4000, 500, smooth=50)
    history.append(np.full((900, 2), 5.0))
    after = history.envelope("loss", 0, 4000, 500, smooth=50)
    kept = len(before.x) - 1
    assert before.width == after.width
    for name in ("x", "low", "high", "mean"):
        np.testing.assert_array_equal(getattr(before, name)[:kept], getattr(after, name)[:kept])


def test_nothing_is_lost():
    history, values = filled(5000, missing=0.2)
    np.testing.assert_array_equal(history.column("loss"), values)
    np.testing.assert_array_equal(history.rows(4000)[:, 1], values[4000:])
    assert history.latest("loss") == pytest.approx(values[-1], nan_ok=True)
    assert len(history) == 5000


@pytest.mark.parametrize("length", [0, 1, 8, 63, 64, 500, 512, 4096, 4999, 5000, 6000])
def test_a_truncated_history_goes_on_as_if_the_rest_had_never_been(length):
    history, values = filled(5000)
    revision = history.revision
    history.truncate(length)
    assert len(history) == min(length, 5000)
    assert (history.revision > revision) == (length < 5000)
    more = np.random.default_rng(9).normal(size=(3000, 2)).astype(np.float32)
    history.append(more)
    expected = np.concatenate([values[:length], more[:, 1]])
    for width in (1, 8, 16, 128, 1024):
        assert_same(one(history, 0, 9000, width, 100), brute(expected, 0, 9000, width, 100))


def test_an_empty_history_has_an_empty_envelope():
    history = History(("loss",))
    assert len(history.envelope("loss").x) == 0
    assert np.isnan(history.latest("loss"))
    history.append(np.zeros((20, 1)))
    assert len(history.envelope("loss", 20, 30).x) == 0
    assert len(history.envelope("loss", 15, 10).x) == 0
    assert len(history.envelope("loss", -5, 3).x) == 3


def test_no_metrics_have_buckets_too():
    history, _values = filled(100)
    assert history.buckets([], 0, 100, 8).mean.shape == (0, 13)


def test_an_unknown_metric_is_an_error():
    with pytest.raises(KeyError):
        History(("loss",)).envelope("accuracy")


@pytest.mark.parametrize("rows", [0, 1, 999, 1000, 1001, 12_345, 1_000_000])
def test_the_width_is_the_least_power_of_two_that_fits(rows):
    width = bucket_width(rows, 1000)
    assert width & (width - 1) == 0
    assert width * 1000 >= rows
    assert width == 1 or width // 2 * 1000 < rows


def test_readers_never_wait_long_nor_see_half_a_row():
    history = History(("a", "b"))
    done = threading.Event()
    wrong = []

    def read() -> None:
        while not done.is_set():
            for width in (1, RADIX, 64):
                stop = len(history)
                a, b = (history.buckets([name], 0, stop, width, 30).mean[0] for name in "ab")
                size = min(len(a), len(b)) - 1
                if size > 0 and not np.array_equal(a[:size], -b[:size]):
                    wrong.append(width)

    reader = threading.Thread(target=read)
    reader.start()
    for start in range(0, 6000, 3):
        column = np.arange(start, start + 3, dtype=np.float32)
        history.append(np.stack([column, -column], axis=1))
    done.set()
    reader.join()
    assert not wrong


def test_a_million_steps_cost_what_a_thousand_do():
    rng = np.random.default_rng(0)
    short, long = History(("loss",)), History(("loss",))
    short.append(rng.normal(size=(1000, 1)))
    long.append(rng.normal(size=(1_000_000, 1)))

    def price(history: History) -> float:
        start = time.thread_time()
        for _ in range(20):
            history.envelope("loss", 0, len(history), 600, 50)
        return time.thread_time() - start

    price(long)
    ratios = sorted(price(long) / price(short) for _ in range(9))
    assert ratios[4] < 2  # paired medians; the number of buckets differs by up to two
