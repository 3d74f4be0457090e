"""Records the window as a film: pictures are taken bit by bit in the window's thread, and written on another."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Literal, Protocol

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.experiment.errors import StudioError
from ganstudio.ui.camera import Subject, photograph

Pace = Literal["even", "slow-start"]
TURN_MS = 5
"""Milliseconds that the window has for itself between two looks."""
PATIENCE = 10.0
"""Seconds that a step of the past is waited for; then the picture is taken as it is."""
AHEAD = 2
"""Pictures that may wait for the writer."""
CLOSE_SECONDS = 10.0
SLOWNESS = 4.0
"""e to the power of this is how much faster a film with a slow start ends than it begins."""


class Past(Protocol):
    """What shows the past in all panels: the timeline."""

    @property
    def position(self) -> int | None:
        """The step that the window shows; None for the present."""

    @property
    def shown(self) -> bool:
        """Whether every visible panel shows the step that was asked for last."""

    def go_to(self, step: int) -> None:
        """Look at a step."""

    def go_live(self) -> None:
        """Look at the present again."""


@dataclass(frozen=True)
class Take:
    """What to record."""

    subject: Subject
    path: Path
    fps: float
    """Pictures a second when it is played."""
    height: int = 0
    """Pixels; 0 is as on screen."""
    caption: bool = True
    """Whether the step stands below each picture."""
    steps: tuple[int, ...] = ()
    """The steps of the past to be shown, one a picture; none records from now on, until it is finished."""
    every: float = 0.5
    """Seconds between two pictures of what is now."""


def steps_of(first: int, last: int, count: int, pace: Pace = "even") -> tuple[int, ...]:
    """The steps of a film of so many pictures, from the first to the last of them."""
    along = np.linspace(0.0, 1.0, count)
    if pace == "slow-start":
        along = np.expm1(SLOWNESS * along) / np.expm1(SLOWNESS)
    return tuple(int(step) for step in np.rint(first + (last - first) * along))


class Recorder(QObject):
    """Makes one film at a time."""

    progressed = Signal(int, int)
    """Pictures taken, and how many there will be; 0 when that is not known."""
    ended = Signal(bool, str)
    """Whether there is a film, and a sentence for people; empty when it was given up."""

    def __init__(self, now: Callable[[], int], past: Past | None = None):
        """``now`` answers the completed steps; ``past`` is what shows the past, None while there is none."""
        super().__init__()
        self.past = past
        self._now = now
        self._take: Take | None = None
        self._film: _Film | None = None
        self._taken, self._asked, self._at = 0, False, 0.0
        self._finishing = False
        self._before: int | None = None  # the step that was shown before the film
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)

    @property
    def recording(self) -> bool:
        """Whether a film is being made."""
        return self._film is not None

    def record(self, take: Take) -> None:
        """Begin. Raises ``StudioError`` when it cannot become a film."""
        assert self._film is None
        if take.steps and self.past is None:
            raise StudioError("there is no past to record yet; train for a moment, or record from now on")
        # Not at the top of the file: Pillow is not to be waited for before the first paint.
        from ganstudio.runs.film import check_film

        check_film(take.path, take.fps)
        self._take, self._film = take, _Film(take.path, take.fps)
        self._taken, self._asked, self._at, self._finishing = 0, False, 0.0, False
        self._before = self.past.position if self.past is not None else None
        self._film.start()
        self._timer.start(TURN_MS)

    def finish(self) -> None:
        """Take no more pictures, and keep the film of those there are."""
        self._finishing = True

    def cancel(self) -> None:
        """Give the film up."""
        if self._film is not None:
            self._film.cancelled.set()

    def close(self) -> None:
        """Give the film up and wait until its file is gone."""
        self.cancel()
        self._timer.stop()
        if self._film is not None:
            self._film.join(CLOSE_SECONDS)
            self._film = None

    def _turn(self) -> None:
        film, take = self._film, self._take
        assert film is not None
        assert take is not None
        if not film.is_alive():
            self._end(film)
        elif film.full or film.ending:
            return
        elif self._finishing or (take.steps and self._taken == len(take.steps)):
            film.put(None)
        elif self._ready(take):
            step = take.steps[self._taken] if take.steps else self._now()
            try:
                film.put(photograph(take.subject, take.height, f"step {step:,}" if take.caption else ""))
            except RuntimeError:  # the panel is gone with its window
                self.cancel()
                return
            self._taken, self._asked = self._taken + 1, False
            self.progressed.emit(self._taken, len(take.steps))

    def _ready(self, take: Take) -> bool:
        """Whether the next picture can be taken."""
        now = perf_counter()
        if not take.steps:
            due = now - self._at >= take.every
            self._at = now if due else self._at
            return due
        assert self.past is not None
        if not self._asked:
            self.past.go_to(take.steps[self._taken])
            self._asked, self._at = True, now
            return False
        return self.past.shown or now - self._at > PATIENCE

    def _return(self) -> None:
        """Look again at what was shown before the film."""
        if self.past is None or self._take is None or not self._take.steps:
            return
        if self._before is None:
            self.past.go_live()
        else:
            self.past.go_to(self._before)

    def _end(self, film: "_Film") -> None:
        self._timer.stop()
        self._film = None
        self._return()
        self.ended.emit(film.count > 0, film.sentence)


class _Film(threading.Thread):
    """Writes pictures that are put in a short queue."""

    def __init__(self, path: Path, fps: float):
        super().__init__(name="film", daemon=True)
        self._path, self._fps = path, fps
        self._queue: queue.Queue[np.ndarray | None] = queue.Queue(AHEAD)
        self.cancelled = threading.Event()
        self.ending = False
        self.count = 0
        """Pictures of the film, once it is whole."""
        self.sentence = ""
        """What became of it."""

    @property
    def full(self) -> bool:
        return self._queue.full()

    def put(self, picture: np.ndarray | None) -> None:
        """One more picture, or None for the end; not while it is full."""
        self.ending = picture is None
        self._queue.put_nowait(picture)

    def run(self) -> None:
        try:
            from ganstudio.runs.film import write_film

            count = write_film(self._pictures(), self._path, self._fps)
            size = self._path.stat().st_size / 1e6
            self.sentence = f"Recorded {count:,} pictures in {self._path.name}, {size:.1f} MB."
            self.count = count
        except _Cancelled:
            pass
        except StudioError as error:
            self.sentence = str(error)
        except Exception as error:  # no memory, or a library at its limits: the window goes on
            self.sentence = f"The film cannot be written: {type(error).__name__}: {error}."

    def _pictures(self) -> Iterator[np.ndarray]:
        while not self.cancelled.is_set():
            try:
                picture = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            if picture is None:
                return
            yield picture
        raise _Cancelled


class _Cancelled(Exception):
    """The film is not wanted any more."""
