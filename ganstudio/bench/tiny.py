"""A game small enough that a thousand steps take a second: what it is saved, damaged and soaked with."""

from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.files import preset

EDITS = (("players.*.network.hidden", [8]), ("batch_size", 16), ("steps", 0))


def tiny(*edits: tuple[str, object]) -> Experiment:
    """Eight Gaussians on a ring, with players of eight neurons, and further edits."""
    experiment = preset("ring-8")
    for path, value in (*EDITS, *edits):
        experiment, _ = change(experiment, path, value)
    return experiment


def tiny_images(*edits: tuple[str, object]) -> Experiment:
    """The same with small faces."""
    experiment = preset("mlp-mnist")
    for path, value in (("data", "pixel-faces"), *EDITS, *edits):
        experiment, _ = change(experiment, path, value)
    return experiment
