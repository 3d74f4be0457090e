"""Paints a plane: what changes only with a new frame or another view is kept as a small picture."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from ganstudio.ui import theme
from ganstudio.ui.theme import Colours
from ganstudio.ui.widgets import plane_layers, plane_picture
from ganstudio.ui.widgets.axis import number
from ganstudio.ui.widgets.brush import FULL, Canvas
from ganstudio.ui.widgets.plane_layers import Mapping
from ganstudio.ui.widgets.plane_pile import draw_pile

if TYPE_CHECKING:
    from ganstudio.probes.plane import Plane
    from ganstudio.ui.widgets.plane import PlaneView

FINE = 240
"""Pixels along each side of the heat map, each of which stands for several of the widget: its colours change slowly."""
STRENGTH = 0.6
"""Share of the full hue at the ends of the heat map's scale: points must stand out of it."""
DOT_SHARES = (1 / 260, 1 / 150)
"""Sides of a real and of a generated point, as shares of the plot's."""
OPTIMAL_SCALE = (0.5, 0.5)
"""Of D*: the middle of the colour scale, and half its length."""


@dataclass(frozen=True, eq=False)
class Look:
    """A plane, and which of it is to be seen."""

    plane: "Plane"
    layers: frozenset[str]
    """Names of the layers: ``heat``, ``contour``, ``manifold``, ``generated``, ``real``, ``arrows``."""
    optimal: bool
    """Whether the heat map shows D* in place of D."""

    @property
    def grid(self) -> np.ndarray | None:
        """What the heat map shows."""
        return self.plane.optimal if self.optimal else self.plane.heat

    @property
    def scale(self) -> tuple[float, float]:
        """The middle of the colour scale, and half its length."""
        return OPTIMAL_SCALE if self.optimal else (self.plane.level, self.plane.span)


@dataclass(frozen=True)
class Order:
    """A view of a plane: what a picture of it depends on besides the plane."""

    layers: frozenset[str]
    optimal: bool
    at: Mapping
    plot: QRectF
    """What the picture shows of the widget."""
    ratio: float
    """Device pixels to one of the widget."""
    colours: Colours

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, in device pixels."""
        return round(self.plot.width() * self.ratio), round(self.plot.height() * self.ratio)

    @cached_property
    def bytes(self) -> int:
        """Of the picture, with 4 a pixel."""
        width, height = self.size
        return 4 * width * height

    @cached_property
    def whole(self) -> bool:
        """Whether the picture begins and ends between two device pixels: not so at every size of a scaled screen."""
        places = (self.ratio * one for one in self.plot.getRect())
        return all(abs(one - round(one)) < 1e-6 for one in places)


class Painted:
    """Draws one view's plane, again and again. It needs no application, so that another process can draw too."""

    def __init__(self) -> None:
        self._base = QImage()
        self._pixels = np.zeros((1, 1), np.uint32)
        self._base_of: tuple = ()
        self._line = np.empty((0, 4))
        self._line_of: tuple = ()
        self._ramps: tuple[Colours, np.ndarray, np.ndarray] | None = None

    def ramp(self, c: Colours) -> np.ndarray:
        """The heat map's colours."""
        return self._both_ramps(c)[0]

    def _both_ramps(self, c: Colours) -> tuple[np.ndarray, np.ndarray]:
        """Of the heat map, and, in full strength, of the points."""
        if self._ramps is None or self._ramps[0] is not c:
            soft = plane_picture.ramp(c, c.surface, STRENGTH)
            self._ramps = c, soft, plane_picture.ramp(c, c.muted, 1.0)
        return self._ramps[1:]

    def draw(self, painter: QPainter, look: Look, at: Mapping, plot: QRectF, c: Colours) -> None:
        """Everything inside the plot."""
        plane, shown = look.plane, look.layers
        room = at.target.intersected(plot)
        painter.drawImage(room, self._base_for(look, at, room, c))
        if plane.manifold is not None and "manifold" in shown:
            plane_layers.draw_warp(painter, plane.manifold, at, c)
        if "heat" in shown and "contour" in shown and look.grid is not None:
            ends = self._contour(look.grid, look.scale[0]).reshape(-1, 2)
            (left, right), (bottom, _) = plane.extent
            cell = (right - left) / look.grid.shape[1]
            places = at.pixels(ends * cell + (left, bottom)).reshape(-1, 4)
            plane_layers.draw_lines(painter, places, c.text, 2)
        side = min(plot.width(), plot.height())
        small, large = (max(least, round(side * share)) for least, share in zip((2, 3), DOT_SHARES, strict=True))
        made = at.pixels(plane.generated) if plane.generated is not None and "generated" in shown else None
        if made is not None and plane.scores is not None:
            shades = plane_picture.shade(plane.scores, plane.level, plane.span)
            edge = QColor(c.surface)
            ramp = self._both_ramps(c)[1]
            plane_layers.draw_scored(painter, made, shades, ramp, edge, large)
        if plane.real is not None and "real" in shown:
            plane_layers.draw_dots(painter, at.pixels(plane.real), c.equilibrium, small)
        if made is not None:
            draw_pile(painter, made, plot, c)
        if plane.arrows is not None and "arrows" in shown:
            plane_layers.draw_arrows(painter, plane.arrows, at, c.text)

    def _base_for(self, look: Look, at: Mapping, room: QRectF, c: Colours) -> QImage:
        """Heat map and the manifold's cells, coarsely."""
        plane = look.plane
        shown = tuple(name in look.layers for name in ("heat", "manifold"))
        key = (plane, look.optimal, at, room, c, shown)
        if self._base_of == key:
            return self._base
        self._base_of = key
        coarse = max(2.0, room.width() / FINE)
        size = QSize(max(1, ceil(room.width() / coarse)), max(1, ceil(room.height() / coarse)))
        if shown[0] and look.grid is not None:
            self._pixels = self._heat(look, at, room, size, c)
            self._base = plane_picture.image(self._pixels)
        else:
            self._base = QImage(size, QImage.Format.Format_RGB32)
            self._base.fill(QColor(c.surface))
        if shown[1] and plane.manifold is not None and plane.manifold.vertices.ndim == 3:
            painter = QPainter(self._base)
            painter.scale(size.width() / room.width(), size.height() / room.height())
            painter.translate(-room.topLeft())
            plane_layers.draw_cells(painter, plane.manifold, at, plane_layers.manifold_colour(c))
            painter.end()
        return self._base

    def _heat(self, look: Look, at: Mapping, room: QRectF, size: QSize, c: Colours) -> np.ndarray:
        assert look.grid is not None
        cells = look.grid.shape[0]
        x = room.left() + (np.arange(size.width()) + 0.5) * room.width() / size.width()
        y = room.top() + (np.arange(size.height()) + 0.5) * room.height() / size.height()
        across = (x - at.target.left()) / at.target.width() * cells
        up = (at.target.bottom() - y) / at.target.height() * cells
        shades = plane_picture.shade(look.grid, *look.scale)
        return plane_picture.coloured(shades, across, up, self.ramp(c))

    def _contour(self, grid: np.ndarray, level: float) -> np.ndarray:
        key = (id(grid), level)
        if self._line_of != key:
            self._line, self._line_of = plane_picture.contour(grid, level), key
            self._line_grid = grid  # kept, so that its id stays its own
        return self._line


def draw_frame(painter: QPainter, plot: QRectF, c: Colours) -> None:
    """The plot's border."""
    painter.setPen(QPen(QColor(c.muted), 1))
    painter.drawRect(plot)


def draw_canvas(painter: QPainter, canvas: Canvas, at: Mapping, mouse: QPointF | None, c: Colours) -> None:
    """The drawing in squares, its border, and the brush."""
    (left, right), (bottom, top) = canvas.extent
    low, high = at.pixels(np.array([[left, bottom], [right, top]]))
    room = QRectF(QPointF(low[0], high[1]), QPointF(high[0], low[1]))
    ground, full = (np.array(QColor(one).getRgb()[:3], np.float64) for one in (c.surface_raised, c.equilibrium))
    share = (canvas.paint.T[::-1] / FULL)[..., None]
    red, green, blue = np.moveaxis(np.rint(ground * (1 - share) + full * share).astype(np.uint32), -1, 0)
    pixels = np.ascontiguousarray(0xFF000000 | red << 16 | green << 8 | blue)
    painter.drawImage(room, plane_picture.image(pixels))
    painter.setPen(QPen(QColor(c.muted), 1, Qt.PenStyle.DashLine))
    painter.drawRect(room)
    if mouse is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.text), 2))
        painter.drawEllipse(mouse, canvas.radius * at.scale, canvas.radius * at.scale)
        painter.drawPoint(mouse)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def read_out(painter: QPainter, view: "PlaneView", at: Mapping, plot: QRectF, mouse: QPointF, font: QFont) -> None:
    """What is known of the point under the mouse, in the corner that is farthest from it."""
    c, plane = theme.colours(), view.plane
    assert plane is not None
    words = "    ".join(sayings(plane, *at.point(mouse)))
    metrics = QFontMetricsF(font)
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + 16, metrics.height() + 8)
    box.moveTopLeft(plot.topLeft() + QPointF(6, 6))
    if mouse.y() < plot.center().y():
        box.moveBottom(plot.bottom() - 6)
    painter.fillRect(box, QColor(c.surface))
    painter.setPen(QColor(c.grid))
    painter.drawRect(box)
    painter.setFont(font)
    painter.setPen(QColor(c.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def sayings(plane: "Plane", x: float, y: float) -> list[str]:
    """Place, D, D* and density at a point, as far as they are known."""
    (left, right), (bottom, top) = plane.extent
    unit = (right - left) / 1000
    found = [f"x {number(x, unit)}", f"y {number(y, unit)}"]
    across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
    if not (0 <= across < 1 and 0 <= up < 1):
        return found
    for name, grid in (("D(x)", plane.heat), ("D*(x)", plane.optimal), ("p(x)", plane.density)):
        if grid is not None:
            value = float(grid[int(up * grid.shape[0]), int(across * grid.shape[1])])
            known = np.isfinite(value)
            found.append(f"{name} {number(value, max(1e-3, abs(value) / 100)) if known else 'open'}")
    return found
