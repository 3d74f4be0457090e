"""The encoder: it learns, it is kept and saved, it is told which G it belongs to, and a bad file does no harm."""

import threading

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.latent import encoder_network
from ganstudio.latent.encoder import FitEncoder, SaveEncoder
from ganstudio.latent.encoder_network import Encoder, fingerprint, fresh, load
from ganstudio.latent.encoder_study import KEPT, fit_encoder, guess, save_encoder
from ganstudio.latent.inversion import Invert, OwnSample
from ganstudio.latent.inversion_study import invert
from ganstudio.latent.requests import Prior
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.trainer import Trainer


def workshop(seed: int = 0, dim: int = 3, noise: str = "normal") -> Workshop:
    experiment = files.preset("mlp-mnist")
    edits = {
        "data": "pixel-faces",
        "players.*.network.params.hidden": [8],
        "noise.kind": noise,
        "noise.params.dim": dim,
        "seed": seed,
    }
    for path, value in edits.items():
        experiment, _ = change(experiment, path, value)
    return Workshop(None, GeneratorProbe().frame(Trainer(experiment)), {})


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A workshop whose encoder has been trained, the answers on the way, and the file that it is saved in."""
    torch.set_num_threads(1)
    file = tmp_path_factory.mktemp("run") / "encoder.safetensors"
    found = workshop()
    state = torch.random.get_rng_state()
    answers = list(fit_encoder(found, FitEncoder(steps=30, save_to=str(file))))
    assert torch.equal(state, torch.random.get_rng_state()), "it draws from generators of its own"
    return found, answers, file


def last(found):
    *_, (_, value) = found
    return value


def test_it_learns_to_guess_what_its_generator_makes(trained):
    _, answers, _ = trained
    shares = [share for share, _ in answers]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    news = answers[-1][1]
    assert news.steps == 30
    assert news.errors[-1] == news.error < 0.5 * news.errors[0]


def test_training_leaves_the_generator_as_it_is(trained):
    found, _, _ = trained
    alone = workshop()
    assert fingerprint(found.frame.weights) == fingerprint(alone.frame.weights)
    assert all(parameter.grad is None for parameter in found.generator.parameters())
    assert all(np.array_equal(part, alone.frame.weights[name]) for name, part in found.frame.weights.items())


def broken_from(found: Workshop, call: int, value: float) -> None:
    """Some numbers of G's samples are ``value`` after so many calls of it."""
    calls = iter(range(10_000))

    def spoil(module, inputs, output):
        return output.index_fill(1, torch.tensor([0]), value) if next(calls) >= call else output

    found.generator.register_forward_hook(spoil)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize(
    ("call", "sentence"), [(0, "^G makes no finite numbers"), (9, "training led to numbers that are not finite")]
)
def test_one_of_a_generator_that_diverges_is_not_kept(trained, tmp_path, value, call, sentence):
    before, _, _ = trained
    found = workshop()
    found.kept[KEPT] = before.kept[KEPT]
    broken_from(found, call, value)
    with pytest.raises(StudioError, match=sentence):
        list(fit_encoder(found, FitEncoder(steps=12, save_to=str(tmp_path / "encoder.safetensors"))))
    assert found.kept[KEPT] is before.kept[KEPT]
    assert not list(tmp_path.iterdir())


def test_the_same_seed_trains_the_same_encoder():
    prior = Prior(3, 1.0, float("inf"))
    one, two = (fresh((3, 32, 32), prior, seed=4).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)
    other = fresh((3, 32, 32), prior, seed=5).state_dict()
    assert not torch.equal(one["layers.0.weight"], other["layers.0.weight"])


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 20, 44), (1, 5, 7), (2,)])
def test_there_is_one_for_every_shape_and_its_guess_is_in_the_box(shape):
    network = fresh(shape, Prior(6, 0.5, 0.8), seed=0).eval()
    with torch.inference_mode():
        z = network(100 * torch.randn(5, *shape, generator=torch.Generator().manual_seed(0)))
    assert z.shape == (5, 6)
    assert float(z.abs().max()) <= 0.8 + 1e-6


def test_what_is_kept_gives_searches_a_start(trained):
    found, _, _ = trained
    z = found.draw(1, seed=6)[0].numpy()
    projection = last(invert(found, Invert(OwnSample(z))))
    assert projection.encoder_words.startswith("The encoder gave a start (30 steps")
    assert projection.mse <= projection.encoder_mse
    assert projection.errors[0][1] <= projection.encoder_mse * 1.0001


def test_a_saved_one_is_the_same_in_another_session(trained):
    found, _, file = trained
    x = torch.zeros(1, 3 * 32 * 32)
    again = workshop()
    one, two = guess(found, x, ""), guess(again, x, str(file))
    torch.testing.assert_close(one[0], two[0])
    assert one[1] == two[1]
    assert again.kept[KEPT].error == found.kept[KEPT].error


def test_one_of_other_weights_starts_all_the_same_and_says_so(trained):
    _, _, file = trained
    z, words = guess(workshop(seed=1), torch.zeros(1, 3 * 32 * 32), str(file))
    assert z.shape == (1, 3)
    assert "trained for G with other weights" in words


def test_it_is_saved_later_when_there_is_a_place(trained, tmp_path):
    found, _, file = trained
    later = tmp_path / "encoder.safetensors"
    assert last(save_encoder(found, SaveEncoder(str(later)))).saved == str(later)
    one, two = load_file(later), load_file(file)
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert last(save_encoder(workshop(), SaveEncoder(str(tmp_path / "none")))) is None
    assert [path.name for path in tmp_path.iterdir()] == ["encoder.safetensors"]


def test_without_a_place_it_is_kept_and_says_why(trained, tmp_path):
    found, _, _ = trained
    news = last(save_encoder(found, SaveEncoder(str(tmp_path / "gone" / "encoder.safetensors"))))
    assert news.saved == ""
    assert "gone" in news.unsaved
    assert "cannot be saved" in news.unsaved


def test_a_file_that_is_not_there_is_nothing_to_speak_of(tmp_path):
    assert guess(workshop(), torch.zeros(1, 3 * 32 * 32), str(tmp_path / "encoder.safetensors")) == (None, "")


def _nan(tensors: dict) -> dict:
    tensors["layers.0.weight"] = torch.full_like(tensors["layers.0.weight"], torch.nan)
    return tensors


def _half(tensors: dict) -> dict:
    return {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}


HEAD = {"ganstudio-encoder": "1", "fingerprint": "", "step": "0", "steps": "1", "error": "0.1"}


@pytest.mark.parametrize(
    ("damage", "words", "sentence"),
    [
        (_nan, HEAD, "not finite"),
        (_half, HEAD, "another shape"),
        (lambda tensors: {}, HEAD, "another shape"),
        (dict, {}, "no encoder of this version"),
        (dict, {**HEAD, "step": "many"}, "does not say how"),
        (dict, {**HEAD, "error": "nan"}, "error, or steps, that cannot be"),
        (dict, {**HEAD, "error": "inf"}, "error, or steps, that cannot be"),
        (dict, {**HEAD, "error": "-0.5"}, "error, or steps, that cannot be"),
        (dict, {**HEAD, "steps": "-3"}, "error, or steps, that cannot be"),
    ],
)
def test_a_damaged_file_is_named_and_ignored(trained, tmp_path, damage, words, sentence):
    _, _, file = trained
    bad = tmp_path / "encoder.safetensors"
    save_file(damage(load_file(file)), bad, words)
    found = workshop()
    with pytest.raises(StudioError, match=sentence) as caught:
        load(bad, found)
    assert caught.value.field == str(bad)
    z, said = guess(found, torch.zeros(1, 3 * 32 * 32), str(bad))
    assert z is None
    assert str(bad) in said
    assert KEPT not in found.kept


@pytest.mark.parametrize("content", [b"", b"no tensors at all", b"\xff" * 64])
def test_what_is_no_safetensors_file_is_ignored_too(tmp_path, content):
    bad = tmp_path / "encoder.safetensors"
    bad.write_bytes(content)
    with pytest.raises(StudioError, match="damaged, or no safetensors file"):
        load(bad, workshop())


def test_a_file_too_large_is_not_read(trained, tmp_path, monkeypatch):
    _, _, file = trained
    monkeypatch.setattr(encoder_network, "LARGEST_FILE", 1000)
    with pytest.raises(StudioError, match="too large"):
        load(file, workshop())


def test_one_for_z_of_another_length_is_refused(trained):
    _, _, file = trained
    with pytest.raises(StudioError, match="another shape"):
        load(file, workshop(dim=4))


def test_building_one_is_safe_beside_a_thread_that_draws():
    before = threading.active_count()
    state = torch.random.get_rng_state()
    assert isinstance(fresh((1, 28, 28), Prior(4, 1.0, 2.0), 0), Encoder)
    assert torch.equal(state, torch.random.get_rng_state())
    assert threading.active_count() == before
