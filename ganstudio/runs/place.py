"""A run's folder in use: its lock, its store, and how it is claimed, brought up to date or copied."""

import os
import shutil
import uuid
from collections.abc import Container
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from weakref import finalize

from filelock import FileLock, Timeout

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.about import About
from ganstudio.runs.folder import CHECKPOINTS, EXPERIMENT, LOCK, METRICS, RECORD, SAMPLES, STORE, WEIGHTS
from ganstudio.runs.heads import Head, files_of, read_head
from ganstudio.runs.read import alone, is_first_layout, open_store
from ganstudio.runs.store import Checkpoint, Store


class Place:
    """A folder with a run. Closed when nobody holds it any more."""

    def __init__(self, folder: Path, store: Store | None, lock: FileLock | None, refusal: str = "", damage: str = ""):
        self.folder = folder
        self.store = store
        """None of a run of the first layout, and where it is damaged."""
        self.refusal = refusal
        """Why it is only read, in a sentence; empty where it is written too."""
        self.damage = damage
        """Why the store cannot be used, in a sentence."""
        self._lock = lock
        self._close = finalize(self, _let_go, [store] if store else [], lock)
        self._file = _identity(folder / STORE)

    def close(self) -> None:
        """Let go of the store and the lock."""
        self._close()

    @property
    def open(self) -> bool:
        """Whether it has not been closed."""
        return self._close.alive

    @property
    def there(self) -> bool:
        """Whether the folder is where it was, and what it was. Where no store is in use, one may be being made."""
        return self.folder.is_dir() and (self.store is None or _identity(self.folder / STORE) == self._file)

    def check(self) -> None:
        """Raise ``FileNotFoundError`` when it is not there: what is written to it would be lost."""
        if not self.there:
            raise FileNotFoundError(2, "the folder is gone", str(self.folder))

    def lose(self, damage: str) -> None:
        """Do without the store, whose damage has shown only now."""
        if self.store is not None:
            self.store.close()
            self._keep(None)
        self.damage = damage

    def use(self, store: Store) -> None:
        """Go on with a store that was made just now."""
        self._keep(store)
        self.damage = ""

    def _keep(self, store: Store | None) -> None:
        self._close.detach()
        self._close = finalize(self, _let_go, [store] if store else [], self._lock)
        self._file = _identity(self.folder / STORE)
        self.store = store


def take(folder: Path, write: bool) -> Place:
    """A run that is there, locked if it can be written; ``StudioError`` when no run can be read there."""
    first = is_first_layout(folder)
    lock, refusal = _locked(folder) if write else (None, "This session saves nothing.")
    try:
        store, damage = (None, "") if first else open_store(folder, write=lock is not None)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    place = Place(folder, store, lock, refusal, damage)
    if lock is not None:
        try:
            _tidy(folder, store)
        except StudioError as error:
            place.lose(alone(error))
    return place


def in_use(folder: Path) -> bool:
    """Whether somebody writes a run there now."""
    if not (folder / LOCK).is_file():
        return False
    lock, _ = _locked(folder)
    if lock is not None:
        lock.release()
    return lock is None


def found(folder: Path, about: About) -> Place:
    """A new run in a folder that is there and empty of runs."""
    lock, refusal = _locked(folder)
    if lock is None:
        raise PermissionError(13, refusal, str(folder))
    return Place(folder, Store.create(folder, about), lock)


def copied(source: Place, folder: Path, head: Head | None, branch: int) -> Place:
    """A new run in an empty folder that has all that another one had up to a checkpoint, and what leads to it.

    ``head`` is that checkpoint's; None copies a run of the first layout, which is brought up to date.
    """
    lock, refusal = _locked(folder)
    if lock is None:
        raise PermissionError(13, refusal, str(folder))
    try:
        if head is None:
            for name in (EXPERIMENT, WEIGHTS, METRICS, SAMPLES, RECORD):
                if (source.folder / name).is_file():
                    shutil.copyfile(source.folder / name, folder / name)
            return Place(folder, None, lock)
        (folder / CHECKPOINTS).mkdir()
        if source.store is not None:
            origin = source.store.about().run_id
            needed = [one for one in source.store.checkpoints(branch) if one.step <= head.step]
            source.store.copy(folder / STORE)
            store = Store.open(folder, write=True)
            kept = {(one.branch, one.step) for one in needed}
            store.remove_checkpoints(one for one in store.listed() if (one.branch, one.step) not in kept)
            store.update_about(run_id=new_id(), origin=origin, branch=branch)
        else:
            needed = _listed(source.folder)
            store = Store.create(folder, replace(head.about, run_id=new_id(), origin=head.about.run_id), head.branches)
        for one in needed:
            _link(one.path, folder / CHECKPOINTS / one.path.name)
        for one in needed if source.store is None else ():
            store.add_checkpoint(replace(one, path=folder / CHECKPOINTS / one.path.name))
        return Place(folder, store, lock)
    except BaseException:
        lock.release()
        raise


def rebuilt(folder: Path, head: Head) -> Store:
    """A new store beside the checkpoints, in the place of one that cannot be used, which is set aside."""
    broken = folder / STORE
    for path in (broken.with_name(f"{STORE}-wal"), broken.with_name(f"{STORE}-shm")):
        with suppress(FileNotFoundError):
            path.rename(path.with_name(f"damaged-{path.name}"))
    with suppress(FileNotFoundError):
        broken.rename(broken.with_name(f"damaged-{STORE}"))
    store = Store.create(folder, head.about, head.branches)
    for one in _listed(folder):
        if one.branch != head.branch or one.step <= head.step:  # what comes after it there cannot be used
            store.add_checkpoint(one)
    return store


def new_id() -> str:
    """Names a run for ever."""
    return uuid.uuid4().hex


def _tidy(folder: Path, store: Store | None) -> None:
    """Drop what a killed process left half written, and enter the checkpoints that it had no time to enter."""
    for path in (*folder.glob(".*.part"), *(folder / CHECKPOINTS).glob(".*.part")):
        path.unlink(missing_ok=True)
    if store is None:
        return
    known, branches = {one.path for one in store.listed()}, {one.id for one in store.branches()}
    for one in _listed(folder, known):
        if one.branch in branches:
            store.add_checkpoint(one)


def _listed(folder: Path, known: Container[Path] = ()) -> list[Checkpoint]:
    """The checkpoints that can be read, but for the known ones, without a store."""
    found = []
    for path in [path for path in files_of(folder) if path not in known]:
        with suppress(StudioError):
            head = read_head(path)
            found.append(
                Checkpoint(head.branch, head.step, path, path.stat().st_size, head.time, head.reason, head.event)
            )
    return found


def _link(source: Path, target: Path) -> None:
    """The same file under another name where the disk can, else a copy: a checkpoint is never written into."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target)


def _locked(folder: Path) -> tuple[FileLock | None, str]:
    """The folder's lock; None, and why in a sentence, when somebody else writes there or nobody can."""
    path = folder / LOCK
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))
    except OSError as error:
        return None, f"The folder cannot be written ({error.strerror or error})."
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None, "The run is open elsewhere."
    except NotImplementedError:  # some network disks know no locks; then two windows are told apart by nobody
        pass
    return lock, ""


def _let_go(stores: list[Store], lock: FileLock | None) -> None:
    for store in stores:
        store.close()
    if lock is not None:
        with suppress(OSError):
            lock.release()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
