"""The classifier of pixel faces: right on faces that it never saw, and plain about what it cannot judge."""

import numpy as np
import pytest
import torch

from ganstudio.data.npz import opened
from ganstudio.data.shipped import HELD_OUT_EVERY
from ganstudio.experiment.errors import StudioError
from ganstudio.metrics import attributes
from ganstudio.metrics.attributes import probabilities
from ganstudio.metrics.judges import FACES as ATTRIBUTES
from ganstudio.resources import resource


@pytest.fixture(scope="module")
def held_out():
    with opened(resource("datasets", "pixel_faces32.npz")) as file:
        found = {name: file.read(name)[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY] for name in ("x", "glasses", "hair")}
    return torch.from_numpy(found["x"]).permute(0, 3, 1, 2).float() / 127.5 - 1, found


@pytest.fixture(scope="module")
def judged(held_out):
    return probabilities(held_out[0]).numpy()


def test_held_out_faces_are_judged_rightly(held_out, judged):
    _, drawing = held_out
    assert judged.shape == (150, len(ATTRIBUTES))
    glasses, long = (judged[:, ATTRIBUTES.index(name)] > 0.5 for name in ("glasses", "long hair"))
    assert (glasses == (drawing["glasses"] != "")).mean() >= 0.98
    assert (long == np.char.startswith(drawing["hair"], "long")).mean() >= 0.98


def test_every_attribute_is_had_by_some_and_not_by_others(judged):
    shares = (judged > 0.5).mean(0)
    assert (shares > 0.02).all()
    assert (shares < 0.9).all()
    assert ((judged > 0.9) | (judged < 0.1)).mean() > 0.9


def test_a_softer_face_keeps_its_glasses(held_out, judged):
    soft = torch.nn.functional.avg_pool2d(torch.nn.functional.pad(held_out[0], (1,) * 4, "replicate"), 3, 1)
    again = probabilities(0.5 * soft + 0.5 * held_out[0]).numpy()
    assert ((again > 0.5) == (judged > 0.5))[:, 0].mean() >= 0.95


@pytest.mark.parametrize("shape", [(2, 1, 32, 32), (2, 3, 28, 28), (2, 3072)])
def test_other_images_are_refused(shape):
    with pytest.raises(StudioError, match="32 × 32"):
        probabilities(torch.zeros(shape))


def test_a_damaged_file_is_named(monkeypatch, tmp_path):
    broken = tmp_path / "face_attributes.safetensors"
    broken.write_bytes(b"no weights")
    for path in (broken, tmp_path / "missing"):
        monkeypatch.setattr(attributes, "weights_file", lambda path=path: path)
        attributes.classifier.cache_clear()
        with pytest.raises(StudioError, match=path.name):
            attributes.classifier()
    attributes.classifier.cache_clear()


def test_building_it_draws_no_random_number():
    attributes.classifier.cache_clear()
    before = torch.random.get_rng_state()
    attributes.classifier()
    assert torch.equal(before, torch.random.get_rng_state())
