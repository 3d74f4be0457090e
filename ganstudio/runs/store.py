"""A run's store: metrics of every step, events, branches, sample snapshots, and which checkpoints there are.

One SQLite file, ``store.sqlite``. It is safe to read from any thread while one thread writes. Needs no torch.
"""

import json
import math
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import blocks
from ganstudio.runs.about import About, about_of
from ganstudio.runs.checksums import checksum, intact
from ganstudio.runs.database import Database
from ganstudio.runs.folder import CHECKPOINTS, STORE, check_schema
from ganstudio.runs.kept import PASSING, kept_data
from ganstudio.runs.thinning import Moment, superfluous
from ganstudio.runs.tree import Branch, Stretch, lineage
from ganstudio.training.events import Event

SNAPSHOT_BUDGET = 32 << 20
"""Bytes that a run's snapshots of one kind may take."""


@dataclass(frozen=True)
class Checkpoint:
    """A state of the run on disk."""

    branch: int
    step: int
    path: Path
    bytes: int
    time: float
    """Seconds since the epoch."""
    reason: str
    """``start``, ``time``, ``steps``, ``edit``, ``pause``, ``stop``, ``asked`` or ``end``."""
    event: int = 0
    """Number of the newest event that had happened by then."""


class Store:
    """See the module. Every method raises ``StudioError`` naming the file when it is damaged or cannot be written."""

    def __init__(self, database: Database, folder: Path):
        self._database = database
        self.folder = folder

    @classmethod
    def create(cls, folder: Path, about: About, branches: Sequence[Branch] = ()) -> "Store":
        """A new store in a folder that is there; what lay there before is gone. Default: one branch, 0."""
        try:
            Database.create(folder / STORE)
        except OSError as error:
            raise StudioError(f"cannot be written ({error.strerror or error})", str(folder / STORE)) from error
        store = cls(Database(folder / STORE, write=True), folder)
        with store._database.writing() as connection:
            values = [(key, json.dumps(value)) for key, value in asdict(about).items()]
            connection.executemany("INSERT INTO about VALUES (?, ?)", values)
            rows = [astuple(one) for one in branches or (Branch(0, None, 0, about.started),)]
            connection.executemany("INSERT INTO branches VALUES (?, ?, ?, ?, ?, ?)", rows)
        return store

    @classmethod
    def open(cls, folder: Path, write: bool = False) -> "Store":
        """The store in a run's folder. Refuses one that a newer version of the program wrote."""
        store = cls(Database(folder / STORE, write), folder)
        try:
            store.about()
        except StudioError:
            store.close()
            raise
        return store

    @property
    def path(self) -> Path:
        """Of its file, which names the run in what is said of it."""
        return self.folder / STORE

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def copy(self, path: Path) -> None:
        """A copy as of now in one file that stands on its own."""
        self._database.copy(path)

    def transaction(self) -> AbstractContextManager[object]:
        """What is written inside is on the disk all together, or not at all. What is read is as it was before."""
        return self._database.writing()

    # what the run says of itself

    def about(self) -> About:
        """The run's head."""
        with self._database.reading() as connection:
            values = {key: json.loads(value) for key, value in connection.execute("SELECT key, value FROM about")}
        path = self.path
        version = values.get("schema")
        if isinstance(version, int):
            check_schema(version, path)
        return about_of(values, str(path))

    def update_about(self, **changes: Any) -> None:
        """Set some of its fields."""
        about_of(asdict(self.about()) | changes, str(self.path))
        with self._database.writing() as connection:
            values = [(key, json.dumps(value)) for key, value in changes.items()]
            connection.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", values)

    # branches

    def branches(self) -> list[Branch]:
        """All, the first first."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT id, parent, step, started, title, event FROM branches ORDER BY id")
            return [
                Branch(_count(key), None if parent is None else _count(parent), _count(step), *rest, _count(event))
                for key, parent, step, *rest, event in found
            ]

    def add_branch(self, parent: int, step: int, title: str = "", event: int | None = None) -> int:
        """A branch that shares its parent's steps up to ``step``, and its events up to ``event`` (default: to now)."""
        if all(one.id != parent for one in self.branches()):
            raise StudioError(f"the run has no branch {parent}", str(self.path))
        with self._database.writing() as connection:
            if event is None:
                (event,) = connection.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()
            row = (parent, step, time.time(), title, event)
            cursor = connection.execute(
                "INSERT INTO branches (parent, step, started, title, event) VALUES (?, ?, ?, ?, ?)", row
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid

    def title_branch(self, branch: int, title: str) -> None:
        """Call a branch so; an empty title leaves it its number."""
        with self._database.writing() as connection:
            found = connection.execute("UPDATE branches SET title = ? WHERE id = ?", (title, branch)).rowcount
        if not found:
            raise StudioError(f"the run has no branch {branch}", str(self.path))

    def lineage(self, branch: int) -> list[Stretch]:
        """Which parts of which branches make up this one, from the root."""
        return lineage(self.branches(), branch, str(self.path))

    def end(self, branch: int) -> int:
        """Recorded steps at a branch's end; where it forks when it has none of its own."""
        last = self.lineage(branch)[-1]
        with self._database.reading() as connection:
            return max(last.start, blocks.end(connection, branch, last.start))

    # metrics

    def append_rows(self, branch: int, first: int, rows: np.ndarray) -> None:
        """Rows (n, metrics) float32 of the steps ``first`` + 1, …; the branch's own from there on are replaced."""
        names = self.about().metrics
        if rows.ndim != 2 or rows.shape[1] != len(names):
            raise ValueError(f"rows of {rows.shape} for {len(names)} metrics")
        with self._database.writing() as connection:
            blocks.append(connection, branch, first, np.asarray(rows, np.float32))

    def rows(self, branch: int, start: int = 0, stop: int | None = None) -> np.ndarray:
        """(n, metrics) float32 of the rows ``start`` … ``stop`` along the lineage; NaN where nothing is recorded, or
        what is damaged."""
        return self.read(branch, start, stop).rows

    def read(self, branch: int, start: int = 0, stop: int | None = None) -> blocks.Stored:
        """The same, and what of it is damaged."""
        width = len(self.about().metrics)
        stretches = self.lineage(branch)
        with self._database.reading() as connection:
            end = max(stretches[-1].start, blocks.end(connection, branch, stretches[-1].start))
            stop = end if stop is None else min(stop, end)
            return blocks.read(connection, stretches, start, max(start, stop), width, str(self.path))

    # events

    def add_events(self, branch: int, events: Iterable[Event]) -> int:
        """Those that say something of the run. Answers the number of the newest event there is."""
        rows = [
            (branch, one.step, one.kind, one.sentence, one.time, one.trainer, json.dumps(kept_data(one)))
            for one in events
            if one.kind not in PASSING
        ]
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT INTO events (branch, step, kind, sentence, time, trainer, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            return connection.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0]

    def events(self, branch: int, last: int | None = None) -> list[Event]:
        """Along the lineage, in order; ``last`` is the number of the newest that counts (default: all)."""
        found: list[Event] = []
        for stretch in self.lineage(branch):
            bounds = [bound for bound in (stretch.event, last) if bound is not None]
            with self._database.reading() as connection:
                rows = connection.execute(
                    "SELECT kind, step, sentence, data, trainer, time FROM events WHERE branch = ? AND id <= ? "
                    "ORDER BY id",
                    (stretch.branch, min(bounds, default=2**62)),
                )
                found += [_event(*row) for row in rows]
        return found

    # sample snapshots

    def add_snapshot(self, branch: int, step: int, kind: str, content: bytes) -> int:
        """A picture (WebP or PNG) of what was to be seen; older ones are thinned. Answers its id."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM snapshots WHERE branch = ? AND step = ? AND kind = ?", (branch, step, kind))
            cursor = connection.execute(
                "INSERT INTO snapshots (branch, step, kind, content, checksum) VALUES (?, ?, ?, ?, ?)",
                (branch, step, kind, content, checksum(content, branch, step, kind)),
            )
            assert cursor.lastrowid is not None
            found = connection.execute(
                "SELECT id, branch, step, length(content) FROM snapshots WHERE kind = ? ORDER BY branch, step", (kind,)
            ).fetchall()
            moments = [Moment(*row, needed=index == 0) for index, row in enumerate(found)]
            gone = superfluous(moments, SNAPSHOT_BUDGET)
            connection.executemany("DELETE FROM snapshots WHERE id = ?", [(one,) for one in gone])
            return cursor.lastrowid

    def snapshots(self, branch: int, kind: str = "samples") -> list[tuple[int, int]]:
        """(step, id) along the lineage, by step."""
        found = []
        for stretch in self.lineage(branch):
            with self._database.reading() as connection:
                found += connection.execute(
                    "SELECT step, id FROM snapshots WHERE branch = ? AND kind = ? AND step <= ?",
                    (stretch.branch, kind, 2**62 if stretch.stop is None else stretch.stop),
                ).fetchall()
        return sorted(found)

    def snapshot(self, snapshot: int) -> bytes:
        """The content of a picture's file. Raises ``StudioError`` when it has been thinned out or is damaged."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT content, checksum, branch, step, kind FROM snapshots WHERE id = ?", (snapshot,)
            ).fetchone()
        if row is None:
            raise StudioError("this picture is not kept any more", str(self.path))
        content, found, *place = row
        if not intact(found, content, *place):
            raise StudioError(f"the picture of step {place[1]:,} is damaged on the disk", str(self.path))
        return content

    # checkpoints

    def checkpoints(self, branch: int | None = None) -> list[Checkpoint]:
        """Those whose files are there: of a branch's lineage by step, or of all branches."""
        found = [one for one in self.listed() if one.path.is_file()]
        if branch is None:
            return found
        stops = {one.branch: math.inf if one.stop is None else one.stop for one in self.lineage(branch)}
        return [one for one in found if one.step <= stops.get(one.branch, -1)]

    def listed(self) -> list[Checkpoint]:
        """All that were entered, by step, whether their files are there or not."""
        with self._database.reading() as connection:
            return [
                Checkpoint(_count(branch), _count(step), checkpoint_path(self.folder, branch, step), *rest)
                for branch, step, *rest in connection.execute(
                    "SELECT branch, step, bytes, time, reason, event FROM checkpoints ORDER BY step, branch"
                )
            ]

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Enter one whose file is in place; an earlier one of this branch and step is replaced."""
        one = checkpoint
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)",
                (one.branch, one.step, one.bytes, one.time, one.reason, one.event),
            )

    def remove_checkpoints(self, checkpoints: Iterable[Checkpoint]) -> None:
        """Take them out of the list; their files are the caller's."""
        with self._database.writing() as connection:
            connection.executemany(
                "DELETE FROM checkpoints WHERE branch = ? AND step = ?", [(one.branch, one.step) for one in checkpoints]
            )

    def cut(self, branch: int, step: int, event: int) -> list[Checkpoint]:
        """Forget what a branch recorded after a step and an event: it goes on from there as if for the first time.

        Answers the checkpoints that are no longer listed, for the caller to delete. Branches that fork later keep
        their own steps.
        """
        later = [one for one in self.checkpoints() if one.branch == branch and one.step > step]
        forks = [one.step for one in self.branches() if one.parent == branch]
        if any(fork > step for fork in forks):
            raise StudioError(f"other branches begin after step {step:,}, so nothing there can be forgotten")
        with self._database.writing() as connection:
            blocks.cut(connection, branch, step)
            connection.execute("DELETE FROM events WHERE branch = ? AND id > ?", (branch, event))
            connection.execute("DELETE FROM snapshots WHERE branch = ? AND step > ?", (branch, step))
        self.remove_checkpoints(later)
        return later


def checkpoint_path(folder: Path, branch: int, step: int) -> Path:
    """Where a checkpoint lies."""
    return folder / CHECKPOINTS / f"{branch}-{step:09d}.safetensors"


def _count(value: Any) -> int:
    """A whole number from 0 on; SQLite's columns hold whatever somebody puts there."""
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value


def _event(kind: Any, step: int, sentence: str, data: str, trainer: str, when: float) -> Event:
    values = json.loads(data)
    if not isinstance(values, dict) or not isinstance(kind, str):
        raise ValueError("an event without data")
    return Event(kind, _count(step), sentence, values, trainer, float(when))  # type: ignore[arg-type]
