"""What G makes of data that are points, as a picture: real ones in grey, generated ones in colour."""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageDraw

from ganstudio.data.densities.density import Density
from ganstudio.data.points import PointsData
from ganstudio.training.trainer import Trainer

SIDE = 512
"""Pixels of the picture, which is square."""
FINER = 2
"""It is drawn so many times larger and shrunk: Pillow's own lines have steps."""
POINTS = {1: 20_000, 2: 2_000}
"""Samples of each kind, by dimension: the number line needs many for its bars, the plane few to be legible."""
BARS = 64
HEADROOM = 1.25
"""Height of the picture in peaks of the real density."""
GROUND, REAL, REAL_POINTS, FAKE = "#16181d", "#6c7688", "#828c9e", "#ff9f4a"


@dataclass(frozen=True)
class Scatter:
    """Generated points beside the density that they should have."""

    density: Density
    generated: np.ndarray
    """(N, dim) float64."""


@torch.no_grad()
def scatter(trainer: Trainer) -> Scatter:
    """Samples of G's average on inputs that follow from the seed. Changes nothing of the run."""
    assert isinstance(trainer.data, PointsData)
    density = trainer.data.density
    z = trainer.noise.draw(POINTS[density.dim], torch.Generator().manual_seed(trainer.experiment.seed))
    generated = trainer.average.network(z.to(trainer.device))
    return Scatter(density, generated.double().cpu().numpy())


def drawn(look: Scatter, side: int = SIDE) -> Image.Image:
    """The picture, RGB, ``side`` × ``side`` pixels."""
    picture = Image.new("RGB", (side * FINER, side * FINER), GROUND)
    draw = ImageDraw.Draw(picture)
    if look.density.dim == 1:
        _line(draw, look, side * FINER)
    else:
        _plane(draw, look, side * FINER)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def _line(draw: ImageDraw.ImageDraw, look: Scatter, side: int) -> None:
    """The real density as a grey hill, that of the generated points as a coloured outline of bars."""
    ((low, high),) = look.density.extent
    real = look.density.density(np.linspace(low, high, side)[:, None])
    top = real.max() * HEADROOM
    draw.polygon([(0, side), *((x, side * (1 - p / top)) for x, p in enumerate(real)), (side, side)], fill=REAL)
    counts, _ = np.histogram(look.generated[:, 0], BARS, (low, high))
    heights = side * (1 - counts / len(look.generated) * BARS / (high - low) / top)
    edges = np.linspace(0, side, BARS + 1)
    outline = np.stack([np.repeat(edges, 2)[1:-1], np.repeat(heights, 2)], 1)
    draw.line([(x, max(y, 0)) for x, y in outline.tolist()], fill=FAKE, width=side // 100)


def _plane(draw: ImageDraw.ImageDraw, look: Scatter, side: int) -> None:
    """Dots, real ones below; one scale for both axes."""
    low, high = np.array(look.density.extent).T
    middle, half = (low + high) / 2, (high - low).max() / 2
    real = look.density.sample(POINTS[2], torch.Generator().manual_seed(0)).double().numpy()
    for points, colour, size in ((real, REAL_POINTS, side / 110), (look.generated, FAKE, side / 230)):
        places = (points - middle) / half
        for x, y in places[(np.abs(places) <= 1).all(1)].tolist():
            u, v = (1 + x) / 2 * side, (1 - y) / 2 * side
            draw.ellipse((u - size, v - size, u + size, v + size), fill=colour)
