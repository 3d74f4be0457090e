"""One sample that is a point, among others of the same G: in the plane, or on the line."""

from collections.abc import Callable
from functools import cache
from time import perf_counter

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.place_colours import place_colours
from ganstudio.ui.widgets.plane_layers import draw_dots
from ganstudio.ui.widgets.polygon import polygon
from ganstudio.ui.widgets.sample_drag import image_of

EXPORT_SIDE = 512
SHADES = 128
"""Pixels of the side of the picture of all colours."""
ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Where the view may end, times a power of ten: it does not jump about as G trains."""


class PointView(QWidget):
    """A point (D,) over a cloud of G's samples, with the way that a slider would take it."""

    def __init__(self, name: str):
        super().__init__()
        self.painted: Callable[[float], None] = lambda seconds: None
        """Told, after painting, how long the picture took since the moment it was asked for."""
        self.cloud = np.zeros((0, 2))
        """(N, D): other samples of the same G."""
        self.trail = np.zeros((0, 2))
        """(n, D): where the slider that is looked at would take the point."""
        self.coloured = False
        """Whether every place has its colour (``place_colours``): the key to a picture that shows places so."""
        self._point: np.ndarray | None = None
        self._caption = ""
        self._asked_at: float | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_point(self, point: np.ndarray, caption: str, asked_at: float | None = None) -> None:
        """(D,) numbers. ``asked_at``: ``perf_counter()`` when a person asked for it."""
        self._point, self._asked_at = point, asked_at
        self._caption = f"G(z) = ({', '.join(f'{number:.2f}' for number in point)})  ·  {caption}".replace("-", "−")
        self.setAccessibleDescription(self._caption)
        self.update()

    def show_cloud(self, cloud: np.ndarray) -> None:
        """(N, D): other samples of the same G."""
        self.cloud = cloud
        self.update()

    def show_trail(self, trail: np.ndarray) -> None:
        """(n, D): where a slider would take the point."""
        self.trail = trail
        self.update()

    def hide_trail(self) -> None:
        """No slider is looked at."""
        self.show_trail(np.zeros((0, 2)))

    def picture(self, point: np.ndarray | None = None, side: int = EXPORT_SIDE) -> QImage:
        """A point (D,) among the others, the present one by default, as a square picture."""
        found = QImage(side, side, QImage.Format.Format_RGB888)
        found.fill(QColor(colours().surface))
        painter = QPainter(found)
        self._draw(painter, QRectF(found.rect()), self._point if point is None else point, side < EXPORT_SIDE // 2)
        painter.end()
        return found

    @property
    def _foot(self) -> int:
        """Pixels of height for the caption: the type grows on the stage."""
        return self.fontMetrics().height() + 6

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120 + self._foot)

    def sizeHint(self) -> QSize:
        return QSize(360, 360 + self._foot)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        room = QRectF(self.rect()).adjusted(0, 0, 0, -self._foot)
        side = min(room.width(), room.height())
        square = QRectF(room.center().x() - side / 2, room.center().y() - side / 2, side, side)
        self._draw(painter, square, self._point, small=False)
        painter.setPen(QColor(colours().muted))
        below = QRectF(0, room.bottom(), self.width(), self._foot)
        words = painter.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        if self._asked_at is not None:
            self.painted(perf_counter() - self._asked_at)
            self._asked_at = None

    def _draw(self, painter: QPainter, square: QRectF, point: np.ndarray | None, small: bool) -> None:
        c = colours()
        reach = self.reach
        if self.coloured:
            painter.drawImage(square, _all_colours())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(square)
        painter.setPen(QPen(QColor(c.grid), 1))
        painter.drawLine(QPointF(square.left(), square.center().y()), QPointF(square.right(), square.center().y()))
        painter.drawLine(QPointF(square.center().x(), square.top()), QPointF(square.center().x(), square.bottom()))
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
        faint = QColor(c.surface if self.coloured else c.fake)
        faint.setAlphaF(0.45)
        draw_dots(painter, _pixels(self.cloud, square, reach), faint, 3 if small else 4)
        if not small and len(self.trail):
            painter.setPen(QPen(QColor(c.muted), 2))
            painter.drawPolyline(polygon(*_pixels(self.trail, square, reach).T))
        if point is not None:
            radius = square.width() / (12 if small else 50)
            painter.setPen(QPen(QColor(c.surface), 1.5))
            painter.setBrush(QColor(c.accent))
            # What lies outside is seen at the edge.
            at = _pixels(np.clip(point[None], -reach, reach), square, reach)[0]
            painter.drawEllipse(QPointF(*at), radius, radius)
        painter.setClipping(False)

    @property
    def reach(self) -> float:
        """From the middle to the edge: all of the cloud, and a little more."""
        most = max(1e-3, 1.05 * float(np.abs(self.cloud).max(initial=0.0)))
        unit = 10.0 ** np.floor(np.log10(most))
        return next(step * unit for step in ROUND if step * unit >= most)


@cache
def _all_colours() -> QImage:
    """The colours of all places within the reach, in whatever units."""
    ticks = np.linspace(-1, 1, SHADES)
    x, y = np.meshgrid(ticks, -ticks)
    return image_of(place_colours(np.stack([x.ravel(), y.ravel()], 1), 1.0).reshape(SHADES, SHADES, 3))


def _pixels(points: np.ndarray, square: QRectF, reach: float) -> np.ndarray:
    """(N, D) → where they are drawn, (N, 2); with one number alone, on the horizontal line."""
    scale = square.width() / (2 * reach)
    across = square.center().x() + scale * points[:, 0]
    up = np.full(len(points), square.center().y())
    if points.shape[1] > 1:
        up -= scale * points[:, 1]
    return np.stack([across, up], 1)
