"""D itself, as plain arrays: what a study that asks for D's opinion or features makes its copy from."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer


@dataclass(frozen=True)
class DiscriminatorFrame(Frame):
    """D's weights, and all that is needed to build a network that they fit."""

    experiment: Experiment
    shape: tuple[int, ...]
    """(C, H, W) of an image, (D,) of a point."""
    weights: dict[str, np.ndarray]
    """All parameters and buffers by the network's own dotted names, each in its shape and layout."""


class DiscriminatorProbe:
    """Copies D's weights to the host."""

    name: ClassVar[str] = "discriminator"

    def frame(self, trainer: Trainer) -> DiscriminatorFrame:
        """D as it is now."""
        weights = trainer.players["discriminator"].network.state_dict()
        copies = {name: tensor.detach().to("cpu", copy=True).numpy() for name, tensor in weights.items()}
        return DiscriminatorFrame(trainer.steps, trainer.name, trainer.experiment, trainer.data.shape, copies)
