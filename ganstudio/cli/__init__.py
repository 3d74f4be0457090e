"""The command line: everything that works without a window, and the way into it."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ganstudio.cli.display import has_display, missing_library
from ganstudio.cli.exits import BAD_INPUT, INTERRUPTED
from ganstudio.cli.parser import parser
from ganstudio.cli.train import DEFAULT_SECONDS
from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.progress import passing


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; without one, open the window, on what lies at a path if one is named. Answers the exit code."""
    try:
        typed = list(sys.argv[1:] if arguments is None else arguments)
        if len(typed) == 1 and _is_path(typed[0]):
            return _window_on(Path(typed[0]))
        options = parser(_window).parse_args(arguments)
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


def _is_path(text: str) -> bool:
    """Whether it is no command: commands have neither folders nor a dot."""
    path = Path(text)
    return not text.startswith("-") and (path.name != text or bool(path.suffix))


def _window_on(path: Path) -> int:
    if not path.exists():
        raise StudioError("there is nothing at this place", str(path))
    if not has_display():
        raise StudioError("there is no display here to open it on (see ganstudio --help)", str(path))
    return _open(path.absolute())


def _window(_: argparse.Namespace) -> int:
    if not has_display():
        print(
            "There is no display here, so GAN Studio trains the preset "
            f"{files.DEFAULT_PRESET} for {DEFAULT_SECONDS:g} seconds without a window.",
            flush=True,
        )
        return main(["train", files.DEFAULT_PRESET, "--seconds", f"{DEFAULT_SECONDS:g}"])
    return _open(None)


def _open(path: Path | None) -> int:
    problem = missing_library()
    if problem:
        raise StudioError(problem)
    from ganstudio import app

    return app.main(path)
