"""The kinds of arguments, each refused in one sentence."""

import argparse
import math
import re
from collections.abc import Callable
from typing import NoReturn

from ganstudio.experiment.errors import StudioError


class Parser(argparse.ArgumentParser):
    """Complains in one sentence, as everything else does."""

    def error(self, message: str) -> NoReturn:
        raise StudioError(f"{message} (see {self.prog} --help)")


def whole(least: int, most: int = 2**63 - 1) -> Callable[[str], int]:
    """A whole number in a range, both ends included."""

    def number(text: str) -> int:
        if not re.fullmatch(r"\d{1,19}", text) or not least <= int(text) <= most:
            limit = f"from {least} to {most}" if most < 2**63 - 1 else f"of at least {least}"
            raise argparse.ArgumentTypeError(f"must be a whole number {limit} (it is {text!r})")
        return int(text)

    return number


def seconds(text: str) -> float:
    """A finite number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0 (it is {text!r})")
    return value


def size(text: str) -> tuple[int, int]:
    """``1600x1000``, in pixels."""
    found = re.fullmatch(r"(\d{3,4})[x×](\d{3,4})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"must be WIDTHxHEIGHT in pixels, for instance 1600x1000 (it is {text!r})")
    return int(found[1]), int(found[2])
