"""Writes what the keeper hands over: claims folders, keeps stores and checkpoints. Works on the writer's thread."""

import shutil
from collections import deque
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter, time
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np

from ganstudio.experiment import files
from ganstudio.runs.event_files import RunEventFiles
from ganstudio.runs.folder import EXPERIMENT, claim, dated, set_aside
from ganstudio.runs.folder import replace as replace_file
from ganstudio.runs.jobs import Job, Line, earliest
from ganstudio.runs.migrate import migrate
from ganstudio.runs.place import Place, copied, found, in_use, rebuilt
from ganstudio.runs.samples import webp
from ganstudio.runs.store import Checkpoint, Store
from ganstudio.runs.thinning import Moment, superfluous
from ganstudio.training.events import Event

if TYPE_CHECKING:
    from ganstudio.runs.handed import Run

LEAST_TIME = 1e-6
"""Seconds between two checkpoints at least, whatever the clock says: their order is that of their times."""


class Scribe:
    """``write`` is called on the writer's thread, the rest while that rests."""

    def __init__(self, out: Path | None, runs: Path, news: deque[Event]):
        self.drawing_seconds = 0.0
        """What the last picture of the samples took to draw."""
        self._out, self._runs, self._news = out, runs, news
        self._places: WeakValueDictionary[Path, Place] = WeakValueDictionary()
        self._event_files = RunEventFiles(news)

    def place_at(self, folder: Path) -> Place | None:
        """The place of a run that this session writes already."""
        place = self._places.get(folder.resolve())
        return place if place is not None and place.open else None

    def use(self, place: Place) -> None:
        """Know a place as this session's."""
        self._places[place.folder.resolve()] = place

    def close(self) -> None:
        """Let go of TensorBoard's files; the places are their runs'."""
        self._event_files.close()

    def write(self, job: Job) -> None:
        """Bring a job to the disk. When it raises, the job can be written again: nothing is entered twice."""
        place = self._ready(job)
        place.check()
        store = place.store
        assert store is not None
        branch = self._branch(store, job)
        job.line.back = earliest(job.line.back, job.back)
        self._record(store, branch, job)
        self._draw(store, branch, job)
        self._describe(place, job)
        if job.snapshot is not None:
            one = self._checkpoint(place.folder, store, branch, job)
            data = {"path": str(place.folder), "branch": branch, "reason": one.reason}
            self._news.append(Event("saved", one.step, f"Saved in {place.folder}.", data))

    # where

    def _ready(self, job: Job) -> Place:
        """The run's place, made, brought up to date or repaired."""
        run: Run = job.run
        if run.place is None:
            run.place = self._claimed(run, job.experiment.title)
            self.use(run.place)
        if run.place.store is None:
            damaged = run.place.damage and run.head is not None
            run.place.use(rebuilt(run.place.folder, run.head) if damaged and run.head else migrate(run.place.folder))
        return run.place

    def _claimed(self, run: "Run", title: str) -> Place:
        wanted = self._out
        if wanted is None:
            folder = claim(self._runs, dated(title))
        elif in_use(wanted):
            folder = claim(wanted.resolve().parent, wanted.resolve().name)
            self._news.append(
                Event("warned", 0, f"Another run is being written in {wanted}; this one lies in {folder}.")
            )
        else:
            folder = wanted
            folder.mkdir(parents=True, exist_ok=True)
            moved = set_aside(folder)
            if moved is not None:
                self._news.append(Event("warned", 0, f"The earlier run in {folder} lies in {moved} now."))
        try:
            if run.source is not None:
                place = copied(run.source[0], folder, run.source[1], run.source[2])
            else:
                place = found(folder, replace(run.about, preset=_preset(title)))
        except BaseException:
            if folder != wanted:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        self._out = None
        return place

    def _branch(self, store: Store, job: Job) -> int:
        """The number of the job's branch, which is made or cut back first where that is due."""
        line: Line = job.line
        if line.id is None:
            assert line.parent is not None
            line.id = store.add_branch(line.parent, line.step, event=line.event)
            data = {"branch": line.id, "parent": line.parent, "step": line.step}
            sentence = f"From step {line.step:,} on this is branch {line.id} of the run."
            self._news.append(Event("branched", line.step, sentence, data))
        if line.again:
            _delete(store.cut(line.id, line.step, line.event))
            line.again = False
        return line.id

    # what

    def _record(self, store: Store, branch: int, job: Job) -> None:
        """Metrics, events and what the run says of itself, all together."""
        run: Run = job.run
        about = store.about()
        names = run.about.metrics
        columns = (*about.metrics, *(name for name in names if name not in about.metrics))
        changes: dict = {"ended": time(), "branch": branch, "steps": job.first + len(job.rows)}
        if not run.entered:
            changes |= {name: getattr(run.about, name) for name in ("program", "torch", "device", "threads")}
        if columns != about.metrics:
            store.update_about(metrics=columns)
        rows = np.full((len(job.rows), len(columns)), np.nan, np.float32)
        rows[:, [columns.index(name) for name in names]] = job.rows
        with store.transaction():
            if len(rows) or job.back is not None:
                store.append_rows(branch, job.first, rows)
            store.add_events(branch, job.events)
            store.update_about(**changes)
        if job.experiment.checkpoints.tensorboard:
            self._event_files.write(store.folder, branch, names, job.first + 1, job.rows)
        job.first, job.rows, job.events = job.first + len(rows), job.rows[:0], []
        run.entered = True

    def _draw(self, store: Store, branch: int, job: Job) -> None:
        snapshot = job.snapshot
        if snapshot is not None and snapshot.look is not None:
            job.looks.append((snapshot.step, snapshot.look))
        for step, look in job.looks:
            start = perf_counter()
            store.add_snapshot(branch, step, "samples", webp(look))
            self.drawing_seconds = perf_counter() - start
        job.looks = []

    def _describe(self, place: Place, job: Job) -> None:
        """``experiment.toml``, when it has changed."""
        text = files.dumps(job.experiment)
        if text != job.run.text:
            replace_file(place.folder / EXPERIMENT, text.encode())
            job.run.text = text

    def _checkpoint(self, folder: Path, store: Store, branch: int, job: Job) -> Checkpoint:
        """The state: its file first, then its entry. Older ones are thinned out."""
        assert job.snapshot is not None
        listed = store.listed()
        moment = max([time(), *(one.time + LEAST_TIME for one in listed)])
        event = store.add_events(branch, [])
        made = job.snapshot.write(folder, branch, event, moment, store.about(), store.branches())
        gone = []
        if job.line.back is not None:
            gone = [one for one in listed if one.branch == branch and job.line.back < one.step != made.step]
        store.add_checkpoint(made)
        store.remove_checkpoints(gone)
        _delete(gone)
        job.line.back = None
        _thin(store, job.experiment.checkpoints.budget_mb * 1_000_000)
        return made


def _thin(store: Store, budget: int) -> None:
    """Let go of checkpoints that are too close for their age, or too many for the disk."""
    listed = store.listed()
    needed = {(one.parent, one.step) for one in store.branches()}
    first = min(listed, key=lambda one: (one.branch, one.step), default=None)
    moments = [
        Moment(one, one.branch, one.step, one.bytes, one.reason == "edit", one is first or _key(one) in needed)
        for one in listed
    ]
    gone = superfluous(moments, budget)
    if gone:
        store.remove_checkpoints(gone)
        _delete(gone)


def _key(one: Checkpoint) -> tuple[int, int]:
    return one.branch, one.step


def _delete(checkpoints: list[Checkpoint]) -> None:
    for one in checkpoints:
        with suppress(OSError):
            one.path.unlink(missing_ok=True)


def _preset(title: str) -> str:
    """The shipped preset of this title; empty when there is none."""
    return next((name for name, path in files.presets().items() if files.headline(path)[0] == title), "")
