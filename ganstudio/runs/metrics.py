"""``metrics.npy``: every step's numbers, as version 1 of the layout had them."""

from pathlib import Path

import numpy as np

from ganstudio.data.memory import check_room
from ganstudio.data.npz import opened
from ganstudio.experiment.errors import StudioError


def read_rows(path: Path, stored: list[str], wanted: tuple[str, ...], steps: int) -> np.ndarray:
    """(steps, len(wanted)) float32 from an ``.npy`` whose columns are called ``stored``; NaN for what it does not have.

    Raises ``StudioError`` naming the file when it is damaged.
    """
    with opened(path) as file:
        rows = file.read("arr_0")
    if rows.ndim != 2 or rows.shape[1] != len(stored) or rows.dtype != np.float32:
        raise StudioError("is damaged: it does not hold the metrics that the run's record names", str(path))
    check_room(4 * steps * len(wanted), str(path), f"the run's weights say {steps:,} steps")
    found = np.full((steps, len(wanted)), np.nan, np.float32)
    rows = rows[:steps]
    for index, name in enumerate(wanted):
        if name in stored:
            found[: len(rows), index] = rows[:, stored.index(name)]
    return found
