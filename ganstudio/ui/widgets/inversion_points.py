"""Inversion of points: the target, what G makes of the z that was found, and a cloud of G's samples around them."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.painted_samples import PaintedSamples
from ganstudio.ui.widgets.plane_layers import draw_dots
from ganstudio.ui.widgets.sentence import draw_sentence

MARGIN = 1.15
"""From the middle to the edge, relative to what must be in view."""
REACH = 12
"""Pixels around the projection within which it can be dragged away."""
DRAWN = 2
"""Coordinates that can be drawn."""


class PointPane(QWidget):
    """A click chooses the target; points of more than two coordinates can only be typed."""

    clicked = Signal(tuple)
    """A point of the plane or of the line was chosen: its coordinates."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud = np.zeros((0, 2))
        """(N, D): samples of G."""
        self.target: np.ndarray | None = None
        """(D,) what is looked for."""
        self.sample: np.ndarray | None = None
        """(D,) G(z)."""
        self.z: np.ndarray | None = None
        self.sentence = ""
        self.setAccessibleName("Target and projection in the plane")
        self.setToolTip("Click where G's point should be; drag the orange point away to use its z elsewhere")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.samples = PaintedSamples(self, self._at, lambda which: self.parcel, lambda: int(self.z is not None))

    @property
    def parcel(self) -> Parcel | None:
        """The projection, packed."""
        return None if self.z is None else Parcel(self.z[None])

    def show_cloud(self, cloud: np.ndarray) -> None:
        """(N, D): samples of another G."""
        self.cloud = cloud
        self.update()

    def show_points(self, target: np.ndarray | None, sample: np.ndarray | None, z: np.ndarray | None) -> None:
        """Target and projection (D,), and the projection's z; None for what there is not."""
        self.target, self.sample, self.z = target, sample, z
        self.update()

    def say(self, sentence: str) -> None:
        """Words in the middle; none to show the points."""
        self.sentence = sentence
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        painter.fillRect(self.rect(), QColor(c.surface))
        dim = self.cloud.shape[1]
        if self.sentence or dim > DRAWN:
            many = f"G makes points of {dim} coordinates, which cannot be drawn: type one below."
            draw_sentence(painter, self.rect(), self.sentence or many)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = self._square()
        painter.setPen(QPen(QColor(c.grid), 1))
        painter.drawRect(square)
        painter.drawLine(QPointF(square.left(), square.center().y()), QPointF(square.right(), square.center().y()))
        if dim > 1:
            painter.drawLine(QPointF(square.center().x(), square.top()), QPointF(square.center().x(), square.bottom()))
        faint = QColor(c.fake)
        faint.setAlphaF(0.45)
        draw_dots(painter, self._pixels(self.cloud), faint, 4)
        if self.target is not None and self.sample is not None:
            painter.setPen(QPen(QColor(c.muted), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(self._placed(self.target), self._placed(self.sample))
        if self.sample is not None:
            painter.setPen(QPen(QColor(c.surface), 2))
            painter.setBrush(QColor(c.fake))
            painter.drawEllipse(self._placed(self.sample), 7, 7)
        if self.target is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.real), 3))
            painter.drawEllipse(self._placed(self.target), 11, 11)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.accent), 1))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        square = self._square()
        inside = square.contains(event.position()) and not self.sentence and self.cloud.shape[1] <= DRAWN
        if event.button() == Qt.MouseButton.LeftButton and inside:
            way = (event.position() - square.center()) * (2 * self._reach() / square.width())
            self.clicked.emit((way.x(), -way.y())[: self.cloud.shape[1]])

    def _square(self) -> QRectF:
        side = min(self.width(), self.height()) - 16
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)

    def _reach(self) -> float:
        parts = [part for part in (self.cloud, self.target, self.sample) if part is not None and part.size]
        return MARGIN * max([float(np.abs(part).max()) for part in parts] + [1e-3])

    def _placed(self, point: np.ndarray) -> QPointF:
        return QPointF(*self._pixels(point[None])[0])

    def _pixels(self, points: np.ndarray) -> np.ndarray:
        """Where points (N, D) are drawn, (N, 2); with one number alone, on the horizontal line."""
        square = self._square()
        scale = square.width() / (2 * self._reach())
        up = points[:, 1] if points.shape[1] > 1 else np.zeros(len(points))
        return np.stack([square.center().x() + scale * points[:, 0], square.center().y() - scale * up], 1)

    def _at(self, point: QPointF) -> int:
        if self.sample is None or self.sentence or len(self.sample) > DRAWN:
            return -1
        return 0 if (point - self._placed(self.sample)).manhattanLength() <= REACH else -1
