"""G's samples on the number line on their way to other panels: each arrow of figure 1 carries its z."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.figure_one_layout import Layout
from ganstudio.ui.widgets.painted_samples import PaintedSamples

if TYPE_CHECKING:
    from ganstudio.ui.widgets.figure_one import FigureOneView

REACH = 7
"""Pixels from an arrow within which the mouse takes hold of it."""


class FigureOneSamples(PaintedSamples):
    """Of a view whose figure has arrows: where z is one number, and no hand draws."""

    def __init__(self, view: "FigureOneView"):
        super().__init__(view, self._arrow_at, self._packed, self._shown)
        self._view = view

    def _shown(self) -> int:
        figure = self._view.figure
        return len(figure.z) if figure is not None and not self._view.drawing else 0

    def _ends(self, at: Layout) -> tuple[np.ndarray, np.ndarray]:
        """(n,) where the arrows begin on the z axis, and where they end on the x axis, in pixels."""
        figure, plot = self._view.figure, at.chart.plot
        ends = np.clip(at.chart.across(figure.gz), plot.left(), plot.right())
        return plot.left() + at.z.share(figure.z) * plot.width(), ends

    def _arrow_at(self, point: QPointF) -> int:
        at = self._view.layout_now() if self._shown() else None
        if at is None or not at.x_line - REACH <= point.y() <= at.z_line + REACH:
            return -1
        begins, ends = self._ends(at)
        share = min(1.0, max(0.0, (at.z_line - point.y()) / max(1.0, at.z_line - at.x_line)))
        away = np.abs(begins + share * (ends - begins) - point.x())
        nearest = int(away.argmin())
        return nearest if away[nearest] <= REACH else -1

    def _packed(self, arrows: list[int]) -> Parcel | None:
        there = arrows and max(arrows) < self._shown()
        return Parcel(self._view.figure.z[arrows].astype(np.float32)[:, None]) if there else None

    def draw(self, painter: QPainter, at: Layout) -> None:
        """The arrow that the mouse can take away, in a colour."""
        if not 0 <= self.current < self._shown():
            return
        begins, ends = self._ends(at)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().accent), 3))
        painter.drawLine(QLineF(begins[self.current], at.z_line, ends[self.current], at.x_line))
        painter.restore()
