"""A run's folder: what lies in it, where it lies, and how a file in it is replaced.

    experiment.toml      the experiment with all edits so far: for people, and to train again from the start
    store.sqlite         metrics of every step, events, branches, sample snapshots, list of checkpoints
    checkpoints/         B-SSSSSSSSS.safetensors: all state of branch B after so many steps, and what goes with it
    samples.png          G's average on fixed inputs, newest
    keepsakes.json       favourite samples and named directions of its generator, once there are some
    encoder.safetensors  a network that guesses z from a sample, once one has been trained for inversion
    tensorboard/         event files, a folder for each branch, where the experiment asks for them
    .lock                held by the process that writes the run

A file is replaced whole, by renaming a complete one over it: whenever the process dies, the old or the new one is
there. A checkpoint is enough on its own to go on; it is entered in the store once it is in place.

Version 1 of the layout had ``weights.safetensors``, ``metrics.npy`` and ``run.json`` in the place of store and
checkpoints (``runs.migrate``). Version 2 had a store without checksums (``runs.database``).
"""

import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import platformdirs

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.encoder import ENCODER_FILE

EXPERIMENT = "experiment.toml"
STORE = "store.sqlite"
CHECKPOINTS = "checkpoints"
SAMPLES = "samples.png"
KEEPSAKES = "keepsakes.json"
LOCK = ".lock"
TENSORBOARD = "tensorboard"
WEIGHTS, METRICS, RECORD = "weights.safetensors", "metrics.npy", "run.json"
"""Of a run in version 1 of the layout."""
FILES = (
    *(EXPERIMENT, STORE, f"{STORE}-wal", f"{STORE}-shm", CHECKPOINTS, SAMPLES, KEEPSAKES, ENCODER_FILE, TENSORBOARD),
    *(WEIGHTS, METRICS, RECORD),
)
SCHEMA = 3
"""Version of the layout; a newer one is refused, with a sentence that says so."""


def check_schema(version: int, path: Path) -> None:
    """Raise ``StudioError`` for a layout that a newer version of the program wrote."""
    if version > SCHEMA:
        raise StudioError("was saved by a newer version of GAN Studio; install that one to open it", str(path))


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
