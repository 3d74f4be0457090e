"""G itself, as plain arrays: what the explorer makes its copy from."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer


@dataclass(frozen=True)
class GeneratorFrame(Frame):
    """G's weights, and all that is needed to build a network that they fit."""

    experiment: Experiment
    """With all edits that have acted; its noise is the prior in force."""
    shape: tuple[int, ...]
    """(C, H, W) of an image, (D,) of a point."""
    live: bool
    """Whether these are the weights that train; else their running average."""
    weights: dict[str, np.ndarray]
    """All parameters and buffers by the network's own dotted names, each in its shape and layout."""


class GeneratorProbe:
    """Copies G's weights to the host: about a millisecond for a million of them."""

    name: ClassVar[str] = "generator"

    def frame(self, trainer: Trainer, *, live: bool = False) -> GeneratorFrame:
        """G's running average, or its ``live`` weights, as they are now."""
        network = trainer.players["generator"].network if live else trainer.average.network
        # The layout is kept: a copy of a channels-last network is as fast as the network.
        copies = {name: tensor.detach().to("cpu", copy=True).numpy() for name, tensor in network.state_dict().items()}
        return GeneratorFrame(trainer.steps, trainer.name, trainer.experiment, trainer.data.shape, live, copies)
