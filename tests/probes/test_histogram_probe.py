"""D's histogram: the steps' own logits, counted."""

from math import log

import numpy as np
import pytest
import torch

from ganstudio.probes.histogram import BINS, HISTORY, MOST_LOGITS, WINDOW, HistogramProbe
from ganstudio.probes.ranges import Range


def step_and_look(trainer, probe, steps: int, **options):
    """The last frame, and the logits of each step."""
    seen, frame = [], None
    for _ in range(steps):
        trainer.step()
        seen.append((trainer.moment.real_logits.numpy().copy(), trainer.moment.fake_logits.numpy().copy()))
        frame = probe.frame(trainer, **options)
    return frame, seen


def window(seen, side: int) -> np.ndarray:
    return np.concatenate([logits[side] for logits in seen[-WINDOW:]])


@pytest.mark.parametrize("view", ["probability", "logit"])
def test_counts_are_numpys_of_the_latest_steps(make_trainer, view):
    trainer = make_trainer(steps=0)
    frame, seen = step_and_look(trainer, HistogramProbe(), 6, view=view)
    assert frame.kind == view
    for side, counts, mean in ((0, frame.real, frame.means[0]), (1, frame.fake, frame.means[1])):
        values = window(seen, side)
        if view == "probability":
            values = torch.from_numpy(values).sigmoid().numpy()
        np.testing.assert_array_equal(counts, np.histogram(values, frame.edges)[0])
        assert counts.sum() == len(values) == WINDOW * 16
        assert mean == pytest.approx(values.mean(), rel=1e-5)


def test_a_critics_output_is_shown_as_it_is(make_trainer):
    trainer = make_trainer(("objective", "wasserstein"), ("weight_clipping", 0.01), steps=0)
    frame, seen = step_and_look(trainer, HistogramProbe(), 3, view="probability")
    assert frame.kind == "output"
    assert frame.equilibrium is None
    np.testing.assert_array_equal(frame.real, np.histogram(window(seen, 0), frame.edges)[0])


@pytest.mark.parametrize(
    ("edits", "view", "expected"),
    [
        ((), "probability", 0.5),
        ((), "logit", 0.0),
        ((("label_smoothing", 0.9),), "probability", 0.45),
        ((("label_smoothing", 0.9),), "logit", log(0.45 / 0.55)),
        ((("objective", "least-squares"),), "probability", 0.5),
        ((("objective", "hinge"),), "probability", None),
    ],
)
def test_the_equilibrium_is_the_objectives(make_trainer, edits, view, expected):
    frame = HistogramProbe().frame(make_trainer(*edits, steps=1), view=view)
    assert frame.equilibrium == (None if expected is None else pytest.approx(expected))
    if expected is not None:
        assert frame.edges[0] <= expected <= frame.edges[-1]


def test_before_the_first_step_there_is_nothing(make_trainer):
    frame = HistogramProbe().frame(make_trainer(steps=0))
    assert not frame.real.any()
    assert not frame.fake.any()
    assert frame.history.shape == (2, 0, BINS)
    assert np.isnan(frame.means).all()


def test_the_same_step_is_counted_once(make_trainer):
    trainer, probe = make_trainer(), HistogramProbe()
    first, again = probe.frame(trainer), probe.frame(trainer)
    np.testing.assert_array_equal(first.real, again.real)
    assert again.history.shape[1] == 1


def test_the_history_is_what_was_shown(make_trainer):
    trainer, probe = make_trainer(steps=0), HistogramProbe()
    shown = []
    for _ in range(5):
        trainer.step()
        frame = probe.frame(trainer)
        shown.append(np.stack([frame.real / frame.real.sum(), frame.fake / frame.fake.sum()]))
    np.testing.assert_allclose(frame.history, np.stack(shown, axis=1), atol=1e-6)
    assert frame.history_steps.tolist() == [1, 2, 3, 4, 5]


def test_the_history_keeps_its_length_and_moves_to_another_axis(make_trainer):
    trainer, probe = make_trainer(steps=1), HistogramProbe()
    generator = torch.Generator().manual_seed(0)
    for step in range(HISTORY + 10):
        trainer.moment.real_logits = torch.randn(16, generator=generator) + step / 10
        trainer.moment.fake_logits = torch.randn(16, generator=generator)
        trainer.steps = step
        frame = probe.frame(trainer, view="probability")
    assert frame.history.shape == (2, HISTORY, BINS)
    assert frame.history_steps[-1] == HISTORY + 9
    turned = probe.frame(trainer, view="logit")
    assert turned.history.shape == (2, HISTORY, BINS)
    np.testing.assert_allclose(turned.history.sum(2), 1, atol=1e-5)
    np.testing.assert_array_equal(turned.history[0, -1], turned.real / turned.real.sum())


def test_a_run_that_went_back_starts_anew(make_trainer):
    trainer, probe = make_trainer(), HistogramProbe()
    state = trainer.state()
    step_and_look(trainer, probe, 2)
    trainer.load(state)
    assert probe.frame(trainer).history.shape[1] == 0


def test_logits_that_are_not_numbers_are_left_out(make_trainer):
    trainer = make_trainer()
    trainer.moment.real_logits[0] = float("nan")
    trainer.moment.fake_logits[:] = float("inf")
    frame = HistogramProbe().frame(trainer, view="logit")
    assert (frame.real.sum(), frame.fake.sum()) == (15, 0)


def test_of_a_huge_batch_a_part_is_counted(make_trainer):
    trainer = make_trainer()
    trainer.moment.real_logits = torch.randn(3 * MOST_LOGITS + 1)
    assert 0 < HistogramProbe().frame(trainer).real.sum() <= MOST_LOGITS


def test_the_axis_keeps_still_and_holds_everything():
    generator, axis, changes = np.random.default_rng(0), Range(), []
    for _ in range(300):
        values = generator.normal(2, 1, 256)
        low, high = axis.follow(values.min(), values.max())
        assert low <= values.min()
        assert values.max() <= high
        changes.append((low, high))
    assert len(set(changes)) <= 4


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.0), (5.0, 5.0), (-1e30, 1e30), (-3e-7, 2e-7), (1e6, 1e6 + 1)])
def test_the_axis_has_an_extent_for_any_data(low, high):
    found = Range().follow(low, high)
    assert found[0] <= low
    assert high <= found[1]
    assert found[0] < found[1]


def test_the_axis_closes_in_on_data_that_shrink():
    axis = Range()
    axis.follow(-100, 100)
    low, high = axis.follow(-1, 1)
    assert high - low < 5
