"""Many samples at once are made anew as G moves on: not too often, and in the end from the weights that there are."""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer

from ganstudio.latent.requests import Answer


class Remaking(QObject):
    """``remake`` is called at most every ``seconds``, and once more after the last news of other weights."""

    def __init__(self, remake: Callable[[], object], seconds: float):
        super().__init__()
        self._remake = remake
        self.seconds = seconds
        self._weights, self._at = "", 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run)

    def made(self, answer: Answer) -> None:
        """What is shown was made with these weights."""
        self._weights, self._at = answer.weights, perf_counter()

    def see(self, answer: Answer) -> None:
        """An answer to something else tells which weights there are now."""
        if self._weights and answer.weights != self._weights and not self._timer.isActive():
            wait = self.seconds - (perf_counter() - self._at)
            self._timer.start(max(0, round(1000 * wait)))

    def _run(self) -> None:
        self._at = perf_counter()
        self._remake()

    def forget(self) -> None:
        """Another G: nothing that is shown is its."""
        self._weights = ""
        self._timer.stop()
