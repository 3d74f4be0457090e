"""The window's hand on the process that computes and paints planes (``plane_process``)."""

import multiprocessing
from contextlib import suppress
from multiprocessing.shared_memory import SharedMemory
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ganstudio.ui.plane_process import Desk, Job, picture, size_of, weights, work
from ganstudio.ui.widgets.plane_painting import Order

if TYPE_CHECKING:
    from ganstudio.experiment.experiment import Experiment
    from ganstudio.probes.plane import PlaneFrame

END_SECONDS = 2.0
"""The longest that the process's end is waited for."""
LATE_SECONDS = 0.5
"""After this long without an answer one looks whether the process is alive."""


class _Wish(NamedTuple):
    """What was asked for last, while the process was busy."""

    frame: "PlaneFrame"
    layers: dict[str, bool]
    order: Order


class PlanePainter(QObject):
    """Turns frames that hold players into planes with their pictures, one at a time; the latest frame wins.

    Nobody waits for the process: whoever shows its pictures looks again and again whether one is there.
    """

    ready = Signal()
    """The process has loaded PyTorch and takes frames."""
    painted = Signal(object, object, object)
    """A ``Plane``, its picture (``QImage``), and the ``Order`` that it was painted for."""
    failed = Signal(str)
    """The process cannot go on: a plain sentence. It has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._desk = Desk()
        self._process = multiprocessing.get_context("spawn").Process(
            target=work, args=(self._desk,), name="plane", daemon=True
        )
        self._process.start()
        self._loaded = self._closed = False
        self._experiment: Experiment | None = None
        self._order: Order | None = None
        self._doing: tuple[Order, SharedMemory] | None = None
        self._waiting: _Wish | None = None
        self._shown: SharedMemory | None = None
        self._spare: SharedMemory | None = None
        self._asked_at = perf_counter()

    def ask(self, frame: "PlaneFrame", layers: dict[str, bool], order: Order) -> None:
        """Have the players of a frame painted: at once, or when what is being painted is done."""
        self._waiting = _Wish(frame, layers, order)
        self._go_on()

    def look(self) -> bool:
        """Look for an answer, and emit it. Answers whether there was one."""
        if self._closed or (self._loaded and self._doing is None):
            return False
        if self._desk.answered.acquire(block=False):
            self._take(self._desk.get())
            return True
        if perf_counter() - self._asked_at > LATE_SECONDS and not self._process.is_alive():
            self._take("it ended")
        return False

    def close(self) -> None:
        """End the process."""
        if self._closed:
            return
        self._closed = True
        if self._loaded and (self._doing is None or self._desk.answered.acquire(timeout=END_SECONDS)):
            self._desk.put(None)
            self._desk.asked.release()
            self._process.join(END_SECONDS)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(END_SECONDS)
        self._desk.close()
        for memory in (self._shown, self._spare, self._doing and self._doing[1]):
            if memory is not None:
                _forget(memory)

    def _go_on(self) -> None:
        if self._closed or not self._loaded or self._doing is not None or self._waiting is None:
            return
        (frame, layers, order), self._waiting = self._waiting, None
        assert frame.sent is not None
        sent = frame.sent
        memory = self._room(size_of(order) + sent.weights.nbytes)
        weights(memory.buf, order, sent.weights.size)[:] = sent.weights
        new, changed = sent.experiment is not self._experiment, order is not self._order
        self._experiment, self._order = sent.experiment, order
        self._doing, self._asked_at = (order, memory), perf_counter()
        self._desk.put(
            Job(
                sent.experiment if new else None,
                frame.step,
                layers,
                order if changed else None,
                memory.name,
                sent.weights.size,
            )
        )
        self._desk.asked.release()

    def _room(self, size: int) -> SharedMemory:
        """Shared memory of so many bytes for a picture and weights; nothing shows it."""
        spare, self._spare = self._spare, None
        if spare is not None and spare.size >= size:
            return spare
        if spare is not None:
            _forget(spare)
        return SharedMemory(create=True, size=size)

    def _take(self, answer: object) -> None:
        if isinstance(answer, str):
            self.close()
            self.failed.emit(
                f"The Plane panel is painted in the window from now on: its own process failed ({answer})."
            )
            return
        if not self._loaded:
            self._loaded = True
            self.ready.emit()
        else:
            assert self._doing is not None
            (order, memory), self._doing = self._doing, None
            self._spare, self._shown = self._shown, memory
            image: QImage = picture(memory.buf, order)
            self.painted.emit(answer, image, order)
        self._go_on()


def _forget(memory: SharedMemory) -> None:
    memory.unlink()
    with suppress(BufferError):  # a picture still reads it; it goes with that
        memory.close()
