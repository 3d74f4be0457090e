"""A small run to save and to bring back."""

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.trainer import Trainer


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def small():
    """Makes quick experiments: narrow DCGAN or MLP players on the smallest data set, with edits."""

    def make(*edits: tuple[str, object], preset: str = "dcgan-mnist") -> Experiment:
        experiment = files.preset(preset)
        narrow = {"width": 4, "hidden": 0} if preset.startswith("dcgan") else {"hidden": [16]}
        values = [
            ("data", "pixel-faces"),
            ("batch_size", 16),
            *((f"players.*.network.params.{name}", value) for name, value in narrow.items()),
            *edits,
        ]
        for path, value in values:
            experiment, _ = change(experiment, path, value)
        return experiment

    return make


@pytest.fixture(scope="session")
def trained():
    """Makes a trainer that has made some steps, its metrics flushed."""

    def make(experiment: Experiment, steps: int) -> Trainer:
        trainer = Trainer(experiment)
        for _ in range(steps):
            trainer.step()
        trainer.flush()
        return trainer

    return make
