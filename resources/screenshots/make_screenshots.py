"""Takes the README's pictures of the window, by the program itself, without a display.

    python resources/screenshots/make_screenshots.py

The sample grids of the presets beside them come from ``resources/models/train_models.py``.
"""

import subprocess
import sys

from PIL import Image

from ganstudio.resources import resource

SHOTS = {
    "train-dark": ("dcgan-mnist", 1000, "train", "dark"),
    "train-light": ("dcgan-pixel-faces", 500, "train", "light"),
    "explore-dark": ("dcgan-pixel-faces", 500, "explore", "dark"),
    "inspect-light": ("dcgan-mnist", 300, "inspect", "light"),
}
SIZE = "1600x1000"
COLOURS = 255
"""A palette is enough for a picture of a window, and a quarter of the bytes."""


def main() -> None:
    for name, (preset, steps, perspective, theme) in SHOTS.items():
        path = resource("screenshots", f"{name}.png")
        command = [sys.executable, "-m", "ganstudio", "screenshot", preset, "--steps", str(steps)]
        command += ["--perspective", perspective, "--theme", theme, "--size", SIZE, "--out", str(path)]
        subprocess.run(command, check=True)
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


if __name__ == "__main__":
    main()
