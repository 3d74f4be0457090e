"""Time spent in training, out of what events and saves tell."""

import numpy as np
import pytest

from ganstudio.runs.clock import clock
from ganstudio.training.events import Event


def happened(*moments: tuple[str, int, float]) -> list[Event]:
    return [Event(kind, step, time=time) for kind, step, time in moments]


def test_rests_do_not_count():
    found = clock(happened(("started", 0, 10), ("paused", 100, 20), ("started", 100, 500), ("finished", 300, 510)))
    assert found.seconds_at([0, 50, 100, 200, 300]).tolist() == [0, 5, 10, 15, 20]
    assert found.steps_at([0, 5, 10, 15, 20]).tolist() == [0, 50, 100, 200, 300]


def test_saves_tell_how_the_pace_changed():
    found = clock(happened(("started", 0, 0), ("paused", 100, 20)), saves=[(80, 8.0)])
    assert found.seconds_at([80, 100]).tolist() == [8, 20]


def test_a_killed_run_counts_up_to_its_last_save():
    found = clock(
        happened(("started", 0, 0), ("opened", 60, 900), ("started", 60, 950)), saves=[(60, 6.0), (80, 952.0)]
    )
    assert found.seconds_at([60, 80]).tolist() == [6, 8]


def test_a_run_that_went_back_counts_the_way_to_its_end():
    found = clock(
        happened(("started", 0, 0), ("paused", 200, 20), ("rewound", 50, 90), ("started", 50, 100), ("paused", 70, 110))
    )
    assert found.seconds_at([50, 70]).tolist() == [5, 15]


def test_after_the_last_moment_the_pace_goes_on():
    found = clock(happened(("started", 0, 0), ("paused", 100, 10)))
    assert found.seconds_at(150) == pytest.approx(15)


def test_steps_and_seconds_belong_to_each_other():
    rng = np.random.default_rng(0)
    steps = np.cumsum(rng.integers(1, 50, 40))
    times = np.cumsum(rng.uniform(0.1, 3, 40))
    found = clock(happened(("started", 0, 0)), saves=list(zip(steps.tolist(), times.tolist(), strict=True)))
    at = np.linspace(0, float(steps[-1]), 200)
    np.testing.assert_allclose(found.steps_at(found.seconds_at(at)), at, atol=1e-6)


def test_without_training_there_is_no_time():
    assert clock([]) is None
    assert clock(happened(("opened", 0, 0), ("started", 0, 5))) is None
