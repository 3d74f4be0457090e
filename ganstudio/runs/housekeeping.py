"""Whole runs copied, thrown away and brought back. Nothing here needs torch."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.folder import claim

TRASH = ".trash"
"""In the runs' own folder, so that throwing away is a rename on every system and medium, and can be taken back."""
DATABASE = ".sqlite"
PASSING = ("-wal", "-shm", "-journal", ".part", ".lock")
"""Ends of the names of files that are part of no copy."""


def duplicate(run: Path) -> Path:
    """Copy a run to a new folder beside it, and answer that; the run may be in training meanwhile.

    Raises ``StudioError`` naming the file that cannot be read or written; no half copy is left.
    """
    copy = None
    try:
        copy = claim(run.parent, f"{run.name}-copy")
        for relative in contents(run):
            (copy / relative).parent.mkdir(parents=True, exist_ok=True)
            copy_file(run / relative, copy / relative)
    except OSError as error:
        if copy is not None:
            shutil.rmtree(copy, ignore_errors=True)
        raise StudioError(f"cannot be copied ({error.strerror or error})", error.filename or str(run)) from None
    except BaseException:
        if copy is not None:
            shutil.rmtree(copy, ignore_errors=True)
        raise
    return copy


def to_trash(run: Path) -> Path:
    """Move a run to the trash of its place, and answer where it lies there. ``restore`` brings it back.

    Raises ``StudioError`` when it cannot be moved.
    """
    return _moved(run, run.parent / TRASH)


def restore(trashed: Path) -> Path:
    """Bring a run back from the trash to the place it came from, and answer its folder: its old name, where free."""
    return _moved(trashed, trashed.parent.parent)


def empty_trash(place: Path) -> None:
    """Delete for good what lies in a place's trash. Raises ``StudioError`` when something cannot be deleted."""
    try:
        shutil.rmtree(place / TRASH)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StudioError(f"cannot be deleted ({error.strerror or error})", error.filename or str(place)) from None


def _moved(run: Path, place: Path) -> Path:
    try:
        target = claim(place, run.name)
        try:
            os.replace(run, target)  # over the empty folder that holds the name
        except OSError:
            target.rmdir()
            raise
    except OSError as error:
        raise StudioError(f"cannot be moved to {place} ({error.strerror or error})", str(run)) from None
    return target


def contents(run: Path) -> Iterator[Path]:
    """The files of a run, relative to its folder, the store last: whatever was copied before, it knows of.

    Links are passed over, and so are files that come and go with the program that has the run open.
    """
    stores = []
    for folder, folders, names in os.walk(run):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_symlink() or not path.is_file() or name.endswith(PASSING):
                continue
            if name.endswith(DATABASE):
                stores.append(path.relative_to(run))
            else:
                yield path.relative_to(run)
    yield from stores


def copy_file(source: Path, target: Path) -> None:
    """Copy one file; a store as it stands at one moment, with what its write-ahead log holds.

    A file that is gone meanwhile (old checkpoints are thinned) is left out. Raises ``OSError``.
    """
    if source.suffix == DATABASE and _copy_database(source, target):
        return
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        if source.exists():
            raise


def _copy_database(source: Path, target: Path) -> bool:
    """False for a damaged store: that is copied as it is."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as store,
            closing(sqlite3.connect(target)) as copy,
        ):
            store.backup(copy)
    except sqlite3.Error:
        target.unlink(missing_ok=True)
        return False
    return True
