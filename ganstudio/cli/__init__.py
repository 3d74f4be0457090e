"""The command line: everything that works without a window, and the way into it."""

import argparse
import os
import sys
from collections.abc import Sequence

from ganstudio.cli.exits import BAD_INPUT, INTERRUPTED
from ganstudio.cli.parser import parser
from ganstudio.cli.train import DEFAULT_SECONDS
from ganstudio.display import has_display, missing_library
from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.progress import passing


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; without one, open the window. Answers the exit code."""
    try:
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
