"""``samples.png``: what G's average makes of fixed inputs, in the grid that the Samples panel shows at first.

Of points it is a picture of the plane, or of the number line (``runs.scatter``).
"""

import io

import numpy as np
from PIL import Image

from ganstudio.probes.samples import SamplesProbe
from ganstudio.probes.tiles import Tiles
from ganstudio.runs.scatter import Scatter, drawn, scatter
from ganstudio.training.trainer import Trainer

SMALLEST_TILE = 64
"""Small images are enlarged by whole pixels to about this side."""
SMALL, QUALITY = 256, 90
"""Side of a small picture of points, and WebP's quality of all small ones."""


def samples(trainer: Trainer) -> Tiles | Scatter:
    """64 images, or points enough for a picture, on inputs that follow from the seed. Changes nothing of the run."""
    return SamplesProbe().frame(trainer).tiles or scatter(trainer)


def png(look: Tiles | Scatter) -> bytes:
    """The samples as the content of a PNG file."""
    content = io.BytesIO()
    picture = drawn(look) if isinstance(look, Scatter) else _enlarged(look)
    picture.save(content, "PNG")
    return content.getvalue()


def webp(look: Tiles | Scatter) -> bytes:
    """The same, small: to be kept in numbers."""
    content = io.BytesIO()
    picture = drawn(look, SMALL) if isinstance(look, Scatter) else Image.fromarray(look.picture)
    picture.convert("RGB").save(content, "WEBP", quality=QUALITY, method=2)
    return content.getvalue()


def _enlarged(tiles: Tiles) -> Image.Image:
    factor = max(1, round(SMALLEST_TILE / tiles.height))
    picture: np.ndarray = tiles.picture.repeat(factor, 0).repeat(factor, 1)
    return Image.fromarray(picture)
