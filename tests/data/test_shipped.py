"""The data sets in ``resources/datasets``: whole, licensed, readable."""

import hashlib
from time import perf_counter

import numpy as np
import pytest
import torch

from ganstudio.data.shipped import AnimalSilhouettes, Emoji, FashionMnist, Mnist, PixelFaces
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry
from ganstudio.resources import resource

FOLDER = resource("datasets")


def sums():
    return dict(reversed(line.split()) for line in (FOLDER / "SHA256SUMS").read_text().splitlines())


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.npz")))
def test_every_file_has_its_checksum_and_its_licence(name):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sums()[name]
    assert f"`{name}`" in (FOLDER / "LICENSES.md").read_text(encoding="utf-8")


def test_no_listed_file_is_missing():
    assert set(sums()) == {path.name for path in FOLDER.glob("*.npz")}


@pytest.mark.parametrize(
    ("source", "count", "shape", "classes", "held_out"),
    [
        (Mnist, 60000, (1, 28, 28), 10, 10000),
        (FashionMnist, 18000, (1, 28, 28), 10, 2000),
        (AnimalSilhouettes, 9500, (1, 28, 28), 10, 500),
        (PixelFaces, 2850, (3, 32, 32), 0, 150),
        (Emoji, 1273, (3, 64, 64), 7, 66),
    ],
)
def test_each_set_has_its_images_classes_and_held_out_part(source, count, shape, classes, held_out):
    data = source().load()
    assert (len(data), data.shape) == (count, shape)
    assert data.held_out.shape == (held_out, *data.images.shape[1:])
    assert len(data.classes) == classes
    if classes:
        assert data.labels.dtype == torch.int64
        assert data.labels.bincount(minlength=classes).min() > 50
    else:
        assert data.labels is None


def test_mnist_is_mnist():
    data = Mnist().load()
    assert data.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert abs(data.images.float().mean().item() / 255 - 0.1307) < 1e-4
    assert data.classes == list("0123456789")


def test_mnist_loads_quickly():
    begin = perf_counter()
    Mnist().load()
    assert perf_counter() - begin < 3


@pytest.mark.parametrize("name", Emoji.sets)
def test_the_emoji_sets_are_row_aligned(name):
    data = Emoji(Emoji.Config(set=name)).load()
    reference = Emoji().load()
    assert torch.equal(data.labels, reference.labels)
    assert data.classes == reference.classes
    assert name == "fluent-flat" or not torch.equal(data.images, reference.images)


def test_the_faces_say_that_a_program_composed_them():
    assert "composed by a program" in PixelFaces.description
    assert any("composed by a program" in note for note in PixelFaces().load().notes)


def test_held_out_images_are_the_every_twentieth_row():
    with np.load(FOLDER / "pixel_faces32.npz") as file:
        x = torch.from_numpy(file["x"])
    data = PixelFaces().load()
    assert torch.equal(data.held_out, x[19::20])
    assert torch.equal(data.images[:20], torch.cat([x[:19], x[20:21]]))


def test_only_some_classes_can_be_taken():
    everything = Mnist().load()
    data = Mnist(Mnist.Config(only="7, 3")).load()
    assert data.classes == ["3", "7"]
    assert torch.equal(data.images, everything.images[(everything.labels == 3) | (everything.labels == 7)])
    assert data.labels.bincount().tolist() == everything.labels.bincount()[[3, 7]].tolist()
    assert len(data.held_out) == 1010 + 1028
    assert Emoji(Emoji.Config(only="smileys & emotion")).load().classes == ["Smileys & Emotion"]


def test_an_unknown_class_is_refused_with_the_names_there_are():
    with pytest.raises(StudioError, match=r"data\.params\.only: there is no class 'wolf'; the classes are bear, bird"):
        AnimalSilhouettes(AnimalSilhouettes.Config(only="bear, wolf")).load()


def test_a_set_can_be_resized():
    data = FashionMnist(FashionMnist.Config(size=32)).load()
    original = FashionMnist().load()
    assert data.shape == (1, 32, 32)
    assert data.held_out.shape == (2000, 32, 32, 1)
    assert torch.allclose(data.mean().mean(), original.mean().mean(), atol=0.01)


def test_pixel_art_is_enlarged_with_hard_edges():
    data, original = PixelFaces(PixelFaces.Config(size=64)).load(), PixelFaces().load()
    assert torch.equal(data.images[:, ::2, ::2], original.images)
    assert torch.equal(data.images[:, 1::2, 1::2], original.images)


@pytest.mark.parametrize("size", [-4, 8, 30, 132])
def test_a_size_that_no_network_has_is_refused(size):
    with pytest.raises(StudioError, match=r"data\.params\.size: must be"):
        registry.configure("data", "mnist", {"size": size}, "data.params")


def test_a_damaged_file_is_named(monkeypatch, tmp_path):
    (tmp_path / "mnist.npz").write_bytes((FOLDER / "mnist.npz").read_bytes()[:100_000])
    monkeypatch.setattr("ganstudio.data.shipped.resource", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(StudioError, match=r"mnist\.npz: is damaged"):
        Mnist().load()


def test_every_parameter_is_explained_and_acts_on_restart():
    for kind, source in registry.kinds("data").items():
        assert source.title, kind
        assert source.description, kind
        for name, field in source.Config.model_fields.items():
            assert field.title, (kind, name)
            assert field.description, (kind, name)
            assert field.json_schema_extra["live"] is False
