"""Finds what the program ships, in a wheel, in an editable install and in a checkout alike."""

import importlib.resources
from pathlib import Path


def resource(*parts: str) -> Path:
    """Path of a shipped file or folder, e.g. ``resource("presets", "dcgan-mnist.toml")``.

    The wheel carries ``resources/`` inside the package; an editable install and a checkout have it beside the package.
    The path is returned whether or not something lies there.
    """
    inside = Path(str(importlib.resources.files("ganstudio"))) / "resources"
    root = inside if inside.is_dir() else Path(__file__).resolve().parent.parent / "resources"
    return root.joinpath(*parts)
