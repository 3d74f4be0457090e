"""What the panels show while the window looks at an earlier step of the run."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.runs.reel import Kept, Reel
from ganstudio.training.mailbox import Frame
from ganstudio.ui.panels.panel import Panel
from ganstudio.ui.widgets.past_note import PastNote

NOTHING = "Nothing was recorded of this panel here."


class Past(QObject):
    """Shows the frames of a step from the reel, in all visible panels at once; training goes on meanwhile.

    Panels without frames of their own follow through ``Panel.show_past``.
    """

    moved = Signal()
    """Another step is shown, or the present again."""

    def __init__(self, panels: list[Panel], reel: Reel):
        super().__init__()
        self.reel = reel
        self.step: int | None = None
        """The step shown; None for the present."""
        self._panels = panels
        self._shown: dict[Panel, Kept | None] = {}
        self._notes: dict[Panel, PastNote] = {}

    @property
    def shown(self) -> bool:
        """Whether every visible panel shows the step that was asked for last."""
        return self.step is None or all(panel in self._shown for panel in visible(self._panels) if panel.probe)

    def take(self, panel: Panel, frame: Frame) -> None:
        """A new frame: keep it, and show it if the window shows the present."""
        self.reel.add(panel.name, frame.step, frame)
        if self.step is None:
            panel.show_frame(frame)

    def show(self, step: int) -> None:
        """Look at a step: each panel shows its newest frame that is not later."""
        entered, self.step = self.step is None, step
        for panel in self._panels:
            if entered or panel.isVisible():
                panel.show_past(step)
        self.look(visible(self._panels))
        self.moved.emit()

    def look(self, panels: Iterable[Panel]) -> None:
        """See that these visible panels show the past, also those that came into view only now."""
        if self.step is None:
            return
        for panel in panels:
            if not panel.probe:
                continue
            kept = self.reel.at_or_before(panel.name, self.step)
            if panel in self._shown and _same(self._shown[panel], kept):
                continue
            if panel not in self._shown:
                panel.show_past(self.step)
            self._shown[panel] = kept
            note = self._note(panel)
            if kept is None:
                note.cover(NOTHING)
            else:
                panel.show_frame(kept[1])
                note.tag(f"step {kept[0]:,}")

    def leave(self) -> None:
        """Show the present again, at once: what was recorded last."""
        if self.step is None:
            return
        self.step = None
        for note in self._notes.values():
            note.hide()
        for panel in self._panels:
            panel.show_past(None)
            newest = self.reel.latest(panel.name)
            if panel in self._shown and newest is not None:
                panel.show_frame(newest[1])
        self._shown.clear()
        self.moved.emit()

    def forget(self) -> None:
        """Another run is open: nothing that was recorded is its."""
        self.reel.clear()
        self.leave()

    def kept_steps(self) -> list[int]:
        """The steps that anything in view was recorded of, ascending."""
        kept = [self.reel.steps(panel.name) for panel in visible(self._panels) if panel.probe]
        return np.unique(np.concatenate([np.array(steps, np.int64) for steps in kept] or [[]])).astype(int).tolist()

    def _note(self, panel: Panel) -> PastNote:
        if panel not in self._notes:
            self._notes[panel] = PastNote(panel)
        return self._notes[panel]


def visible(panels: Iterable[Panel]) -> list[Panel]:
    """Those that a person sees: not hidden, and not behind another tab."""
    return [panel for panel in panels if panel.isVisible() and not panel.visibleRegion().isEmpty()]


def _same(one: Kept | None, other: Kept | None) -> bool:
    if one is None or other is None:
        return one is other
    return one[1] is other[1]
