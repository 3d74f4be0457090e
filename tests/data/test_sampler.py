"""The order in which a run sees its data."""

import pytest
import torch

from ganstudio.data.sampler import EpochSampler
from ganstudio.experiment.errors import StudioError


def test_every_sample_comes_once_an_epoch():
    sampler = EpochSampler(103, seed=1)
    drawn = torch.cat([sampler.next(10) for _ in range(103)])  # ten epochs in batches that straddle them
    for epoch in drawn.view(10, 103):
        assert torch.equal(epoch.sort().values, torch.arange(103))
    assert not torch.equal(drawn[:103], drawn[103:206])


def test_batches_may_change_size_on_the_way():
    sampler, sizes = EpochSampler(50, seed=2), [1, 50, 7, 49, 3, 40]
    drawn = [sampler.next(size) for size in sizes]
    assert [len(batch) for batch in drawn] == sizes
    flat = torch.cat(drawn)
    for epoch in flat.view(3, 50):
        assert torch.equal(epoch.sort().values, torch.arange(50))


def test_the_order_does_not_depend_on_the_batch_size():
    small, large = EpochSampler(60, seed=3), EpochSampler(60, seed=3)
    assert torch.equal(torch.cat([small.next(4) for _ in range(45)]), torch.cat([large.next(60) for _ in range(3)]))


def test_seeds_give_different_orders_and_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    assert not torch.equal(EpochSampler(100, seed=1).next(100), EpochSampler(100, seed=2).next(100))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("batches", [0, 3, 10, 23])
def test_a_restored_sampler_goes_on_with_the_same_sequence(batches):
    sampler = EpochSampler(100, seed=5)
    for _ in range(batches):
        sampler.next(10)
    other = EpochSampler(100, seed=99)
    other.load(sampler.state())
    for size in (10, 33, 100, 1):
        assert torch.equal(sampler.next(size), other.next(size))


def test_a_batch_larger_than_the_data_is_refused():
    sampler = EpochSampler(10, seed=0)
    with pytest.raises(StudioError, match=r"batch_size: .*larger than the data set"):
        sampler.next(11)
    assert len(sampler.next(10)) == 10
