"""A G or D that has diverged is told of in a plain sentence, and leaves nothing behind that is not finite."""

import numpy as np
import pytest
import torch

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.finding import find_directions
from ganstudio.latent.neighbours import CompareDistances, FindNeighbours
from ganstudio.latent.neighbours_search import Index
from ganstudio.latent.neighbours_study import FEATURES, compare_distances, find_neighbours
from ganstudio.latent.principal import FindDirections, Moments
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.discriminator import DiscriminatorProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.training.trainer import Trainer

PROBES = {"generator": GeneratorProbe(), "discriminator": DiscriminatorProbe(), "images": ImagesProbe()}
BROKEN = np.nan, np.inf


class Shop:
    """Studies over players whose weights, or some of them, are made what they should not be."""

    def __init__(self, experiment):
        self.trainer, self.kept, self.broken = Trainer(experiment), {}, {}
        self.z = self.trainer.noise.draw(3, torch.Generator().manual_seed(3)).numpy()

    def fetch(self, probe, **options):
        frame = PROBES[probe].frame(self.trainer, **options)
        if probe in self.broken:
            for array in frame.weights.values():
                if array.dtype == np.float32:
                    array.fill(self.broken[probe])
        return frame

    def work(self, study, request):
        *_, (_, last) = study(Workshop(self.fetch, self.fetch("generator"), self.kept), request)
        return last


@pytest.fixture
def shop(small) -> Shop:
    return Shop(small(("players.*.network.params.hidden", 0)))


@pytest.mark.parametrize("value", BROKEN)
@pytest.mark.parametrize("study", ["directions", "neighbours", "distances"])
def test_a_generator_without_finite_numbers_is_named(shop, study, value):
    shop.broken["generator"] = value
    find, request = {
        "directions": (find_directions, FindDirections(3, 300)),
        "neighbours": (find_neighbours, FindNeighbours(shop.z)),
        "distances": (compare_distances, CompareDistances(count=32)),
    }[study]
    with pytest.raises(StudioError, match=r"^G.* no.* finite numbers; go back to its last finite state"):
        shop.work(find, request)


@pytest.mark.parametrize("value", BROKEN)
def test_features_of_a_critic_without_finite_numbers_are_not_kept(shop, value):
    shop.broken["discriminator"] = value
    with pytest.raises(StudioError, match="D's features are not finite numbers"):
        shop.work(find_neighbours, FindNeighbours(shop.z))
    assert FEATURES not in shop.kept
    shop.broken.clear()  # back at the last finite state, without asking for D anew
    found = shop.work(find_neighbours, FindNeighbours(shop.z))
    assert found.features.searched == found.features.total
    assert np.isfinite(found.features.distances).all()


def test_features_that_break_on_a_later_image_are_not_kept(shop, monkeypatch):
    from ganstudio.latent.neighbours_features import Eye

    whole = Eye.features

    def of_one_too_many(self, x):
        if len(x) >= 16:  # a batch of training images
            raise StudioError("D's features are not finite numbers")
        return whole(self, x)

    monkeypatch.setattr(Eye, "features", of_one_too_many)
    with pytest.raises(StudioError, match="D's features"):
        shop.work(find_neighbours, FindNeighbours(shop.z))
    assert FEATURES not in shop.kept


def test_what_was_kept_of_a_finite_critic_stays_when_the_newest_is_not(shop):
    first = shop.work(find_neighbours, FindNeighbours(shop.z))
    shop.broken["discriminator"] = np.nan
    with pytest.raises(StudioError, match="D's features"):
        shop.work(find_neighbours, FindNeighbours(shop.z, refresh=True))
    again = shop.work(find_neighbours, FindNeighbours(shop.z))
    np.testing.assert_array_equal(first.features.places, again.features.places)


@pytest.mark.parametrize(("where", "value"), [("rows", np.nan), ("rows", 1e30), ("queries", np.nan)])
def test_distances_that_are_no_numbers_are_told(where, value):
    dice = np.random.default_rng(0)
    rows, queries = (torch.from_numpy(dice.normal(size=(n, 4)).astype(np.float32)) for n in (30, 2))
    (rows if where == "rows" else queries).mul_(value)
    index = Index(rows)
    for _ in index.fill():
        pass
    with pytest.raises(StudioError, match="no finite distances"):
        for _ in index.nearest(queries, 3):
            pass


def test_moments_take_in_nothing_that_is_not_finite():
    moments, z = Moments(), np.random.default_rng(0).normal(size=(40, 3))
    moments.add(z, z @ np.eye(3, 5))
    before = moments.principal(2)
    for value in BROKEN:
        with pytest.raises(StudioError, match="no finite numbers"):
            moments.add(z, np.full((40, 5), value))
    assert moments.count == 40
    np.testing.assert_array_equal(moments.principal(2).vectors, before.vectors)
