"""Real points at once, for searches among them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from ganstudio.data.points import PointsData
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

DRAWN, HELD_OUT = 1 << 14, 1 << 10
"""Points that stand for data without end, and points to compare them with."""
SEED = 11


@dataclass(frozen=True)
class PointsFrame(Frame):
    """Points that are trained on, or that stand for them. Not to be written to."""

    points: np.ndarray | None
    """(N, D) float32: the whole set, or where there is no end of points so many drawn as training draws them; None
    when the data are not points."""
    held_out: np.ndarray | None
    """(M, D) float32 others of the same distribution, where there is no end of points."""


class PointsProbe:
    """Hands over a finite set as it is; of data without end it draws the same points each time."""

    name: ClassVar[str] = "points"
    needs_data: ClassVar[bool] = True

    def frame(self, trainer: Trainer) -> PointsFrame:
        """The points that are searched among, and those to compare with."""
        data = trainer.data
        if not isinstance(data, PointsData):
            return PointsFrame(trainer.steps, trainer.name, None, None)
        if data.points is not None:
            return PointsFrame(trainer.steps, trainer.name, data.points.cpu().numpy(), None)
        drawn = data.density.sample(DRAWN + HELD_OUT, torch.Generator().manual_seed(SEED)).numpy()
        return PointsFrame(trainer.steps, trainer.name, drawn[:DRAWN], drawn[DRAWN:])
