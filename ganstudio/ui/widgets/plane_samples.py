"""Generated points of the plane on their way to other panels, as their z."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import Colours
from ganstudio.ui.widgets.painted_samples import PaintedSamples
from ganstudio.ui.widgets.plane_layers import Mapping

if TYPE_CHECKING:
    from ganstudio.ui.widgets.plane import PlaneView

REACH = 9
"""Pixels from a generated point within which the mouse takes hold of it."""


class PlaneSamples(PaintedSamples):
    """Of a view that shows its generated points, and whose plane knows their z."""

    def __init__(self, view: "PlaneView"):
        super().__init__(view, self._point_at, self._packed, self._shown)
        self._view = view

    def _shown(self) -> int:
        view, plane = self._view, self._view.plane
        visible = plane is not None and view.canvas is None and "generated" in view.layers
        return len(plane.generated) if visible and plane.generated is not None and plane.inputs is not None else 0

    def _point_at(self, point: QPointF) -> int:
        if not self._shown() or not self._view.plot_rect().contains(point):
            return -1
        away = np.hypot(*(self._view.mapping().pixels(self._view.plane.generated) - [point.x(), point.y()]).T)
        nearest = int(away.argmin())
        return nearest if away[nearest] <= REACH else -1

    def _packed(self, points: list[int]) -> Parcel | None:
        there = points and max(points) < self._shown()
        return Parcel(self._view.plane.inputs[points]) if there else None

    def draw(self, painter: QPainter, at: Mapping, colours: Colours) -> None:
        """A ring around the point that the mouse can take away."""
        if not 0 <= self.current < self._shown():
            return
        x, y = at.pixels(self._view.plane.generated[self.current])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((colours.surface, 5), (colours.text, 2)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(QPointF(x, y), 8, 8)
        painter.restore()
