"""Trains every preset on the CPU and makes what ships with it: weights, a thumbnail, and a grid for the README.

Players of points learn within seconds: they ship no weights, and their thumbnail is the picture that their run leaves.

    python resources/models/train_models.py [PRESET …]

Seeds are the presets' own; three quarters of an hour on two cores for all.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from ganstudio import cli
from ganstudio.data.points import PointsSource
from ganstudio.experiment import files
from ganstudio.experiment.registry import registry
from ganstudio.resources import resource
from ganstudio.runs.folder import SAMPLES
from ganstudio.runs.models import make_model
from ganstudio.runs.scatter import GROUND

STEPS = {
    "dcgan-mnist": 4000,
    "dcgan-pixel-faces": 3000,
    "hinge-sn-faces": 3000,
    "dcgan-fashion": 4000,
    "dcgan-animals": 4000,
    "wgan-gp-mnist": 2000,
    "mlp-mnist": 6000,
    "goodfellow-2014-mnist": 5000,
    "dcgan-emoji": 3500,
    "figure-1": 7000,
    "gan-lab-disjoint": 3000,
    "gan-lab-gaussians": 3000,
    "gan-lab-line": 3000,
    "gan-lab-ring": 3000,
    "grid-25": 6000,
    "moons": 3000,
    "pinwheel": 3000,
    "ring-8": 6000,
    "spiral": 3000,
    "swiss-roll": 4000,
}
TILES, THUMBNAIL, GRID = 8, 4, 8
"""Tiles on a side of a run's sample grid, of a thumbnail, of a README picture."""
THUMBNAIL_SIZE = (400, 248)
"""Pixels of a thumbnail of points, in the shape of the gallery's cards."""


def main(names: list[str]) -> None:
    for name in names or list(STEPS):
        files.preset(name)
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder) / "run"
            code = cli.main(["train", name, "--steps", str(STEPS[name]), "--threads", "1", "--out", str(run)])
            if code:
                raise SystemExit(code)
            with Image.open(run / SAMPLES) as picture:
                if plays_on_points(name):
                    framed(picture).quantize(64).save(resource("presets", f"{name}.png"), optimize=True)
                    continue
                make_model(run, resource("models", f"{name}.safetensors"))
                corner(picture, THUMBNAIL).save(resource("presets", f"{name}.png"), optimize=True)
                corner(picture, GRID).save(resource("screenshots", f"preset-{name}.png"), optimize=True)


def framed(picture: Image.Image) -> Image.Image:
    """A square picture in the middle of a card, which would cut it off otherwise."""
    width, height = THUMBNAIL_SIZE
    card = Image.new("RGB", THUMBNAIL_SIZE, GROUND)
    card.paste(picture.resize((height, height), Image.Resampling.LANCZOS), ((width - height) // 2, 0))
    return card


def plays_on_points(name: str) -> bool:
    """Whether the preset's data are points rather than images."""
    return issubclass(registry.find("data", files.preset(name).data.kind), PointsSource)


def corner(picture: Image.Image, tiles: int) -> Image.Image:
    """The first ``tiles`` × ``tiles`` samples of a square grid of ``TILES``."""
    side = picture.width * tiles // TILES
    return picture.crop((0, 0, side, side))


if __name__ == "__main__":
    main(sys.argv[1:])
