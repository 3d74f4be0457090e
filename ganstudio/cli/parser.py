"""What can be typed."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganstudio import __version__
from ganstudio.cli import others, runs, train
from ganstudio.cli.arguments import Parser, seconds, size, whole
from ganstudio.experiment import files, scenes

Command = Callable[[argparse.Namespace], int]
"""Follows the options and answers the exit code."""
RUN = "name of a run (ganstudio runs lists them), its folder, or its zip file"


def parser(without_command: Command) -> argparse.ArgumentParser:
    """All commands; ``options.run`` is the one that was typed."""
    parser = Parser(
        prog="ganstudio",
        description="Train generative adversarial networks live. Without a command, the window opens; with a FILE in "
        "the command's place (an experiment, a run's folder or zip, exported weights), on that.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"GAN Studio {__version__}")
    parser.set_defaults(run=without_command)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_train(commands)
    _add_runs(commands)
    _add_others(commands)
    return parser


def _add_train(commands: Any) -> None:
    one = commands.add_parser(
        "train",
        help="train without a window",
        description="Train a preset or an experiment's TOML file, or play a scene, without a window. Where neither "
        f"--steps nor --seconds nor the experiment sets an end, it lasts {train.DEFAULT_SECONDS:g} seconds. Ctrl-C "
        "stops and saves.",
        allow_abbrev=False,
    )
    one.add_argument(
        "experiment", nargs="?", metavar="PRESET|FILE.toml", help="what to train (ganstudio presets lists them)"
    )
    one.add_argument(
        "--scene",
        metavar="SCENE|FILE.toml",
        help="play a scene instead, edits and captions (ganstudio scenes lists them)",
    )
    one.add_argument("--steps", type=whole(1), metavar="N", help="stop after N steps")
    one.add_argument("--seed", type=whole(0), metavar="S", help="every random draw follows from it")
    one.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="change the experiment, e.g. lr=0.0002"
    )
    _add_training(one, "the run's folder (default: where the window's runs lie)")
    one.set_defaults(run=train.train)


def _add_runs(commands: Any) -> None:
    one = commands.add_parser(
        "resume",
        help="go on with a run",
        description="Go on with a run, without a window, as if it had never been interrupted. With --steps N it rests "
        "after N more steps; the experiment keeps its own end, unless that comes before: then it is put off until "
        "there. Where neither --steps nor --seconds nor an end still to come says how long, it lasts "
        f"{train.DEFAULT_SECONDS:g} seconds. Ctrl-C stops and saves.",
        allow_abbrev=False,
    )
    one.add_argument("wanted", metavar="RUN", help=RUN)
    one.add_argument("--steps", type=whole(1), metavar="N", help="make N more steps from where the run stands")
    _add_training(one, "go on with a copy of the run in this folder (default: in its own)")
    one.set_defaults(run=runs.resume)

    one = commands.add_parser("runs", help="list the runs", description="List the runs, the one saved last first.")
    one.add_argument("--search", metavar="TEXT", default="", help="those with all its words in name, title, tags, note")
    one.add_argument("--json", action="store_true", help="as a JSON array")
    one.add_argument("--empty-trash", action="store_true", help="delete for good what was moved to the trash, first")
    one.set_defaults(run=runs.list_runs)

    one = commands.add_parser(
        "export",
        help="write something of a run to a file",
        description="Write something of a run to a file for other programs.",
        allow_abbrev=False,
    )
    one.add_argument("wanted", metavar="RUN", help=RUN)
    one.add_argument("--what", choices=runs.WHAT, required=True, help="zip is the whole run; onnx is G's average")
    one.add_argument("--format", choices=runs.FORMATS, help="of the metrics (default: as FILE ends, else csv)")
    one.add_argument("--out", type=Path, required=True, metavar="FILE")
    one.add_argument("--force", action="store_true", help="replace the file if it is there")
    one.set_defaults(run=runs.export)


def _add_training(one: argparse.ArgumentParser, out: str) -> None:
    """What ``train`` and ``resume`` have in common."""
    one.add_argument("--seconds", type=seconds, metavar="T", default=0.0, help="stop after T seconds of training")
    one.add_argument("--device", default="auto", metavar="D", help="auto (default), cpu or cuda")
    one.add_argument(
        "--threads", type=whole(1, 1024), default=0, metavar="N", help="torch's threads (default: the best)"
    )
    one.add_argument(
        "--edit", action="append", default=[], metavar="STEP:FIELD=VALUE", help="change it after STEP steps, as by hand"
    )
    one.add_argument("--watch", action="store_true", help="attach every probe, as the window does")
    one.add_argument("--out", type=Path, metavar="DIR", help=out)
    one.add_argument("--json", action="store_true", help="print one JSON object on standard output, nothing else")


def _add_others(commands: Any) -> None:
    for name, listed in (("presets", files.presets), ("scenes", scenes.scenes)):
        one = commands.add_parser(name, help=f"list the {name}", description=f"List the {name}.")
        one.add_argument("--json", action="store_true", help="as a JSON array")
        one.set_defaults(run=others.list_them, listed=listed)

    shot = commands.add_parser(
        "screenshot",
        help="picture of the window",
        description="Train a preset in the real window, without a display, and save what it shows as PNG.",
        allow_abbrev=False,
    )
    shot.add_argument("experiment", nargs="?", metavar="PRESET|FILE.toml")
    shot.add_argument("--scene", metavar="SCENE|FILE.toml", help="play a scene instead")
    shot.add_argument("--steps", type=whole(0), required=True, metavar="N", help="train N steps first")
    shot.add_argument("--perspective", metavar="P", help="arrangement of the panels (default: train, or the scene's)")
    shot.add_argument("--theme", choices=("dark", "light"), default="dark")
    shot.add_argument("--size", type=size, default=(1600, 1000), metavar="WxH", help="in pixels (default: 1600x1000)")
    shot.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    shot.set_defaults(run=others.screenshot)

    bench = commands.add_parser("bench", help="run a benchmark", description="Run a benchmark.", allow_abbrev=False)
    bench.add_argument("name", metavar="NAME")
    bench.add_argument("--preset", metavar="P", help="the preset that is measured")
    bench.add_argument(
        "--seeds",
        type=whole(1, 1000),
        metavar="N",
        help="bench toys: seeds of each case (default: 5); faults: kills (100); soak: cycles (500)",
    )
    bench.add_argument("--json", action="store_true", help="print one JSON object on standard output, nothing else")
    bench.set_defaults(run=others.bench)
