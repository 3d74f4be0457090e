"""The density probe: figure 1's curves, arrows and numbers, and that looking changes nothing."""

from math import log, sqrt

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.probes.density import ARROWS, CELLS, DensityProbe
from ganstudio.probes.trail import MOST, Trail
from ganstudio.training.trainer import Trainer

NORMAL = (("noise", "normal"), ("noise.dim", 1))


def made(*edits: tuple[str, object], steps: int = 0, preset: str = "figure-1") -> Trainer:
    experiment = files.preset(preset)
    for path, value in (("batch_size", 16), ("players.*.network.params.hidden", [8]), *edits):
        experiment, _ = change(experiment, path, value)
    trainer = Trainer(experiment)
    for _ in range(steps):
        trainer.step()
    return trainer


def straighten(trainer: Trainer, a: float, b: float, wave: float = 0.0) -> None:
    """Make G(z) = a z + b, plus ``wave`` · sin 4z."""

    class Straight(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Parameter(torch.tensor(a))

        def forward(self, z: torch.Tensor) -> torch.Tensor:
            return self.a * z + b + wave * torch.sin(4 * z)

    trainer.players["generator"].network = Straight()


def looked(trainer: Trainer):
    return DensityProbe().frame(trainer).figure


def test_a_straight_g_is_drawn_as_the_density_that_it_has():
    trainer = made(*NORMAL, ("data.mean", 0.5), ("data.sigma", 0.6))
    straighten(trainer, 0.6, 0.5)
    figure = looked(trainer)
    assert figure.x.shape == figure.p_data.shape == figure.p_g.shape == figure.score.shape == (CELLS,)
    expected = np.exp(-0.5 * ((figure.x - 0.5) / 0.6) ** 2) / (0.6 * sqrt(2 * np.pi))
    for one in (figure.p_data, figure.p_g, figure.exact):
        np.testing.assert_allclose(one, expected, atol=5e-3)
    assert figure.monotone
    assert figure.jsd < 1e-4
    assert figure.value_at_best == pytest.approx(-log(4), abs=2e-4)
    np.testing.assert_allclose(figure.best[expected > 0.1], 0.5, atol=5e-3)
    assert np.isnan(figure.best[expected < 1e-5]).all()
    assert figure.rest == 0.5


def test_arrows_leave_z_at_equal_steps_of_the_prior():
    trainer = made(*NORMAL)
    straighten(trainer, -0.6, 0.5)
    figure = looked(trainer)
    assert figure.z.shape == (ARROWS,)
    normal = torch.distributions.Normal(0.0, 1.0)
    shares = normal.cdf(torch.from_numpy(figure.z)).numpy()
    np.testing.assert_allclose(shares, (np.arange(ARROWS) + 0.5) / ARROWS, atol=1e-6)
    np.testing.assert_allclose(figure.gz, -0.6 * figure.z + 0.5, atol=1e-6)
    assert figure.z_limits == (-3, 3)
    assert looked(made()).z_limits == (-1, 1)


def test_a_g_that_turns_back_has_no_density_by_change_of_variables():
    trainer = made(*NORMAL)
    straighten(trainer, 0.2, 1.0, wave=0.4)
    figure = looked(trainer)
    assert figure.monotone is False
    assert figure.exact is None
    assert figure.p_g.sum() * (figure.x[1] - figure.x[0]) == pytest.approx(1, abs=1e-4)


def test_more_numbers_in_z_give_samples_but_no_arrows():
    figure = looked(made(("noise.dim", 3)))
    assert figure.monotone is None
    assert figure.exact is None
    assert figure.z.shape == (0,)
    assert (np.diff(figure.gz) >= 0).all()
    assert figure.p_g.sum() * (figure.x[1] - figure.x[0]) == pytest.approx(1, abs=2e-3)


def test_the_value_of_the_game_is_what_samples_say():
    trainer = made(steps=30)
    figure = looked(trainer)
    network = trainer.players["discriminator"].network
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        real = network(trainer.data.density.sample(200_000, generator))
        fake = network(trainer.players["generator"].network(trainer.noise.draw(200_000, generator)))
    softplus = nn.functional.softplus
    assert figure.value == pytest.approx(-(softplus(-real).mean() + softplus(fake).mean()).item(), abs=5e-3)
    assert figure.value_at_best == pytest.approx(-log(4) + 2 * figure.jsd)
    assert figure.shortfall == pytest.approx(figure.value_at_best - figure.value)


def test_the_axis_follows_g_within_reason_and_counts_the_rest():
    trainer = made(*NORMAL)
    (low, high) = trainer.data.density.extent[0]
    straighten(trainer, 0.1, high + 1)
    near = looked(trainer)
    assert near.x[-1] > high + 1
    assert near.beyond == pytest.approx(0, abs=2e-3)
    straighten(trainer, 0.1, 1e3)
    far = looked(trainer)
    assert far.x[-1] <= high + (high - low)
    assert far.beyond == pytest.approx(1, abs=1e-6)
    assert far.jsd == pytest.approx(log(2), abs=1e-6)
    assert far.value_at_best == pytest.approx(0, abs=1e-6)


def test_label_smoothing_lowers_what_d_aims_at():
    plain, smooth = looked(made(("r1", 0.0))), looked(made(("r1", 0.0), ("label_smoothing", 0.9)))
    np.testing.assert_allclose(smooth.best, 0.9 * plain.best)
    assert smooth.rest == pytest.approx(0.45)
    assert smooth.value_at_best < -log(4) + 2 * smooth.jsd


def test_a_critic_is_shown_as_it_is_and_its_game_has_no_such_value():
    frame = DensityProbe().frame(made(("objective", "wasserstein")))
    figure = frame.figure
    assert not figure.probability
    assert figure.best is None
    assert figure.rest is None
    assert np.isnan([figure.value, figure.value_at_best, figure.shortfall]).all()
    assert frame.shortfall is None
    assert 0 <= frame.jsd <= log(2)


def test_least_squares_has_the_same_optimum_without_being_a_probability():
    figure = looked(made(("objective", "least-squares")))
    assert not figure.probability
    assert figure.best is not None
    assert np.isnan(figure.value)


def test_the_numbers_are_remembered_from_the_first_look_on():
    trainer, probe = made(), DensityProbe()
    for _ in range(4):
        figure = probe.frame(trainer).figure
        trainer.step()
    assert figure.trail["step"].tolist() == [0, 1, 2, 3]
    assert figure.trail["value"][-1] == figure.value
    again = probe.look(trainer)
    assert again().figure.trail["step"].tolist() == [0, 1, 2, 3, 4]


def test_a_trail_is_bounded_and_goes_back_with_the_run():
    trail = Trail(("a",))
    for step in range(3 * MOST):
        trail.add(step, [2.0 * step])
    arrays = trail.arrays()
    assert len(arrays["step"]) <= MOST
    assert arrays["step"][0] == 0
    assert arrays["step"][-1] == 3 * MOST - 1
    assert (np.diff(arrays["step"]) > 0).all()
    np.testing.assert_array_equal(arrays["a"], 2 * arrays["step"])
    trail.add(5, [1.0])
    assert trail.arrays()["step"][-1] == 5
    assert trail.arrays()["a"][-1] == 1


def _images() -> Trainer:
    experiment = files.preset("dcgan-mnist")
    for path, value in (("batch_size", 16), ("players.*.network.params.width", 4)):
        experiment, _ = change(experiment, path, value)
    return Trainer(experiment)


@pytest.mark.parametrize(("make", "dim"), [(lambda: made(preset="ring-8"), 2), (_images, 0)], ids=["plane", "images"])
def test_other_data_have_no_figure(make, dim):
    frame = DensityProbe().frame(make())
    assert frame.figure is None
    assert frame.dim == dim
    assert frame.jsd is None
    assert frame.shortfall is None


def condition(trainer: Trainer) -> tuple:
    networks = [player.network for player in trainer.players.values()]
    return (
        trainer.weights_sha256(),
        [one.get_state().tolist() for one in trainer.generators.values()],
        torch.get_rng_state().tolist(),
        str(trainer.sampler.state()),
        [[p.requires_grad for p in network.parameters()] for network in networks],
        [[p.grad is None for p in network.parameters()] for network in networks],
        [[m.training for m in network.modules()] for network in networks],
    )


@pytest.mark.parametrize("norm", ["none", "batch"])
@pytest.mark.parametrize("dim", [1, 3])
def test_a_look_leaves_the_trainer_as_it_is(norm, dim):
    edits = ("players.generator.network.params.norm", norm), ("noise.dim", dim)
    watched, alone = made(*edits, steps=2), made(*edits, steps=2)
    probe = DensityProbe()
    before = condition(watched)
    probe.frame(watched)
    assert condition(watched) == before
    for _ in range(3):
        compute = probe.look(watched)
        watched.step()  # the picture is computed while training goes on
        compute()
        alone.step()
    assert watched.weights_sha256() == alone.weights_sha256()


def test_what_was_published_is_not_written_again():
    trainer, probe = made(), DensityProbe()
    figure = probe.frame(trainer).figure
    kept = {name: np.copy(value) for name, value in vars(figure).items() if isinstance(value, np.ndarray)}
    trail = {name: value.copy() for name, value in figure.trail.items()}
    for _ in range(3):
        trainer.step()
        probe.frame(trainer)
    for name, value in kept.items():
        np.testing.assert_array_equal(getattr(figure, name), value)
    for name, value in trail.items():
        np.testing.assert_array_equal(figure.trail[name], value)
