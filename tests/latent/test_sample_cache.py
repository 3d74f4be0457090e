"""What another G made is shown until its successor comes; a film is made of one G, slice by slice."""

import numpy as np

from ganstudio.experiment import files
from ganstudio.latent.render_all import SLICE, RenderAll, render_all
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.sample_cache import SampleCache, Stamp
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.trainer import Trainer

SAMPLE = np.zeros((8, 8, 3), np.uint8)
FIRST, SECOND = Stamp("main", False, 1), Stamp("main", False, 2)


def test_samples_of_another_g_are_stale_but_kept():
    cache = SampleCache()
    cache.put(0, SAMPLE, FIRST)
    cache.put(1, SAMPLE, FIRST)
    assert cache.missing([2, 1, 3]) == [2, 3]
    assert cache.stale([0, 1, 2]) == []
    cache.put(1, SAMPLE + 1, SECOND)
    assert cache.stale([0, 1, 2]) == [0]
    assert cache.get(0) is SAMPLE
    cache.newest = Stamp("main", True, 2)
    assert cache.stale([0, 1]) == [0, 1]
    cache.clear()
    assert (len(cache), cache.newest, cache.get(0)) == (0, None, None)


def test_memory_is_bounded_and_the_oldest_goes_first():
    cache = SampleCache(most_bytes=3 * SAMPLE.nbytes)
    for key in (0, 1, 2, 0, 3):
        cache.put(key, SAMPLE, FIRST)
    assert [key for key in range(5) if cache.get(key) is not None] == [0, 2, 3]


def test_all_frames_of_a_film_are_what_g_makes_of_their_z(small):
    workshop = Workshop(None, GeneratorProbe().frame(Trainer(small())), {})
    z = workshop.draw(2 * SLICE + 3, seed=4).numpy()
    answers = list(render_all(workshop, RenderAll(z)))
    assert [share for share, _ in answers] == [8 / 19, 16 / 19, 1.0]
    assert answers[0][1] is answers[1][1] is None
    expected = as_bytes(workshop.replica.render(z))
    assert np.abs(answers[-1][1].astype(int) - expected).max() <= 1


def test_points_are_rendered_as_they_are():
    workshop = Workshop(None, GeneratorProbe().frame(Trainer(files.preset("ring-8"))), {})
    z = workshop.draw(5, seed=4).numpy()
    ((share, points),) = render_all(workshop, RenderAll(z))
    assert (share, points.shape, points.dtype) == (1.0, (5, 2), np.float32)
