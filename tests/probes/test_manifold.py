"""G's manifold: cells of equal probability, whose densities are those of the map."""

import numpy as np
import pytest
import torch

from ganstudio.networks.noise import Normal, Uniform
from ganstudio.probes.manifold import SIDE, TAIL, Warp, areas, lengths

TURN = np.array([[1.5, 0.4], [-0.3, 0.8]])


def looked(noise, generate, warp: Warp | None = None):
    """The manifold of a generator; None where the warp has no z for it."""
    warp = warp or Warp()
    z = warp.z(noise)
    return None if z is None else warp.manifold(generate(z))


def linear(z: torch.Tensor) -> np.ndarray:
    return z.double().numpy() @ TURN.T + (0.5, -1.0)


def wavy(z: torch.Tensor) -> np.ndarray:
    x, y = z.double().numpy().T
    return np.stack([x + 0.3 * np.sin(2 * y), y + 0.2 * np.cos(3 * x)], 1)


def uniform(dim: int, half_width: float = 1.0) -> Uniform:
    return Uniform(Uniform.Config(dim=dim, half_width=half_width))


def normal(dim: int) -> Normal:
    return Normal(Normal.Config(dim=dim))


@pytest.mark.parametrize("noise", [uniform(2), normal(2)], ids=["uniform", "normal"])
@pytest.mark.parametrize("generate", [linear, wavy])
def test_densities_times_areas_are_the_priors_mass(noise, generate):
    found = looked(noise, generate)
    sizes = areas(found.vertices.astype(np.float64))
    mass = 1.0 if noise.kind == "uniform" else (1 - 2 * TAIL) ** 2
    assert found.vertices.shape == (SIDE + 1, SIDE + 1, 2)
    assert float((found.density * sizes).sum()) == pytest.approx(mass, rel=1e-4)
    assert found.mass * SIDE**2 == pytest.approx(mass)


def test_a_linear_map_of_a_uniform_prior_has_one_density_everywhere():
    found = looked(uniform(2, 0.7), linear)
    exact = 1 / (1.4**2 * abs(np.linalg.det(TURN)))
    np.testing.assert_allclose(found.density, exact, rtol=1e-4)


def test_a_linear_map_of_a_normal_prior_is_densest_in_the_middle_and_right_there():
    found = looked(normal(2), linear)
    exact = 1 / (2 * np.pi * abs(np.linalg.det(TURN)))
    middle = found.density[SIDE // 2 - 1 : SIDE // 2 + 1, SIDE // 2 - 1 : SIDE // 2 + 1]
    np.testing.assert_allclose(middle, exact, rtol=0.03)
    assert found.density.max() == middle.max()


@pytest.mark.parametrize("noise", [uniform(1), normal(1)], ids=["uniform", "normal"])
def test_a_curve_has_its_mass_along_its_length(noise):
    def circle(z: torch.Tensor) -> np.ndarray:
        angle = z.double().numpy()[:, 0]
        return np.stack([np.cos(angle), np.sin(angle)], 1)

    found = looked(noise, circle)
    mass = 1.0 if noise.kind == "uniform" else 1 - 2 * TAIL
    assert float((found.density * lengths(found.vertices.astype(np.float64))).sum()) == pytest.approx(mass, rel=1e-3)
    if noise.kind == "uniform":
        np.testing.assert_allclose(found.density, 0.5, rtol=1e-2)


def test_a_folded_cell_counts_both_its_triangles_and_a_flat_one_stays_finite():
    bow = np.array([[[0.0, 0.0], [1.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]])
    assert areas(bow)[0, 0] > 0
    square = np.array([[[0.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [3.0, 2.0]]])
    assert areas(square)[0, 0] == 6
    flat = looked(uniform(2), lambda z: np.zeros((len(z), 2)))
    assert np.isfinite(flat.density).all()


def test_another_prior_has_another_grid_and_a_z_of_three_none():
    warp = Warp()
    first = looked(uniform(2, 1.0), linear, warp)
    second = looked(uniform(2, 2.0), linear, warp)
    np.testing.assert_allclose(second.density, first.density / 4, rtol=1e-4)
    assert looked(uniform(3), linear, warp) is None
