"""``ganstudio`` and ``python -m ganstudio``."""

import os
import sys
from contextlib import suppress


def main() -> None:
    """Run what the command line says and end with its exit code."""
    from ganstudio import cli

    code = cli.main()
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    # All is saved: unloading torch and its threads would take another second or two, on a busy machine many more.
    os._exit(code)


if __name__ == "__main__":
    main()
