"""The products of fully connected layers are the same whichever library computes them."""

import threading

import pytest
import torch

from ganstudio.networks.products import ONEDNN, WORTH, affine, back
from ganstudio.training.cores import keep_to_one_core

LARGE, SMALL = (64, 256, 128), (3, 5, 4)
"""(N, i, o) on both sides of the size from which on oneDNN computes."""


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [LARGE, SMALL])
@pytest.mark.parametrize("biased", [True, False])
def test_products_are_those_of_double_precision(rows, inputs, outputs, biased):
    draws = torch.Generator().manual_seed(1)
    x, weight = torch.randn(rows, inputs, generator=draws), torch.randn(outputs, inputs, generator=draws)
    bias = torch.randn(outputs, generator=draws) if biased else None
    gradient = torch.randn(rows, outputs, generator=draws)
    expected = x.double() @ weight.double().t() + (bias.double() if biased else 0)
    torch.testing.assert_close(affine(x, weight, bias).double(), expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(
        back(gradient, weight).double(), gradient.double() @ weight.double(), atol=1e-4, rtol=1e-4
    )


@pytest.mark.skipif(not ONEDNN, reason="this build of torch has no oneDNN")
def test_large_products_go_to_onednn_and_only_those():
    rows, inputs, outputs = LARGE
    assert SMALL[0] * SMALL[1] * SMALL[2] < WORTH <= rows * inputs * outputs
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as seen:
        for shape in (LARGE, SMALL):
            affine(torch.ones(shape[0], shape[1]), torch.ones(shape[2], shape[1]), None)
        affine(torch.ones(rows, inputs).double(), torch.ones(outputs, inputs).double(), None)
    calls = {event.key: event.count for event in seen.key_averages()}
    assert calls["mkldnn::_linear_pointwise"] == 1
    assert calls["aten::linear"] == 2


def moved(values: torch.Tensor, by: int) -> torch.Tensor:
    """The same numbers, beginning so many of them later in memory."""
    room = torch.empty(values.numel() + by)[by:].view(values.shape)
    return room.copy_(values)


@pytest.mark.usefixtures("two_threads")
def test_a_product_is_the_same_to_the_bit_wherever_it_lies_and_whoever_has_computed_it_before():
    """oneDNN keeps what it has compiled for a shape, for all threads of the process."""
    draws = torch.Generator().manual_seed(2)
    x, weight = torch.randn(64, 512, generator=draws), torch.randn(300, 512, generator=draws)
    gradient = torch.randn(64, 300, generator=draws)

    def products(by: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
        there = moved(weight, 2 * by)
        return affine(moved(x, by), there, None), back(moved(gradient, by), there)

    def beside() -> None:
        keep_to_one_core()
        products()

    expected = products()
    other = threading.Thread(target=beside)
    other.start()
    other.join()
    assert torch.get_num_threads() == 2
    for by in (0, 1, 3):
        assert all(torch.equal(one, found) for one, found in zip(expected, products(by), strict=True))
