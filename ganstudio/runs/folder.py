"""A run's folder: what lies in it, where it lies, and how a file in it is replaced.

    experiment.toml      the experiment with all edits so far: for people, and to train again from the start
    weights.safetensors  players, average of G, optimisers, random states; in its header the same experiment as text
    metrics.npy          every step's numbers, (steps, metrics) float32; the columns' names are in run.json
    samples.png          G's average on fixed inputs
    run.json             steps, seed, device, threads, versions, events with the edits and their steps, times

A file is replaced whole, by renaming a complete one over it: whenever the process dies, the old or the new one is
there. ``weights.safetensors`` comes last and is enough on its own to go on, so no crash between two files can pair
weights with another save's state.
"""

import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import platformdirs

from ganstudio.experiment.errors import StudioError

EXPERIMENT = "experiment.toml"
WEIGHTS = "weights.safetensors"
METRICS = "metrics.npy"
SAMPLES = "samples.png"
RECORD = "run.json"
FILES = (EXPERIMENT, WEIGHTS, METRICS, SAMPLES, RECORD)
SCHEMA = 1
"""Version of the layout; a newer one is refused, with a sentence that says so."""


def runs_folder() -> Path:
    """Where runs lie unless a person says otherwise."""
    return Path(platformdirs.user_data_dir("ganstudio")) / "runs"


def slug(title: str) -> str:
    """A title as part of a file name: ``DCGAN · MNIST`` → ``dcgan-mnist``."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "run"


def claim(parent: Path, name: str) -> Path:
    """Make and return a new folder ``name``, ``name-2``, ``name-3``, … under ``parent``. Raises ``OSError``."""
    parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            number += 1


def dated(title: str) -> str:
    """The name of a run that starts today."""
    return f"{date.today().isoformat()}-{slug(title)}"


def check_writable(folder: Path) -> None:
    """Make a folder for a run; ``StudioError`` naming it when nothing can be written there."""
    if folder.exists() and not folder.is_dir():
        raise StudioError("this is a file; name a folder for the run", str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace(folder / ".trial", b"")
        (folder / ".trial").unlink()
    except OSError as error:
        raise StudioError(f"this folder cannot be written ({error.strerror or error})", str(folder)) from None


def set_aside(folder: Path) -> Path | None:
    """Move the files of a run in this folder to a new one beside it, and answer that; None when it holds no run."""
    earlier = [name for name in FILES if (folder / name).exists()]
    if not earlier:
        return None
    moved = claim(folder.resolve().parent, folder.resolve().name)
    for name in earlier:
        (folder / name).rename(moved / name)
    return moved


def replace(path: Path, content: bytes) -> None:
    """Put new content in a file's place at once, and on the disk before returning. Raises ``OSError``."""
    passing = path.with_name(f".{path.name}.part")
    try:
        with open(passing, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(passing, path)
    except BaseException:
        with suppress(OSError):
            passing.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Bring a rename onto the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):  # some file systems refuse to synchronise a folder; the file itself is safe
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
