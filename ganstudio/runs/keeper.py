"""Puts runs on disk while they train, and brings them back: the keeper of a session.

Here is the worker's side: it copies what is needed and returns. ``runs.scribe`` writes it, on the writer's thread.
"""

import json
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, time
from typing import Any
from weakref import WeakKeyDictionary

import torch

from ganstudio import __version__
from ganstudio.experiment.errors import StudioError
from ganstudio.probes.tiles import Tiles
from ganstudio.runs.about import About
from ganstudio.runs.folder import SCHEMA, runs_folder
from ganstudio.runs.handed import Run
from ganstudio.runs.heads import Head, read_head
from ganstudio.runs.jobs import Job, Line
from ganstudio.runs.kept import PASSING
from ganstudio.runs.opener import Opener, check_moved, restored, threads
from ganstudio.runs.place import new_id, take
from ganstudio.runs.restore import extend, load_head
from ganstudio.runs.samples import samples
from ganstudio.runs.scatter import Scatter
from ganstudio.runs.scribe import Scribe
from ganstudio.runs.snapshot import Snapshot
from ganstudio.runs.store import Store
from ganstudio.runs.writer import Writer, reason
from ganstudio.training.events import Event
from ganstudio.training.protocols import Often, Opened, Reason
from ganstudio.training.trainer import Trainer

RECORD_SECONDS = 2.0
"""How often metrics and events go to the disk."""
COPY_SHARE = 0.02
"""At most this share of the worker's time goes into checkpoints by the clock: very large ones are made less often."""
LOOK_SHARE = 0.01
"""At most this share goes into pictures of the samples."""
LOOK_GROWTH = 1.05
"""From one picture to the next the steps grow by this factor at least."""
DRAG_SECONDS = 1.0
"""Edits of one field that follow each other so soon are one edit."""
UNASKED = ("time", "steps", "pause", "stop", "end")
"""Reasons of checkpoints that a run which was only looked at does without."""


class RunKeeper(Opener):
    """Saves a session's runs.

    ``out`` is the folder of the first run; the others get new folders in ``runs``. A run that is opened goes on in its
    own, unless it can only be read. ``every`` is how many seconds metrics and events may be behind on the disk.
    """

    def __init__(self, out: Path | None = None, runs: Path | None = None, every: float = RECORD_SECONDS):
        self._every = every
        self._due_at, self._due_step = float("inf"), 0
        self._copy_seconds = 0.0
        self._runs: WeakKeyDictionary[Trainer, Run] = WeakKeyDictionary()
        self._news: deque[Event] = deque()
        self._scribe = Scribe(out, runs or runs_folder(), self._news)
        self._writer = Writer(self._scribe.write, self._news, min(every, RECORD_SECONDS))

    def open(self, run: Path, trainer: Trainer) -> Opened:
        if not run.is_dir():
            return super().open(run, trainer)
        self._writer.nudge(now=True)
        self._writer.wait()
        check_moved(run, trainer)
        place = self._scribe.place_at(run) or take(run, write=True)
        found = restored(place, trainer)
        events = list(found.events)
        if found.damage:
            place.lose(found.damage)
        if place.refusal:
            sentence = f"{place.refusal} What is trained from here on is saved as a new run."
            events.append(Event("warned", trainer.steps, sentence))
        made = Run(found.about, Line(found.branch, trainer.steps), _names(trainer), head=found.head)
        if found.head is not None and place.store is not None:
            made.line = _line(place.store, found.branch, found.head, again=True)
        if place.refusal:
            made.source = (place, found.head, found.branch)
        else:
            made.place = place
            self._scribe.use(place)
        self._stand(made, trainer, events, found.pending)
        return Opened(events, threads(found.about, trainer), found.branch, bool(place.refusal), found.pending)

    def rewind(self, trainer: Trainer, branch: int, step: int) -> Opened:
        run = self._runs.get(trainer)
        self._writer.nudge(now=True)
        if not self._writer.wait():
            raise StudioError(
                "what was trained last cannot be saved now and would be lost; make room on the disk first"
            )
        place = run.readable if run else None
        listed = place.store.checkpoints(branch) if place and place.store else []
        found = [one for one in listed if one.step == step]
        if run is None or place is None or not found:
            known = ", ".join(f"{one.step:,}" for one in listed[-5:]) or "none"
            raise StudioError(f"there is no checkpoint after step {step:,} on branch {branch} (the last ones: {known})")
        head = read_head(found[-1].path)
        assert place.store is not None
        own = next(one for one in place.store.branches() if one.id == branch)
        stands = branch if (own.parent, own.step) == (head.branch, head.step) else head.branch
        said = _exchange(trainer, place.store, stands, head)
        events = place.store.events(stands, head.event)
        events += [Event("warned", step, sentence) for sentence in said]
        run.line, run.head = _line(place.store, stands, head, again=False), head
        if run.source is not None:
            run.source = (place, head, stands)
        self._stand(run, trainer, events, head.pending)
        return Opened(events, 0, stands, run.place is None, head.pending)

    def _stand(self, run: Run, trainer: Trainer, events: list[Event], pending: list[dict[str, Any]]) -> None:
        """From now on the trainer is that run, in a state that is on the disk already."""
        self._runs[trainer] = run
        run.at = _names(trainer)
        run.saved_as = (run.at, _plain(pending))
        run.touched, run.start = False, None
        run.first, run.told, run.revision = len(trainer.history), len(events), trainer.history.revision
        run.looked = (trainer.steps + 1, 0.0)
        self._reckon(trainer)

    def record(self, trainer: Trainer, events: list[Event]) -> None:
        run = self._run(trainer, events)
        self._writer.nudge()
        if not self._touch(run, trainer, events):
            return
        looks = self._looks(run, trainer)
        if looks or perf_counter() - run.recorded >= self._every:
            self._hand_over(run, trainer, events, looks)

    def checkpoint(
        self,
        trainer: Trainer,
        events: list[Event],
        reason: Reason,
        *,
        pending: Sequence[dict[str, Any]] = (),
        field: str = "",
        wait: bool = False,
    ) -> None:
        run = self._run(trainer, events)
        if reason == "start":
            if run.place is None and run.source is None and not run.touched:
                run.start, run.at = Snapshot.of(trainer, reason, pending), _names(trainer)
            return
        if self._touch(run, trainer, events, always=reason not in UNASKED):
            if reason in ("asked", "stop", "end"):
                self._leave_what_is_gone(run, trainer.steps)
            if not (reason == "edit" and self._drags(run, field)):
                self._save(run, trainer, events, reason, pending)
        if wait:
            self._writer.nudge(now=True)
            self._writer.wait()

    def due(self, checkpoints: Often, step: int) -> Reason | None:
        """By the clock, and after each multiple of ``every_steps``."""
        if checkpoints.every_steps and step // checkpoints.every_steps != self._due_step // checkpoints.every_steps:
            return "steps"
        seconds = max(checkpoints.every_seconds, self._copy_seconds / COPY_SHARE)
        if checkpoints.every_seconds and perf_counter() >= self._due_at + seconds:
            return "time"
        return None

    def news(self) -> list[Event]:
        found = []
        while self._news:
            found.append(self._news.popleft())
        return found

    def close(self) -> None:
        self._writer.nudge(now=True)
        self._writer.wait()
        self._scribe.close()
        for run in list(self._runs.values()):
            if run.readable is not None:
                run.readable.close()
        self._runs.clear()

    # what is handed over

    def _run(self, trainer: Trainer, events: list[Event]) -> Run:
        if trainer not in self._runs:
            started = events[0].time if events else time()
            about = About(
                schema=SCHEMA,
                run_id=new_id(),
                title=trainer.experiment.title,
                program=__version__,
                torch=torch.__version__,
                seed=trainer.experiment.seed,
                device=str(trainer.device),
                threads=torch.get_num_threads(),
                metrics=tuple(trainer.history.names),
                started=started,
                ended=started,
            )
            self._runs[trainer] = Run(about, Line(0), None, revision=trainer.history.revision)
            self._reckon(trainer)
        run, history = self._runs[trainer], trainer.history
        if run.revision != history.revision:  # steps were taken back: all that this line has is written anew
            run.revision, run.back, run.first, run.saved_as = history.revision, len(history), run.line.step, None
        return run

    def _touch(self, run: Run, trainer: Trainer, events: list[Event], always: bool = False) -> bool:
        """Whether there is something to write. The first time, the state before it goes ahead."""
        if not run.touched and (always or run.at != _names(trainer)):
            if run.at is None and not (always or trainer.steps or not trainer.between_steps):
                return False
            run.touched = True
            if run.start is not None:
                run.told = max((at for at, one in enumerate(events, 1) if one.kind == "opened"), default=0)
                none, before = trainer.history.rows(len(trainer.history)), _kept(events[: run.told])
                self._writer.put(Job(run, run.line, 0, none, before, run.start.experiment, snapshot=run.start))
                run.saved_as, run.start = (run.at, _plain(run.start.pending)), None
        return run.touched

    def _save(
        self, run: Run, trainer: Trainer, events: list[Event], why: Reason, pending: Sequence[dict[str, Any]]
    ) -> None:
        start, snapshot, state = perf_counter(), None, (_names(trainer), _plain(pending))
        try:
            if not trainer.finite():
                self._writer.warn(trainer.steps, "Weights are not finite numbers, so the last save stays as it was.")
            elif run.saved_as != state or why == "asked":
                snapshot = Snapshot.of(trainer, why, pending)
                run.saved_as = state
        except Exception as error:  # there may be no memory for the copy: no reason to end the training
            self._writer.warn(trainer.steps, f"{reason(error)}, so the last save stays as it was.")
        self._hand_over(run, trainer, events, snapshot=snapshot, now=why == "asked")
        self._copy_seconds = perf_counter() - start
        self._reckon(trainer)

    def _hand_over(
        self,
        run: Run,
        trainer: Trainer,
        events: list[Event],
        looks: Sequence[tuple[int, Tiles | Scatter]] = (),
        snapshot: Snapshot | None = None,
        now: bool = False,
    ) -> None:
        """What is new since the last time."""
        rows, new = trainer.history.rows(run.first), _kept(events[run.told :])
        run.told, run.recorded = len(events), perf_counter()
        if len(rows) or new or looks or snapshot or run.back is not None:
            self._writer.put(
                Job(run, run.line, run.first, rows, new, trainer.experiment, list(looks), snapshot, run.back), now
            )
            run.first, run.back = run.first + len(rows), None

    def _looks(self, run: Run, trainer: Trainer) -> list[tuple[int, Tiles | Scatter]]:
        """A picture of the samples, if it is time for one: densely at first, then more and more rarely."""
        step, moment = run.looked
        start = perf_counter()
        if trainer.steps < step or start < moment or not trainer.between_steps:
            return []
        try:
            found = [(trainer.steps, samples(trainer))]
        except Exception as error:
            self._writer.warn(trainer.steps, f"{reason(error)}, so no picture of the samples is kept.")
            found = []
        now = perf_counter()
        cost = now - start + self._scribe.drawing_seconds
        run.looked = (int(trainer.steps * LOOK_GROWTH) + 1, now + cost / LOOK_SHARE)
        return found

    def _drags(self, run: Run, field: str) -> bool:
        """Whether an edit goes on with the one before."""
        (before, moment), now = run.dragged, perf_counter()
        run.dragged = (field, now)
        return bool(field) and field == before and now - moment < DRAG_SECONDS

    def _leave_what_is_gone(self, run: Run, step: int) -> None:
        """A run whose folder has been deleted is saved whole, from memory, in a new one."""
        if run.place is None or run.place.there:
            return
        self._writer.wait()
        self._writer.drop(run)
        self._news.append(Event("warned", step, f"The folder {run.place.folder} is gone; the run gets a new one."))
        run.place.close()
        run.place, run.source, run.head = None, None, None
        run.line, run.first, run.told, run.saved_as = Line(0), 0, 0, None
        run.text, run.entered = "", False

    def _reckon(self, trainer: Trainer) -> None:
        """Count the time and the steps to the next checkpoint from here."""
        self._due_at, self._due_step = perf_counter(), trainer.steps


def _line(store: Store, branch: int, head: Head, again: bool) -> Line:
    """Where going on from a checkpoint leads: further on its branch from its end, else on a new one.

    ``again``: what the branch has beyond is what a killed process had not saved, and is made once more.
    """
    further = store.end(branch) > head.step or any(
        one.kind == "edited" for one in store.events(branch)[len(store.events(branch, head.event)) :]
    )
    if not further:
        return Line(branch, head.step)
    forks = any(one.parent == branch and one.step > head.step for one in store.branches())
    if again and not forks:
        return Line(branch, head.step, event=head.event, again=True)
    return Line(None, head.step, branch, head.event)


def _exchange(trainer: Trainer, store: Store, branch: int, head: Head) -> list[str]:
    """Load another state of the same run; when it cannot be used, all stays as it was. Answers what is left out."""
    state, experiment, rows = trainer.state(), trainer.experiment, trainer.history.rows()
    try:
        load_head(head, trainer)
        return extend(trainer, store, branch, head)
    except BaseException:
        trainer.revise(experiment)
        trainer.load(state)
        trainer.history.truncate(0)
        trainer.history.append(rows)
        raise


def _kept(events: list[Event]) -> list[Event]:
    return [one for one in events if one.kind not in PASSING]


def _plain(pending: Sequence[dict[str, Any]]) -> str:
    return json.dumps(list(pending), sort_keys=True)


def _names(trainer: Trainer) -> Any:
    """What tells a run's states apart."""
    return trainer.steps, trainer.next_part, trainer.experiment
