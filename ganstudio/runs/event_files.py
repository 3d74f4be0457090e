"""Metrics as TensorBoard event files, written while a run trains: ``tensorboard --logdir`` on its folder shows them.

They are a copy for TensorBoard alone; nothing here is ever read back.
"""

import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.extras import needed
from ganstudio.runs.folder import TENSORBOARD
from ganstudio.training.events import Event

ROWS_AT_ONCE = 200
"""Most rows that one call writes, evenly chosen: TensorBoard draws a thousand points of a curve, and an event takes
50 µs, which adds up where a toy makes thousands of steps a second."""


class EventFiles:
    """The event files of one lineage, in a folder. Belongs to one thread, the one that writes the run."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._writer: Any = None
        self._next = 0

    def write(self, names: Sequence[str], first_step: int, rows: np.ndarray) -> None:
        """Rows (n, len(names)) of the steps ``first_step`` … ``first_step`` + n − 1; NaN stands for no number.

        What was written before of these steps is void: the run has gone back. ``loss.generator`` is called
        ``loss/generator`` there: TensorBoard groups the losses. Raises ``StudioError`` when the package is missing or
        nothing can be written.
        """
        if not len(rows):
            return
        try:
            if self._writer is None or first_step < self._next:
                self._begin(first_step)
            self._add([name.replace(".", "/") for name in names], first_step, rows)
        except OSError as error:
            raise StudioError(f"cannot be written ({error.strerror or error})", str(self._folder)) from None
        self._next = first_step + len(rows)

    def close(self) -> None:
        """Let go of the file."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _begin(self, step: int) -> None:
        """A new file, from this step on."""
        module = needed("torch.utils.tensorboard", "tensorboard", "TensorBoard", "checkpoints.tensorboard")
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._writer = module.SummaryWriter(str(self._folder), purge_step=step, max_queue=10 * ROWS_AT_ONCE)

    def _add(self, tags: list[str], first_step: int, rows: np.ndarray) -> None:
        from tensorboard.compat.proto.summary_pb2 import Summary

        chosen = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), ROWS_AT_ONCE)).round().astype(int))
        for index, row in zip(chosen.tolist(), rows[chosen].tolist(), strict=True):
            values = zip(tags, row, strict=True)
            there = [Summary.Value(tag=tag, simple_value=value) for tag, value in values if value == value]
            # One event with all numbers costs a sixth of one for each.
            self._writer.file_writer.add_summary(Summary(value=there), first_step + index, time.time())
        self._writer.flush()


class RunEventFiles:
    """The event files of a session's runs, a folder for each branch. What fails is told once, and nothing more written.

    Belongs to the thread that writes the runs, as ``EventFiles`` do; one of them is open at a time.
    """

    def __init__(self, news: deque[Event]):
        self._news = news
        self._open: tuple[Path, EventFiles] | None = None
        self._failed = False

    def write(self, run: Path, branch: int, names: Sequence[str], first_step: int, rows: np.ndarray) -> None:
        """See ``EventFiles.write``. Raises nothing: the run itself is saved whatever becomes of them."""
        if self._failed:
            return
        folder = run / TENSORBOARD / str(branch)
        if self._open is None or self._open[0] != folder:
            self.close()
            self._open = folder, EventFiles(folder)
        try:
            self._open[1].write(names, first_step, rows)
        except Exception as error:
            self._failed = True
            self._news.append(Event("warned", first_step, f"{error}. The run goes on without TensorBoard's files."))

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            with suppress(Exception):  # what it has not written yet cannot be written now either
                self._open[1].close()
            self._open = None
