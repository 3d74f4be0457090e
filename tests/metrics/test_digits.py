import pytest
import torch

from ganstudio.bench.digits import samples
from ganstudio.data.npz import opened
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset
from ganstudio.metrics import digits
from ganstudio.resources import resource
from ganstudio.training.trainer import Trainer


@pytest.fixture(scope="module")
def held_out():
    with opened(resource("datasets", "mnist.npz")) as file:
        images, labels = (torch.from_numpy(file.read(name)) for name in ("x_test", "y_test"))
    return images[:, None].float() / 127.5 - 1, labels.long()


def test_99_of_100_held_out_digits_are_right(held_out):
    x, y = held_out
    assert (digits.probabilities(x).argmax(1) == y).float().mean() >= 0.99


def test_real_digits_are_judged_confidently_and_evenly(held_out):
    found = digits.score(held_out[0][:2000])
    assert found.samples == 2000
    assert found.confident > 0.95
    assert found.classes == 10
    assert sum(found.counts) == round(found.confident * 2000)


def test_what_is_no_digit_is_not_taken_for_many():
    trainer = Trainer(preset("dcgan-mnist"))
    found = digits.score(samples(trainer, 200))
    assert found.confident < 0.5 or found.classes < 5
    noise = torch.rand(200, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert digits.score(noise).classes < 5


def test_one_image_repeated_is_one_class(held_out):
    found = digits.score(held_out[0][:1].expand(50, -1, -1, -1))
    assert found.classes == 1
    assert found.counts[7] == 50


@pytest.mark.parametrize("shape", [(2, 1, 32, 32), (2, 3, 28, 28), (2, 784)])
def test_other_images_are_refused(shape):
    with pytest.raises(StudioError, match="28 × 28"):
        digits.probabilities(torch.zeros(shape))


def test_a_damaged_file_is_named(monkeypatch, tmp_path):
    broken = tmp_path / "digit_classifier.safetensors"
    broken.write_bytes(b"no weights")
    monkeypatch.setattr(digits, "weights_file", lambda: broken)
    for path in (broken, tmp_path / "missing"):
        monkeypatch.setattr(digits, "weights_file", lambda path=path: path)
        digits.classifier.cache_clear()
        with pytest.raises(StudioError, match=path.name):
            digits.classifier()
    digits.classifier.cache_clear()
