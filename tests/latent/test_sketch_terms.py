"""Each term of a sketch's energy: its value where it is known in closed form, and its gradient against differences."""

import numpy as np
import pytest
import torch

from ganstudio.latent.sketch_terms import (
    as_images,
    colour_term,
    edge_histogram,
    edge_term,
    near_term,
    reach_term,
    realism_term,
)


@pytest.fixture
def images() -> torch.Tensor:
    return torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def stripes(vertical: bool) -> torch.Tensor:
    """One image of 16 × 16 with two halves."""
    image = torch.ones(1, 1, 16, 16, dtype=torch.float64)
    image[..., 8:] = -1
    return image if vertical else image.mT


def agrees(term, inputs: torch.Tensor) -> bool:
    """Whether the gradient is that of finite differences."""
    return torch.autograd.gradcheck(term, inputs.clone().requires_grad_(), eps=1e-6, atol=1e-6)


def test_the_colour_term_is_the_weighted_mean_square(images):
    targets, weights = images[0] + 0.5, torch.zeros(8, 8, dtype=torch.float64)
    weights[2, 3], weights[4, 5] = 1.0, 0.5
    assert colour_term(images[:1], targets, weights).item() == pytest.approx(0.25)
    x = images[:1].clone().requires_grad_()
    (gradient,) = torch.autograd.grad(colour_term(x, targets, weights).sum(), x)
    np.testing.assert_allclose(gradient[0], 2 * (x[0] - targets).detach() * weights / 3 / 1.5)


def test_nothing_painted_pulls_nowhere(images):
    nothing = torch.zeros(8, 8, dtype=torch.float64)
    assert not colour_term(images, images[0], nothing).any()
    assert not edge_term(images, nothing).any()


def test_the_histogram_sees_orientation_but_neither_the_side_nor_the_sign():
    upright, lying = (edge_histogram(stripes(vertical), 4)[0].sum((1, 2)) for vertical in (True, False))
    assert upright.argmax() == 0
    assert lying.argmax() == 3
    torch.testing.assert_close(upright.roll(3), lying)
    torch.testing.assert_close(edge_histogram(-stripes(True), 4), edge_histogram(stripes(True), 4))


def test_an_image_with_the_drawn_edge_has_less_error_than_without_or_across():
    line = torch.zeros(16, 16, dtype=torch.float64)
    line[:, 8] = 1
    along, across, flat = (edge_term(x, line).item() for x in (stripes(True), stripes(False), 0 * stripes(True)))
    assert along < 0.05
    assert flat == pytest.approx(1, abs=0.1)
    assert across > 0.7


def test_the_edge_term_has_the_gradient_of_its_differences(images):
    line = torch.zeros(8, 8, dtype=torch.float64)
    line[:, 3] = 1
    assert agrees(lambda x: edge_term(x, line), images)


def test_the_near_term_is_2_between_two_draws_and_pulls_straight_back():
    z, z0 = (torch.randn(20_000, dtype=torch.float64, generator=torch.Generator().manual_seed(k)) for k in (1, 2))
    assert near_term(3 * z[None], 3 * z0, 3.0).item() == pytest.approx(2, abs=0.1)
    x = z[None, :4].clone().requires_grad_()
    (gradient,) = torch.autograd.grad(near_term(x, z0[:4], 1.5).sum(), x)
    torch.testing.assert_close(gradient[0], 2 * (z - z0)[:4] / 4 / 1.5**2)


def test_the_reach_term_holds_only_what_is_longer_than_draws():
    z = torch.tensor([[0.5, 1.0, -0.5], [3.0, 0.0, 0.0]], dtype=torch.float64)
    assert reach_term(z, 1.0).tolist() == [0, 4]
    assert agrees(lambda x: reach_term(x, 1.0), z)


def test_the_realism_term_is_minus_log_d(images):
    logits = torch.tensor([-3.0, 0.0, 2.0], dtype=torch.float64)
    torch.testing.assert_close(realism_term(logits), -torch.sigmoid(logits).log())
    assert agrees(realism_term, logits)


def test_bytes_become_images_of_the_range_that_g_has():
    found = as_images(torch.tensor([[[0, 255, 51]]], dtype=torch.uint8))
    assert found.shape == (3, 1, 1)
    torch.testing.assert_close(found.flatten(), torch.tensor([-1.0, 1.0, -0.6]))
