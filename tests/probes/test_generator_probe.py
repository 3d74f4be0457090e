"""The generator probe: G's weights as plain arrays, seen without a trace."""

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.trainer import Trainer


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def trainer() -> Trainer:
    experiment = files.preset("dcgan-mnist")
    for path, value in [("data", "pixel-faces"), ("batch_size", 16), ("players.*.network.params.width", 4)]:
        experiment, _ = change(experiment, path, value)
    found = Trainer(experiment)
    for _ in range(3):
        found.step()
    return found


@pytest.mark.parametrize("live", [False, True])
def test_a_frame_carries_every_weight_and_buffer(trainer, live):
    frame = GeneratorProbe().frame(trainer, live=live)
    network = trainer.players["generator"].network if live else trainer.average.network
    assert frame.live is live
    assert (frame.step, frame.trainer, frame.shape) == (3, "main", (3, 32, 32))
    assert frame.weights.keys() == network.state_dict().keys()
    for name, tensor in network.state_dict().items():
        np.testing.assert_array_equal(frame.weights[name], tensor.numpy())
        assert frame.weights[name].strides == tensor.numpy().strides, "the layout is kept"


def test_the_average_differs_from_the_live_weights(trainer):
    average, live = (GeneratorProbe().frame(trainer, live=live).weights for live in (False, True))
    assert any((average[name] != live[name]).any() for name in average)


def test_a_published_frame_does_not_move_with_training(trainer):
    frame = GeneratorProbe().frame(trainer, live=True)
    before = {name: array.copy() for name, array in frame.weights.items()}
    trainer.step()
    for name, array in frame.weights.items():
        np.testing.assert_array_equal(array, before[name])


def test_looking_changes_nothing(trainer):
    twin, state = Trainer(trainer.experiment), torch.get_rng_state()
    twin.load(trainer.state())
    for _ in range(3):
        GeneratorProbe().frame(trainer, live=True)
        GeneratorProbe().frame(trainer)
        trainer.step()
        twin.step()
    assert trainer.weights_sha256() == twin.weights_sha256()
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_the_gpu_the_frame_lies_on_the_host():
    experiment, _ = change(files.preset("dcgan-mnist"), "data", "pixel-faces")
    trainer = Trainer(experiment, "cuda")
    trainer.step()
    frame = GeneratorProbe().frame(trainer)
    for name, tensor in trainer.average.network.state_dict().items():
        np.testing.assert_array_equal(frame.weights[name], tensor.cpu().numpy())
