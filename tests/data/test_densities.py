"""Every source of points: its density is a density, its samples follow it, its modes are where they should be."""

import numpy as np
import pytest
import torch

from ganstudio.data.densities.density import GOOD_SIGMAS
from ganstudio.data.densities.histogram import Histogram
from ganstudio.data.densities.levels import connected, parts, spread
from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.densities.pinwheel import Pinwheel
from ganstudio.data.densities.skew_normal import SkewNormal
from ganstudio.data.points import PointsSource
from ganstudio.experiment.registry import registry

KINDS = [
    kind
    for kind, source in registry.kinds("data").items()
    if issubclass(source, PointsSource) and "path" not in source.Config.model_fields
]
MODES = {
    "ring": 8, "grid": 25, "two-gaussians": 2, "disjoint": 3, "moons": 2, "spiral": 2, "swiss-roll": 1, "line": 1,
    "circle": 1, "pinwheel": 5, "normal": 1, "mixture": 2, "uniform": 1, "skew-normal": 1, "drawn-curve": 2,
    "drawn-plane": 4,
}  # fmt: skip
SAMPLES = 20_000


def density(kind: str, **params):
    source = registry.build("data", kind, params)
    assert isinstance(source, PointsSource)
    return source.density()


def sampled(one, count: int = SAMPLES, seed: int = 0) -> np.ndarray:
    return one.sample(count, torch.Generator().manual_seed(seed)).double().numpy()


def midpoints(extent, cells: int) -> tuple[np.ndarray, float]:
    """(N, dim) middles of a grid's cells, and a cell's size."""
    sides = [(high - low) / cells for low, high in extent]
    axes = [low + side * (np.arange(cells) + 0.5) for (low, _), side in zip(extent, sides, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, len(extent)), float(np.prod(sides))


def test_every_source_of_points_is_tested():
    assert MODES.keys() == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_density_integrates_to_one_over_its_extent(kind):
    one = density(kind)
    points, size = midpoints(one.extent, 4000 if one.dim == 1 else 400)
    exactness = 0.015 if isinstance(one, Histogram) else 1e-4  # a grid of points misses a histogram's steps
    assert one.density(points).sum() * size == pytest.approx(1, abs=exactness)
    assert np.allclose(np.exp(one.log_density(points[::97])), one.density(points[::97]))


@pytest.mark.parametrize("kind", KINDS)
def test_samples_follow_the_density(kind):
    """Pearson's χ² over cells that expect at least ten samples: the mean of (o − e)²/e is near 1."""
    one = density(kind)
    cells, fine = (60, 20) if one.dim == 1 else (24, 12)
    points, size = midpoints(one.extent, cells * fine)
    mass = one.density(points) * size
    if one.dim == 1:
        blocks = mass.reshape(cells, fine).sum(1)
    else:
        blocks = mass.reshape(cells, fine, cells, fine).sum((1, 3)).ravel()
    found, _ = np.histogramdd(sampled(one), cells, one.extent)
    expected = blocks * SAMPLES
    enough = expected >= 10
    assert expected[enough].sum() > 0.9 * SAMPLES
    ratios = (found.ravel()[enough] - expected[enough]) ** 2 / expected[enough]
    assert ratios.mean() < 1 + 5 * np.sqrt(2 / enough.sum()) + 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_draws_come_from_the_generator_alone(kind):
    one, before = density(kind), torch.get_rng_state()
    assert np.array_equal(sampled(one, 100, 3), sampled(one, 100, 3))
    assert not np.array_equal(sampled(one, 100, 3), sampled(one, 100, 4))
    assert torch.equal(torch.get_rng_state(), before)
    assert one.sample(5, torch.Generator()).shape == (5, one.dim)
    assert one.sample(5, torch.Generator()).dtype == torch.float32


@pytest.mark.parametrize("kind", KINDS)
def test_modes_are_distinct_and_samples_are_good(kind):
    one = density(kind)
    assert one.modes.shape == (MODES[kind], one.dim)
    assert len(np.unique(one.modes.round(6), axis=0)) == MODES[kind]
    of_modes = one.belonging(one.modes)
    assert of_modes.mode.tolist() == list(range(MODES[kind]))
    found = one.belonging(sampled(one, 4000))
    assert (found.distance <= GOOD_SIGMAS).mean() == pytest.approx(0.993, abs=0.008)
    assert set(found.mode) == set(range(MODES[kind]))
    far = one.belonging(np.full((3, one.dim), 50.0))
    assert (far.distance > GOOD_SIGMAS).all()


@pytest.mark.parametrize("kind", KINDS)
def test_coordinates_are_of_order_one(kind):
    assert np.abs(density(kind).extent).max() <= 6
    assert np.abs(sampled(density(kind), 2000)).mean() <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_masses_of_cells_are_the_shares_of_samples_in_them(kind):
    one = density(kind)
    edges = [np.linspace(low, high, 12) for low, high in one.extent]
    shares = np.histogramdd(sampled(one), edges)[0] / SAMPLES
    masses = one.masses(*(np.linspace(low, high, 11 * 32 + 1) for low, high in one.extent))
    for axis in range(one.dim):
        masses = np.add.reduceat(masses, np.arange(0, 11 * 32, 32), axis)
    assert masses.sum() == pytest.approx(1, abs=1e-3)
    assert np.abs(shares - masses).max() < 5 * np.sqrt(masses.max() / SAMPLES)


def test_masses_are_exact_however_narrow_the_modes():
    # The second cell reaches from a mean to 1σ beyond it.
    narrow = Mixture(np.array([[0.0], [3.0]]), 1e-3, np.array([1, 3]))
    found = narrow.masses(np.array([-4, 0, 1e-3, 2, 4]))
    assert found == pytest.approx([0.125, 0.25 * 0.3413447, 0.25 * 0.1586553, 0.75], abs=1e-7)
    tail = Mixture(np.zeros((1, 2)), 1.0).masses(np.array([9.0, 10]), np.array([-np.inf, 0, np.inf]))
    assert tail[0] == pytest.approx(np.full(2, 0.5 * 1.1286e-19), rel=1e-3)
    stripes = Histogram(np.array([[0.0, 1], [2, 1]]), (0, 0), (2, 2))
    found = stripes.masses(np.array([-1, 0.5, 2, 5]), np.array([0, 1.5]))
    assert found[:, 0] == pytest.approx([0.25 / 4, (0.25 + 2 + 0.5) / 4, 0])


def test_a_mixture_is_the_formula():
    one = Mixture(np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([[0.5, 1.0], [0.2, 0.3]]), np.array([3.0, 1.0]))
    x = np.array([[0.3, -0.4], [1.9, 0.2]])

    def bell(value, middle, sigma):
        return np.exp(-0.5 * ((value - middle) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))

    expected = 0.75 * bell(x[:, 0], 0, 0.5) * bell(x[:, 1], 1, 1) + 0.25 * bell(x[:, 0], 2, 0.2) * bell(x[:, 1], 0, 0.3)
    assert np.allclose(one.density(x), expected)
    belonging = one.belonging(np.array([[2.4, 0.3], [0.0, 3.0]]))
    assert belonging.mode.tolist() == [1, 0]
    assert np.allclose(belonging.distance, [np.sqrt(5), 2])


def test_a_chain_of_gaussians_is_a_curve_of_constant_density():
    one = density("line", ends=[-1.0, 0.0, 1.0, 0.0], sigma=0.05)
    along = np.stack([np.linspace(-0.7, 0.7, 999), np.zeros(999)], 1)
    values = one.density(along)
    assert np.ptp(values) / values.mean() < 1e-6
    assert len(one.modes) == 1
    assert one.belonging(np.array([[0.31, 0.1]])).distance == pytest.approx(2, abs=0.05)


def test_a_closed_curve_has_no_seam():
    one = density("circle", width=2.0, height=2.0, centre=[0.5, -3.0], sigma=0.05)
    angles = np.linspace(0, 2 * np.pi, 500)
    values = one.density(np.stack([0.5 + np.cos(angles), np.sin(angles) - 3], 1))
    assert values.min() > 1
    assert np.ptp(values) / values.mean() < 1e-3


def test_a_skew_normal_without_skew_is_normal_and_with_it_has_its_moments():
    x = np.linspace(-4, 6, 50)[:, None]
    assert np.allclose(SkewNormal(1, 0.7, 0).density(x), Mixture(np.array([[1.0]]), 0.7).density(x))
    delta = 5 / np.sqrt(26)
    drawn = sampled(SkewNormal(-1, 2, 5), 200_000)
    assert drawn.mean() == pytest.approx(-1 + 2 * delta * np.sqrt(2 / np.pi), abs=0.01)
    assert drawn.std() == pytest.approx(2 * np.sqrt(1 - 2 * delta**2 / np.pi), abs=0.01)
    assert np.allclose(SkewNormal(0, 1, 3).density(x), SkewNormal(0, 1, -3).density(-x))


def test_a_pinwheel_without_twist_is_its_mixture():
    plain = Pinwheel(2, 1.0, 0.3, 0.1, 0.0)
    mixture = Mixture(np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([[0.3, 0.1]] * 2))
    points, _ = midpoints(plain.extent, 40)
    assert np.allclose(plain.density(points), mixture.density(points))
    twisted = Pinwheel(2, 1.0, 0.3, 0.1, 1.0)
    assert np.allclose(twisted.density(twisted.modes), mixture.density(mixture.modes))


def test_distances_in_a_histogram_of_a_gaussian_are_its_own():
    edges = np.linspace(-5, 5, 401)
    middle = (edges[1:] + edges[:-1]) / 2
    line = Histogram(np.exp(-0.5 * middle**2), (-5.0,), (5.0,))
    x = np.array([0.1, 1.0, -2.0, 2.9])
    assert np.allclose(line.belonging(x[:, None]).distance, np.abs(x), atol=0.03)
    plane = Histogram(np.exp(-0.5 * (middle[:, None] ** 2 + middle**2)), (-5.0, -5.0), (5.0, 5.0))
    assert np.allclose(plane.belonging(np.stack([x, 0.01 * x], 1)).distance, np.abs(x), atol=0.03)
    assert plane.belonging(np.array([[6.0, 0.0]])).distance[0] == np.inf
    assert plane.density(np.array([[6.0, 0.0], [np.nan, 0.0]])).tolist() == [0, 0]


def test_cells_are_where_they_were_put():
    one = Histogram(np.array([[1.0, 0.0], [0.0, 3.0], [0.0, 0.0]]), (0.0, 10.0), (3.0, 12.0))
    assert one.density(np.array([[0.5, 10.5], [1.5, 11.5], [2.5, 11.0], [1.5, 10.5]])).tolist() == [0.25, 0.75, 0, 0]
    drawn = sampled(one, 1000)
    upper = drawn[:, 1] > 11
    assert upper.mean() == pytest.approx(0.75, abs=0.05)
    assert ((drawn[upper, 0] > 1) & (drawn[upper, 0] < 2)).all()


def test_connected_parts_of_a_labyrinth():
    text = """
    #####..#
    #...#..#
    #.#.#...
    #.###.#.
    #.....#.
    """
    region = np.array([[sign == "#" for sign in row] for row in text.split()])
    labels = connected(region)
    assert len(np.unique(labels[region])) == 3
    assert (labels[~region] == -1).all()
    grown = spread(labels)
    assert (grown >= 0).all()
    assert (grown[region] == labels[region]).all()
    assert grown[4, 4] in labels[region]


def test_specks_are_no_modes():
    heights = np.zeros(100)
    heights[10:30], heights[60:80], heights[90] = 1, 1, 0.3
    assert parts(heights, heights / heights.sum()).max() == 1
    assert len(Histogram(heights, (0.0,), (1.0,)).modes) == 2


def test_a_ring_has_as_many_modes_as_asked_for_and_all_at_its_radius():
    one = density("ring", count=8, radius=2.0)
    assert np.allclose(np.hypot(*one.modes.T), 2)
    gaps = np.hypot(*(one.modes - np.roll(one.modes, 1, 0)).T)
    assert np.allclose(gaps, gaps[0])


@pytest.mark.parametrize("twist", [1.0, 3.0])
def test_the_masses_of_a_pinwheel_are_right_in_cells_larger_than_its_arms_are_thin(twist):
    pinwheel = Pinwheel(5, 1.2, 0.35, 0.08, twist)
    edges = [np.linspace(low, high, 25) for low, high in pinwheel.extent]
    points = pinwheel.sample(100_000, torch.Generator().manual_seed(1)).double().numpy()
    masses, found = pinwheel.masses(*edges), np.histogramdd(points, edges)[0]
    counted = masses * len(points) > 20
    deviation = (found - masses * len(points))[counted] / np.sqrt(masses[counted] * len(points))
    assert masses.sum() == pytest.approx(1, abs=1e-3)
    assert (deviation**2).mean() == pytest.approx(1, abs=0.3)  # no more than chance has it
