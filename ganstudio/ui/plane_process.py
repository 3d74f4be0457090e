"""The other process of the Plane panel: it computes planes of the players that it is sent, and paints them.

In the window's process both would hold Python's lock, for which each of a small network's many short operations waits:
a picture there costs training ten milliseconds, here one.
"""

from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.cores import keep_to_one_core
from ganstudio.ui.widgets.plane_painting import Look, Order, Painted

if TYPE_CHECKING:
    from ganstudio.probes.plane import Plane


SLOTS = 2
"""Pieces of shared memory in use: one is shown while the other is painted."""


@dataclass(frozen=True)
class Job:
    """A plane to compute and paint; the weights follow by themselves, as bytes, which takes no pickling."""

    experiment: Experiment | None
    """None: that of the job before."""
    step: int
    layers: dict[str, bool]
    """What the probe is asked for."""
    order: Order | None
    """None: that of the job before."""
    memory: str
    """Name of the shared memory that takes the picture, 4 bytes a pixel, row after row."""


def picture(pixels: memoryview, order: Order) -> QImage:
    """The shared memory as the picture of an order. It reads that memory: keep both together."""
    size = order.size
    return QImage(pixels, size.width(), size.height(), 4 * size.width(), QImage.Format.Format_RGB32)


def work(connection: Connection) -> None:
    """Do jobs until there are no more. Answers each with its ``Plane``, or with the sentence of what went wrong."""
    from ganstudio.experiment.registry import registry

    registry.load()
    connection.send(None)
    artist = _Artist()
    while True:
        try:
            job = connection.recv()
            if job is None:
                return
            weights = np.frombuffer(connection.recv_bytes(), np.float32).copy()  # torch wants to be able to write
        except (EOFError, OSError, KeyboardInterrupt):  # the window is gone
            return
        try:
            answer: Plane | str = artist.paint(job, weights)
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        connection.send(answer)


class _Artist:
    """Keeps what two jobs have in common."""

    def __init__(self) -> None:
        self._trainer: Any = None
        self._order: Order | None = None
        self._probe: Any = None
        self._painted = Painted()
        self._memory: dict[str, SharedMemory] = {}

    def paint(self, job: Job, weights: np.ndarray) -> "Plane":
        """Compute the plane and paint it into the shared memory; ``weights`` are as ``probes.sent`` has them."""
        from ganstudio.probes.plane import PlaneProbe
        from ganstudio.probes.sent import Sent, receive
        from ganstudio.training.trainer import Trainer

        if job.experiment is not None:
            keep_to_one_core()
            self._trainer, self._probe = Trainer(job.experiment), PlaneProbe()
        receive(self._trainer, Sent(self._trainer.experiment, weights), job.step)
        plane = self._probe.frame(self._trainer, **job.layers).plane
        if plane is None:
            raise ValueError("the data are not points of a plane")
        self._order = job.order or self._order
        assert self._order is not None
        self._draw(plane, self._order, self._pixels(job.memory))
        return plane

    def _draw(self, plane: "Plane", order: Order, pixels: memoryview) -> None:
        image = picture(pixels, order)
        image.fill(QColor(order.colours.surface))
        painter = QPainter(image)
        painter.scale(order.ratio, order.ratio)
        painter.translate(-order.plot.topLeft())
        look = Look(plane, order.layers, order.optimal)
        self._painted.draw(painter, look, order.at, order.plot, order.colours)
        painter.end()

    def _pixels(self, name: str) -> memoryview:
        if name not in self._memory:
            while len(self._memory) >= SLOTS:
                self._memory.pop(next(iter(self._memory))).close()
            self._memory[name] = SharedMemory(name)
        return self._memory[name].buf
