"""The other process of the Plane panel: it computes planes of the players that it is sent, and paints them.

In the window's process both would hold Python's lock, for which each of a small network's many short operations waits:
a picture there costs training ten milliseconds. For the same reason the two processes talk through shared memory and
semaphores: each read or write of a pipe gives the lock away and has to win it back.
"""

import ctypes
import gc
import multiprocessing
import os
import pickle
import signal
from contextlib import suppress
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.synchronize import Semaphore
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.cores import keep_to_one_core
from ganstudio.ui.widgets.plane_painting import Look, Order, Painted, draw_frame
from ganstudio.ui.widgets.sealed import seal

if TYPE_CHECKING:
    from ganstudio.probes.plane import Plane

SLOTS = 2
"""Pieces of shared memory in use: one is shown while the other is painted."""
LETTER = 8 << 20
"""Bytes of the longest letter: a plane has some 40,000, and 1,600 more for each number in z."""
ALONE_SECONDS = 2.0
"""How long the process waits for a job before it looks whether the window's is still there."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Names of glibc's malloc.h."""
KEPT = 64 << 20
"""Bytes that glibc keeps, and of the largest piece that it keeps."""
NICENESS = 5
"""How much the process stands back: as an equal of training it would displace that, though another core is free."""


class Job(NamedTuple):
    """A plane to compute and paint."""

    experiment: Experiment | None
    """None: that of the job before."""
    step: int
    layers: dict[str, bool]
    """What the probe is asked for."""
    order: Order | None
    """None: that of the job before."""
    memory: str
    """Name of the shared memory: it takes the picture, 4 bytes a pixel, row after row; behind that lie the weights."""
    numbers: int
    """How many weights there are, as ``probes.sent`` has them."""


class Desk:
    """What the two processes share: a letter, which is a job or its answer, and whose turn it is to read it.

    The window's process makes it, and hands it to the other as it starts that. Letters are made of plain tuples: for
    anything with a name of its own, each reading and writing imports once more, in some fifty lines of Python.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._memory = SharedMemory(create=True, size=LETTER)
        self.asked: Semaphore = context.Semaphore(0)
        """There is a job."""
        self.answered: Semaphore = context.Semaphore(0)
        """There is an answer: the fields of a ``Sealed`` plane, what went wrong in a sentence, or None: PyTorch is
        loaded."""

    def put(self, letter: Any) -> None:
        """Write; the other process must not be reading. Raises ``ValueError`` for a letter that is too long."""
        data = pickle.dumps(letter, pickle.HIGHEST_PROTOCOL)
        if len(data) > LETTER:
            raise ValueError("there is more to show than fits between the processes")
        self._memory.buf[: len(data)] = data

    def get(self) -> Any:
        """Read what the other process has written: a pickle says itself where it ends."""
        return pickle.loads(self._memory.buf)

    def close(self) -> None:
        """Give the memory back. The window's process does."""
        self._memory.unlink()
        self._memory.close()


def picture(pixels: memoryview, order: Order) -> QImage:
    """The shared memory as the picture of an order. It reads that memory: keep both together."""
    width, height = order.size
    found = QImage(pixels, width, height, 4 * width, QImage.Format.Format_RGB32)
    found.setDevicePixelRatio(order.ratio)
    return found


def weights(memory: memoryview, order: Order, numbers: int) -> np.ndarray:
    """(numbers,) float32: the part of the shared memory in which the weights lie, behind the order's picture."""
    return np.frombuffer(memory, np.float32, numbers, order.bytes)


def work(desk: Desk) -> None:
    """Do jobs until the window's process ends this one, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window's process hears of it too
    os.environ["QT_NO_GUI_THREADPOOL"] = "1"  # Qt would cut small fills up for threads that displace training
    from ganstudio.experiment.registry import registry

    window, artist = multiprocessing.parent_process(), _Artist()
    registry.load()
    _keep_memory()
    _leave_a_core()
    if hasattr(os, "nice"):  # Windows has none; loading PyTorch, above, was not to take longer
        os.nice(NICENESS)
    gc.freeze()
    desk.put(None)
    desk.answered.release()
    while True:
        while not desk.asked.acquire(timeout=ALONE_SECONDS):
            if window is None or not window.is_alive():
                return
        try:
            desk.put(tuple(seal(artist.paint(Job(*desk.get())))))
        except Exception as error:
            desk.put(f"{type(error).__name__}: {error}")
        desk.answered.release()


def _keep_memory() -> None:
    """Have glibc keep what is freed: given back after each plane, its pages would take a millisecond of the next."""
    with suppress(OSError, TypeError, AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, KEPT)
        mallopt(M_TRIM_THRESHOLD, KEPT)


def _leave_a_core() -> None:
    """Keep this thread, which does all the work, off one core where there are several: it may be training's.

    While training waits for Python's lock its own core seems free. What starts there then is in its way soon after.
    """
    if hasattr(os, "sched_setaffinity"):  # Linux
        with suppress(OSError):  # a sandbox may forbid it
            all_cores = os.sched_getaffinity(0)
            os.sched_setaffinity(0, all_cores - {min(all_cores)} or all_cores)


class _Artist:
    """Keeps what two jobs have in common."""

    def __init__(self) -> None:
        self._trainer: Any = None
        self._carrier: Any = None
        self._order: Order | None = None
        self._probe: Any = None
        self._painted = Painted()
        self._memory: dict[str, SharedMemory] = {}

    def paint(self, job: Job) -> "Plane":
        """Compute the plane and paint it into the shared memory."""
        from ganstudio.probes.plane import PlaneProbe
        from ganstudio.probes.sent import Carrier
        from ganstudio.training.trainer import Trainer

        if job.experiment is not None:
            keep_to_one_core()
            self._trainer, self._probe = Trainer(job.experiment), PlaneProbe(copies=False)
            self._carrier = Carrier(self._trainer)
        self._order = job.order or self._order
        assert self._order is not None
        memory = self._memory_of(job.memory)
        self._carrier.receive(weights(memory, self._order, job.numbers), job.step)
        plane = self._probe.frame(self._trainer, **job.layers).plane
        if plane is None:
            raise ValueError("the data are not points of a plane")
        self._draw(plane, self._order, memory)
        return plane

    def _draw(self, plane: "Plane", order: Order, pixels: memoryview) -> None:
        image = picture(pixels, order)
        if not order.at.target.contains(order.plot):  # there is something beside the plane
            image.fill(QColor(order.colours.surface))
        painter = QPainter(image)
        painter.translate(-order.plot.topLeft())
        look = Look(plane, order.layers, order.optimal)
        self._painted.draw(painter, look, order.at, order.plot, order.colours)
        draw_frame(painter, order.plot, order.colours)
        painter.end()

    def _memory_of(self, name: str) -> memoryview:
        if name not in self._memory:
            while len(self._memory) >= SLOTS:
                self._memory.pop(next(iter(self._memory))).close()
            self._memory[name] = SharedMemory(name)
        return self._memory[name].buf
