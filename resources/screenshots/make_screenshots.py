"""Takes the README's pictures of the window, by the program itself, without a display.

    python resources/screenshots/make_screenshots.py [NAME …]

The sample grids of the presets beside them come from ``resources/models/train_models.py``.
"""

import subprocess
import sys
from pathlib import Path

from PIL import Image
from tours import TOURS, travel

from ganstudio.resources import resource

SHOTS: dict[str, tuple[str, int, str, str]] = {
    "train-dark": ("dcgan-mnist", 1000, "train", "dark"),
    "train-light": ("dcgan-pixel-faces", 500, "train", "light"),
    "inspect-light": ("dcgan-mnist", 300, "inspect", "light"),
    "theory-ring-dark": ("ring-8", 3000, "theory", "dark"),
    "theory-figure-1-light": ("figure-1", 7000, "theory", "light"),
}
SIZE = "1600x1000"
COLOURS = 160
"""A palette is enough for a picture of a window, and a quarter of the bytes."""


def main() -> None:
    for name in sys.argv[1:] or [*SHOTS, *TOURS]:
        path = resource("screenshots", f"{name}.png")
        if name in TOURS:
            travel(TOURS[name], path)
        else:
            shoot(*SHOTS[name], path)
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def shoot(preset: str, steps: int, perspective: str, theme: str, path: Path) -> None:
    """A preset after so many steps."""
    command = [sys.executable, "-m", "ganstudio", "screenshot", preset, "--steps", str(steps)]
    command += ["--perspective", perspective, "--theme", theme, "--size", SIZE, "--out", str(path)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
