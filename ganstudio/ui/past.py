"""What the panels show while the window looks at an earlier step of the run."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ganstudio.runs.past import Answer
from ganstudio.runs.reel import Kept, Reel
from ganstudio.training.mailbox import Frame
from ganstudio.ui.in_view import visible
from ganstudio.ui.panel import Panel
from ganstudio.ui.past_run import PastRun
from ganstudio.ui.widgets.past_note import PastNote

NOTHING = "Nothing was recorded of this panel here."
COMPUTING = "Computing this panel from the checkpoint of step {step:,}…"
PICTURES = "samples"
"""The panel that the pictures in a run's store are of."""
NEAR = 0.02
"""A frame in the reel that is this near, as a share of the run, is near enough."""
MOST = 32
"""Computed frames and pictures kept of a panel."""


class Past(QObject):
    """Shows what is known of a step in all visible panels at once; training goes on meanwhile.

    A panel shows the newest there is up to that step: the frame in the reel, one computed from a checkpoint of the
    ``run`` on disk, or a picture that the run has kept. Panels without frames follow through ``Panel.show_past``.
    """

    moved = Signal()
    """Another step is shown, or the present again."""

    def __init__(self, panels: list[Panel], reel: Reel, run: PastRun):
        super().__init__()
        self.reel, self.run = reel, run
        self.step: int | None = None
        """The step shown; None for the present."""
        self._panels = panels
        self._shown: dict[Panel, object] = {}  # the frame or picture, or the sentence in its place
        self._told: dict[Panel, int] = {}  # by ``Panel.show_past``: one out of view hears of it on its return
        self._computed: dict[Panel, dict[int, Frame | str]] = {}  # by checkpoint; a sentence where there is none
        self._pictures: dict[int, QImage] = {}
        self._asked: dict[Panel, int] = {}  # which checkpoint's frame a panel waits for
        self._notes: dict[Panel, PastNote] = {}
        run.computed.connect(self._take_computed)
        run.pictured.connect(self._take_picture)
        run.changed.connect(self._look_again)

    @property
    def shown(self) -> bool:
        """Whether every visible panel shows the step that was asked for last."""
        seen = [panel for panel in visible(self._panels) if panel.probe]
        return self.step is None or all(panel in self._shown and panel not in self._asked for panel in seen)

    def take(self, panel: Panel, frame: Frame) -> None:
        """A new frame: keep it, and show it if the window shows the present."""
        self.reel.add(panel.name, frame.step, frame)
        if self.step is None:
            panel.show_frame(frame)

    def show(self, step: int) -> None:
        """Look at a step."""
        entered, self.step = self.step is None, step
        for panel in self._panels:
            if entered or panel.isVisible():
                self._tell(panel, step)
        self._look_again()
        self.moved.emit()

    def leave(self) -> None:
        """Show the present again, at once: what was recorded last."""
        if self.step is None:
            return
        self.step = None
        for note in self._notes.values():
            note.take_away()
        for panel in self._panels:
            panel.show_past(None)
            newest = self.reel.latest(panel.name)
            if panel in self._shown and newest is not None:
                panel.show_frame(newest[1])
        self._shown.clear()
        self._told.clear()
        self._asked.clear()
        self.moved.emit()

    def forget(self) -> None:
        """Another run is open: nothing that was recorded is its."""
        self.reel.clear()
        self._computed.clear()
        self._pictures.clear()
        self._asked.clear()
        self.leave()

    def forget_after(self, step: int) -> None:
        """The run went back."""
        self.reel.forget_after(step)
        self._computed.clear()
        self._pictures.clear()

    def ask_again(self, panel: Panel) -> None:
        """The panel's options have changed: what was computed for it shows others."""
        self._computed.pop(panel, None)
        self._asked.pop(panel, None)
        self._look_again()

    def kept_steps(self) -> list[int]:
        """The steps that anything in view was recorded of, ascending."""
        kept = [self.reel.steps(panel.name) for panel in visible(self._panels) if panel.probe]
        kept.append([one.step for one in self.run.kept.checkpoints])
        return np.unique(np.concatenate([np.array(steps, np.int64) for steps in kept])).tolist()

    # what a panel shows

    def look(self, panels: Iterable[Panel]) -> None:
        """See that these visible panels show the past, also those that came into view only now."""
        if self.step is None:
            return
        for panel in panels:
            if self._told.get(panel) != self.step:
                self._tell(panel, self.step)
            if panel.probe or panel.past_probe:
                self._look(panel, self.step)
            elif panel.past_words and self._note(panel).isHidden():
                self._note(panel).tag(panel.past_words, beneath=True)

    def restyle(self) -> None:
        """Follow a change of theme or type size."""
        for note in self._notes.values():
            if not note.isHidden():
                note.restyle()

    def _tell(self, panel: Panel, step: int) -> None:
        self._told[panel] = step
        panel.show_past(step)

    def _look_again(self) -> None:
        self.look(visible(self._panels))

    def _look(self, panel: Panel, step: int) -> None:
        best: tuple[int, object] | None = self.reel.at_or_before(panel.name, step)
        computed = self._from_checkpoint(panel, step, best)
        if isinstance(computed, Frame):
            best = computed.step, computed
        if panel.name == PICTURES:
            best = self._picture(step, best)
        if best is None:
            words = NOTHING
            if isinstance(computed, str):
                words = computed
            elif panel in self._asked:
                words = COMPUTING.format(step=self._asked[panel])
            best = step, words
        before = self._shown.get(panel)
        if before is best[1] or (isinstance(before, str) and before == best[1]):
            return
        self._shown[panel] = best[1]
        self._show(panel, *best)

    def _show(self, panel: Panel, step: int, found: object) -> None:
        note = self._note(panel)
        if isinstance(found, str):
            if panel.past_words:
                note.tag(panel.past_words, beneath=not panel.probe)
            else:
                note.cover(found)
        elif isinstance(found, QImage):
            note.cover(f"step {step:,}, as the run has kept it", found)
        else:
            panel.show_frame(found)
            # What a hand works in is not to be covered; what only shows, and lays out its pictures by its size, stays.
            note.tag(f"step {step:,}", beneath=not panel.probe)

    def _from_checkpoint(self, panel: Panel, step: int, kept: Kept | None) -> Frame | str | None:
        """What is computed of the newest checkpoint up to a step, if that is much nearer than what is ``kept``.

        What is not computed yet is asked for.
        """
        checkpoint = self.run.checkpoint(step)
        if checkpoint is None or (kept is not None and not self._nearer(panel, step, kept[0], checkpoint.step)):
            self._asked.pop(panel, None)
            return None
        found = self._computed.get(panel, {}).get(checkpoint.step)
        if found is not None:
            self._asked.pop(panel, None)
        elif self._asked.get(panel) != checkpoint.step:
            self._asked[panel] = checkpoint.step
            self.run.ask(panel.name, panel.probe or panel.past_probe, panel.options(), checkpoint.step)
        return found

    def _nearer(self, panel: Panel, step: int, kept: int, checkpoint: int) -> bool:
        """Whether a checkpoint is worth the computing though there is a frame in the reel."""
        newest = self.reel.latest(panel.name)
        wide = newest is None or step - kept > NEAR * newest[0]
        return wide and step - checkpoint < (step - kept) / 2

    def _take_computed(self, answer: Answer) -> None:
        panel = next((panel for panel in self._panels if panel.name == answer.asked.key), None)
        if panel is None or self._asked.get(panel) != answer.asked.step:
            return
        del self._asked[panel]
        frames = self._computed.setdefault(panel, {})
        if len(frames) >= MOST:
            frames.clear()
        frames[answer.asked.step] = answer.frame or f"{NOTHING} It cannot be computed either: {answer.error}"
        self._look_again()

    def _picture(self, step: int, best: Kept | None) -> Kept | None:
        """The run's picture of its samples where that is newer than the best there is; asked for if need be."""
        at = self.run.picture(step)
        if at is None or (best is not None and best[0] >= at):
            return best
        if at not in self._pictures:
            self.run.ask_picture(at)
            return best
        return best if self._pictures[at].isNull() else (at, self._pictures[at])

    def _take_picture(self, step: int, picture: QImage) -> None:
        if len(self._pictures) >= MOST:
            self._pictures.clear()
        self._pictures[step] = picture
        self._look_again()

    def _note(self, panel: Panel) -> PastNote:
        if panel not in self._notes:
            self._notes[panel] = PastNote(panel)
        return self._notes[panel]
