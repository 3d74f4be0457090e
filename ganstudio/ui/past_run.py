"""The open run on disk, as the timeline needs it: which moments it has kept, and frames computed from checkpoints."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.past import Answer, PastFrames
from ganstudio.runs.store import Checkpoint, Store
from ganstudio.ui.run_reader import RunReader
from ganstudio.ui.runs import Runs


@dataclass(frozen=True)
class Kept:
    """What a run's store has of one branch and its ancestors, each by step."""

    branch: int = 0
    checkpoints: tuple[Checkpoint, ...] = ()
    pictures: tuple[tuple[int, int], ...] = ()
    """(step, id) of the samples' snapshots."""


class PastRun(QObject):
    """Reads and computes on threads of its own; the answers come by signals."""

    changed = Signal()
    """``kept`` is another."""
    computed = Signal(object)
    """An ``Answer`` to ``ask``."""
    pictured = Signal(int, object)
    """A step and the ``QImage`` of its samples, null when it is not kept any more."""

    def __init__(self, runs: Runs):
        super().__init__()
        self.kept = Kept()
        self.folder: Path | None = None
        self._runs, self._branch = runs, 0
        self._damaged: set[int] = set()  # ids of pictures that cannot be shown
        self._frames = PastFrames()
        self._reader = RunReader()
        self._reader.answered.connect(self._take)
        runs.open_changed.connect(lambda: self._follow(runs.folder))
        runs.changed.connect(lambda folder: self.refresh() if folder == self.folder else None)

    def _follow(self, folder: Path | None) -> None:
        """Another run is open; None while it is not on disk."""
        if folder != self.folder:
            self.folder = folder
            self._frames.follow(folder)
            self.kept = Kept()
            self._damaged.clear()
            self.changed.emit()
            self.refresh()

    def stand_on(self, branch: int) -> None:
        """The trainer stands on this branch of the run."""
        self._branch = branch
        self.refresh()

    def refresh(self) -> None:
        """Something may have been saved."""
        folder, branch = self.folder, self._branch
        if folder is not None:
            self._reader.ask("kept", (folder, branch), lambda: _read(folder, branch))

    def checkpoint(self, step: int) -> Checkpoint | None:
        """The newest one that is not of a later step."""
        return max((one for one in self.kept.checkpoints if one.step <= step), key=lambda one: one.step, default=None)

    def picture(self, step: int) -> int | None:
        """The step of the newest picture that is not of a later one."""
        return max((at for at, _ in self.kept.pictures if at <= step), default=None)

    def ask(self, key: str, probe: str, options: Mapping[str, Any], step: int) -> None:
        """Want what a probe sees at the newest checkpoint up to a step; of each key the latest request wins."""
        self._frames.ask(key, probe, options, self.kept.branch, step, self._announce)

    def ask_picture(self, step: int) -> None:
        """Want the picture of a step."""
        folder, number = self.folder, dict(self.kept.pictures).get(step)
        if folder is not None and number is not None:
            self._reader.ask("picture", (step, number), lambda: _picture(folder, number))

    def close(self) -> None:
        """End the threads."""
        self._reader.close()
        self._frames.close()

    def _announce(self, answer: Answer) -> None:
        """On the thread of the past; the signal crosses to the window's."""
        with suppress(RuntimeError):  # Qt may have deleted this object: the program is closing
            self.computed.emit(answer)

    def _take(self, kind: str, key: object, found: object) -> None:
        if kind == "kept" and key == (self.folder, self._branch) and isinstance(found, Kept):
            found = self._whole(found)
            if found != self.kept:
                self.kept = found
                self.changed.emit()
        elif kind == "picture" and isinstance(key, tuple):
            step, number = key
            if isinstance(found, StudioError) and "damaged" in found.message:
                self._damaged.add(number)
                self.kept = self._whole(self.kept)
                instead = "; the one before is shown" if self.picture(step) is not None else ""
                self._runs.told.emit(f"{found}{instead}.", {})
            self.pictured.emit(step, found if isinstance(found, QImage) else QImage())

    def _whole(self, kept: Kept) -> Kept:
        return replace(kept, pictures=tuple(one for one in kept.pictures if one[1] not in self._damaged))


def _read(folder: Path, branch: int) -> Kept:
    store = Store.open(folder)
    try:
        return Kept(branch, tuple(store.checkpoints(branch)), tuple(store.snapshots(branch)))
    finally:
        store.close()


def _picture(folder: Path, number: int) -> QImage:
    store = Store.open(folder)
    try:
        return QImage.fromData(store.snapshot(number))
    finally:
        store.close()
