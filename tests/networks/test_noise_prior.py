"""The priors of z: what they say of themselves is what they draw."""

from math import inf, sqrt

import numpy as np
import pytest
import torch

from ganstudio.networks.noise import Noise, Normal, Uniform


@pytest.mark.parametrize(
    ("noise", "std", "limit"),
    [
        (Normal(), 1.0, inf),
        (Uniform(), 1.0, sqrt(3)),
        (Uniform(Uniform.Config(half_width=1.0)), 1 / sqrt(3), 1.0),
    ],
)
def test_spread_and_limit_are_those_of_the_draws(noise: Noise, std: float, limit: float):
    z = noise.draw(2000, torch.Generator().manual_seed(0))
    assert noise.std == pytest.approx(std)
    assert noise.limit == pytest.approx(limit)
    assert z.std().item() == pytest.approx(std, rel=0.01)
    assert z.abs().max() <= limit
    assert z.mean().abs() < 0.01


@pytest.mark.parametrize("noise", [Normal(), Uniform(), Uniform(Uniform.Config(half_width=0.3))])
def test_quantiles_and_density_are_those_of_the_draws(noise: Noise):
    shares = np.linspace(0.05, 0.95, 19)
    places = noise.quantile(shares)
    drawn = noise.draw(2000, torch.Generator().manual_seed(0)).double().numpy()
    for share, place in zip(shares, places, strict=True):
        assert (drawn < place).mean() == pytest.approx(share, abs=0.01)
    z = np.linspace(-9, 9, 20_001)
    assert noise.density(z).sum() * (z[1] - z[0]) == pytest.approx(1, abs=5e-3)
    between = (z > places[0]) & (z < places[-1])
    assert noise.density(z)[between].sum() * (z[1] - z[0]) == pytest.approx(0.9, abs=5e-3)
