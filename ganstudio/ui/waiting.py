"""What a view says while it has nothing to show."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from ganstudio.ui.studio import Studio

OPENING = "Opening the data and building the players…"


class Waiting(QObject):
    """Says in a view what it waits for: PyTorch, an experiment, or what ``then`` asks the person to do.

    ``show`` is called with each new sentence until ``over``; ``again`` begins anew.
    """

    def __init__(self, studio: Studio, show: Callable[[str], None], then: str):
        super().__init__()
        self._studio, self._show, self._then = studio, show, then
        self._said = ""
        self._is_over = False
        studio.loaded.connect(self._say)
        studio.status_changed.connect(self._say)
        self._say()

    def over(self) -> None:
        """There is something to show."""
        self._is_over = True

    def again(self) -> None:
        """There is nothing to show any more."""
        if self._is_over:
            self._is_over, self._said = False, ""
            self._say()

    def _say(self, _: object = None) -> None:
        if self._is_over:
            return
        sentence = self._sentence()
        if sentence != self._said:
            self._said = sentence
            self._show(sentence)

    def _sentence(self) -> str:
        phase = self._studio.status.phase
        if phase == "loading" or not self._studio.is_loaded:
            return "Loading PyTorch…"
        if phase == "opening":
            return OPENING
        if phase == "empty":
            return "Choose a preset, or open an experiment, to begin."
        return self._then
