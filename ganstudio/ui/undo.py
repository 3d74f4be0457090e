"""Undo of edits: Ctrl+Z sets a field back to its earlier value. The weights go on from where they are."""

from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand

from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import value_at
from ganstudio.training.commands import Edit

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

MERGE_SECONDS = 1.0
"""Edits of one field that follow each other faster than this are undone as one (a slider being dragged)."""


class EditField(QUndoCommand):
    """An edit of the experiment: which fields changed, from what to what."""

    def __init__(self, studio: "Studio", before: Experiment, after: Experiment, path: str, changes: list):
        super().__init__(f"{path.rsplit('.', 1)[-1]} → {changes[0].new}")
        self.studio, self.before, self.after, self.path, self.changes = studio, before, after, path, changes
        self.time = monotonic()

    @classmethod
    def push(cls, studio: "Studio", path: str, value: Any) -> bool:
        """Check an edit and do it; False (and ``refused``) when the experiment does not allow it."""
        if studio.experiment is None:
            return False
        try:
            after, changes = change(studio.experiment, path, value)
        except StudioError as error:
            studio.refused.emit(error.field or path, str(error))
            return False
        changes = [one for one in changes if one.old != one.new]
        if changes:
            studio.undo_stack.push(cls(studio, studio.experiment, after, changes[0].path, changes))
        return True

    def redo(self) -> None:
        self._go(self.after)

    def undo(self) -> None:
        self._go(self.before)

    def _go(self, experiment: Experiment) -> None:
        self.studio.experiment = experiment
        for one in self.changes:
            if one.live:
                self.studio.session.post(Edit(path=one.path, value=value_at(experiment, one.path)))
            else:
                opened = self.studio.session.experiment
                same = opened is not None and value_at(opened, one.path) == value_at(experiment, one.path)
                (self.studio.waiting.discard if same else self.studio.waiting.add)(one.path)
            self.studio.edited.emit(one.path)

    def id(self) -> int:
        """Edits of the same field may merge."""
        return hash(self.path) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, EditField)
        if other.path != self.path or other.time - self.time > MERGE_SECONDS:
            return False
        self.after, self.time = other.after, other.time
        return True
