"""The neighbours of samples among the training images, and what distances say of copying."""

import dataclasses

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.latent.neighbours import CompareDistances, Distances, FindNeighbours, Verdict
from ganstudio.latent.neighbours_features import Features, floats, last_layer
from ganstudio.latent.neighbours_study import compare_distances, find_neighbours, fitted
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.workshop import Workshop
from ganstudio.networks.dcgan import Judge
from ganstudio.probes.discriminator import DiscriminatorProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.probes.points import PointsProbe
from ganstudio.training.trainer import Trainer

PROBES = {
    "generator": GeneratorProbe(),
    "discriminator": DiscriminatorProbe(),
    "images": ImagesProbe(),
    "points": PointsProbe(),
}


class Shop:
    """Studies of a trainer, as the workbench has them done."""

    def __init__(self, experiment):
        self.trainer, self.kept = Trainer(experiment), {}

    def work(self, study, request):
        workshop = Workshop(self.fetch, self.fetch("generator"), self.kept)
        return list(study(workshop, request))

    def fetch(self, probe, **options):
        return PROBES[probe].frame(self.trainer, **options)

    def find(self, *args, **options):
        answers = self.work(find_neighbours, FindNeighbours(*args, **options))
        assert [share for share, _ in answers] == sorted(share for share, _ in answers)
        assert answers[-1][0] == 1
        return answers[-1][1]

    @property
    def images(self) -> np.ndarray:
        return self.trainer.data.images.numpy()

    def z(self, count: int) -> np.ndarray:
        return self.trainer.noise.draw(count, torch.Generator().manual_seed(3)).numpy()


@pytest.fixture(scope="module")
def shop() -> Shop:
    experiment = files.preset("dcgan-mnist")
    for path, value in (
        ("data", "pixel-faces"),
        ("batch_size", 16),
        ("players.*.network.params.width", 4),
        ("players.*.network.params.hidden", 0),
    ):
        experiment, _ = change(experiment, path, value)
    return Shop(experiment)


def squares(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n, m) squared distances; float64 holds sums of squares of bytes without rounding."""
    a, b = (part.reshape(len(part), -1).astype(np.float64) for part in (ones, others))
    return (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)


def rms(one: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.sqrt(((others.astype(np.float64) - one) ** 2).mean((1, 2, 3)))


# what is found


def test_neighbours_in_pixels_are_those_of_brute_force(shop):
    z = shop.z(2)
    found = shop.find(z, features=False)
    replica = Workshop(shop.fetch, shop.fetch("generator"), {})
    np.testing.assert_array_equal(found.samples, as_bytes(replica.render(z).numpy()))
    for sample, places, distances, images in zip(
        found.samples, found.pixels.places, found.pixels.distances, found.pixels.images, strict=True
    ):
        expected = rms(sample, shop.images)
        np.testing.assert_array_equal(places, np.argsort(expected, kind="stable")[:8])
        np.testing.assert_allclose(distances, np.sort(expected)[:8], rtol=1e-12)
        np.testing.assert_array_equal(images, shop.images[places])
    assert found.features is None
    assert (found.pixels.searched, found.pixels.numbers) == (len(shop.images), 32 * 32 * 3)


def test_a_training_image_is_found_at_distance_0_in_both_spaces(shop):
    found = shop.find(images=(shop.images[1234],), count=3)
    for space in (found.pixels, found.features):
        assert space.places[0, 0] == 1234
        assert space.distances[0, 0] == pytest.approx(0, abs=1e-4)
        assert space.distances[0, 1] > 0
        np.testing.assert_array_equal(space.images[0, 0], shop.images[1234])
    assert found.pixels.distances[0, 0] == 0


def test_neighbours_in_features_are_those_of_the_last_layers_input(shop):
    found = shop.find(shop.z(1), count=5)
    critic = shop.trainer.players["discriminator"].network
    eyes = []
    judge = next(one for one in critic.modules() if isinstance(one, Judge))
    handle = judge.linear.register_forward_pre_hook(lambda module, inputs: eyes.append(inputs[0]))
    critic.eval()
    with torch.inference_mode():
        for part in np.array_split(np.concatenate([found.samples, shop.images]), 8):
            critic(floats(part))
    critic.train()
    handle.remove()
    seen = torch.cat(eyes).double()
    distances = (seen[1:] - seen[0]).norm(dim=1).numpy()
    np.testing.assert_allclose(found.features.distances[0], np.sort(distances)[:5], rtol=1e-4)
    np.testing.assert_allclose(distances[found.features.places[0]], found.features.distances[0], rtol=1e-4)
    assert (found.features.numbers, found.features.searched) == (seen.shape[1], len(shop.images))


def test_features_stay_those_of_their_D_until_others_are_wanted(shop):
    shop.kept.clear()
    assert shop.find(shop.z(1)).features.step == 0
    for _ in range(2):
        shop.trainer.step()
    before = shop.find(shop.z(1)).features
    assert before.step == 0
    fresh = shop.find(shop.z(1), refresh=True).features
    assert fresh.step == 2
    assert not np.array_equal(before.distances, fresh.distances)
    assert shop.find(shop.z(1)).features.step == 2


def test_features_are_answered_while_they_come_in(shop, monkeypatch):
    monkeypatch.setattr("ganstudio.latent.neighbours_study.FIRST_LOOK", 500)
    shop.kept.clear()
    answers = shop.work(find_neighbours, FindNeighbours(shop.z(1)))
    searched = [one.features.searched for _, one in answers if one is not None and one.features is not None]
    assert searched == sorted(searched)
    assert searched[0] < 1000
    assert searched[-1] == len(shop.images)
    assert next(one.features is None for _, one in answers if one is not None)  # pixels come first


def test_of_a_set_too_large_a_drawn_part_is_searched_and_said_so(shop, monkeypatch):
    monkeypatch.setattr("ganstudio.latent.neighbours_features.MOST_BYTES", 100 * 4 * 256)
    shop.kept.clear()
    found = shop.find(shop.z(1)).features
    assert found.numbers == 256
    assert (found.searched, found.total) == (100, len(shop.images))
    assert len(shop.kept["neighbours.features"].index.rows) == 100
    shop.kept.clear()
    np.testing.assert_array_equal(found.places, shop.find(shop.z(1)).features.places)
    shop.kept.clear()


@pytest.mark.parametrize("preset", ["hinge-sn-faces", "goodfellow-2014-mnist", "mlp-mnist"])
def test_the_last_layer_of_any_D_is_found(preset):
    trainer = Trainer(files.preset(preset))
    critic = trainer.players["discriminator"].network.eval()
    example = floats(trainer.data.images[:1].numpy())
    assert last_layer(critic, example).out_features == 1
    features = Features(critic, 0, trainer.data.images[:30].numpy())
    list(features.grow(30))
    assert features.complete
    assert features.index.rows.std() > 0


def test_a_network_without_layers_says_so():
    with pytest.raises(StudioError, match="no layer with weights"):
        last_layer(torch.nn.Flatten(), torch.zeros(1, 1, 4, 4))


def test_mirror_images_count_where_D_is_shown_them(small):
    flipped = Shop(small(("augmentation.flip.probability", 0.5)))
    mirrored = flipped.images[77][:, ::-1]
    found = flipped.find(images=(mirrored,), count=4, features=False).pixels
    assert (found.places[0, 0], found.distances[0, 0], bool(found.mirrored[0, 0])) == (77, 0, True)
    np.testing.assert_array_equal(found.images[0, 0], mirrored)
    assert len(set(found.places[0])) == 4
    expected = np.minimum(rms(mirrored, flipped.images), rms(mirrored, flipped.images[:, :, ::-1]))
    np.testing.assert_allclose(found.distances[0], np.sort(expected)[:4])


def test_the_share_never_falls_however_short_the_slices(small, monkeypatch):
    monkeypatch.setattr("ganstudio.latent.neighbours_search.SLICE_SECONDS", -1.0)
    flipped = Shop(small(("augmentation.flip.probability", 0.5)))
    told = (
        flipped.work(find_neighbours, FindNeighbours(flipped.z(2), features=False)),
        flipped.work(compare_distances, CompareDistances(count=4)),
    )
    for answers in told:
        shares = [share for share, _ in answers]
        assert shares == sorted(shares)
        assert shares[-1] == 1
        assert len(set(shares)) > 4


def test_labels_and_classes_come_along(small):
    digits = Shop(small(("data", "mnist"), preset="mlp-mnist"))
    found = digits.find(images=(digits.images[5],), count=3)
    labels = digits.trainer.data.labels.numpy()
    np.testing.assert_array_equal(found.pixels.labels, labels[found.pixels.places])
    np.testing.assert_array_equal(found.features.labels, labels[found.features.places])
    assert found.classes[found.pixels.labels[0, 0]] == digits.trainer.data.classes[labels[5]]


def test_what_cannot_be_searched_says_so(shop):
    with pytest.raises(StudioError, match="no sample"):
        shop.find()
    with pytest.raises(StudioError, match="64 numbers"):
        shop.find(np.zeros((1, 3), np.float32))
    with pytest.raises(StudioError, match="a picture has no neighbours"):
        Shop(files.preset("ring-8")).find(images=(np.zeros((8, 8, 1), np.uint8),))


# points


@pytest.mark.parametrize(("preset", "dim"), [("ring-8", 2), ("figure-1", 1)])
def test_neighbours_of_points_are_those_of_brute_force(preset, dim):
    points = Shop(files.preset(preset))
    z = points.z(3)
    found = points.find(z, images=(np.zeros((8, 8, 1), np.uint8),))  # a picture has no place here
    assert found.samples.shape == (3, dim)
    assert found.points
    real = points.fetch("points")
    np.testing.assert_array_equal(found.cloud, real.points)
    expected = np.linalg.norm(real.points.astype(np.float64) - found.samples[:, None].astype(np.float64), axis=2)
    np.testing.assert_array_equal(found.pixels.places, np.argsort(expected, axis=1, kind="stable")[:, :8])
    np.testing.assert_allclose(found.pixels.distances, np.sort(expected, axis=1)[:, :8], rtol=1e-9)
    np.testing.assert_array_equal(found.pixels.images, real.points[found.pixels.places])
    eye = points.kept["neighbours.features"].eye
    seen = [eye.features(torch.from_numpy(part)).double() for part in (found.samples, real.points)]
    expected = torch.cdist(*seen, compute_mode="donot_use_mm_for_euclid_dist").sort(dim=1).values[:, :8]
    np.testing.assert_allclose(found.features.distances, expected.numpy(), rtol=1e-4, atol=1e-6)
    assert found.features.searched == found.features.total == len(real.points)


def test_real_points_that_G_copies_are_told_from_those_it_makes_itself():
    points = Shop(files.preset("ring-8"))
    found = points.work(compare_distances, CompareDistances(count=200))[-1][1]
    assert (found.held_out, found.kind, len(found.real)) == (True, "points", 200)
    real = points.fetch("points")
    nearest = np.linalg.norm(real.points[None] - real.held_out[:, None], axis=2).min(1)
    assert {round(one, 5) for one in found.real} <= {round(float(one), 5) for one in nearest}
    assert "the training points than held-out points" in found.reading
    copies = dataclasses.replace(found, generated=found.real * 0.1, second=found.real)
    assert copies.verdict is Verdict.MUCH_NEARER
    gathered = dataclasses.replace(found, generated=found.real * 0.1, second=found.real * 0.1 / 0.7)
    assert gathered.verdict is Verdict.BLAND  # of points in the plane the second is no farther by chance


def test_of_a_finite_set_each_point_stands_against_the_others(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("\n".join(f"{x},{x * x % 7}" for x in range(40)))
    experiment = files.preset("ring-8")
    for path, value in (("data", "points-csv"), ("data.params.path", str(file)), ("batch_size", 16)):
        experiment, _ = change(experiment, path, value)
    points = Shop(experiment)
    found = points.work(compare_distances, CompareDistances(count=40))[-1][1]
    assert not found.held_out
    assert len(found.real) == 40
    assert found.real.min() > 0
    assert points.find(points.z(1)).cloud.tobytes() == points.trainer.data.points.numpy().tobytes()


# pictures from elsewhere


def test_a_picture_of_the_datas_shape_stays_as_it_is():
    picture = np.random.default_rng(0).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    np.testing.assert_array_equal(fitted(picture, (8, 8, 3)), picture)
    grey = picture[..., :1]
    np.testing.assert_array_equal(fitted(grey, (8, 8, 3)), np.repeat(grey, 3, 2))


@pytest.mark.parametrize("size", [(40, 90), (90, 40), (1, 300), (16, 16)])
def test_other_pictures_are_cut_to_their_middle_and_resized(size):
    picture = np.full((*size, 3), (250, 0, 0), np.uint8)
    high, wide = size
    if wide > high:
        picture[:, : (wide - high) // 2] = 0
    found = fitted(picture, (16, 16, 3))
    assert found.shape == (16, 16, 3)
    np.testing.assert_array_equal(found[4:-4, 4:-4], np.broadcast_to(np.uint8([250, 0, 0]), (8, 8, 3)))
    assert fitted(picture, (16, 16, 1))[8, 8, 0] == round(250 * 0.299)


# distances


def test_distances_of_samples_and_of_unseen_images(shop):
    answers = shop.work(compare_distances, CompareDistances(seed=5, count=24))
    found = answers[-1][1]
    assert answers[-1][0] == 1
    assert found.held_out is (shop.trainer.data.held_out is not None)
    usual = np.sqrt(squares(shop.trainer.data.held_out.numpy(), shop.images).min(1) / shop.images[0].size)
    assert len(found.real) == 24
    assert {round(one, 6) for one in found.real} <= {round(one, 6) for one in usual}
    replica = Workshop(shop.fetch, shop.fetch("generator"), {})
    samples = as_bytes(replica.render(replica.draw(24, 5)).numpy())
    nearest = np.sqrt(np.sort(squares(samples, shop.images), axis=1)[:, :2] / shop.images[0].size)
    np.testing.assert_allclose(found.generated, nearest[:, 0], rtol=1e-12)
    np.testing.assert_allclose(found.second, nearest[:, 1], rtol=1e-12)


def test_without_held_out_images_training_images_stand_against_the_others(shop):
    shop.kept.clear()
    held, shop.trainer.data.held_out = shop.trainer.data.held_out, None
    try:
        found = shop.work(compare_distances, CompareDistances(count=16))[-1][1]
    finally:
        shop.trainer.data.held_out = held
        shop.kept.clear()
    assert not found.held_out
    assert len(found.real) == 16
    assert found.real.min() > 0  # no image is its own neighbour


def distances(generated, second, real, held_out=True) -> Distances:
    return Distances(np.array(generated), np.array(second), np.array(real), held_out)


REAL = np.linspace(10, 30, 201)


@pytest.mark.parametrize(
    ("generated", "second", "verdict", "words"),
    [
        (REAL, REAL + 1, Verdict.AS_FAR, "as far from the training images as held-out"),
        (REAL * 1.5, REAL * 1.5 + 1, Verdict.FARTHER, "no sign of copying"),
        (REAL * 0.85 + 3 * (REAL < 13), REAL, Verdict.NEARER, "somewhat nearer"),
        (np.full(201, 1.0), np.full(201, 20.0), Verdict.MUCH_NEARER, "memorised?"),
        (np.zeros(201), np.zeros(201), Verdict.MUCH_NEARER, "memorised?"),
        (np.full(201, 8.0), np.full(201, 8.2), Verdict.BLAND, "bland, not copied"),
        (np.where(np.arange(201) < 40, 2.0, REAL), REAL + 1, Verdict.SOME_NEARER, "40 of 201 samples"),
    ],
)
def test_distances_are_read_by_a_stated_rule(generated, second, verdict, words):
    found = distances(generated, second, REAL)
    assert found.verdict is verdict
    assert words in found.reading


def test_a_reading_names_what_it_compares_with():
    assert "these are from each other" in distances(REAL, REAL, REAL, held_out=False).reading
    assert distances([1.0], [2.0], [0.0, 0.0]).verdict is Verdict.FARTHER  # a training set of duplicates


def test_studies_leave_the_trainer_as_it_is(shop):
    before = shop.trainer.weights_sha256()
    state = torch.random.get_rng_state()
    shop.kept.clear()
    shop.find(shop.z(1))
    shop.work(compare_distances, CompareDistances(count=8))
    assert shop.trainer.weights_sha256() == before
    assert torch.equal(torch.random.get_rng_state(), state)
