"""Reads runs for the window on a thread of its own: a folder of hundreds must not hold it."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import catalogue
from ganstudio.runs.catalogue import Entry

THUMBNAIL = 112
"""Pixels on a side: twice what a row shows, for dense screens."""
BATCH_SECONDS = 0.1
"""Rows that were read are handed over so often."""

Signature = tuple[tuple[str, int, int], ...]
Row = tuple[Entry, QImage]


class RunReader(QObject):
    """Answers by signals, on the thread of whoever listens. A newer request of a kind replaces one that waits."""

    rows = Signal(object)
    """Some ``Row`` each of which is new or has changed."""
    listed = Signal(object)
    """Every folder of the place that was read, as a set."""
    failed = Signal(str)
    """The place cannot be read: a plain sentence."""
    answered = Signal(str, object, object)
    """What ``ask`` was given: its kind, its key and the function's answer, or a ``StudioError``."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Path, Signature] = {}
        self._wanted: dict[str, Callable[[], None]] = {}
        self._changed = Condition()
        self._closed = False
        self._thread: Thread | None = None

    def read_place(self, place: Path) -> None:
        """Read every run in a folder whose files have changed since they were read last."""
        self._want("place", lambda: self._read_place(place))

    def read_run(self, folder: Path) -> None:
        """Read one run again."""
        self._want(f"run {folder}", lambda: self._read(folder))

    def ask(self, kind: str, key: object, function: Callable[[], Any]) -> None:
        """Call a function there; ``answered`` brings what it returns."""
        self._want(kind, lambda: self._answer(kind, key, function))

    def close(self) -> None:
        """End the thread after what it reads at the moment."""
        with self._changed:
            self._closed = True
            self._wanted.clear()
            self._changed.notify()

    def _want(self, kind: str, read: Callable[[], None]) -> None:
        with self._changed:
            if self._closed:
                return
            self._wanted[kind] = read
            if self._thread is None:
                self._thread = Thread(target=self._work, name="run reader", daemon=True)
                self._thread.start()
            self._changed.notify()

    # on the thread

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closed)
                if self._closed:
                    return
                read = self._wanted.pop(next(iter(self._wanted)))
            # Qt may have deleted this object: the program is closing.
            with suppress(RuntimeError):
                read()

    def _answer(self, kind: str, key: object, function: Callable[[], Any]) -> None:
        try:
            found = function()
        except StudioError as error:
            found = error
        self.answered.emit(kind, key, found)

    def _read_place(self, place: Path) -> None:
        try:
            folders = catalogue.folders(place)
        except StudioError as error:
            self.failed.emit(str(error))
            return
        self._known = {folder: self._known[folder] for folder in folders if folder in self._known}
        self.listed.emit(set(folders))
        found, since = [], perf_counter()
        for folder in folders:
            signature = _signature(folder)
            if self._known.get(folder) == signature:
                continue
            self._known[folder] = signature
            found.append(_row(folder))
            if perf_counter() - since > BATCH_SECONDS:
                self.rows.emit(found)
                found, since = [], perf_counter()
            if self._closed:
                return
        if found:
            self.rows.emit(found)

    def _read(self, folder: Path) -> None:
        self._known[folder] = _signature(folder)
        self.rows.emit([_row(folder)])


def _row(folder: Path) -> Row:
    entry = catalogue.read(folder)
    return entry, thumbnail(entry.thumbnail, THUMBNAIL)


def thumbnail(path: Path | None, size: int) -> QImage:
    """A picture that fits into a square of so many pixels; a null one where there is none. May be called anywhere."""
    image = QImage(str(path)) if path is not None else QImage()
    if image.isNull():
        return image
    smooth = (
        Qt.TransformationMode.SmoothTransformation
        if min(image.width(), image.height()) > size
        else (Qt.TransformationMode.FastTransformation)
    )
    return image.scaled(QSize(size, size), Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _signature(folder: Path) -> Signature:
    """The files of a run as they are: whether one has changed shows here."""
    found = []
    with suppress(OSError), os.scandir(folder) as files:
        for file in files:
            with suppress(OSError):
                state = file.stat(follow_symlinks=False)
                found.append((file.name, state.st_mtime_ns, state.st_size))
    return tuple(sorted(found))
