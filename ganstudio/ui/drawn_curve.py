"""The hand-drawn data set of an experiment, as a sketch that a hand may change: with undo, in force on restart."""

from typing import TYPE_CHECKING

import numpy as np

from ganstudio.experiment.paths import value_at
from ganstudio.ui.drawn_data import FURTHEST, DrawnData
from ganstudio.ui.widgets.sketch import Sketch, sampled

if TYPE_CHECKING:
    from ganstudio.probes.density import Figure

COLUMNS = 64
"""Of a fresh drawing."""
DIGITS = 4
"""Significant digits of a height: a finger's breadth is less exact."""


class DrawnCurveData(DrawnData):
    """The density on the number line whose curve is dragged."""

    kind = "drawn-curve"

    @property
    def is_drawn(self) -> bool:
        """Whether the experiment's data are a drawn curve, and PyTorch is in."""
        return super().is_drawn and self._studio.is_loaded

    @property
    def waits(self) -> bool:
        """Whether the drawing is not yet what is trained on."""
        return self.is_drawn and any(path.startswith("data.") for path in self._studio.waiting)

    def sketch(self) -> Sketch | None:
        """The drawing as the fields have it, its area 1; None when the data are not drawn."""
        experiment = self._studio.experiment
        if not self.is_drawn or experiment is None:
            return None
        heights, centre, width = (
            value_at(experiment, f"data.params.{name}") for name in ("heights", "centre", "width")
        )
        return Sketch(np.array(heights, np.float64), centre - width / 2, centre + width / 2).normalised()

    def begin(self, figure: "Figure") -> bool:
        """Replace the data by a drawing of their own density, in one step of undo. Answers whether that was done."""
        low, high = figure.extent
        centre, width = round((low + high) / 2, 3), min(FURTHEST, round(high - low, 3))
        start = sampled(figure.x, figure.p_data, centre - width / 2, centre + width / 2, COLUMNS)
        if start.empty or abs(centre) > FURTHEST:
            return self.refuse()
        return self.replace({"params.centre": centre, "params.width": width, "params.heights": _rounded(start)})

    def take(self, sketch: Sketch) -> None:
        """Take what a hand has drawn."""
        self._studio.edit("data.params.heights", _rounded(sketch.normalised()))


def _rounded(sketch: Sketch) -> list[float]:
    return [float(f"{height:.{DIGITS}g}") for height in sketch.heights]
