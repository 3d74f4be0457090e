"""The priors of z: what they say of themselves is what they draw."""

from math import inf, sqrt

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
