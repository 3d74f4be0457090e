"""A walk in the space of the data, where G makes points: the curve that G(z) runs through, over other samples of G."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import ON_ACCENT, Colours, colours
from ganstudio.ui.widgets.axis import number
from ganstudio.ui.widgets.backdrop import Backdrop
from ganstudio.ui.widgets.plane_layers import draw_dots
from ganstudio.ui.widgets.polygon import polygon
from ganstudio.ui.widgets.sample_drag import pixels_of

MARGIN = 22
OUTLYING = 0.5
"""Per cent of G's samples at each end of an axis that need not be in view."""


def spots(points: np.ndarray) -> np.ndarray:
    """Points (n, D) → where they stand in the plane (n, 2); on the number line beside their number in the walk."""
    if points.shape[1] > 1:
        return points[:, :2].astype(np.float64)
    return np.stack([np.arange(len(points), dtype=np.float64), points[:, 0]], axis=1)


@dataclass(frozen=True, eq=False)
class Curve:
    """A walk in the space of the data."""

    points: np.ndarray
    """(count, D) G(z) of every frame, NaN where it is not known yet."""
    anchors: Sequence[int] = ()
    """Which frames are anchors."""
    cloud: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    """(n, D) other samples of G, to be seen behind the walk."""

    def picture(self, frame: int, width: int, height: int, look: Colours) -> np.ndarray:
        """(height, width, 3) uint8 with this frame marked. May be called on any thread."""
        image = QImage(width, height, QImage.Format.Format_RGB888)
        painter = QPainter(image)
        self.paint(painter, QRectF(0, 0, width, height), frame, look)
        painter.end()
        return pixels_of(image)

    def paint(self, painter: QPainter, room: QRectF, frame: int, look: Colours) -> None:
        """Draw all of it in ``room``, with this frame marked."""
        self.paint_still(painter, room, look)
        self.paint_here(painter, room, frame, look)

    def paint_still(self, painter: QPainter, room: QRectF, look: Colours) -> None:
        """Draw what is the same for every frame."""
        painter.fillRect(room, QColor(look.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        walk, known = self._walk, self._known
        if not known.any():
            return
        place = self._placing(room)
        painter.setOpacity(0.45)
        draw_dots(painter, place(self._around), look.muted, 3)
        painter.setOpacity(1.0)
        painter.setPen(QPen(QColor(look.generator), 2.5))
        ends = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
        for first, last in ends.reshape(-1, 2):
            painter.drawPolyline(polygon(*place(walk[first:last]).T))
        for index, anchor in enumerate(self.anchors):
            if anchor < len(walk) and known[anchor]:
                _dot(painter, place(walk[anchor : anchor + 1])[0], 11, look.accent, str(index + 1), look)

    def paint_here(self, painter: QPainter, room: QRectF, frame: int, look: Colours) -> None:
        """Mark this frame."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if frame < len(self._walk) and self._known[frame]:
            _dot(painter, self._placing(room)(self._walk[frame : frame + 1])[0], 8, look.warning, "", look)
            words = "G(z) = (" + ", ".join(number(float(one), 0.01) for one in self.points[frame]) + ")"
            painter.setPen(QColor(look.text))
            painter.drawText(room.adjusted(8, 6, -8, -6), Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, words)

    @cached_property
    def _walk(self) -> np.ndarray:
        """(count, 2)"""
        return spots(self.points)

    @cached_property
    def _known(self) -> np.ndarray:
        """(count,) bool"""
        return np.isfinite(self._walk).all(1) & np.isfinite(self.points).all(1)

    @property
    def _line(self) -> bool:
        return self.points.shape[1] == 1

    @cached_property
    def _around(self) -> np.ndarray:
        """(n, 2)"""
        alike = not self._line and self.cloud.shape[1] == self.points.shape[1]
        return spots(self.cloud) if alike else np.zeros((0, 2))

    @cached_property
    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The corner (2,) of what must be in view, and the one across."""
        seen = np.concatenate([self._walk[self._known], _middling(self._around)])
        return seen.min(0), seen.max(0)

    def _placing(self, room: QRectF) -> Callable[[np.ndarray], np.ndarray]:
        """A function from the plane to pixels that has all in view, with equal axes but for the number line."""
        low, high = self._bounds
        size = np.maximum(high - low, 1e-9)
        scale = np.array([room.width() - 2 * MARGIN, room.height() - 2 * MARGIN]) / size
        if not self._line:
            scale = np.full(2, scale.min())
        middle = np.array([room.center().x(), room.center().y()])
        return lambda found: middle + (found - (low + high) / 2) * scale * [1, -1]


class WalkPlane(QWidget):
    """Shows a ``Curve``; the frame that is played is a large dot."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: Callable[[], object] = lambda: None
        """Told after a frame was painted for the first time."""
        self.curve = Curve(np.zeros((0, 2), np.float32))
        self._here = 0
        self._caption = ""
        self._new = False
        self._backdrop = Backdrop(self)
        self.setAccessibleName("The walk in the space of the data")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        return QSize(360, 360)

    def show_walk(self, points: np.ndarray, anchors: Sequence[int]) -> None:
        """G(z) of every frame (count, D), NaN where it is not known; and which frames are anchors."""
        self.curve = replace(self.curve, points=points, anchors=anchors)
        self.update()

    def show_cloud(self, points: np.ndarray) -> None:
        """Other samples of G (n, D), behind the walk."""
        self.curve = replace(self.curve, cloud=points)
        self.update()

    def show_here(self, frame: int, caption: str) -> None:
        """Mark this frame; ``caption`` stands below."""
        self._here, self._caption, self._new = frame, caption, True
        self.setAccessibleDescription(caption)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(self.rect())
        foot = self.fontMetrics().height() + 6
        plot, curve = room.adjusted(0, 0, 0, -foot), self.curve
        still = self._backdrop.picture((foot,), lambda on: curve.paint_still(on, plot, colours()), (curve,))
        painter.drawPixmap(0, 0, still)
        curve.paint_here(painter, plot, self._here, colours())
        painter.setPen(QColor(colours().muted))
        below = QRectF(0, room.bottom() - foot, room.width(), foot)
        words = painter.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        if self._new:
            self._new = False
            self.painted()


def _middling(points: np.ndarray) -> np.ndarray:
    """The points without outliers."""
    if not len(points):
        return points
    low, high = np.percentile(points, [OUTLYING, 100 - OUTLYING], axis=0)
    return points[((points >= low) & (points <= high)).all(1)]


def _dot(painter: QPainter, at: np.ndarray, radius: float, colour: str, words: str, look: Colours) -> None:
    painter.save()
    painter.setPen(QPen(QColor(look.surface), 2))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QPointF(*at), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if words:
        font = QFont(painter.font())
        font.setBold(True)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(ON_ACCENT))
        painter.drawText(QRectF(at[0] - 12, at[1] - 12, 24, 24), Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
