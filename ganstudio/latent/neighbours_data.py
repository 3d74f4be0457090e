"""The real samples that neighbours are looked for among: images, or points. Imports torch."""

from dataclasses import dataclass

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.workshop import Workshop


@dataclass(frozen=True, eq=False)
class Real:
    """The training set, and what is held out of it."""

    samples: np.ndarray
    """(N, H, W, C) uint8 images, or (N, D) float32 points."""
    held_out: np.ndarray | None
    labels: np.ndarray | None = None
    """(N,) int64."""
    classes: tuple[str, ...] = ()
    mirrors: bool = False
    """Whether D is shown mirror images of the training images too."""

    @property
    def points(self) -> bool:
        """Whether they are points."""
        return self.samples.ndim == 2

    def distances(self, squared: np.ndarray) -> np.ndarray:
        """Squared Euclidean distances → root mean squares of images' pixels, Euclidean distances of points."""
        return np.sqrt(squared if self.points else squared / self.samples[0].size)


def real_data(workshop: Workshop) -> Real:
    """The trainer's data. Raises ``StudioError`` when there are none to search among."""
    if len(workshop.frame.shape) == 1:
        found = workshop.points
        return Real(found.points, found.held_out)
    found = workshop.images
    if not len(found.images):
        raise StudioError("the training set is empty")
    flip = workshop.frame.experiment.augmentation.get("flip", {})
    return Real(found.images, found.held_out, found.labels, found.classes, flip.get("probability", 0) > 0)
