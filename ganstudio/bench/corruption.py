"""Damaged, foreign and hostile files in a run's folder, at random: what opening it then comes to.

A trial damages one file of a copy, or all of a kind, and opens the run as the window does. Good ends are that it opens
with weights that were saved once, or is refused in a sentence; with one damaged file of several it must open. What it
then shows of metrics and pictures is what was saved, or is left out with a sentence.
"""

import io
import pickle
import shutil
import sqlite3
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from ganstudio.bench.beside import say
from ganstudio.bench.tiny import tiny
from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.runs import catalogue
from ganstudio.runs.archive import unzip_run, zip_run
from ganstudio.runs.folder import CHECKPOINTS, EXPERIMENT, STORE
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.runs.restore import restore
from ganstudio.runs.store import Store
from ganstudio.training.events import Event
from ganstudio.training.trainer import Trainer

STATES = (5, 9, 14)
"""Steps of the checkpoints that the run has, besides the first."""
TARGETS = ("newest checkpoint", "a checkpoint", "all checkpoints", "store", "store and checkpoint", "experiment", "zip")
CONTENTS = ("metrics", "snapshots")
"""Targets too: what lies in these tables of a store that is whole else, in which bits are flipped."""
GOOD = ("opened", "refused", "warned")


@dataclass(frozen=True)
class Result:
    """What became of one trial."""

    target: str
    damage: str
    end: str
    """``opened``, ``refused``, ``warned`` (it opened, and says that it cannot be saved); or what must not be:
    ``crashed``, ``changed`` (weights that never were), ``lost`` (what was whole did not open), ``executed``, ``unseen``
    (metrics or pictures that never were, or that are left out in silence)."""
    seconds: float
    words: str = ""
    seen: bool = False
    """Whether it is said of metrics or pictures that they are damaged."""

    @property
    def good(self) -> bool:
        """Whether it is an end that may be."""
        return self.end in GOOD


class Sample:
    """A whole run to damage copies of, and the fingerprints of the states that it has had."""

    def __init__(self, place: Path):
        torch.set_num_threads(1)
        self.place, self.folder = place, place / "whole"
        trainer, keeper = Trainer(tiny()), RunKeeper(self.folder)
        events = [Event("opened", 0, "Ready.")]
        keeper.checkpoint(trainer, events, "start")
        self.known = {trainer.weights_sha256()}
        while trainer.steps < STATES[-1]:
            trainer.step()
            if trainer.steps in STATES:
                trainer.flush()
                keeper.checkpoint(trainer, events, "asked", wait=True)
                self.known.add(trainer.weights_sha256())
        keeper.close()
        self.rows = trainer.history.rows()
        with closing(Store.open(self.folder)) as store:
            self.pictures = {step: store.snapshot(key) for step, key in store.snapshots(0)}
        zip_run(self.folder, place / "whole.zip")

    def trial(self, seed: int) -> Result:
        """Damage a copy, and open it."""
        random = np.random.default_rng(seed)
        place = self.place / f"trial-{seed}"
        folder, canary = place / "run", place / "executed"
        shutil.copytree(self.folder, folder)
        target = (*TARGETS, *CONTENTS)[int(random.integers(len(TARGETS) + len(CONTENTS)))]
        name, damage = DAMAGES[int(random.integers(len(DAMAGES)))]
        if target in CONTENTS:
            name, damage = "bits flipped in it", lambda path, random, _: flip_content(path, target, random)
        self._seen = False
        start = perf_counter()
        try:
            end, words = self._open(folder, target, lambda path: damage(path, random, canary), random)
        except Exception as error:
            end, words = "crashed", f"{type(error).__name__}: {error}"
        if canary.exists():
            end, words = "executed", "code from the file ran"
        seconds = perf_counter() - start
        shutil.rmtree(place)
        return Result(target, name, end, seconds, words[:300], self._seen)

    def _open(
        self, folder: Path, target: str, damage: Callable[[Path], None], random: np.random.Generator
    ) -> tuple[str, str]:
        checkpoints = sorted((folder / CHECKPOINTS).iterdir())
        chosen = {
            "newest checkpoint": checkpoints[-1:],
            "a checkpoint": [checkpoints[int(random.integers(len(checkpoints)))]],
            "all checkpoints": checkpoints,
            "store": [folder / STORE],
            "store and checkpoint": [folder / STORE, checkpoints[-1]],
            "experiment": [folder / EXPERIMENT],
            "zip": [],
        }.get(target, [folder / STORE])
        if target == "zip":
            archive = folder.with_suffix(".zip")
            shutil.copy(self.place / "whole.zip", archive)
            damage(archive)
            try:
                folder = unzip_run(archive, folder.parent, "unzipped")
            except StudioError as error:
                return "refused", str(error)
        for path in chosen:
            damage(path)
        if target == "experiment":
            with suppress(StudioError):
                files.read(folder / EXPERIMENT)
        catalogue.read(folder)
        try:
            trainer = Trainer(read_run(folder).experiment)
            events = restore(folder, trainer)
        except StudioError as error:
            return ("refused" if target in ("all checkpoints", "zip") else "lost"), str(error)
        if trainer.weights_sha256() not in self.known:
            return "changed", f"the weights after step {trainer.steps} are none that were saved"
        wrong = self._shown(folder, trainer, [one.sentence for one in events if one.kind == "warned"])
        if target in CONTENTS and not self._seen:
            wrong = wrong or "the flipped bits are not noticed"
        return ("unseen", wrong) if wrong else self._go_on(folder)

    def _shown(self, folder: Path, trainer: Trainer, warnings: list[str]) -> str:
        """What is wrong with the metrics and pictures of an opened run; nothing when all is what was, or is said."""
        found, known = trainer.history.rows(), self.rows[: trainer.steps]
        missing = np.isnan(found)
        self._seen = any("metrics" in one for one in warnings)
        if not np.array_equal(found[~missing], known[~missing]):
            return "there are metrics that never were"
        if (missing & ~np.isnan(known)).any() and not warnings:
            return "metrics are left out in silence"
        with suppress(StudioError), closing(Store.open(folder)) as store:
            for step, key in store.snapshots(0):
                try:
                    whole = store.snapshot(key) == self.pictures.get(step)
                except StudioError:
                    self._seen = True
                else:
                    if not whole:
                        return "there is a picture that never was"
        return ""

    def _go_on(self, folder: Path) -> tuple[str, str]:
        """Train on from there in the run's own folder, and see whether that is saved."""
        trainer, keeper = Trainer(tiny()), RunKeeper()
        try:
            opened = keeper.open(folder, trainer)
            for _ in range(2):
                trainer.step()
            if not trainer.flush():
                return "changed", "its next step is not finite"
            keeper.checkpoint(trainer, opened.events, "asked", wait=True)
            warned = [one.sentence for one in keeper.news() if one.kind == "warned"]
        except StudioError as error:
            return "lost", f"it cannot be gone on with: {error}"
        finally:
            keeper.close()
        if read_run(folder).step == trainer.steps:
            return "opened", ""
        return ("warned", warned[-1]) if warned else ("lost", "what was trained on is not saved, and nobody says so")


def trials(place: Path, first: int, last: int) -> Iterator[Result]:
    """The trials of the seeds ``first`` … ``last`` − 1."""
    sample = Sample(place)
    for seed in range(first, last):
        yield sample.trial(seed)


# damages


def flip_content(store: Path, table: str, random: np.random.Generator) -> None:
    """Flip bits in one of the contents of a store's table, as a disk may."""
    with closing(sqlite3.connect(store)) as connection, connection:
        rows = connection.execute(f"SELECT rowid, content FROM {table}").fetchall()
        key, content = rows[int(random.integers(len(rows)))]
        changed = bytearray(content)
        for at in set(random.integers(8 * len(content), size=int(random.integers(1, 20))).tolist()):
            changed[at // 8] ^= 1 << (at % 8)
        connection.execute(f"UPDATE {table} SET content = ? WHERE rowid = ?", (bytes(changed), key))


def _truncated(path: Path, random: np.random.Generator, _: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(random.integers(len(content)))])


def _flipped(path: Path, random: np.random.Generator, _: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in random.integers(8 * len(content), size=int(random.integers(1, 20))):
        content[at // 8] ^= 1 << (at % 8)
    path.write_bytes(content)


def _overwritten(path: Path, random: np.random.Generator, _: Path) -> None:
    content = bytearray(path.read_bytes())
    first = int(random.integers(len(content)))
    noise = random.bytes(int(random.integers(1, 4096)))
    content[first : first + len(noise)] = noise
    path.write_bytes(content)


def _empty(path: Path, *_: object) -> None:
    path.write_bytes(b"")


def _gone(path: Path, *_: object) -> None:
    path.unlink()


def _folder(path: Path, *_: object) -> None:
    path.unlink()
    path.mkdir()


def _foreign(path: Path, random: np.random.Generator, _: Path) -> None:
    """Another kind of file, whole: a picture, an array, another program's database, text, noise."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "other.sqlite")
        connection = sqlite3.connect(database)
        connection.execute("CREATE TABLE about (key TEXT, value TEXT)")
        connection.execute("INSERT INTO about VALUES ('schema', '2')")
        connection.commit()
        connection.close()
        array = io.BytesIO()
        np.save(array, np.zeros(9))
        others = (b"\x89PNG\r\n\x1a\n" + bytes(50), array.getvalue(), database.read_bytes(), b"Dear diary,\n" * 9)
        kinds = (*others, random.bytes(2000))
        path.write_bytes(kinds[int(random.integers(len(kinds)))])


def _bomb(path: Path, random: np.random.Generator, _: Path) -> None:
    """Small, and huge when it is believed or unpacked."""
    path.write_bytes(_bombs()[int(random.integers(len(_bombs())))])


@cache
def _bombs() -> tuple[bytes, ...]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"run/{STORE}", bytes(300 << 20))
    header = b'{"a":{"dtype":"F32","shape":[1125899906842624],"data_offsets":[0,4503599627370496]}}'
    return (
        packed.getvalue(),
        struct.pack("<Q", 2**60) + b"{}",
        struct.pack("<Q", len(header)) + header,
        struct.pack("<Q", 200_000) + b"[" * 200_000,
        b"a = " + b"[" * 100_000,
    )


class _Payload:
    """Unpickled, it leaves a file behind."""

    def __init__(self, canary: Path):
        self.canary = canary

    def __reduce__(self) -> tuple:
        return exec, (f"open({str(self.canary)!r}, 'w').close()",)


def _pickled(path: Path, random: np.random.Generator, canary: Path) -> None:
    """A pickle that runs code: alone, as torch saves it, in an array, or in a zip."""
    kind = int(random.integers(4))
    if kind == 0:
        path.write_bytes(pickle.dumps(_Payload(canary)))
    elif kind == 1:
        torch.save({"weights": torch.ones(3), "more": _Payload(canary)}, path)
    elif kind == 2:
        with open(path, "wb") as file:
            np.save(file, np.array([_Payload(canary)], object), allow_pickle=True)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("run/weights.safetensors", pickle.dumps(_Payload(canary)))
            archive.writestr("../escaped", b"")


DAMAGES: tuple[tuple[str, Callable[[Path, np.random.Generator, Path], None]], ...] = (
    ("truncated", _truncated),
    ("bits flipped", _flipped),
    ("overwritten", _overwritten),
    ("empty", _empty),
    ("gone", _gone),
    ("a folder in its place", _folder),
    ("foreign", _foreign),
    ("bomb", _bomb),
    ("pickle", _pickled),
)

if __name__ == "__main__":
    for result in trials(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])):
        say(**vars(result))
