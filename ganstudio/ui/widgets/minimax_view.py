"""Generators on a line, and how far D can raise V against each: G* is the one with the lowest top."""

from math import exp

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.metrics.minimax import discriminator
from ganstudio.ui.theme import colours, type_scale
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.candidates import DATA, FARTHEST, Candidate, Candidates, T
from ganstudio.ui.widgets.chart import Chart, sized
from ganstudio.ui.widgets.curve_painting import text_size
from ganstudio.ui.widgets.loss_shape import figure
from ganstudio.ui.widgets.minimax_painting import DENSITY_HELP, VALUE_HELP, paint_densities, paint_values

X = np.linspace(-FARTHEST, FARTHEST, 361)
TOPS = (0.6, 0.8, 1.0, 1.4, 2.0)
"""Upper ends that the axis of densities may have."""
VALUES = (-2.3, 0.18)
"""The axis of V: tops lie between −log 4 and 0."""
GRASP = 13.0
"""Pixels from which a handle is meant by the mouse."""
NOTCH = 1.08
"""Factor of σ for one notch of the wheel."""
STEP = 0.1
"""Of a mean, for an arrow key."""
WIDE = 1.9
"""Width over height from which the plots stand beside each other."""
LETTERS = 68
"""Pixels of width for each pixel of the letters' height that the titles need."""


class MinimaxView(QWidget):
    """Two plots: densities to move with the mouse, and V(G, D_t) over t in the same colours."""

    changed = Signal()
    """A person has moved, added, removed or selected a candidate."""

    def __init__(self) -> None:
        super().__init__()
        self.candidates = Candidates()
        self.t = 1.0
        """Which discriminator is drawn against the selected candidate: where the mouse is, else the optimal one."""
        self._drag, self._beside = "", 0.0  # the handle in hand, and how far the mean was from the mouse
        self.setAccessibleName("Candidate generators, and V of each over discriminators")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(560, 440)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 220)

    # where things stand

    def _text_size(self) -> int:
        """Pixels: on the stage as large as the titles allow, which share the width."""
        wanted = text_size(self.width(), 0.9 * self.height())
        return max(round(wanted / type_scale()), min(wanted, self.width() // LETTERS))

    def charts(self) -> tuple[Chart, Chart]:
        """Densities and values."""
        beside = self.width() > WIDE * self.height()
        wide = self.width() / (2 if beside else 1)
        high = self.height() / (1 if beside else 2)
        font = sized(self.font(), self._text_size())
        size = font.pixelSize()
        left, top, foot = 3.4 * size, 2.3 * size, 1.9 * size
        upper = QRectF(left, top, wide - left - 1.6 * size, high - top - foot)
        # Room for the brackets, one column each.
        right = (3.3 * len(self.candidates.all) + 1.2) * size
        offset = (wide, 0.0) if beside else (0.0, high)
        lower = QRectF(left + offset[0], top + offset[1], wide - left - right, high - top - foot - 1.4 * size)
        tallest = max([float(DATA.density(X).max()), *(one.peak for one in self.candidates.all)])
        ceiling = next((one for one in TOPS if 1.06 * tallest <= one), TOPS[-1])
        return (
            Chart(upper, Axis(-FARTHEST, FARTHEST), Axis(0.0, ceiling), font),
            Chart(lower, Axis(float(T[0]), float(T[-1])), Axis(*VALUES), font),
        )

    def handles(self, one: Candidate) -> dict[str, QPointF]:
        """Where a candidate is grasped: ``mean`` at its peak, ``left`` and ``right`` one σ beside it."""
        chart = self.charts()[0]

        def at(x: float, y: float) -> QPointF:
            return QPointF(float(chart.across(x)), float(chart.down(y)))

        shoulder = one.peak * exp(-0.5)
        return {
            "mean": at(one.mean, one.peak),
            "left": at(one.mean - one.sigma, shoulder),
            "right": at(one.mean + one.sigma, shoulder),
        }

    def grasped(self, place: QPointF) -> tuple[int, str]:
        """(candidate, handle) at a place of the upper plot; (−1, "") for none. All below a curve grasps its mean."""
        order = [self.candidates.selected, *range(len(self.candidates.all))]
        for index in order:
            for name, at in self.handles(self.candidates.all[index]).items():
                if (at - place).manhattanLength() <= GRASP:
                    return index, name
        chart = self.charts()[0]
        if not chart.plot.contains(place):
            return -1, ""
        x, y = chart.value_at(place)
        under = [i for i in order if y <= 1.05 * float(self.candidates.all[i].mixture.density(x))]
        if not under:
            return -1, ""
        # Of several the steepest there: a narrow one would else be hidden by a wide one.
        return min(under, key=lambda i: abs(x - self.candidates.all[i].mean) / self.candidates.all[i].sigma), "mean"

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        upper, lower = self.charts()
        guess = discriminator(DATA, self.candidates.chosen.mixture, self.t, X)
        handles = self.handles(self.candidates.chosen)
        paint_densities(painter, upper, X, self.candidates, guess, self.t, handles)
        paint_values(painter, lower, self.candidates, self.t)

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        index, self._drag = self.grasped(event.position())
        if index >= 0:
            self.select(index)
            self._beside = self.candidates.chosen.mean - self.charts()[0].value_at(event.position())[0]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        upper, lower = self.charts()
        if self._drag:
            x = upper.value_at(place)[0]
            if self._drag == "mean":
                self.candidates.place(mean=x + self._beside)
            else:
                self.candidates.place(sigma=abs(x - self.candidates.chosen.mean))
            self._tell()
            return
        over = self.grasped(place)[1]
        shapes = {"": Qt.CursorShape.ArrowCursor, "mean": Qt.CursorShape.SizeAllCursor}
        self.setCursor(shapes.get(over, Qt.CursorShape.SizeHorCursor))
        t = lower.value_at(place)[0] if lower.plot.contains(place) else 1.0
        if t != self.t:
            self.t = t
            self.update()
        QToolTip.showText(event.globalPosition().toPoint(), self.read_out(place), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        chart = self.charts()[0]
        if chart.plot.contains(event.position()) and self.grasped(event.position())[0] < 0:
            self.add(chart.value_at(event.position())[0])

    def wheelEvent(self, event: QWheelEvent) -> None:
        index = self.grasped(event.position())[0]
        if index < 0 or not event.angleDelta().y():
            event.ignore()
            return
        self.candidates.selected = index
        self.candidates.place(sigma=self.candidates.chosen.sigma * NOTCH ** (event.angleDelta().y() / 120))
        self._tell()

    def leaveEvent(self, event: QEvent) -> None:
        if self.t != 1.0:
            self.t = 1.0
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        one = self.candidates.chosen
        moves = {
            Qt.Key.Key_Left: {"mean": one.mean - STEP},
            Qt.Key.Key_Right: {"mean": one.mean + STEP},
            Qt.Key.Key_Up: {"sigma": one.sigma * NOTCH},
            Qt.Key.Key_Down: {"sigma": one.sigma / NOTCH},
        }
        if event.key() in moves:
            self.candidates.place(**moves[event.key()])
            self._tell()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = 1 if event.key() == Qt.Key.Key_PageDown else -1
            self.select((self.candidates.selected + step) % len(self.candidates.all))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove()
        else:
            super().keyPressEvent(event)

    # what buttons do

    def select(self, index: int) -> None:
        """Show the handles and the discriminator of this candidate."""
        self.candidates.selected = index
        self._tell()

    def add(self, mean: float = 0.0) -> None:
        """One more, while there is room."""
        if self.candidates.add(mean):
            self._tell()

    def remove(self) -> None:
        """The selected one goes, unless it is the last."""
        if self.candidates.remove():
            self._tell()

    def settle(self) -> None:
        """Send the selected one to where its maximum is lowest."""
        self.candidates.settle()
        self._tell()

    def reset(self) -> None:
        """Everything as at the beginning."""
        self.candidates.reset()
        self._tell()

    def load(self, state: object) -> None:
        """Take up remembered candidates; what does not fit is ignored."""
        self.candidates.load(state)
        self._tell()

    def _tell(self) -> None:
        self._describe()
        self.update()
        self.changed.emit()

    def _describe(self) -> None:
        one = self.candidates.chosen
        words = f"mean {figure(one.mean)}, standard deviation {figure(one.sigma)}, maximum {figure(one.game.best)}"
        self.setAccessibleDescription(f"Selected generator: {words}")

    def read_out(self, place: QPointF) -> str:
        """What stands at the mouse, as HTML, with formula and source; empty off the plots."""
        upper, lower = self.charts()
        if upper.plot.contains(place):
            index = self.grasped(place)[0]
            if index < 0:
                return DENSITY_HELP
            one = self.candidates.all[index]
            divergence = (one.game.best + float(np.log(4))) / 2
            numbers = f"μ = {figure(one.mean)}, σ = {figure(one.sigma)}, JSD(p_data ‖ p_g) = {divergence:.3f} nat"
            return f"<p><b>{numbers}</b></p>{DENSITY_HELP}"
        if lower.plot.contains(place):
            t = lower.value_at(place)[0]
            values = ", ".join(f"{np.interp(t, T, one.game.values):.2f}" for one in self.candidates.all)
            return f"<p><b>t = {t:.2f}: V = {values} nat</b></p>".replace("-", "−") + VALUE_HELP
        return ""
