"""The command line: everything that works without a window, and the way into it."""

import argparse
import json
import math
import os
import re
import signal
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from ganstudio import __version__
from ganstudio.display import has_display, missing_library
from ganstudio.experiment import files, scenes
from ganstudio.experiment.edits import assignment, change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check
from ganstudio.experiment.scenes import Scene
from ganstudio.progress import Progress, passing
from ganstudio.runs import headless
from ganstudio.runs.folder import SAMPLES, check_writable
from ganstudio.runs.headless import Outcome, Plan
from ganstudio.training.script import script

DEFAULT_SECONDS = 60.0
"""How long is trained where neither the command nor the experiment says."""
BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; without one, open the window. Answers the exit code."""
    try:
        options = _parser().parse_args(arguments)
        return options.run(options)
    except StudioError as error:
        passing("")
        print(f"ganstudio: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has what it wanted (``ganstudio presets | head``); nothing may be flushed to it at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


# what can be typed


class _Parser(argparse.ArgumentParser):
    """Complains in one sentence, as everything else does."""

    def error(self, message: str) -> NoReturn:
        raise StudioError(f"{message} (see {self.prog} --help)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ganstudio",
        description="Train generative adversarial networks live. Without a command, the window opens.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"GAN Studio {__version__}")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_train(commands)
    _add_others(commands)
    return parser


def _add_train(commands: Any) -> None:
    train = commands.add_parser(
        "train",
        help="train without a window",
        description="Train a preset or an experiment's TOML file, or play a scene, without a window. Where neither "
        f"--steps nor --seconds nor the experiment sets an end, it lasts {DEFAULT_SECONDS:g} seconds. Ctrl-C stops "
        "and saves.",
        allow_abbrev=False,
    )
    train.add_argument(
        "experiment", nargs="?", metavar="PRESET|FILE.toml", help="what to train (ganstudio presets lists them)"
    )
    train.add_argument(
        "--scene",
        metavar="SCENE|FILE.toml",
        help="play a scene instead, edits and captions (ganstudio scenes lists them)",
    )
    train.add_argument("--steps", type=_whole(1), metavar="N", help="stop after N steps")
    train.add_argument("--seconds", type=_seconds, metavar="T", default=0.0, help="stop after T seconds of training")
    train.add_argument("--seed", type=_whole(0), metavar="S", help="every random draw follows from it")
    train.add_argument("--device", default="auto", metavar="D", help="auto (default), cpu or cuda")
    train.add_argument(
        "--threads", type=_whole(1, 1024), default=0, metavar="N", help="torch's threads (default: the best)"
    )
    train.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="change the experiment, e.g. lr=0.0002"
    )
    train.add_argument(
        "--edit", action="append", default=[], metavar="STEP:FIELD=VALUE", help="change it after STEP steps, as by hand"
    )
    train.add_argument("--watch", action="store_true", help="attach every probe, as the window does")
    train.add_argument(
        "--out", type=Path, metavar="DIR", help="the run's folder (default: where the window's runs lie)"
    )
    train.add_argument("--json", action="store_true", help="print one JSON object on standard output, nothing else")
    train.set_defaults(run=_train)


def _add_others(commands: Any) -> None:
    for name, listed in (("presets", files.presets), ("scenes", scenes.scenes)):
        one = commands.add_parser(name, help=f"list the {name}", description=f"List the {name}.")
        one.add_argument("--json", action="store_true", help="as a JSON array")
        one.set_defaults(run=_list, listed=listed)

    shot = commands.add_parser(
        "screenshot",
        help="picture of the window",
        description="Train a preset in the real window, without a display, and save what it shows as PNG.",
        allow_abbrev=False,
    )
    shot.add_argument("experiment", nargs="?", metavar="PRESET|FILE.toml")
    shot.add_argument("--scene", metavar="SCENE|FILE.toml", help="play a scene instead")
    shot.add_argument("--steps", type=_whole(0), required=True, metavar="N", help="train N steps first")
    shot.add_argument("--perspective", metavar="P", help="arrangement of the panels (default: train, or the scene's)")
    shot.add_argument("--theme", choices=("dark", "light"), default="dark")
    shot.add_argument("--size", type=_size, default=(1600, 1000), metavar="WxH", help="in pixels (default: 1600x1000)")
    shot.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    shot.set_defaults(run=_screenshot)

    bench = commands.add_parser("bench", help="run a benchmark", description="Run a benchmark.", allow_abbrev=False)
    bench.add_argument("name", metavar="NAME")
    bench.add_argument("--preset", metavar="P", help="the preset that is measured")
    bench.add_argument("--seeds", type=_whole(1, 1000), metavar="N", help="bench toys: seeds of each case (default: 5)")
    bench.add_argument("--json", action="store_true", help="print one JSON object on standard output, nothing else")
    bench.set_defaults(run=_bench)


def _whole(least: int, most: int = 2**63 - 1) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not re.fullmatch(r"\d{1,19}", text) or not least <= int(text) <= most:
            limit = f"from {least} to {most}" if most < 2**63 - 1 else f"of at least {least}"
            raise argparse.ArgumentTypeError(f"must be a whole number {limit} (it is {text!r})")
        return int(text)

    return number


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0 (it is {text!r})")
    return value


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,4})[x×](\d{3,4})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"must be WIDTHxHEIGHT in pixels, for instance 1600x1000 (it is {text!r})")
    return int(found[1]), int(found[2])


# the commands


def _train(options: argparse.Namespace) -> int:
    scene, experiment = _wanted(options)
    experiment = _changed(experiment, options)
    if scene is not None and options.steps is None:
        experiment, _ = change(experiment, "steps", scene.steps)
    edits = [_edit(text) for text in options.edit]
    seconds = options.seconds or (0.0 if experiment.steps else DEFAULT_SECONDS)
    if options.out is not None:
        check_writable(options.out)
    plan = Plan(experiment, seconds, edits, options.watch, options.device, options.threads, options.out)
    if scene is not None:
        plan = replace(plan, script=script(scene, wait=False))
    outcome = _trained(plan)
    if options.json:
        print(json.dumps(_report(outcome)))
    elif not outcome.failure:
        print(_summary(outcome))
    if outcome.failure:
        print(f"ganstudio: {outcome.failure}", file=sys.stderr)
        return FAILED
    return INTERRUPTED if outcome.interrupted else 0


def _wanted(options: argparse.Namespace) -> tuple[Scene | None, Experiment]:
    """What a command names: a preset, an experiment's file, or a scene."""
    if (options.experiment is None) == (options.scene is None):
        what = "not both" if options.scene else "to say what is trained"
        raise StudioError(f"name a preset or an experiment's TOML file, or a scene with --scene, {what}")
    if options.scene is None:
        return None, files.find(options.experiment)
    passing("Loading PyTorch…")
    scene, place = scenes.find(options.scene)
    return scene, scenes.check_scene(scene, place)


def _changed(experiment: Experiment, options: argparse.Namespace) -> Experiment:
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


def _edit(text: str) -> tuple[int, str, Any]:
    step, colon, rest = text.partition(":")
    if not colon or not re.fullmatch(r"\d{1,18}", step):
        raise StudioError(f"write STEP:field=value, for instance 500:objective=saturating (this is {text!r})", "--edit")
    try:
        return int(step), *assignment(rest)
    except StudioError as error:
        raise StudioError(error.message, "--edit") from None


def _trained(plan: Plan) -> Outcome:
    """Train with a progress bar; a polite request to end (SIGTERM) stops and saves, like Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    progress = Progress(plan.experiment.steps, plan.seconds)
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        return headless.train(plan, progress)
    finally:
        signal.signal(signal.SIGTERM, before)
        progress.close()


def _report(outcome: Outcome) -> dict[str, Any]:
    """The JSON object of ``train --json``."""
    return {
        "steps": outcome.steps,
        "seconds": round(outcome.seconds, 4),
        "steps_per_s": round(_rate(outcome), 4),
        "losses": {name: value if math.isfinite(value) else None for name, value in outcome.losses.items()},
        "frames": outcome.frames,
        "weights_sha256": outcome.weights_sha256,
        "out": str(outcome.out) if outcome.out else None,
    }


def _summary(outcome: Outcome) -> str:
    line = f"{outcome.steps:,} steps in {outcome.seconds:.1f} s ({_rate(outcome):.1f} steps/s)."
    if outcome.out is None:
        return f"{line} The run was not saved."
    picture = outcome.out / SAMPLES
    samples = f" The sample grid is {picture}." if picture.is_file() else ""
    return f"{line}{samples} The run lies in {outcome.out}."


def _rate(outcome: Outcome) -> float:
    return outcome.steps / outcome.seconds if outcome.seconds > 0 else 0.0


def _list(options: argparse.Namespace) -> int:
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


def _screenshot(options: argparse.Namespace) -> int:
    scene, experiment = _wanted(options)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ganstudio.ui import screenshot
    from ganstudio.ui.perspectives import PERSPECTIVES

    perspective = (options.perspective or (scene.perspective if scene else "") or "train").lower()
    known = [one.name for one in PERSPECTIVES]
    if perspective not in known:
        raise StudioError(f"there is no perspective {perspective!r}; choose one of {', '.join(known)}", "--perspective")
    preset = options.experiment if options.experiment in files.presets() else ""
    screenshot.take(experiment, options.steps, perspective, options.theme, options.size, options.out, preset, scene)
    return 0


def _bench(options: argparse.Namespace) -> int:
    from ganstudio import bench

    return bench.run(options.name, options.preset, options.json, options.seeds)


# the window


def _window(_: argparse.Namespace) -> int:
    if not has_display():
        print(
            "There is no display here, so GAN Studio trains the preset "
            f"{files.DEFAULT_PRESET} for {DEFAULT_SECONDS:g} seconds without a window.",
            flush=True,
        )
        return main(["train", files.DEFAULT_PRESET, "--seconds", f"{DEFAULT_SECONDS:g}"])
    problem = missing_library()
    if problem:
        raise StudioError(problem)
    from ganstudio import app

    return app.main()
