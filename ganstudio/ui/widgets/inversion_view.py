"""Target, projection and residual beside each other, with the figure and the course of the search."""

from math import sqrt

import numpy as np
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ganstudio.latent.inversion import Projection, psnr, residual, scale_of
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets.inversion_pane import InversionPane, ResidualPane
from ganstudio.ui.widgets.inversion_points import PointPane
from ganstudio.ui.widgets.inversion_read_out import InversionReadOut

WIDE = 1.25
"""Width over height from which all three pictures stand in one row."""
MOST = 99.9
"""dB that are written for no error at all."""


class InversionView(QWidget):
    """Shows a ``Projection``; of points a plane instead of pictures."""

    told = Signal(str)
    """What came of a key, in a sentence."""
    point_clicked = Signal(tuple)
    """A point was chosen in the plane."""

    def __init__(self) -> None:
        super().__init__()
        self.target = InversionPane(
            "Target", "What is looked for. Drop a picture, a file or a sample here, or paste it"
        )
        self.found = InversionPane(
            "Projection G(z)", "The closest sample of G that was found. Drag it away, or copy it: its z goes along"
        )
        self.residual = ResidualPane(
            "Residual",
            "G(z) − target, pixel by pixel, averaged over colours: orange where G(z) is brighter, blue where it is "
            "darker",
        )
        self.points = PointPane()
        self.read_out = InversionReadOut()
        self.signed = True
        self._shown: Projection | None = None
        self._std = 1.0
        self._wide: bool | None = None
        self._of_points = False
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.points.hide()
        for part in (self.target, self.found, self.residual, self.points):
            part.samples.told.connect(self.told)
        self.points.clicked.connect(self.point_clicked)
        self._arrange()

    @property
    def panes(self) -> tuple[InversionPane, ...]:
        """The pictures, from left to right."""
        return self.target, self.found, self.residual

    def parcel(self) -> Parcel | None:
        """The projection with its z; None while there is none."""
        return self.points.parcel if self.points.isVisibleTo(self) else self.found.parcel

    def set_points(self, points: bool) -> None:
        """Whether G makes points."""
        self._of_points, self._wide = points, None
        self._arrange()
        self.points.setVisible(points)
        for pane in self.panes:
            pane.setVisible(not points)

    def say(self, target: str, found: str = "") -> None:
        """Words in place of everything."""
        self._shown = None
        self.target.say(target)
        self.found.say(found)
        self.residual.say("")
        self.points.say(target)
        self.points.show_points(None, None, None)
        self.read_out.clear()

    def say_found(self, sentence: str) -> None:
        """Words in place of the projection; the target stays."""
        self._shown = None
        self.found.say(sentence)
        self.residual.say("")
        self.points.show_points(self.points.target, None, None)
        self.read_out.clear()

    def show_projection(self, found: Projection, std: float, caption: str) -> None:
        """``std``: of the prior, in whose units the length of z is written; ``caption``: which G it is of."""
        self._shown, self._std = found, std
        if found.target.ndim == 1:
            self._show_points(found)
            return
        self.target.show_picture(found.target, found.words)
        if found.sample is None or found.z is None:
            self.found.say("")
            self.residual.say("")
            self.read_out.clear()
            return
        self.found.show_picture(found.sample, caption, found.z)
        self._show_residual()
        words = f"PSNR  ·  MSE {found.mse:.2g}  ·  z {self._length(found.z):.2f} σ{_spent(found)}"
        self.read_out.show_course(f"{min(psnr(found.mse), MOST):.1f} dB", words, found.errors)

    def _show_points(self, found: Projection) -> None:
        self.points.say("")
        self.points.show_points(found.target, found.sample, found.z)
        if found.sample is None or found.z is None:
            self.read_out.clear()
            return
        away = sqrt(found.mse * len(found.target))
        written = ", ".join(f"{number:.3f}" for number in found.sample).replace("-", "−")
        words = f"away from the target  ·  G(z) = ({written})  ·  z {self._length(found.z):.2f} σ{_spent(found)}"
        self.read_out.show_course(f"{away:.2g}", words, found.errors)

    def _length(self, z: np.ndarray) -> float:
        return float(np.sqrt(np.mean(np.square(z)))) / self._std

    def set_signed(self, signed: bool) -> None:
        """Whether the residual shows in which direction the projection is wrong."""
        self.signed = signed
        self._show_residual()

    def _show_residual(self) -> None:
        shown = self._shown
        if shown is not None and shown.sample is not None and shown.target.ndim == 3:
            values = residual(shown.target, shown.sample, self.signed)
            self.residual.show_residual(values, scale_of(values), self.signed)

    def mark(self, marked: bool) -> None:
        """Show that what hangs over the panel would become the target."""
        if marked != self.target.marked:
            self.target.marked = marked
            self.target.update()

    # looks

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.residual.restyle()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(760, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """All pictures in one row in a wide panel, two rows in a tall one."""
        wide = self.width() >= WIDE * self.height()
        if wide == self._wide:
            return
        self._wide = wide
        layout = self._layout
        while layout.count():
            layout.takeAt(0)
        places = [(0, 0), (0, 1), (0, 2)] if wide else [(0, 0), (0, 1), (1, 0)]
        for pane, (row, column) in zip(self.panes, places, strict=True):
            layout.addWidget(pane, row, column)
        if wide:
            layout.addWidget(self.points, 0, 0, 1, 3)
            layout.addWidget(self.read_out, 1, 0, 1, 3)
        else:
            layout.addWidget(self.points, 0, 0, 2, 2)
            layout.addWidget(self.read_out, *((2, 0, 1, 2) if self._of_points else (1, 1)))
        self.read_out.set_tall(not wide and not self._of_points)
        for column in range(3):
            layout.setColumnStretch(column, 1 if column < 2 or wide else 0)
        for row in range(3):
            layout.setRowStretch(row, 1 if row < (1 if wide else 2) else 0)


def _spent(found: Projection) -> str:
    return f"  ·  {found.errors[-1][0]:.1f} s" if found.errors else ""
