"""The doctor's measurements, against what can be worked out by hand."""

import numpy as np
import pytest

from ganstudio.games.objectives.hinge import Hinge
from ganstudio.games.objectives.least_squares import LeastSquares
from ganstudio.games.objectives.non_saturating import NonSaturating
from ganstudio.games.objectives.relativistic_average import RelativisticAverage
from ganstudio.games.objectives.wasserstein import Wasserstein
from ganstudio.metrics.doctor import samples, windows
from ganstudio.metrics.doctor.copies import Library, likeness


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_spread_is_the_mean_distance_of_different_rows():
    assert samples.spread(np.float32([[0, 0], [3, 4], [0, 0]])) == pytest.approx(10 / 3)
    assert samples.spread(np.float32([[1e4, 0], [1e4, 1e-2]])) == pytest.approx(1e-2, rel=0.1), "far from the origin"


def test_the_energy_distance_of_two_points_and_of_the_same_law(random):
    one, other = np.zeros((5, 2), np.float32), np.full((7, 2), 3.0, np.float32)
    other[:3] = 0
    diversity, mismatch = samples.Reference(other).compare(one)
    breadth = np.sqrt(18) * 24 / 42
    assert diversity == 0
    assert mismatch == pytest.approx((2 * np.sqrt(18) * 4 / 7 - breadth) / breadth, rel=1e-5)
    x, y = random.normal(size=(2, 400, 2)).astype(np.float32)
    diversity, mismatch = samples.Reference(x).compare(y)
    assert diversity == pytest.approx(1, abs=0.1)
    assert abs(mismatch) < 0.02
    assert samples.Reference(x).compare(y + 1)[1] > 0.1
    assert samples.Reference(x).compare(3 * y)[0] == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize("real", [np.zeros((1, 3), np.float32), np.ones((4, 3), np.float32)])
def test_data_that_are_all_the_same_are_nothing_to_compare_with(real):
    assert np.isnan(samples.Reference(real).compare(np.eye(3, dtype=np.float32))).all()


@pytest.mark.parametrize(("shares", "count"), [([1.0, 0.0], 1), ([0.25] * 4, 4), ([0.5, 0.5, 0.0], 2)])
def test_equal_shares_count_as_so_many_modes(shares, count):
    assert samples.served(np.array(shares)) == pytest.approx(count)


def test_shrinking_takes_means_over_cells():
    image = np.arange(16, dtype=np.uint8).reshape(1, 4, 4, 1)
    assert samples.shrunk(image, 2, 2).squeeze().tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert samples.shrunk(image, 4, 4).squeeze().tolist() == image.squeeze().tolist()


def test_doubles_are_found_in_spite_of_a_little_noise(random):
    pictures = random.integers(0, 256, (6, 32, 32, 3), np.uint8)
    smooth = np.repeat(np.repeat(pictures[:, ::4, ::4], 4, 1), 4, 2)
    assert samples.duplicates(samples.hashes(smooth)) == 0
    noisy = np.clip(smooth[:1].astype(int) + random.integers(-4, 5, smooth[:1].shape), 0, 255).astype(np.uint8)
    assert samples.duplicates(samples.hashes(np.concatenate([smooth, noisy]))) == pytest.approx(2 / 7)
    assert np.isnan(samples.duplicates(samples.hashes(pictures[:, :4, :4])))


def test_the_auc_counts_pairs():
    assert samples.auc(np.array([1.0, 2.0]), np.array([0.0, -1.0])) == 1
    assert samples.auc(np.array([0.0, 2.0]), np.array([0.0, 1.0])) == pytest.approx((0.5 + 0 + 1 + 1) / 4)


def test_copies_have_one_near_neighbour_and_dull_pictures_many(random):
    images = random.integers(0, 256, (60, 8, 8, 1), np.uint8)
    library, places = Library(images), np.arange(40)
    usual = library.neighbours(images[places], places)
    assert (usual[:, 0] > 50).all(), "a picture is not its own neighbour"
    copies = np.clip(images[:20].astype(int) + 2, 0, 255).astype(np.uint8)
    nearness, second = likeness(library.neighbours(copies), usual)
    assert nearness < 0.05
    assert second < 0.05
    dull = np.full((20, 8, 8, 1), 128, np.uint8)
    nearness, second = likeness(library.neighbours(dull), usual)
    assert second > 0.9


def test_a_mirrored_copy_is_a_copy_where_images_are_mirrored(random):
    images = random.integers(0, 256, (30, 8, 8, 1), np.uint8)
    turned = images[:5, :, ::-1].copy()
    assert Library(images, mirrored=True).neighbours(turned)[:, 0].max() == 0
    assert Library(images).neighbours(turned)[:, 0].min() > 50


@pytest.mark.parametrize("objective", [NonSaturating(), LeastSquares(), Hinge(), RelativisticAverage()])
@pytest.mark.parametrize("target", [1.0, 0.9])
def test_the_share_of_the_loss_is_0_for_a_perfect_d_and_1_at_the_equilibrium(objective, target):
    rest = objective.equilibrium(target).discriminator_loss
    assert windows.loss_share(objective, rest, target) == pytest.approx(1)
    if target < 1 and (objective.probability or objective.relativistic):
        entropy = -(0.9 * np.log(0.9) + 0.1 * np.log(0.1))
        assert windows.loss_share(objective, entropy, target) == pytest.approx(0)
    else:
        assert windows.loss_share(objective, 0.0, target) == 0


def test_a_wasserstein_critic_has_no_least_loss():
    assert np.isnan(windows.loss_share(Wasserstein(), -3.0, 1.0))


def test_windows_leave_out_what_is_not_there():
    values = np.float32([np.nan, 1, 3, np.nan])
    assert (windows.mean(values), windows.median(values), windows.noise(values)) == (2, 2, 0.5)
    nothing = np.float32([np.nan])
    assert all(np.isnan(one(nothing)) for one in (windows.mean, windows.median, windows.noise))
    assert windows.largest([np.float32([-5, np.nan]), np.float32([2, 1])]).tolist() == [5, 1]
