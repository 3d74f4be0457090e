"""The data set painted with a brush, as a canvas that a hand may change: with undo, in force on restart."""

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QUndoCommand

from ganstudio.experiment.paths import value_at
from ganstudio.ui.drawn_data import FURTHEST, DrawnData
from ganstudio.ui.widgets.brush import FULL, Canvas

SIDE = 40
"""Squares along each side of a drawing that begins with other data."""
ROOM = 1.1
"""Of the drawing, around those data."""


class DrawnPlaneData(DrawnData):
    """The density in the plane that is painted with a brush."""

    kind = "drawn-plane"

    def canvas(self) -> Canvas | None:
        """The drawing as the fields have it; None when the data are others."""
        from ganstudio.data.drawn import painted  # torch is in

        experiment = self._studio.experiment
        if not self.is_drawn or experiment is None:
            return None
        cells, width = (value_at(experiment, f"data.params.{name}") for name in ("cells", "width"))
        return Canvas(painted(cells), width)

    def begin(self) -> bool:
        """Replace the data by a drawing of themselves, in one step of undo. Answers whether that was done.

        Data that are no points of a plane are replaced by the drawing that comes with the program.
        """
        edits = self._own()
        return self.refuse() if edits.get("params.width", 0.0) > FURTHEST else self.replace(edits)

    def take(self, canvas: Canvas) -> None:
        """Take what a hand has painted; an empty canvas is no data."""
        from ganstudio.data.drawn import written  # torch is in

        if not canvas.empty:
            self._studio.edit("data.params.cells", written(canvas.paint))

    def clear(self, show: Callable[[Canvas], None]) -> None:
        """Show the canvas without paint, until that is undone."""
        self._studio.undo_stack.push(_Clear(self, show))

    def _own(self) -> dict[str, str | float]:
        """The fields of a drawing of the data as they are."""
        from ganstudio.data.drawn import written  # torch is in
        from ganstudio.data.points import PointsSource
        from ganstudio.training.build import data_source

        experiment = self._studio.experiment
        source = None if experiment is None else data_source(experiment)
        density = source.density() if isinstance(source, PointsSource) else None
        if density is None or density.dim != 2:
            return {}
        half = round(ROOM * max(abs(end) for side in density.extent for end in side), 3)
        ticks = np.linspace(-half, half, SIDE + 1)
        masses = density.masses(ticks, ticks)
        return {"params.width": 2 * half, "params.cells": written(np.rint(FULL * masses / masses.max()))}


class _Clear(QUndoCommand):
    """Takes all paint from the canvas. What is trained on next stays as it was until there is paint again."""

    def __init__(self, data: DrawnPlaneData, show: Callable[[Canvas], None]):
        super().__init__("clear the drawing")
        self._data, self._show = data, show

    def redo(self) -> None:
        canvas = self._data.canvas()
        if canvas is not None:
            canvas.clear()
            self._show(canvas)

    def undo(self) -> None:
        canvas = self._data.canvas()
        if canvas is not None:
            self._show(canvas)
