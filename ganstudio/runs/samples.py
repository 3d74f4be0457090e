"""``samples.png``: what G's average makes of fixed inputs, the same grid as the Samples panel shows at first."""

import io

import numpy as np
from PIL import Image

from ganstudio.probes.samples import SamplesProbe
from ganstudio.probes.tiles import Tiles
from ganstudio.training.trainer import Trainer

SMALLEST_TILE = 64
"""Small images are enlarged by whole pixels to about this side."""


def sample_grid(trainer: Trainer) -> Tiles | None:
    """64 samples on inputs that follow from the seed; None where samples are no images. Changes nothing of the run."""
    return SamplesProbe().frame(trainer).tiles


def png(tiles: Tiles) -> bytes:
    """A grid as the content of a PNG file."""
    factor = max(1, round(SMALLEST_TILE / tiles.height))
    content = io.BytesIO()
    picture: np.ndarray = tiles.picture.repeat(factor, 0).repeat(factor, 1)
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()
