"""A run's metrics for other programs. Needs no torch."""

import csv
from pathlib import Path

from ganstudio.experiment.errors import StudioError
from ganstudio.training.history import History


def write_csv(history: History, path: Path) -> None:
    """All metrics of all steps as a table for other programs; ``StudioError`` when the file cannot be written.

    The first column is ``step``, counted from 1; a number that a step did not have is left empty.
    """
    rows = history.rows()
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["step", *history.names])
            for step, row in enumerate(rows.tolist(), 1):
                writer.writerow([step, *("" if value != value else f"{value:.9g}" for value in row)])
    except OSError as error:
        raise StudioError(f"cannot be written ({error.strerror or error})", str(path)) from None
