"""The window's hand on the process that computes and paints planes (``plane_process``)."""

import multiprocessing
from contextlib import suppress
from multiprocessing.shared_memory import SharedMemory
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ganstudio.ui.plane_process import Job, picture, work
from ganstudio.ui.widgets.plane_painting import Order

if TYPE_CHECKING:
    from ganstudio.experiment.experiment import Experiment
    from ganstudio.probes.plane import PlaneFrame

END_SECONDS = 2.0
"""The longest that the process's end is waited for."""


class _Wish(NamedTuple):
    """What was asked for last, while the process was busy."""

    frame: "PlaneFrame"
    layers: dict[str, bool]
    order: Order


class PlanePainter(QObject):
    """Turns frames that hold players into planes with their pictures, one at a time; the latest frame wins."""

    ready = Signal()
    """The process has loaded PyTorch and takes frames."""
    painted = Signal(object, object, object)
    """A ``Plane``, its picture (``QImage``), and the ``Order`` that it was painted for."""
    failed = Signal(str)
    """The process cannot go on: a plain sentence. It has ended."""
    _answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), name="plane", daemon=True)
        self._process.start()
        theirs.close()
        self._loaded = self._closed = False
        self._experiment: Experiment | None = None
        self._order: Order | None = None
        self._doing: tuple[Order, SharedMemory] | None = None
        self._waiting: _Wish | None = None
        self._shown: SharedMemory | None = None
        self._spare: SharedMemory | None = None
        self._answered.connect(self._take)
        Thread(target=self._listen, name="plane", daemon=True).start()

    def ask(self, frame: "PlaneFrame", layers: dict[str, bool], order: Order) -> None:
        """Have the players of a frame painted: at once, or when what is being painted is done."""
        self._waiting = _Wish(frame, layers, order)
        self._go_on()

    def close(self) -> None:
        """End the process."""
        if self._closed:
            return
        self._closed = True
        with suppress(OSError):
            self._connection.send(None)
        self._process.join(END_SECONDS)
        if self._process.is_alive():
            self._process.terminate()
        self._connection.close()
        for memory in (self._shown, self._spare, self._doing and self._doing[1]):
            if memory is not None:
                _forget(memory)

    def _go_on(self) -> None:
        if self._closed or not self._loaded or self._doing is not None or self._waiting is None:
            return
        (frame, layers, order), self._waiting = self._waiting, None
        assert frame.sent is not None
        sent, memory = frame.sent, self._room(order)
        new, changed = sent.experiment is not self._experiment, order is not self._order
        self._experiment, self._order = sent.experiment, order
        job = Job(sent.experiment if new else None, frame.step, layers, order if changed else None, memory.name)
        self._doing = order, memory
        with suppress(OSError):  # the process is gone: its listener tells
            self._connection.send(job)
            self._connection.send_bytes(sent.weights)

    def _room(self, order: Order) -> SharedMemory:
        """Shared memory for a picture, which nothing shows."""
        size = 4 * order.size.width() * order.size.height()
        spare, self._spare = self._spare, None
        if spare is not None and spare.size >= size:
            return spare
        if spare is not None:
            _forget(spare)
        return SharedMemory(create=True, size=size)

    def _listen(self) -> None:
        while True:
            try:
                answer = self._connection.recv()
            except (EOFError, OSError):
                answer = "it ended"
            try:
                self._answered.emit(answer)
            except RuntimeError:  # the window is gone
                return
            if isinstance(answer, str):
                return

    def _take(self, answer: object) -> None:
        if self._closed:
            return
        if isinstance(answer, str):
            self.close()
            self.failed.emit(
                f"The Plane panel is painted in the window from now on: its own process failed ({answer})."
            )
            return
        if self._doing is None:
            self._loaded = True
            self.ready.emit()
            self._go_on()
            return
        (order, memory), self._doing = self._doing, None
        self._spare, self._shown = self._shown, memory
        image: QImage = picture(memory.buf, order)
        self.painted.emit(answer, image, order)
        self._go_on()


def _forget(memory: SharedMemory) -> None:
    memory.unlink()
    with suppress(BufferError):  # a picture still reads it; it goes with that
        memory.close()
