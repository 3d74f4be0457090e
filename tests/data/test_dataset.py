"""Batches of real data: their range, layout and price; what fits on a device; the mean."""

from time import perf_counter

import pytest
import torch

from ganstudio.data import dataset
from ganstudio.data.dataset import ImageData, existing, fits
from ganstudio.data.describe import describe
from ganstudio.experiment.errors import StudioError


def images(count=10, size=8, channels=3):
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (count, size, size, channels), generator=generator, dtype=torch.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_batch_holds_the_chosen_samples_in_minus_one_to_one(channels):
    pixels = images(channels=channels)
    data = ImageData(pixels, torch.arange(10), [str(label) for label in range(10)])
    batch = data.batch(torch.tensor([7, 0, 7]))
    assert torch.equal(batch.y, torch.tensor([7, 0, 7]))
    assert batch.x.shape == (3, channels, 8, 8)
    assert batch.x.min() >= -1
    assert batch.x.max() <= 1
    expected = pixels[[7, 0, 7]].permute(0, 3, 1, 2) / 127.5 - 1
    assert torch.allclose(batch.x, expected, atol=1e-6)


def test_black_is_minus_one_and_white_is_one():
    data = ImageData(torch.tensor([0, 255], dtype=torch.uint8).view(2, 1, 1, 1))
    assert data.batch(torch.tensor([0, 1])).x.flatten().tolist() == [-1.0, 1.0]


@pytest.mark.parametrize("channels", [1, 3])
def test_batches_lie_channels_last_in_memory(channels):
    batch = ImageData(images(channels=channels)).batch(torch.arange(5))
    assert batch.x.is_contiguous(memory_format=torch.channels_last)


def test_batches_are_aligned_as_torch_aligns_so_that_matrix_products_repeat():
    data = ImageData(images(channels=1))
    kept = [data.batch(torch.arange(count % 10 + 1)).x for count in range(50)]
    assert all(x.data_ptr() % 64 == 0 for x in kept)


def test_a_batch_of_mnist_is_nearly_free():
    data = ImageData(torch.zeros(60000, 28, 28, 1, dtype=torch.uint8))
    order = torch.randperm(60000, generator=torch.Generator().manual_seed(0)).split(64)
    times = []
    for indices in order[:300]:
        begin = perf_counter()
        data.batch(indices)
        times.append(perf_counter() - begin)
    assert sorted(times)[100] < 0.2e-3  # a third of them, as the machine may be busy


def test_the_mean_is_that_of_the_pixels_and_the_same_for_any_thread_count():
    data = ImageData(images(1000, 16, 3))
    assert torch.allclose(data.mean(), data.images.double().mean(0).permute(2, 0, 1).float() / 255, atol=1e-6)
    threads = torch.get_num_threads()
    means = []
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            means.append(data.mean())
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(*means)


def test_sums_of_the_mean_are_exact_in_float32():
    assert dataset.MEAN_IMAGES * 255 < 2**24


def test_images_of_another_shape_or_type_are_refused():
    with pytest.raises(ValueError, match="uint8"):
        ImageData(torch.zeros(3, 8, 8, 1))
    with pytest.raises(ValueError, match="uint8"):
        ImageData(torch.zeros(3, 8, 8, dtype=torch.uint8))


def test_data_may_take_half_of_the_free_memory_of_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1000, 8000))
    cuda = torch.device("cuda")
    assert fits(500, cuda)
    assert not fits(501, cuda)
    assert fits(10**18, torch.device("cpu"))


def test_data_that_do_not_fit_stay_where_they_are_and_remember_where_batches_go(monkeypatch):
    monkeypatch.setattr(dataset, "fits", lambda nbytes, device: False)
    data = ImageData(images(), torch.arange(10), held_out=images(2))
    placed = data.to("meta")
    assert placed.images.device.type == "cpu"
    assert placed.batch(torch.arange(4)).x.device.type == "meta"
    assert placed.batch(torch.arange(4)).y.device.type == "meta"
    assert data.device is None


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("resident", [True, False])
def test_on_a_gpu_batches_are_the_same_wherever_the_data_live(monkeypatch, resident):
    monkeypatch.setattr(dataset, "fits", lambda nbytes, device: resident)
    data = ImageData(images(100), torch.arange(100))
    placed = data.to("cuda")
    assert placed.images.is_cuda == resident
    drawn = [torch.randperm(100)[:10] for _ in range(50)]
    batches = [placed.batch(indices) for indices in drawn]
    for indices, batch in zip(drawn, batches, strict=True):
        assert batch.x.is_cuda
        assert batch.x.is_contiguous(memory_format=torch.channels_last)
        assert torch.allclose(batch.x.cpu(), data.batch(indices).x, atol=1e-6)
        assert torch.equal(batch.y.cpu(), indices)


def test_a_path_that_is_not_there_is_named():
    with pytest.raises(StudioError, match=r"data\.path: no folder or file is chosen"):
        existing("")
    with pytest.raises(StudioError, match="/no/such/place: there is no such file or folder"):
        existing("/no/such/place")
    with pytest.raises(StudioError, match="cannot be read"):
        existing("x" * 5000)
    with pytest.raises(StudioError):
        existing("~nobody_of_this_name/images")


def test_a_description_counts_images_and_classes():
    data = ImageData(images(10, 16, 3), torch.tensor([0, 0, 2] + [0] * 7), ["a", "b", "c"], held_out=images(4, 16))
    found = describe(data)
    assert (found.count, found.shape, found.held_out) == (10, (3, 16, 16), 4)
    assert found.classes == [("a", 9), ("b", 0), ("c", 1)]
    assert found.sentence == "10 images, 16 × 16, colour, 3 classes, 4 held out, 1 MB"
    assert describe(ImageData(images(3, 8, 1))).sentence == "3 images, 8 × 8, grey, 1 MB"
