"""A source is loaded once, and progress is told at a measured pace."""

import threading

import pytest
import torch

from ganstudio.data.dataset import Cancelled, DataSource, ImageData, report
from ganstudio.data.load import Loader, load
from ganstudio.data.shipped import PixelFaces


class Counted(DataSource):
    """A source that counts its loads."""

    loads = 0

    def __init__(self, name):
        super().__init__()
        self.name = name

    def cache_key(self):
        return "counted", self.name

    def load(self, progress=None):
        for index in range(10_000):
            report(progress, "counting", index / 10_000)
        Counted.loads += 1
        return ImageData(torch.zeros(1, 4, 4, 1, dtype=torch.uint8))


@pytest.fixture(autouse=True)
def counter():
    Counted.loads = 0


def test_the_last_two_are_remembered():
    loader = Loader()
    first, second = loader(Counted("a")), loader(Counted("b"))
    assert loader(Counted("a")) is first
    assert loader(Counted("b")) is second
    assert Counted.loads == 2
    loader(Counted("a"))
    loader(Counted("c"))  # b goes, as a was used later
    assert loader(Counted("a")) is first
    assert loader(Counted("b")) is not second
    assert Counted.loads == 4


def test_progress_is_told_a_few_times_and_not_ten_thousand():
    told = []
    Loader()(Counted("a"), lambda what, share: told.append(share) or True)
    assert 1 <= len(told) < 200


def test_a_cancelled_load_leaves_nothing_behind():
    loader = Loader()
    with pytest.raises(Cancelled):
        loader(Counted("a"), lambda what, share: False)
    loader(Counted("a"))
    assert Counted.loads == 1


def test_a_second_thread_waits_for_the_first_and_reads_nothing_again():
    loader, found = Loader(), []
    threads = [threading.Thread(target=lambda: found.append(loader(Counted("a")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(data is found[0] for data in found)
    assert Counted.loads == 1


def test_a_shipped_set_is_loaded_once():
    assert load(PixelFaces()) is load(PixelFaces())
    assert load(PixelFaces()) is not load(PixelFaces(PixelFaces.Config(size=16)))
