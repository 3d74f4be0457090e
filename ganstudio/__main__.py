"""``ganstudio`` and ``python -m ganstudio``."""

import sys


def main() -> None:
    """Run what the command line says and end with its exit code."""
    from ganstudio import cli
    from ganstudio.openmp import wait_briefly

    wait_briefly()
    sys.exit(cli.main())


if __name__ == "__main__":
    main()
