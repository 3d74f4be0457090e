"""A thread beside the training thread, for work that may take longer than a step may be held up."""

import threading
from collections import deque
from collections.abc import Callable

from ganstudio.training.cores import keep_to_one_core, meet_cuda

CLOSE_SECONDS = 1.0
"""The longest that the end of a piece of work is waited for."""


class Aside:
    """Does pieces of work one after another on a thread of its own, which begins with the first of them.

    It keeps to one core. The training thread computes the same bits whatever is computed here at the same time.
    """

    def __init__(self, name: str):
        self._changed = threading.Condition()
        self._work: deque[Callable[[], object]] = deque()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def do(self, work: Callable[[], object]) -> None:
        """Have something done soon. It must not raise, and not wait for whoever gives it."""
        with self._changed:
            if self._closing:
                return
            self._work.append(work)
            if not self._thread.is_alive():
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Drop what has not begun, and wait a moment for what has."""
        with self._changed:
            self._closing = True
            self._work.clear()
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        keep_to_one_core()
        meet_cuda()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._work or self._closing)
                if self._closing:
                    return
                work = self._work.popleft()
            work()
