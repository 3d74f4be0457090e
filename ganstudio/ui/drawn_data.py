"""What data sets drawn by hand have in common: they replace the data of the experiment that the fields show."""

from typing import Any, ClassVar

from ganstudio.ui.studio import Studio

FURTHEST = 100.0
"""The data sets' limit of width, and of the distance of their middle."""


class DrawnData:
    """Reads and edits ``data`` of the experiment; in force on restart."""

    kind: ClassVar[str]
    """The data set's."""

    def __init__(self, studio: Studio):
        self._studio = studio

    @property
    def is_drawn(self) -> bool:
        """Whether the experiment's data are drawn by hand in this way."""
        experiment = self._studio.experiment
        return experiment is not None and experiment.data.kind == self.kind

    def replace(self, edits: dict[str, Any]) -> bool:
        """Make the data a drawing with these fields of ``data``, in one step of undo. Answers whether that was done."""
        stack = self._studio.undo_stack
        stack.beginMacro("draw the data")
        done = all(self._studio.edit(f"data.{name}", value) for name, value in {"kind": self.kind, **edits}.items())
        stack.endMacro()
        return done

    def refuse(self) -> bool:
        """Say that the data cannot be drawn. Answers that nothing was done."""
        self._studio.message.emit("These data lie too far out to be drawn.")
        return False
