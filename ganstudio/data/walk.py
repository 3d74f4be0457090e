"""Every file under a folder, in a fixed order."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ganstudio.data.dataset import Progress, report
from ganstudio.experiment.errors import StudioError


@dataclass(frozen=True)
class Found:
    """A file that may be an image."""

    path: str
    group: str
    """The subfolder of the data's folder that it lies in; empty directly in the folder."""
    signature: tuple[int, int]
    """(bytes, time of the last change in ns)."""


def scan(root: Path, progress: Progress | None = None) -> Iterator[Found]:
    """Every file under the folder that is not hidden, sorted by name. Links are followed, but none in a circle."""
    seen = {_identity(folder) for folder in (root, *root.parents)}
    waiting = [(str(root), "")]
    while waiting:
        report(progress, "looking for images", 0.0)
        folder, group = waiting.pop()
        below = []
        for entry in _entries(folder):
            try:
                if entry.is_file():
                    stat = entry.stat()
                    yield Found(entry.path, group, (stat.st_size, stat.st_mtime_ns))
                elif entry.is_dir() and (identity := _identity(entry.path)) not in seen:
                    seen.add(identity)
                    below.append((entry.path, group or printable(entry.name)))
            except OSError:
                continue  # removed since, or a link that leads nowhere
        waiting.extend(reversed(below))


def _entries(folder: str) -> list[os.DirEntry]:
    try:
        with os.scandir(folder) as found:
            return sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as error:
        raise StudioError(f"this folder cannot be read ({error.strerror or error})", folder) from None


def _identity(folder: str | Path) -> tuple[int, int]:
    stat = os.stat(folder)
    return stat.st_dev, stat.st_ino


def printable(name: str) -> str:
    """A file's name with what is not valid Unicode replaced, so that it can be shown and saved."""
    return name.encode("utf-8", "replace").decode()
