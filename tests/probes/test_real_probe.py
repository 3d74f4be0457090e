"""The data browser: every image once, in order, by class."""

import numpy as np
import pytest
import torch

from ganstudio.data.dataset import ImageData
from ganstudio.probes.real import RealDataProbe


@pytest.fixture
def trainer(make_trainer):
    """A trainer on a data set of 41 tiny images of three classes, two of them with images."""
    found = make_trainer(steps=0)
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (41, 28, 28, 1), generator=generator, dtype=torch.uint8)
    found.data = ImageData(images, torch.arange(41) % 3 // 2, ["even", "odd", "none"], ["1 file was skipped: a.txt"])
    return found


def cut(tiles, index: int) -> np.ndarray:
    row, column = divmod(index, tiles.columns)
    top, left = row * (tiles.height + tiles.gap), column * (tiles.width + tiles.gap)
    return tiles.picture[top : top + tiles.height, left : left + tiles.width, 0]


def test_pages_cover_the_data_set_once(trainer):
    probe, seen = RealDataProbe(), []
    for page in range(probe.frame(trainer, tiles=16).pages):
        frame = probe.frame(trainer, page=page, tiles=16)
        assert frame.page == page
        assert frame.tiles.count == len(frame.indices)
        for place, index in enumerate(frame.indices):
            np.testing.assert_array_equal(cut(frame.tiles, place), trainer.data.images[index, ..., 0])
        np.testing.assert_array_equal(frame.labels, trainer.data.labels[frame.indices])
        seen += frame.indices.tolist()
    assert seen == list(range(41))


def test_a_class_alone(trainer):
    probe, seen = RealDataProbe(), []
    frame = probe.frame(trainer, chosen=1, tiles=4)
    for page in range(frame.pages):
        frame = probe.frame(trainer, chosen=1, page=page, tiles=4)
        assert set(frame.labels.tolist()) == {1}
        assert frame.first == 4 * page
        seen += frame.indices.tolist()
    assert seen == torch.nonzero(trainer.data.labels == 1).flatten().tolist()
    assert frame.found == len(seen)


def test_a_class_without_images(trainer):
    frame = RealDataProbe().frame(trainer, chosen=2)
    assert (frame.found, frame.pages, frame.tiles.count) == (0, 1, 0)


def test_what_there_is_to_know(trainer):
    frame = RealDataProbe().frame(trainer)
    assert (frame.total, frame.shape, frame.classes) == (41, (1, 28, 28), ["even", "odd", "none"])
    assert frame.counts.tolist() == torch.bincount(trainer.data.labels, minlength=3).tolist()
    assert frame.notes == ["1 file was skipped: a.txt"]


@pytest.mark.parametrize(("asked", "given"), [(-3, 0), (99, 2)])
def test_a_page_beyond_the_ends_is_the_last(trainer, asked, given):
    assert RealDataProbe().frame(trainer, page=asked, tiles=16).page == given


@pytest.mark.parametrize("chosen", [-1, 3, None])
def test_an_unknown_class_is_all_of_them(trainer, chosen):
    assert RealDataProbe().frame(trainer, chosen=chosen).found == 41


def test_real_data_are_made_into_a_frame_once(trainer):
    probe = RealDataProbe()
    assert probe.frame(trainer, page=1, tiles=16) is probe.frame(trainer, page=1, tiles=16)


def test_data_without_classes(make_trainer):
    frame = RealDataProbe().frame(make_trainer(("data.kind", "pixel-faces"), steps=0), chosen=1)
    assert (frame.labels, frame.counts, frame.classes) == (None, None, [])
    assert frame.found == frame.total == 2850
