"""What the reel promises: a budget that holds, both ends of a run, and gaps that grow evenly between them."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from ganstudio.runs.reel import MOST, OVERHEAD, Reel, thinned
from ganstudio.training.mailbox import Frame


@dataclass(frozen=True)
class Inner:
    shared: np.ndarray
    numbers: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture(Frame):
    pixels: np.ndarray
    inner: tuple[Inner, ...] = ()


def picture(step: int, size: int = 1000) -> Picture:
    return Picture(step, "main", np.zeros(size, np.uint8))


def filled(count: int, stride: int, frames: int) -> Reel:
    reel = Reel(frames * (1000 + OVERHEAD))
    for step in range(0, count * stride, stride):
        reel.add("samples", step, picture(step))
    return reel


@pytest.mark.parametrize("stride", [1, 37])
def test_both_ends_are_kept_and_gaps_grow_evenly_between(stride):
    count, frames = 5000, 100
    reel = filled(count, stride, frames)
    steps = np.array(reel.steps("samples"))
    last = (count - 1) * stride
    gaps = np.diff(steps)
    assert (steps[0], steps[-1]) == (0, last)
    assert 0.6 * frames <= len(steps) <= frames
    assert gaps[0] == gaps[-1] == stride
    assert gaps.max() <= 4 * last / frames
    # Near an end gaps are a bounded share of the distance from it, and neighbours differ by a bounded factor.
    middles = (steps[1:] + steps[:-1]) / 2
    distance = np.minimum(middles, last - middles)
    assert (gaps <= stride + 8 * np.log(count) / frames * distance).all()
    assert np.maximum(gaps[1:] / gaps[:-1], gaps[:-1] / gaps[1:]).max() <= 4


def test_the_budget_is_never_exceeded_whatever_comes():
    chance = np.random.default_rng(0)
    reel, step = Reel(60_000), dict.fromkeys("abc", 0)
    for _ in range(3000):
        key = "abc"[chance.integers(3)]
        step[key] += int(chance.integers(1, 50))
        reel.add(key, step[key], picture(step[key], int(chance.integers(1, {"a": 100, "b": 3000, "c": 9000}[key]))))
        assert reel.bytes <= 60_000
    for key in "abc":
        assert reel.latest(key)[0] == step[key]
        kept = reel.steps(key)
        assert kept == sorted(set(kept))
        assert len(kept) > 2
    assert reel.steps("a")[0] < 100
    assert len(reel.steps("a")) > len(reel.steps("c"))


def test_a_frame_larger_than_the_budget_is_not_kept():
    reel = Reel(5000)
    assert reel.nearest("samples", 1) is None
    reel.add("samples", 1, picture(1))
    reel.add("samples", 2, picture(2, 10_000))
    assert reel.steps("samples") == [1]
    assert reel.bytes <= 5000


def test_tiny_frames_are_thinned_by_their_number():
    reel = Reel(10**9)
    for step in range(3 * MOST):
        reel.add("players", step, Frame(step, "main"))
    assert len(reel.steps("players")) <= MOST
    assert reel.steps("players")[0] == 0


def test_shared_arrays_and_views_count_once_and_go_with_their_last_frame():
    whole = np.zeros((10, 1000), np.uint8)
    shared = np.zeros(500, np.float32)
    reel = Reel()
    for step in range(3):
        reel.add("plane", step, Picture(step, "main", whole[step], (Inner(shared, {"x": shared[:7]}),)))
    assert reel.bytes == 3 * OVERHEAD + whole.nbytes + shared.nbytes
    reel.add("plane", 3, picture(3, 100))
    reel.forget_after(2)
    assert reel.bytes == 3 * OVERHEAD + whole.nbytes + shared.nbytes
    reel.forget_after(-1)
    assert reel.bytes == 0


def test_frames_are_found_by_their_step():
    reel = Reel()
    frames = {step: picture(step) for step in (10, 20, 40)}
    for step, frame in frames.items():
        reel.add("samples", step, frame)
    assert reel.at_or_before("samples", 9) is None
    assert reel.at_or_before("samples", 39) == (20, frames[20])
    assert reel.at_or_before("samples", 40) == (40, frames[40])
    assert [reel.nearest("samples", step)[0] for step in (0, 15, 31, 99)] == [10, 10, 40, 40]
    assert reel.at_or_before("plane", 5) is None
    assert reel.at_or_before("samples", 25)[1] is frames[20]  # kept by reference, not copied


def test_going_back_forgets_what_came_after():
    reel = Reel()
    for step in (1, 2, 3, 4):
        reel.add("samples", step, picture(step))
        reel.add("plane", step, picture(step))
    reel.forget_after(2)
    assert reel.steps("samples") == reel.steps("plane") == [1, 2]
    again = picture(2)
    reel.add("samples", 2, again)  # the state at rest was edited: seen anew
    assert reel.steps("samples") == [1, 2]
    assert reel.latest("samples")[1] is again
    reel.add("samples", 1, picture(1))  # a frame of an earlier step: the run went back
    assert reel.steps("samples") == [1]
    reel.clear()
    assert reel.bytes == 0


@pytest.mark.parametrize("count", [2, 3, 17, 99])
def test_thinning_leaves_as_many_as_it_is_told(count):
    steps = np.cumsum(np.random.default_rng(count).integers(1, 1000, 100))
    kept = thinned(steps, count)
    assert len(kept) == count
    assert (kept[0], kept[-1]) == (0, 99)
    assert (np.diff(kept) > 0).all()
