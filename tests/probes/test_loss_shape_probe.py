"""G's loss against D's judgement: the objectives' own values and slopes, and the steps' own logits."""

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.registry import registry
from ganstudio.probes.histogram import WINDOW
from ganstudio.probes.loss_shape import STANDARD, LossShapeProbe
from ganstudio.training.trainer import Trainer

CLOSED = {
    "saturating": (lambda d: np.log(1 - d), lambda d: d),
    "non-saturating": (lambda d: -np.log(d), lambda d: 1 - d),
    "maximum-likelihood": (lambda d: -d / (1 - d), lambda d: d / (1 - d)),
}


@pytest.fixture
def points() -> Trainer:
    """A game on points."""
    experiment, _ = change(files.preset("ring-8"), "batch_size", 32)
    return Trainer(experiment)


def shapes(frame) -> dict:
    return {one.kind: one for one in frame.shapes}


def test_the_standard_three_are_what_the_tutorial_says(make_trainer):
    frame = LossShapeProbe().frame(make_trainer())
    assert list(shapes(frame)) == list(STANDARD)
    assert frame.axis == "probability"
    assert 0 < frame.at[0] < frame.at[-1] < 1
    for kind, (loss, slope) in CLOSED.items():
        np.testing.assert_allclose(shapes(frame)[kind].loss, loss(frame.at), rtol=1e-9)
        np.testing.assert_allclose(shapes(frame)[kind].slope, slope(frame.at), rtol=1e-9)


@pytest.mark.parametrize("kind", sorted(registry.kinds("objective")))
def test_the_slope_is_the_losses(make_trainer, kind):
    frame = LossShapeProbe().frame(make_trainer(("objective", kind)), view="logit")
    assert frame.active == kind
    assert set(shapes(frame)) == {*STANDARD, kind}
    for one in frame.shapes:
        measured = np.abs(np.gradient(one.loss, frame.at))[2:-2]
        np.testing.assert_allclose(one.slope[2:-2], measured, rtol=5e-3, atol=5e-3)


@pytest.mark.parametrize("kind", sorted(registry.kinds("objective")))
def test_what_reaches_g_is_what_autograd_finds(make_trainer, kind):
    trainer = make_trainer(("objective", kind), steps=1)
    frame = LossShapeProbe().frame(trainer)
    real, fake = (side.double() for side in (trainer.moment.real_logits, trainer.moment.fake_logits))
    for one, reach in zip(frame.shapes, frame.reach, strict=True):
        logits = fake.clone().requires_grad_(True)
        loss = registry.build("objective", one.kind, {}).generator_loss(real, logits)
        (found,) = torch.autograd.grad(loss, logits)
        assert reach == pytest.approx(float(found.abs().sum()), rel=1e-6)


@pytest.mark.parametrize("view", ["probability", "logit"])
def test_the_samples_are_the_latest_steps(make_trainer, view):
    trainer, probe, seen = make_trainer(steps=0), LossShapeProbe(), []
    for _ in range(WINDOW + 2):
        trainer.step()
        seen.append(trainer.moment.fake_logits.numpy().ravel().copy())
        frame = probe.frame(trainer, view=view)
    values = np.concatenate(seen[-WINDOW:])
    if view == "probability":
        values = 1 / (1 + np.exp(-values))
    np.testing.assert_array_equal(frame.fake, np.histogram(values, frame.edges)[0])
    assert frame.mean == pytest.approx(values.mean(), rel=1e-5)
    assert probe.frame(trainer, view=view).fake.sum() == len(values)  # the same step is counted once
    trainer.flush()
    assert frame.gradient == pytest.approx(trainer.history.latest("gradient.generator"), rel=1e-5)


def test_a_strong_discriminator_starves_the_saturating_loss(points):
    points.step()
    points.moment.fake_logits = torch.full((32, 1), -6.0)
    frame = LossShapeProbe().frame(points)
    reach = dict(zip(shapes(frame), frame.reach, strict=True))
    assert reach["saturating"] == pytest.approx(1 / (1 + np.exp(6)))
    assert reach["non-saturating"] == pytest.approx(1 - 1 / (1 + np.exp(6)))


def test_a_critic_has_logits_alone(make_trainer):
    trainer = make_trainer(("objective", "hinge"))
    frame = LossShapeProbe().frame(trainer, view="probability")
    assert frame.axis == "output"
    fakes = trainer.moment.fake_logits
    assert frame.edges[0] <= float(fakes.min()) <= float(fakes.max()) <= frame.edges[-1]


def test_infinite_logits_are_left_out(make_trainer):
    trainer = make_trainer()
    trainer.moment.fake_logits = torch.tensor([0.5, float("inf"), float("nan")])
    frame = LossShapeProbe().frame(trainer, view="logit")
    assert frame.fake.sum() == 1
    assert frame.mean == 0.5
    trainer.step()
    trainer.moment.fake_logits = torch.full((3,), float("nan"))
    assert np.isfinite(LossShapeProbe().frame(trainer, view="logit").edges).all()


def test_before_the_first_step_there_are_curves_and_no_samples(make_trainer):
    frame = LossShapeProbe().frame(make_trainer(steps=0))
    assert not frame.fake.any()
    assert np.isnan(frame.mean)
    assert np.isnan(frame.reach).all()
    assert len(frame.shapes) == 3


def test_curves_are_computed_once(make_trainer):
    trainer, probe = make_trainer(), LossShapeProbe()
    first = probe.frame(trainer).shapes
    trainer.step()
    assert probe.frame(trainer).shapes is first
    assert probe.frame(trainer, view="logit").shapes is not first
    trainer.edit("objective.kind", "least-squares")
    assert len(probe.frame(trainer).shapes) == 4


@pytest.mark.parametrize("view", ["probability", "logit"])
def test_a_watched_game_on_points_ends_as_one_left_alone(points, view):
    alone, probe = Trainer(points.experiment), LossShapeProbe()
    before = torch.get_rng_state()
    for _ in range(3):
        probe.frame(points, view=view)
        points.step()
        alone.step()
        probe.look(points, view=view)()
    assert points.weights_sha256() == alone.weights_sha256()
    assert torch.equal(torch.get_rng_state(), before)
    assert {k: g.get_state().tolist() for k, g in points.generators.items()} == {
        k: g.get_state().tolist() for k, g in alone.generators.items()
    }
