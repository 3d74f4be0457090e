"""What a command is about: an experiment or a scene, with the changes that were typed."""

import argparse
import re
from pathlib import Path
from typing import Any

from ganstudio.experiment import files, scenes
from ganstudio.experiment.edits import assignment, change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check
from ganstudio.experiment.scenes import Scene
from ganstudio.progress import passing


def wanted(options: argparse.Namespace) -> tuple[Scene | None, Experiment]:
    """What a command names: a preset, an experiment's file, or a scene."""
    if (options.experiment is None) == (options.scene is None):
        what = "not both" if options.scene else "to say what is trained"
        raise StudioError(f"name a preset or an experiment's TOML file, or a scene with --scene, {what}")
    if options.scene is None:
        return None, files.find(options.experiment)
    passing("Loading PyTorch…")
    scene, place = scenes.find(options.scene)
    return scene, scenes.check_scene(scene, place)


def changed(experiment: Experiment, options: argparse.Namespace) -> Experiment:
    """The experiment with the command's changes, and a device that there is."""
    passing("Loading PyTorch…")
    from ganstudio.training.worker import device

    device(options.device)
    check(experiment)
    for text in options.set:
        try:
            path, value = assignment(text)
        except StudioError as error:
            raise StudioError(error.message, "--set") from None
        if path in ("data.path", "data.params.path"):  # a run can be opened from elsewhere
            value = str(Path(str(value)).expanduser().absolute())
        experiment, _ = change(experiment, path, value)
    for path, value in (("seed", options.seed), ("steps", options.steps)):
        if value is not None:
            experiment, _ = change(experiment, path, value)
    return experiment


def edit(text: str) -> tuple[int, str, Any]:
    """(completed steps, path, value) of ``STEP:FIELD=VALUE``."""
    step, colon, rest = text.partition(":")
    if not colon or not re.fullmatch(r"\d{1,18}", step):
        raise StudioError(f"write STEP:field=value, for instance 500:objective=saturating (this is {text!r})", "--edit")
    try:
        return int(step), *assignment(rest)
    except StudioError as error:
        raise StudioError(error.message, "--edit") from None
