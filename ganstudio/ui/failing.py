"""A panel that fails rests, and says so; training, the other panels and the window go on."""

import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from ganstudio.training.events import Event
from ganstudio.ui.panel import Panel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.past_note import PastNote


class FailedPanels:
    """The panels that have failed since the run was opened; the next one that is opened wakes them."""

    def __init__(self, studio: Studio):
        self._studio = studio
        self._notes: dict[Panel, PastNote] = {}

    def __contains__(self, panel: Panel) -> bool:
        return panel in self._notes

    def guard(self, panel: Panel, work: Callable[[], object]) -> bool:
        """Have a panel work. Answers whether it had something to do, and did it."""
        if panel in self._notes:
            return False
        try:
            return bool(work())
        except Exception as error:
            self._rest(panel, error)
            return False

    def wake(self) -> None:
        """Let all of them try again."""
        for note in self._notes.values():
            note.hide()
            note.deleteLater()
        self._notes.clear()

    def _rest(self, panel: Panel, error: Exception) -> None:
        note = self._notes[panel] = PastNote(panel)
        note.cover(f"This panel failed ({type(error).__name__}: {error}). It rests until a run is opened or restarted.")
        details = {"traceback": "".join(traceback.format_exception(error))}
        sentence = f"The {panel.title} panel failed and rests: {type(error).__name__}: {error}"
        self._studio.take_event(Event("warned", self._studio.status.step, sentence, details))


def tell_of_failures(studio: Studio) -> None:
    """From now on the window says what fails in it beside its panels' frames: in painting, in answering a click.

    The traceback goes to the log panel, and to standard error as before. Each place in the code is told of once.
    """
    before, told = sys.excepthook, set[tuple[str, int]]()

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        frames = traceback.extract_tb(trace)
        place = (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)
        if not isinstance(error, Exception) or place in told:
            return
        told.add(place)
        details = {"traceback": "".join(traceback.format_exception(error))}
        sentence = f"Something failed in the window, and training goes on: {kind.__name__}: {error}"
        studio.take_event(Event("warned", studio.status.step, sentence, details))

    sys.excepthook = hook
