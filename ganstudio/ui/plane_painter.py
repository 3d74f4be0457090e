"""The window's hand on the process that computes and paints planes (``plane_process``)."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.shared_memory import SharedMemory
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from ganstudio.ui.plane_process import Desk, Job, picture, weights, work
from ganstudio.ui.widgets.film import Picture
from ganstudio.ui.widgets.plane_painting import Order
from ganstudio.ui.widgets.sealed import Sealed

if TYPE_CHECKING:
    from ganstudio.experiment.experiment import Experiment
    from ganstudio.probes.plane import PlaneFrame

END_SECONDS = 1.0
"""The longest that the process's end is waited for; it has nothing to save."""
LATE_SECONDS = 0.5
"""After this long without an answer one looks whether the process is alive."""


class Wish(NamedTuple):
    """What is to be painted."""

    frame: "PlaneFrame"
    layers: dict[str, bool]
    order: Order
    past: bool
    """Whether the frame is one of the past."""


class PlanePainter(QObject):
    """Turns frames that hold players into planes with their pictures, one at a time; the latest frame wins.

    Nobody waits for the process: whoever shows its pictures looks again and again whether one is there.
    """

    ready = Signal()
    """The process has loaded PyTorch and takes frames."""
    failed = Signal(str)
    """The process cannot go on: a plain sentence. It has ended."""

    def __init__(self, show: Callable[[Sealed, Picture, Wish], bool]):
        """``show`` is handed what was painted; it answers whether the picture is shown from now on, in place of the
        one before. One that is not shown is painted over.
        """
        super().__init__()
        self._show = show
        self._desk = Desk()
        self._process = multiprocessing.get_context("spawn").Process(
            target=work, args=(self._desk,), name="plane", daemon=True
        )
        self._process.start()
        self._loaded = self._closed = False
        self._experiment: Experiment | None = None
        self._order: Order | None = None
        self._doing: tuple[Wish, SharedMemory] | None = None
        self._waiting: Wish | None = None
        self._shown: SharedMemory | None = None
        self._spare: SharedMemory | None = None
        self._asked_at = perf_counter()

    def ask(self, wish: Wish) -> None:
        """Have the players of a frame painted: at once, or when what is being painted is done."""
        self._waiting = wish
        self._go_on()

    def look(self) -> bool:
        """Look for an answer, and pass it on. Answers whether there was one."""
        if self._closed or (self._loaded and self._doing is None):
            return False
        if self._desk.answered.acquire(block=False):
            self._take(self._desk.get())
            return True
        if perf_counter() - self._asked_at > LATE_SECONDS and not self._process.is_alive():
            self._fail("it ended")
        return False

    def close(self) -> None:
        """End the process. Pictures that are shown stay whole."""
        if self._closed:
            return
        self._closed = True
        self._process.terminate()
        self._process.join(END_SECONDS)
        self._desk.close()
        for memory in (self._shown, self._spare, self._doing and self._doing[1]):
            if memory is not None:
                memory.unlink()
        self._shown = self._spare = self._doing = None

    def _go_on(self) -> None:
        if self._closed or not self._loaded or self._doing is not None or self._waiting is None:
            return
        wish, self._waiting = self._waiting, None
        try:
            self._doing = wish, self._hand_over(wish)
        except (OSError, ValueError) as error:  # no shared memory is to be had, or there is too much to tell
            self._fail(str(error))

    def _hand_over(self, wish: Wish) -> SharedMemory:
        """Give the process a job. Answers the memory that it works in."""
        sent, order = wish.frame.sent, wish.order
        assert sent is not None
        numbers = sent.weights.size
        memory = self._room(order.bytes + sent.weights.nbytes)
        weights(memory.buf, order, numbers)[:] = sent.weights
        new, changed = sent.experiment is not self._experiment, order is not self._order
        self._experiment, self._order = sent.experiment, order
        experiment = sent.experiment if new else None
        given = order if changed else None
        self._desk.put(tuple(Job(experiment, wish.frame.step, wish.layers, given, memory.name, numbers)))
        self._asked_at = perf_counter()
        self._desk.asked.release()
        self._spare = None
        return memory

    def _room(self, size: int) -> SharedMemory:
        """Shared memory of so many bytes for a picture and weights; nothing shows it."""
        if self._spare is not None and self._spare.size < size:
            self._spare.unlink()
            self._spare = None
        if self._spare is None:
            self._spare = SharedMemory(create=True, size=size)
        return self._spare

    def _take(self, answer: tuple | str | None) -> None:
        if isinstance(answer, str):
            self._fail(answer)
        elif answer is None:
            self._loaded = True
            self.ready.emit()
            self._go_on()
        else:
            assert self._doing is not None
            (wish, memory), self._doing = self._doing, None
            # Another image each time: Qt keeps copies of what it has shown, and knows them by the image, not its bytes.
            found = Picture(wish.order, picture(memory.buf, wish.order), memory)
            if self._show(Sealed(*answer), found, wish):
                self._spare, self._shown = self._shown, memory
            else:
                self._spare = memory
            self._go_on()

    def _fail(self, why: str) -> None:
        self.close()
        self.failed.emit(f"The Plane panel is painted in the window from now on: its own process failed ({why}).")
