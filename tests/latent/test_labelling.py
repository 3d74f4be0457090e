"""Logistic regression on labelled z: the right direction, an honest accuracy, and finite numbers whatever comes."""

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.labelling import (
    FOLDS,
    MOST_LEFT_OUT,
    FitLabels,
    fit_labels,
    fitted,
    judged,
    labelled,
    loss_and_gradient,
    splits,
)


def drawn(count: int, dim: int = 20, seed: int = 0, noise: float = 0.0):
    """z from N(0, I), labelled by the sign of z along a known direction."""
    dice = np.random.default_rng(seed)
    truth = dice.normal(size=dim)
    truth /= np.linalg.norm(truth)
    z = dice.normal(size=(count, dim)).astype(np.float32)
    return z, z @ truth + noise * dice.normal(size=count) > 0, truth


def test_a_known_direction_is_recovered_the_better_the_more_is_labelled():
    cosines = []
    for count in (30, 200, 1500):
        z, labels, truth = drawn(count)
        found = labelled(z, labels)
        assert np.linalg.norm(found.vector) == pytest.approx(1)
        cosines.append(found.vector @ truth)
    assert cosines == sorted(cosines)
    assert cosines[0] > 0.6
    assert cosines[-1] > 0.98


def test_the_direction_and_threshold_are_read_in_sigmas_and_the_strength_in_zs_own_units():
    z, labels, _ = drawn(200)
    one = labelled(z, labels)
    wide = labelled(z * np.float32(0.25), labels, std=0.25)
    np.testing.assert_allclose(wide.vector, one.vector, atol=1e-9)
    assert wide.threshold == pytest.approx(one.threshold)
    assert wide.strength == pytest.approx(one.strength / 4)
    apart = (z[labels].mean(0) - z[~labels].mean(0)) @ one.vector
    assert one.strength == pytest.approx(apart, rel=1e-6)
    assert apart > 0


def test_cross_validated_accuracy_is_that_on_fresh_samples():
    z, labels, _ = drawn(4000, noise=0.3)
    found = labelled(z[:300], labels[:300])
    fresh = (z[300:] @ found.vector > found.threshold) == labels[300:]
    assert found.accuracy == pytest.approx(fresh.mean(), abs=3 * found.error)
    assert 0.005 < found.error < 0.04
    assert (found.have + found.have_not, found.folds) == (300, FOLDS)


@pytest.mark.parametrize(("count", "share"), [(24, 0.5), (24, 0.25), (200, 0.15)])
def test_shuffled_labels_give_about_a_half_whatever_the_sides_shares(count, share):
    accuracies = []
    for seed in range(12):
        dice = np.random.default_rng(seed)
        labels = dice.permutation(np.arange(count) < share * count)
        accuracies.append(labelled(dice.normal(size=(count, 16)).astype(np.float32), labels).accuracy)
    assert np.mean(accuracies) == pytest.approx(0.5, abs=0.09)


def test_separable_sides_stay_finite_and_certain_of_nothing():
    z = np.zeros((6, 300), np.float32)
    z[:, 7] = [1, 2, 3, -1, -2, -3]
    found = labelled(z, z[:, 7] > 0)
    np.testing.assert_allclose(found.vector, np.eye(300)[7], atol=1e-9)
    assert found.accuracy == 1
    assert found.error > 0.1
    assert found.folds == 6
    assert np.isfinite(fitted(1e4 * z[:, :20].astype(float), z[:, 7] > 0)).all()


def test_the_gradient_is_that_of_the_loss_and_vanishes_at_the_fit():
    z, labels, _ = drawn(25, dim=6, noise=0.5)
    weights = np.random.default_rng(1).normal(size=7)
    _, gradient, p = loss_and_gradient(weights, z, labels, 0.7)
    np.testing.assert_allclose(p, 1 / (1 + np.exp(-(z @ weights[:-1] + weights[-1]))), rtol=1e-6)
    for index, slope in enumerate(gradient):
        step = 1e-5 * np.eye(7)[index]
        ends = [loss_and_gradient(weights + way * step, z, labels, 0.7)[0] for way in (1, -1)]
        assert slope == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-4, abs=1e-5)
    assert np.abs(loss_and_gradient(fitted(z, labels, 0.7), z, labels, 0.7)[1]).max() < 1e-4


def test_few_samples_are_left_out_one_by_one_and_many_in_stratified_seeded_parts():
    np.testing.assert_array_equal(splits(np.arange(MOST_LEFT_OUT) > 5, 0), np.arange(MOST_LEFT_OUT))
    labels = np.arange(97) < 23
    folds = splits(labels, seed=3)
    for side in (labels, ~labels):
        sizes = np.bincount(folds[side], minlength=FOLDS)
        assert sizes.max() - sizes.min() <= 1
    assert np.ptp(np.bincount(folds)) <= 1
    np.testing.assert_array_equal(folds, splits(labels, seed=3))
    assert (folds != splits(labels, seed=4)).any()


def test_the_error_is_that_of_either_sides_share():
    right = np.array([True] * 90 + [False] * 10 + [True] * 50 + [False] * 50)
    accuracy, error = judged(right, np.arange(200) < 100)
    assert accuracy == pytest.approx(0.7)
    assert error == pytest.approx(0.5 * np.hypot(0.03, 0.05), rel=0.06)


def test_the_direction_comes_first_and_the_accuracy_last():
    z, labels, _ = drawn(30)
    found = list(fit_labels(FitLabels(z, labels)))
    assert [share for share, _ in found] == pytest.approx([(i + 1) / 31 for i in range(31)])
    assert found[0][1].accuracy is None
    assert found[-1][1].accuracy is not None
    np.testing.assert_array_equal(found[0][1].vector, found[-1][1].vector)


@pytest.mark.parametrize(("have", "have_not"), [(0, 9), (2, 9), (9, 2)])
def test_too_few_of_a_side_are_refused_with_both_counts(have, have_not):
    z, labels = np.ones((have + have_not, 4), np.float32), np.arange(have + have_not) < have
    with pytest.raises(StudioError, match=f"at least 3.*{have} have it and {have_not} have not"):
        labelled(z, labels)


def test_numbers_that_are_none_and_sides_that_are_the_same_are_refused():
    with pytest.raises(StudioError, match="finite"):
        labelled(np.full((8, 3), np.nan, np.float32), np.arange(8) < 4)
    with pytest.raises(StudioError, match="one a label"):
        labelled(np.zeros((8, 3), np.float32), np.arange(7) < 4)
    with pytest.raises(StudioError, match="the same"):
        labelled(np.zeros((8, 3), np.float32), np.arange(8) < 4)
