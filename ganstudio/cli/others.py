"""The commands that train nothing, or train in order to show or to measure."""

import argparse
import json
import os
import textwrap

from ganstudio.cli.wanted import wanted
from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError


def list_them(options: argparse.Namespace) -> int:
    """``presets`` and ``scenes``."""
    found = [(name, *files.headline(path)) for name, path in options.listed().items()]
    if options.json:
        print(json.dumps([dict(zip(("name", "title", "description"), one, strict=True)) for one in found]))
        return 0
    for name, title, description in found:
        print(
            f"{name}: {title}",
            textwrap.fill(description, 100, initial_indent="    ", subsequent_indent="    "),
            sep="\n",
        )
    return 0


def screenshot(options: argparse.Namespace) -> int:
    """``screenshot``."""
    scene, experiment = wanted(options)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ganstudio.ui.perspectives import PERSPECTIVES
    from ganstudio.ui.screenshot import take

    perspective = (options.perspective or (scene.perspective if scene else "") or "train").lower()
    known = [one.name for one in PERSPECTIVES]
    if perspective not in known:
        raise StudioError(f"there is no perspective {perspective!r}; choose one of {', '.join(known)}", "--perspective")
    preset = options.experiment if options.experiment in files.presets() else ""
    take(experiment, options.steps, perspective, options.theme, options.size, options.out, preset, scene)
    return 0


def bench(options: argparse.Namespace) -> int:
    """``bench``."""
    from ganstudio.bench import run

    return run(options.name, options.preset, options.json, options.seeds)
