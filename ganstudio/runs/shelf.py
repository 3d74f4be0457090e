"""Where the keepsakes of a generator lie, and how they get there: beside its run, or among the runs. Needs no torch."""

import hashlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import MOST_BYTES, NONE, Keepsakes
from ganstudio.resources import resource
from ganstudio.runs.folder import KEEPSAKES, replace
from ganstudio.runs.store import Store

PLACE = ".keepsakes"
"""Folder in the runs' own folder, for generators without a run, and runs that cannot be written."""

Signature = tuple[int, int, int] | None


class Shelf:
    """The file of one generator's keepsakes.

    ``spare`` names another, for when the first cannot be written; ``start`` is read while there is none of them.
    """

    def __init__(self, file: Path, spare: Callable[[], Path] | None = None, start: Path | None = None):
        self._file, self._spare, self._start = file, spare, start
        self._used = file
        self._seen: Signature = None
        self._damaged: Path | None = None

    @property
    def file(self) -> Path:
        """The file that was read or written last."""
        return self._used

    def read(self) -> Keepsakes:
        """What is kept; nothing where nothing was. Raises ``StudioError`` naming a damaged file, and leaves it."""
        spare = self._spare() if self._spare is not None else None
        self._used = spare if spare is not None and spare.is_file() else self._file
        found = next((one for one in (self._used, self._start) if one is not None and one.is_file()), None)
        self._seen, self._damaged = _signature(self._used), None
        if found is None:
            return Keepsakes()
        try:
            return read_keepsakes(found)
        except StudioError:
            self._damaged = found if found == self._used else None
            raise

    def write(self, kept: Keepsakes) -> Keepsakes:
        """Write all that is kept, together with what another window has written meanwhile, and answer both.

        Raises ``StudioError`` when it can be written nowhere, or both are too many.
        """
        places = [lambda: self._file, *([self._spare] if self._spare is not None else [])]
        for number, place in enumerate(places, 1):
            file = place()
            try:
                return self._write(file, kept)
            except OSError as error:
                if number == len(places):
                    raise StudioError(f"cannot be written ({error.strerror or error})", str(file)) from None
        raise AssertionError("there is always a place")

    def _write(self, file: Path, kept: Keepsakes) -> Keepsakes:
        if file == self._used and self._seen != _signature(file):
            try:
                others = read_keepsakes(file)
            except StudioError:
                self._damaged = file if file.is_file() else None
            else:
                kept = kept.merged(others)
        if file.parent.name == PLACE:
            file.parent.mkdir(parents=True, exist_ok=True)
        if self._damaged == file:
            file.rename(_unused(file))
            self._damaged = None
        replace(file, kept.dumps().encode())
        if self._used != file and self._used.parent.name == PLACE:
            self._used.unlink(missing_ok=True)  # the run can be written again: its own file has all of it now
        self._used, self._seen = file, _signature(file)
        return kept


def shelf_of(origin: Path | None, folder: Path | None, place: Path) -> Shelf | None:
    """Of the generator whose run lies in ``folder``; of the model file ``origin`` where it has none yet.

    ``place`` is the runs' folder. None for fresh weights without a run: nothing would ever find their keepsakes again.
    """
    if folder is not None:
        return Shelf(folder / KEEPSAKES, lambda: place / PLACE / f"run-{_run_id(folder)}.json")
    if origin is None:
        return None
    if origin.parent == resource("models"):
        return Shelf(place / PLACE / f"model-{origin.stem}.json", start=resource("latent", f"{origin.stem}.json"))
    return Shelf(place / PLACE / f"model-{origin.stem}-{_key(origin)}.json")


def read_keepsakes(file: Path) -> Keepsakes:
    """Raises ``StudioError`` naming the file when it cannot be read or is damaged."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise StudioError("is larger than a file of favourites and directions can be", str(file))
        return Keepsakes.loads(file.read_text(encoding="utf-8"), str(file))
    except UnicodeDecodeError:
        raise StudioError(f"{NONE} (no text)", str(file)) from None
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(file)) from None


def write_keepsakes(file: Path, kept: Keepsakes) -> None:
    """Raises ``StudioError`` naming the file when it cannot be written."""
    try:
        replace(file, kept.dumps().encode())
    except OSError as error:
        raise StudioError(f"cannot be written ({error.strerror or error})", str(file)) from None


def _run_id(folder: Path) -> str:
    with suppress(StudioError), closing(Store.open(folder)) as store:
        return store.about().run_id
    return _key(folder)  # of the first layout, or damaged


def _key(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def _unused(file: Path) -> Path:
    number = 1
    while True:
        found = file.with_name(f"damaged-{file.name}" if number == 1 else f"damaged-{number}-{file.name}")
        if not found.exists():
            return found
        number += 1


def _signature(file: Path) -> Signature:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
