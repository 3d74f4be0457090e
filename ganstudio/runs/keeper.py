"""Puts runs on disk while they train, and brings them back: the keeper of a session.

``save`` copies what is needed on the worker; one thread at a time writes the copy beside training.
"""

import errno
import threading
import weakref
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from ganstudio.runs.folder import RECORD, claim, dated, runs_folder, set_aside
from ganstudio.runs.models import load_model
from ganstudio.runs.record import Record, read_record
from ganstudio.runs.restore import restore
from ganstudio.runs.snapshot import Snapshot
from ganstudio.training.cores import cores
from ganstudio.training.events import Event
from ganstudio.training.protocols import Opened
from ganstudio.training.trainer import Trainer

AUTOSAVE_SECONDS = 60.0
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
COPY_SHARE = 0.02
"""At most this share of the worker's time goes into copies for autosaves: very long runs are saved less often."""


@dataclass
class _Run:
    """One trainer's place on disk."""

    started: datetime
    folder: Path | None = None
    saved_as: Any = None
    """Names the last state that was handed to the writer, so that nothing is written twice."""


class Opener:
    """Opens runs and shipped models, and saves nothing."""

    def save(self, trainer: Trainer, events: list[Event], wait: bool) -> None:
        """Nothing."""

    def due(self) -> bool:
        """Never."""
        return False

    def news(self) -> list[Event]:
        """None."""
        return []

    def open(self, run: Path, trainer: Trainer) -> Opened:
        """A run's folder: state, history, events and threads. A safetensors file: weights alone."""
        if run.is_dir():
            return Opened(restore(run, trainer), _threads(read_record(run / RECORD), trainer))
        load_model(run, trainer)
        return Opened([])


class RunKeeper(Opener):
    """Saves a session's runs: on command, every minute, and when they are closed.

    ``out`` is the folder of the first run; the others get new folders in ``runs``. A run that is opened goes on in its
    own. What cannot be written is told once, as a ``warned`` event, and tried again at the next save.
    """

    def __init__(self, out: Path | None = None, runs: Path | None = None, every: float = AUTOSAVE_SECONDS):
        self._out, self._place = out, runs or runs_folder()
        self._every = every
        self._due_at = perf_counter() + every
        self._runs: weakref.WeakKeyDictionary[Trainer, _Run] = weakref.WeakKeyDictionary()
        self._news: deque[Event] = deque()
        self._warned = False
        self._changed = threading.Condition()
        self._waiting: tuple[_Run, Snapshot] | None = None
        self._writer: threading.Thread | None = None

    # on the worker

    def open(self, run: Path, trainer: Trainer) -> Opened:
        opened = super().open(run, trainer)
        if run.is_dir():
            self._runs[trainer] = _Run(read_record(run / RECORD).started, run)
        return opened

    def save(self, trainer: Trainer, events: list[Event], wait: bool) -> None:
        """Copy the run and write the copy beside training; ``wait`` returns when it has been written."""
        start = perf_counter()
        if trainer not in self._runs:
            self._runs[trainer] = _Run(datetime.fromtimestamp(events[0].time, UTC) if events else datetime.now(UTC))
        run = self._runs[trainer]
        try:
            if trainer.finite():
                self._hand_over(run, trainer, events)
            else:
                self._warn(trainer.steps, "Weights are not finite numbers, so the last save stays as it was.")
        except Exception as error:  # there may be no memory for the copy: no reason to end the training
            run.saved_as = None
            self._warn(trainer.steps, f"{_reason(error)}, so the last save stays as it was.")
        now = perf_counter()
        self._due_at = now + max(self._every, (now - start) / COPY_SHARE)
        if wait:
            with self._changed:
                self._changed.wait_for(lambda: self._writer is None)

    def due(self) -> bool:
        """Whether the last save is a minute old."""
        return perf_counter() >= self._due_at

    def news(self) -> list[Event]:
        """``saved`` and ``warned`` events since the last call."""
        found = []
        while self._news:
            found.append(self._news.popleft())
        return found

    def _hand_over(self, run: _Run, trainer: Trainer, events: list[Event]) -> None:
        acted = sum(event.kind not in ("loading", "paced", "saved", "warned") for event in events)
        state = (trainer.steps, trainer.experiment, acted)
        if run.saved_as == state:
            return
        run.saved_as = state
        snapshot = Snapshot.of(trainer, events, run.started)
        with self._changed:
            # A save that has not begun gives way to the newer one, unless it is another run's.
            self._changed.wait_for(lambda: self._waiting is None or self._waiting[0] is run)
            self._waiting = (run, snapshot)
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_all, name="keeper", daemon=True)
                self._writer.start()

    # on the writer's thread

    def _write_all(self) -> None:
        while True:
            with self._changed:
                if self._waiting is None:
                    self._writer = None
                    self._changed.notify_all()
                    return
                (run, snapshot), self._waiting = self._waiting, None
                self._changed.notify_all()
            self._write(run, snapshot)

    def _write(self, run: _Run, snapshot: Snapshot) -> None:
        step = snapshot.record.steps
        try:
            if run.folder is None:
                run.folder = self._new_folder(snapshot.experiment.title)
            elif not run.folder.is_dir():
                raise FileNotFoundError(errno.ENOENT, "the folder is gone", str(run.folder))
            snapshot.write(run.folder)
        except Exception as error:  # training must go on, whatever the disk does
            run.saved_as = None
            where = run.folder or self._out or self._place
            self._warn(step, f"{_reason(error)}, so the run cannot be saved in {where}.")
        else:
            self._warned = False
            self._news.append(Event("saved", step, f"Saved in {run.folder}.", {"path": str(run.folder)}))

    def _new_folder(self, title: str) -> Path:
        if self._out is None:
            return claim(self._place, dated(title))
        folder = self._out
        folder.mkdir(parents=True, exist_ok=True)
        moved = set_aside(folder)
        if moved is not None:
            self._news.append(Event("warned", 0, f"The earlier run in {folder} lies in {moved} now."))
        self._out = None
        return folder

    def _warn(self, step: int, sentence: str) -> None:
        if not self._warned:
            self._warned = True
            again = " Training goes on, and saving is tried again later."
            self._news.append(Event("warned", step, sentence + again))


def _threads(record: Record, trainer: Trainer) -> int:
    """The threads that a run's sums depend on, where this machine has as many cores and the same kind of device."""
    same = record.device.split(":")[0] == trainer.device.type and record.threads <= cores()
    return record.threads if same else 0


def _reason(error: Exception) -> str:
    """Why nothing could be written, as the head of a sentence."""
    if isinstance(error, OSError):
        if error.errno in FULL:
            return "The disk is full"
        if error.errno == errno.ENOENT:
            return "The folder is gone"
        return f"The disk refuses ({error.strerror or error})"
    return f"Saving failed ({type(error).__name__}: {error})"
