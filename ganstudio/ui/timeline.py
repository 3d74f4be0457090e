"""The run's time as a person moves through it: where the window looks, what happened when, and playing the past."""

from bisect import bisect_left, bisect_right
from time import perf_counter, time

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.runs.clock import Clock, clock
from ganstudio.runs.store import Checkpoint
from ganstudio.training.commands import Note, Rewind
from ganstudio.training.events import Event
from ganstudio.ui.past import Past
from ganstudio.ui.studio import Studio
from ganstudio.ui.timeline_marks import Mark, follow, saved

WHOLE_SECONDS = 10.0
"""How long the whole run takes to play, where no speed is chosen."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 0.0)
"""Times as fast as training went; 0 plays the whole run in ``WHOLE_SECONDS``."""
PLAY_MS = 33
"""Milliseconds between two pictures of the past while it plays."""
COARSE = 50
"""Parts of the run that a step goes over where nothing is kept to step to."""


class Timeline(QObject):
    """The window looks at one step of the run, or at the present. Positions are completed steps, 0 … ``length``."""

    moved = Signal()
    """Another position, or the present."""
    changed = Signal()
    """Other marks."""
    played = Signal(bool)
    """The past begins or ceases to play."""

    def __init__(self, studio: Studio, past: Past):
        super().__init__()
        self.studio, self.past = studio, past
        self.speed = 0.0
        """One of ``SPEEDS``."""
        self._marks: list[Mark] = []
        self._events: list[Event] = []
        self._opened_at = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._playhead, self._looked_at = 0.0, 0.0  # steps; seconds of the last picture
        studio.event.connect(self._take)
        past.moved.connect(self._follow)
        past.run.changed.connect(self.changed)

    # where

    @property
    def position(self) -> int | None:
        """The step that the window shows; None for the present."""
        return self.past.step

    @property
    def length(self) -> int:
        """Steps that the run has come to."""
        return self.studio.status.step

    @property
    def marks(self) -> list[Mark]:
        """What happened, and which states are on the disk."""
        return [*saved(self.past.run.kept.checkpoints), *self._marks]

    @property
    def checkpoint(self) -> Checkpoint | None:
        """What training can be continued from here with: the newest checkpoint up to the step shown."""
        return None if self.position is None else self.past.run.checkpoint(self.position)

    @property
    def playing(self) -> bool:
        """Whether the past plays."""
        return self._timer.isActive()

    @property
    def shown(self) -> bool:
        """Whether every visible panel shows the step that was asked for last."""
        return self.past.shown

    def clock(self) -> Clock | None:
        """How long the run has trained; None while nothing is known of that."""
        now = [(self.length, time())] if self.studio.status.phase == "running" else []
        return clock(self._events, now)

    # moving

    def go_to(self, step: int) -> None:
        """Look at a step; at the newest one that is the present."""
        self.pause()
        self._show(step)

    def go_live(self) -> None:
        """Look at the present again."""
        self.pause()
        self.past.leave()

    def move(self, steps: int) -> None:
        """So many steps on, or back where it is negative."""
        self.go_to(self._here + steps)

    def first(self) -> None:
        """To the beginning."""
        if self.length:
            self.go_to(0)

    def previous(self) -> None:
        """To the newest step before this that anything in view was recorded of."""
        kept = self.past.kept_steps()
        index = bisect_left(kept, self._here) - 1
        if index >= 0:
            self.go_to(kept[index])
        else:
            self.go_to(0 if kept else self._here - max(1, self.length // COARSE))

    def next(self) -> None:
        """To the next step that anything in view was recorded of; after the last one, the present."""
        if self.position is None:
            return
        kept = self.past.kept_steps()
        index = bisect_right(kept, self._here)
        if index < len(kept):
            self.go_to(kept[index])
        elif kept:
            self.go_live()
        else:
            self.move(max(1, self.length // COARSE))

    def previous_mark(self) -> None:
        """To the newest mark before this step."""
        steps = [mark.step for mark in self.marks if mark.step < self._here]
        self.go_to(max(steps, default=0))

    def next_mark(self) -> None:
        """To the next mark after this step; after the last one, the present."""
        steps = [mark.step for mark in self.marks if mark.step > self._here]
        if self.position is not None:
            self.go_to(min(steps, default=self.length))

    # playing

    def toggle_play(self) -> None:
        """Play the past from here, from its beginning where the present is shown; or rest."""
        if self.playing:
            self.pause()
        elif self.length:
            begin = self.position or 0
            self._playhead, self._looked_at = float(begin), perf_counter()
            self._show(begin)
            self._timer.start(PLAY_MS)
            self.played.emit(True)

    def pause(self) -> None:
        """Play no more, and stay."""
        if self.playing:
            self._timer.stop()
            self.played.emit(False)

    def _tick(self) -> None:
        now = perf_counter()
        passed, self._looked_at = now - self._looked_at, now
        times = self.clock() if self.speed else None
        if times is None:
            self._playhead += passed * self.length / WHOLE_SECONDS
        else:
            at = float(times.seconds_at(self._playhead)) + passed * self.speed
            self._playhead = float(times.steps_at(at))
        if self._playhead >= self.length:
            self.go_live()
        elif int(self._playhead) != self.position:
            self._show(int(self._playhead))

    @property
    def _here(self) -> int:
        return self.length if self.position is None else self.position

    def _show(self, step: int) -> None:
        if step >= self.length:
            self.past.leave()
        elif step != self.position:
            self.past.show(max(0, step))

    # the run

    def note(self, text: str, step: int | None = None) -> None:
        """Put a remark down at a step; None is the one that the run has reached."""
        if text.strip():
            self.studio.session.post(Note(text=text.strip(), seen=step))

    def continue_from_here(self) -> None:
        """Go back to the newest checkpoint up to the step shown; what is trained from there on is a branch."""
        checkpoint = self.checkpoint
        if checkpoint is not None:
            self.studio.session.post(Rewind(branch=self.past.run.kept.branch, step=checkpoint.step))

    def _follow(self) -> None:
        if self.position is None:
            self.pause()
        self.moved.emit()

    # what the session tells

    def _take(self, event: Event) -> None:
        if event.trainer != "main":
            return
        if event.kind == "opened":
            self._opened_at = event.time
        elif event.time < self._opened_at:
            return  # something of the run before
        self._events = [*event.data["earlier"], event] if "earlier" in event.data else [*self._events, event]
        marks = follow(self._marks, event)
        if marks is not self._marks:
            self._marks = marks
            self.changed.emit()
        if event.kind in ("opened", "rewound", "branched"):
            self.past.run.stand_on(int(event.data.get("branch", 0)))
        gone = self.position is not None and self.position >= event.step
        if event.kind == "rewound" or (event.kind in ("restored", "failed") and gone):
            self.go_live()  # what was shown is no part of the run any more
