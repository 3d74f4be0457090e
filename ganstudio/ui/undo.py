"""Undo of edits: Ctrl+Z sets a field back to its earlier value. The weights go on from where they are."""

from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand

from ganstudio.experiment.differences import differing, route
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import live
from ganstudio.training.commands import Edit

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

MERGE_SECONDS = 1.0
"""Edits of one field that follow each other faster than this are undone as one (a slider being dragged)."""


class EditField(QUndoCommand):
    """An edit of the experiment, from what to what. The trainer is told of the live fields that differ."""

    def __init__(self, studio: "Studio", before: Experiment, after: Experiment, path: str, value: Any):
        super().__init__(f"{path.rsplit('.', 1)[-1]} → {value}")
        self.studio, self.before, self.after, self.path = studio, before, after, path
        self.time = monotonic()

    @classmethod
    def push(cls, studio: "Studio", path: str, value: Any) -> bool:
        """Check an edit and do it; False (and ``refused``) when the experiment does not allow it."""
        if studio.experiment is None:
            return False
        try:
            after, changes = change(studio.experiment, path, value)
        except StudioError as error:
            studio.refused.emit(path, str(error))
            return False
        if any(one.old != one.new for one in changes):
            studio.undo_stack.push(cls(studio, studio.experiment, after, changes[0].path, changes[0].new))
        return True

    def redo(self) -> None:
        self._go(self.after)

    def undo(self) -> None:
        self._go(self.before)

    def _go(self, target: Experiment) -> None:
        studio = self.studio
        assert studio.experiment is not None
        edits = route(studio.experiment, target)
        for path, value in edits:
            if live(target, path):
                studio.session.post(Edit(path=path, value=value))
        studio.take_edits(target, [path for path, _ in edits])

    def id(self) -> int:
        """Edits of the same field may merge."""
        return hash(self.path) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, EditField)
        if other.path != self.path or other.time - self.time > MERGE_SECONDS:
            return False
        self.after, self.time = other.after, other.time
        self.setText(other.text())
        self.setObsolete(not differing(self.before, self.after))
        return True


def catch_up(studio: "Studio") -> None:
    """The session has taken up other live fields by itself: show them. Edits before that are no more to be undone."""
    experiment, running = studio.experiment, studio.session.experiment
    if experiment is None or running is None:
        return
    paths = []
    for path, value in route(experiment, running):
        if live(running, path):
            experiment, _ = change(experiment, path, value)
            paths.append(path)
    if paths:
        studio.take_edits(experiment, paths)
        studio.undo_stack.clear()


def take_back(studio: "Studio", path: str) -> None:
    """The session has refused an edit of this field: show what is in force there, as if it had not been edited."""
    experiment, running = studio.experiment, studio.session.experiment
    if experiment is None or running is None:
        return
    with_kind = path.removesuffix("kind") + "params." if path.endswith(".kind") else path
    paths = []
    for one, value in route(experiment, running):
        if one == path or one.startswith(with_kind):
            experiment, _ = change(experiment, one, value)
            paths.append(one)
    studio.take_edits(experiment, paths)
    stack = studio.undo_stack
    last = stack.command(stack.index() - 1) if stack.canUndo() else None
    if isinstance(last, EditField) and not differing(last.before, experiment):
        # Qt takes an obsolete command off the stack without undoing it.
        last.setObsolete(True)
        stack.undo()
