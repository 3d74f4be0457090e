"""Small trainers of every make for the probes to look at."""

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.training.trainer import Trainer

MAKES = {
    "batch norm": (),
    "spectral norm, colour": (
        ("data.kind", "pixel-faces"),
        ("players.discriminator.network.params.norm", "none"),
        ("players.discriminator.network.params.spectral_norm", True),
        ("objective", "hinge"),
    ),
    "dropout": (
        ("data.kind", "animal-silhouettes"),
        ("players.discriminator.network.kind", "mlp-discriminator"),
        ("players.discriminator.network.params.hidden", [16]),
        ("players.discriminator.network.params.dropout", 0.5),
        ("noise", "uniform"),
    ),
    "least squares": (("objective", "least-squares"),),
}


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def make_trainer():
    """A narrow DCGAN on small batches, with edits, after so many steps."""

    def make(*edits: tuple[str, object], steps: int = 2) -> Trainer:
        experiment = files.preset("dcgan-mnist")
        narrow = [("players.*.network.params.width", 4), ("players.*.network.params.hidden", 0)]
        for path, value in [("batch_size", 16), *narrow, *edits]:
            experiment, _ = change(experiment, path, value)
        trainer = Trainer(experiment)
        for _ in range(steps):
            trainer.step()
        return trainer

    return make


@pytest.fixture(params=MAKES, ids=str)
def make(request) -> tuple:
    """The edits of one make."""
    return MAKES[request.param]
