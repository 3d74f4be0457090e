"""All real images at once, for searches among them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ganstudio.data.dataset import ImageData
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer


@dataclass(frozen=True)
class ImagesFrame(Frame):
    """The data set. Its arrays are the program's only copy where the images lie on the CPU: not to be written to."""

    images: np.ndarray | None
    """(N, H, W, C) uint8 that are trained on; None when the data are not images."""
    labels: np.ndarray | None
    """(N,) int64."""
    classes: tuple[str, ...]
    """Names of the classes, by label."""
    held_out: np.ndarray | None
    """(M, H, W, C) uint8 that are never trained on, where there are any."""


class ImagesProbe:
    """Hands over the data set as it is; on the CPU nothing is copied."""

    name: ClassVar[str] = "images"
    needs_data: ClassVar[bool] = True

    def frame(self, trainer: Trainer) -> ImagesFrame:
        """The images that are trained on, and those that are held out."""
        data = trainer.data
        if not isinstance(data, ImageData):
            return ImagesFrame(trainer.steps, trainer.name, None, None, (), None)
        images, labels, held = (
            None if part is None else part.cpu().numpy() for part in (data.images, data.labels, data.held_out)
        )
        return ImagesFrame(trainer.steps, trainer.name, images, labels, tuple(data.classes), held)
