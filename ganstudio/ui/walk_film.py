"""Makes a film of a walk: all frames from one G beside the window, then the file on a thread of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.render_all import RenderAll
from ganstudio.runs.film import check_film, write_film
from ganstudio.ui.explorer import ExplorerBridge

CLIENT = "walk.film"
SIDE = 512
"""Pixels that the longer side of a film's pictures has at least; each of G's is a square of several."""
CLOSE_SECONDS = 10.0


@dataclass(frozen=True)
class Scene:
    """What to film."""

    z: np.ndarray
    """(N, dim) float32 of all frames."""
    order: Sequence[int]
    """Which frames follow each other."""
    path: Path
    fps: float
    plot: Callable[[np.ndarray, int], np.ndarray]
    """(all points (N, D), frame) → a picture (H, W, 3) uint8, where G makes points. Called on another thread."""


class WalkFilm(QObject):
    """Makes one film at a time."""

    progressed = Signal(float, str)
    """How much is done, 0…1, and what is being done."""
    ended = Signal(bool, str)
    """Whether there is a film, and a sentence for people; empty when it was given up."""
    _written = Signal(int, int)
    _over = Signal(bool, str)

    def __init__(self, explorer: ExplorerBridge):
        super().__init__()
        self._explorer = explorer
        self._scene: Scene | None = None
        self._number = 0
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()
        explorer.answered.connect(self._take)
        explorer.reopened.connect(self._reopened)
        self._written.connect(
            lambda done, total: self.progressed.emit(0.5 + done / total / 2, f"Writing picture {done} of {total}")
        )
        self._over.connect(self._end)

    @property
    def making(self) -> bool:
        """Whether a film is being made."""
        return self._scene is not None

    def make(self, scene: Scene) -> None:
        """Begin. Raises ``StudioError`` when it cannot become a film, or one is being made."""
        if self.making:
            raise StudioError("one film is being written; wait for it, or give it up")
        check_film(scene.path, scene.fps)
        self._scene = scene
        self._cancelled = threading.Event()
        self._number = self._explorer.ask(RenderAll(scene.z), CLIENT)
        self.progressed.emit(0.0, "Rendering the frames")

    def cancel(self) -> None:
        """Give the film up; no file of it is left."""
        if not self.making:
            return
        self._cancelled.set()
        if self._thread is None:
            self._explorer.cancel(RenderAll, CLIENT)
            self._end(False, "")

    def close(self) -> None:
        """Give it up, and wait until its file is gone."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

    def _reopened(self) -> None:
        if self.making and self._thread is None:
            self._end(False, "Another generator was opened; there is no film of the walk.")

    def _take(self) -> None:
        for answer in self._explorer.take(CLIENT):
            if not self.making or answer.asked.number != self._number or self._thread is not None:
                continue
            if answer.error:
                self._end(False, answer.error)
            elif answer.share < 1:
                self.progressed.emit(answer.share / 2, "Rendering the frames")
            else:
                self._thread = threading.Thread(
                    target=self._write, args=(self._scene, answer.value, self._cancelled), name="film", daemon=True
                )
                self._thread.start()

    def _end(self, done: bool, sentence: str) -> None:
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)
        self._scene = self._thread = None
        self.ended.emit(done, sentence)

    # on the film's thread

    def _write(self, scene: Scene, frames: np.ndarray, cancelled: threading.Event) -> None:
        total = len(scene.order)

        def progress(count: int) -> None:
            if cancelled.is_set():
                raise _Cancelled
            if count % 8 == 0 or count == total:
                self._written.emit(count, total)

        try:
            count = write_film(pictures(scene, frames), scene.path, scene.fps, progress)
            size = scene.path.stat().st_size / 1e6
            found = True, f"Saved {count:,} pictures in {scene.path.name}, {size:.1f} MB."
        except _Cancelled:
            found = False, ""
        except StudioError as error:
            found = False, str(error)
        except Exception as error:  # no memory, or a library at its limits: the window goes on
            found = False, f"The film cannot be written: {type(error).__name__}: {error}."
        self._over.emit(*found)


class _Cancelled(Exception):
    """The film is not wanted any more."""


def pictures(scene: Scene, frames: np.ndarray) -> Iterator[np.ndarray]:
    """The film's pictures (H, W, 3) uint8, in order: images enlarged by a whole factor, points drawn."""
    for frame in scene.order:
        yield enlarged(frames[frame]) if frames.ndim == 4 else scene.plot(frames, frame)


def enlarged(image: np.ndarray, side: int = SIDE) -> np.ndarray:
    """(H, W, C) of 1 or 3 channels → (kH, kW, 3), each pixel a square of k × k."""
    factor = max(1, -(-side // max(image.shape[:2])))
    return np.broadcast_to(image, (*image.shape[:2], 3)).repeat(factor, 0).repeat(factor, 1)
