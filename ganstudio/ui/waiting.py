"""What a view says while it has nothing to show."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from ganstudio.ui.studio import Studio

OPENING = "Opening the data and building the players…"
PAST = "There is nothing of step {step:,} to show here{why}.\nBack to the present: Esc."
"""In place of what a person is asked to do, while the window looks back at a step."""
START = ": no step had been made yet"


class Waiting(QObject):
    """Says in a view what it waits for: PyTorch, an experiment, or what ``then`` asks the person to do.

    ``show`` is called with each new sentence until ``over``; ``again`` begins anew. While the window looks back,
    there is nothing to do for the person: then it says that there is nothing of that step.

    A view ``of_data`` shows what is made of the real data: where they are absent it says so, and begins anew for it.
    One ``of_training`` says so too, for then there is no training either; yet it may show what was trained before.
    """

    def __init__(
        self,
        studio: Studio,
        show: Callable[[str], None],
        then: str,
        of_data: bool = False,
        of_training: bool = False,
    ):
        super().__init__()
        self._studio, self._show, self._then = studio, show, then
        self._said = ""
        self._is_over = False
        self._past: int | None = None
        self._of_data, self._of_training = of_data, of_training
        studio.opened.connect(self._see_data)
        studio.loaded.connect(self._say)
        studio.status_changed.connect(self._say)
        self._say()

    def over(self) -> None:
        """There is something to show."""
        self._is_over = True

    def look_back(self, step: int | None) -> None:
        """The window looks at the run as it was after so many steps; None is the present."""
        self._past = step
        self._say()

    def again(self) -> None:
        """There is nothing to show any more."""
        if self._is_over:
            self._is_over, self._said = False, ""
            self._say()

    def _see_data(self, _: object) -> None:
        if self._of_data and self._studio.absence:
            self.again()

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
        if (self._of_data or self._of_training) and self._studio.absence:
            return f"{self._studio.absence}."
        return self._then if self._past is None else nothing_of(self._past)


def nothing_of(step: int) -> str:
    """Says of a step that lies in the past that there is nothing of it."""
    return PAST.format(step=step, why="" if step else START)
