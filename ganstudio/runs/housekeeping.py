"""Whole runs copied, thrown away and brought back. Nothing here needs torch."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.folder import STORE, claim
from ganstudio.runs.store import Store

TRASH = ".trash"
"""In the runs' own folder, so that throwing away is a rename on every system and medium, and can be taken back."""
PASSING = ("-wal", "-shm", "-journal", ".part", ".lock")
"""Ends of the names of files that are part of no copy."""


def duplicate(run: Path, to: Path | None = None) -> Path:
    """Copy a run to a new folder, ``to`` or one beside it, and answer that; the run may be in training meanwhile.

    Raises ``StudioError`` naming the file that cannot be read or written; no half copy is left.
    """
    try:
        copy = claim(to.parent, to.name) if to is not None else claim(run.parent, f"{run.name}-copy")
        try:
            for relative in contents(run):
                (copy / relative).parent.mkdir(parents=True, exist_ok=True)
                copy_file(run / relative, copy / relative)
            _rename(copy)
        except BaseException:
            shutil.rmtree(copy, ignore_errors=True)
            raise
    except OSError as error:
        raise StudioError(f"cannot be copied ({error.strerror or error})", str(error.filename or run)) from None
    return copy


def _rename(copy: Path) -> None:
    """Let a copy be a run of its own; one whose store is damaged stays as it is."""
    with suppress(StudioError), closing(Store.open(copy, write=True)) as store:
        about = store.about()
        store.update_about(run_id=str(uuid4()), origin=about.run_id, title=f"{about.title} (copy)")


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
        raise StudioError(f"cannot be deleted ({error.strerror or error})", str(error.filename or place)) from None


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
            if name == STORE:
                stores.append(path.relative_to(run))
            else:
                yield path.relative_to(run)
    yield from stores


def copy_file(source: Path, target: Path) -> None:
    """Copy one file; a store as it stands at one moment, with what its write-ahead log holds.

    A file that is gone meanwhile (old checkpoints are thinned) is left out. Raises ``OSError``.
    """
    try:
        if source.name == STORE:
            with suppress(StudioError), closing(Store.open(source.parent)) as store:
                store.copy(target)
                return
            target.unlink(missing_ok=True)  # a damaged store is copied as it is
        shutil.copy2(source, target)
    except FileNotFoundError:
        if source.exists():
            raise
