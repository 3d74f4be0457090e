"""The runs in a folder, as a table shows them. Read without torch, and none of them is changed by it."""

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.about import About
from ganstudio.runs.clock import Clock, clock, clock_of
from ganstudio.runs.folder import CHECKPOINTS, METRICS, RECORD, SAMPLES, STORE, WEIGHTS, runs_folder
from ganstudio.runs.read import read_run
from ganstudio.runs.record import read_record
from ganstudio.runs.store import Store

KEY_NUMBERS = ("loss.discriminator", "loss.generator", "score.real", "score.fake")
LATEST = 100
"""Key numbers are means over so many steps at a run's end: one step's numbers are mostly noise."""
MARKS = (STORE, CHECKPOINTS, WEIGHTS, RECORD)
"""A folder with one of these holds a run, whole or damaged; any other is somebody else's."""


@dataclass(frozen=True)
class Entry:
    """A run as a line of a table. Of a damaged one only the folder, its size and its picture are sure."""

    folder: Path
    title: str = ""
    preset: str = ""
    """The shipped preset that it began as; empty for an experiment of one's own."""
    steps: int = 0
    """Completed steps of the branch that it is on."""
    seed: int = 0
    device: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    """When the last saved step had been made."""
    seconds: float = 0.0
    """Spent in training, without rests, on the way that led to its end."""
    size: int = 0
    """Bytes on disk."""
    numbers: dict[str, float] = field(default_factory=dict)
    """``KEY_NUMBERS`` that it has: means over its last ``LATEST`` steps."""
    thumbnail: Path | None = None
    """A PNG with its newest samples."""
    tags: tuple[str, ...] = ()
    note: str = ""
    branches: int = 1
    damaged: str = ""
    """Why it cannot be read, in a sentence that names the file; empty when it can."""

    @property
    def name(self) -> str:
        """By which commands know it in its place."""
        return self.folder.name


def catalogue(place: Path | None = None) -> list[Entry]:
    """The runs in a folder (default: ``runs_folder()``), the one saved last first.

    Folders and files that are no runs are passed over, hidden ones too; a run that is damaged says so in its entry. A
    place that is not there holds no runs; ``StudioError`` names one that may not be read.
    """
    found = [read(folder) for folder in folders(place or runs_folder())]
    return sorted(found, key=lambda entry: entry.ended.timestamp() if entry.ended else 0.0, reverse=True)


def folders(place: Path) -> list[Path]:
    """The folders of the runs in a place, by name; see ``catalogue``, which reads them."""
    try:
        names = sorted(os.listdir(place))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(place)) from None
    return [place / name for name in names if not name.startswith(".") and is_run(place / name)]


def is_run(folder: Path) -> bool:
    """Whether a run lies in this folder, be it damaged."""
    return any((folder / name).exists() for name in MARKS)


def read(folder: Path) -> Entry:
    """The entry of one run. Raises nothing: what is wrong stands in ``damaged``."""
    picture = folder / SAMPLES
    common = {"size": _size(folder), "thumbnail": picture if picture.is_file() else None}
    try:
        return Entry(folder, **common, **(_of_store if (folder / STORE).is_file() else _of_record)(folder))
    except StudioError as error:
        return Entry(folder, **common, **_of_damaged(folder), damaged=str(error))


def find(name: str | Path, place: Path | None = None) -> Path:
    """The folder of a run by its name in ``place`` (default: ``runs_folder()``), or by its path.

    Raises ``StudioError`` with the names that come close when there is none.
    """
    place = place or runs_folder()
    for folder in (Path(name).expanduser(), place / name):
        if is_run(folder):
            return folder
    folder = Path(name).expanduser()
    if folder.is_dir():
        raise StudioError("holds no run", str(folder))
    known = [entry.name for entry in catalogue(place)]
    near = get_close_matches(str(name), known, 3)
    if near:
        hint = f"did you mean {', '.join(near)}?"
    else:
        hint = f"the newest are {', '.join(known[:3])}" if known else f"{place} holds none yet"
    raise StudioError(f"there is no run called {str(name)!r} and no such folder; {hint}")


def search(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Those in which every word of the text occurs: in name, title, preset, tags, note or device; case is ignored."""
    words = text.casefold().split()
    return [entry for entry in entries if all(word in _words(entry) for word in words)]


def _words(entry: Entry) -> str:
    parts = (entry.name, entry.title, entry.preset, *entry.tags, entry.note, entry.device)
    return "\n".join(parts).casefold()


def _of_store(folder: Path) -> dict[str, Any]:
    with closing(Store.open(folder)) as store:
        about = store.about()
        found = _of_head(about)
        try:  # some pages may be damaged where the head is whole
            found["branches"] = len(store.branches())
            found["seconds"] = _seconds(clock_of(store, about.branch))
            end = store.end(about.branch)
            found["numbers"] = _means(about.metrics, store.rows(about.branch, max(0, end - LATEST)))
        except StudioError as error:
            found["damaged"] = str(error)
    return found


def _of_record(folder: Path) -> dict[str, Any]:
    """Of a run of the first layout, which kept a ``run.json``."""
    record = read_record(folder / RECORD)
    rows = _rows_of_record(folder / METRICS, len(record.metrics))
    ended = (record.steps, record.ended.timestamp())
    return {
        "title": record.title,
        "steps": record.steps,
        "seed": record.seed,
        "device": record.device,
        "started": record.started,
        "ended": record.ended,
        "seconds": _seconds(clock((one.event() for one in record.events), [ended])),
        "numbers": {} if rows is None else _means(record.metrics, rows),
        "damaged": f"{folder / METRICS}: is damaged or missing" if rows is None else "",
    }


def _rows_of_record(path: Path, width: int) -> np.ndarray | None:
    try:
        rows = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    whole = isinstance(rows, np.ndarray) and rows.ndim == 2 and rows.shape[1] == width and rows.dtype == np.float32
    return rows if whole else None


def _of_damaged(folder: Path) -> dict[str, Any]:
    """What a checkpoint still says of a run whose store cannot be read."""
    try:
        run = read_run(folder)
    except StudioError:
        return {"title": folder.name, "ended": _modified(folder)}
    return _of_head(run.about) | {"steps": run.step}


def _of_head(about: About) -> dict[str, Any]:
    return {
        "title": about.title,
        "preset": about.preset,
        "steps": about.steps,
        "seed": about.seed,
        "device": about.device,
        "started": _moment(about.started),
        "ended": _moment(about.ended),
        "tags": about.tags,
        "note": about.note,
    }


def _means(names: Sequence[str], rows: np.ndarray) -> dict[str, float]:
    """Each metric's mean over the last steps, of those that have it."""
    found = {}
    for name, column in zip(names, rows[-LATEST:].T, strict=True):
        values = column[np.isfinite(column)]
        if name in KEY_NUMBERS and len(values):
            found[name] = float(values.mean(dtype=np.float64))
    return found


def _seconds(found: Clock | None) -> float:
    return 0.0 if found is None else found.total


def _size(folder: Path) -> int:
    """Bytes of all files below a folder; links count nothing."""
    total, folders = 0, [os.fspath(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:  # gone meanwhile, or not ours to look into
            continue
    return total


def _moment(seconds: float) -> datetime | None:
    """Of seconds since the epoch; None for those that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _modified(folder: Path) -> datetime | None:
    try:
        return _moment(folder.stat().st_mtime)
    except OSError:
        return None
