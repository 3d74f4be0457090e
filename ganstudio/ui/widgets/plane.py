"""The game in the plane: a heat map of D with points, manifold and arrows, to zoom into; or a drawing to paint."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui import theme
from ganstudio.ui.widgets.backdrop import Backdrop
from ganstudio.ui.widgets.brush import Canvas
from ganstudio.ui.widgets.film import Film, Picture
from ganstudio.ui.widgets.plane_axes import draw_axes
from ganstudio.ui.widgets.plane_key import key_of, key_of_drawing
from ganstudio.ui.widgets.plane_layers import Mapping
from ganstudio.ui.widgets.plane_legend import (
    Key,
    draw_below,
    draw_beside,
    room_below,
    room_beside,
    text_size,
)
from ganstudio.ui.widgets.plane_painting import Look, Order, Painted, draw_canvas, draw_frame, read_out
from ganstudio.ui.widgets.plane_samples import PlaneSamples
from ganstudio.ui.widgets.sealed import Sealed
from ganstudio.ui.widgets.sentence import draw_sentence
from ganstudio.ui.widgets.viewport import MARGIN, Viewport

if TYPE_CHECKING:
    from ganstudio.probes.plane import Plane

SIDE = 1.0
"""Of the whole plane, in the viewport's units."""
WIDE = 1.25
"""From this ratio of its sides on, the legend stands beside the plane."""
ZOOM_STEP = 1.25


class PlaneView(QWidget):
    """Shows a ``Plane``, a ``Canvas``, or a sentence. Wheel zooms, dragging moves (a generated point: carries its z
    away), a double click shows all again.

    On a canvas the left button paints, the right one erases, and the wheel changes the brush.
    """

    watched = Signal(bool)
    """Whether the mouse is over the plane, so that what lies under it is to be read."""
    painted = Signal()
    """A stroke on the canvas has ended."""
    zoomed = Signal(bool)
    """Whether less than the whole plane is in view."""

    def __init__(self) -> None:
        super().__init__()
        self._plane: Plane | Sealed | None = None
        self.canvas: Canvas | None = None
        self.layers: frozenset[str] = frozenset()
        """Layers that are shown: those of ``plane_key.EVERYTHING``, and ``heat``."""
        self.optimal = False
        """Whether the heat map shows D* in place of D."""
        self.with_legend = True
        """Whether there is a legend beside or below the plane; without one all room is the plane's."""
        self._sentence = ""
        self._viewport = Viewport()
        self.shown = 0
        """Planes shown so far."""
        self._picture: Picture | None = None
        self._painted = Painted()
        self._key_of: tuple = ()
        self._keys = Key("", (0, 0.5, 1), ())
        self._layout_of: tuple = ()
        self._layout = QRectF(), QRectF()
        self._at_of: tuple = ()
        self._at = Mapping(((0, 1), (0, 1)), QRectF())
        self._order: Order | None = None
        self._order_stands = False
        self._backdrop = Backdrop(self)
        self._film = Film(self)
        self._mouse: QPointF | None = None
        self._held: tuple[Qt.MouseButton, QPointF] | None = None
        self.samples = PlaneSamples(self)
        """Generated points, dragged away and copied with their z."""
        self.setAccessibleName("The plane of the data")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 120)

    # what is shown

    @property
    def plane(self) -> "Plane | None":
        """The plane that is shown."""
        if isinstance(self._plane, Sealed):
            self._plane = self._plane.opened()
        return self._plane

    @property
    def outline(self) -> "Plane | Sealed | None":
        """The same, without its layers where these are sealed: enough for axes and legend."""
        return self._plane

    def show_plane(self, plane: "Plane | Sealed", picture: Picture | None = None) -> None:
        """Draw a frame's plane; another extent shows all of it.

        ``picture``: the plot's inside as it was painted elsewhere.
        """
        self.shown += 1
        self._picture = picture
        new = self._plane is None or plane.extent != self._plane.extent
        if new:
            self._viewport.fit()
            self.zoomed.emit(False)
        key, self._plane = self._layout_of[-1:], plane
        # Axes and legend stay as they are unless the colour scale has changed.
        same = key == (self._key(),)
        if new or not same:
            self._order_stands = False
        if self._filmed():
            self._film.show(picture)
        else:
            self._film.stop()
            self.update(self._inside().toAlignedRect())
        if not same:
            self.update()

    def _filmed(self) -> bool:
        """Whether the picture is all that there is to be seen inside the plot."""
        alone = self._picture is not None and self.canvas is None and self._mouse is None and self._picture.order.whole
        return alone and self._picture.order == self.order()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of a plane."""
        self._plane, self._sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self._renew()

    def show_canvas(self, canvas: Canvas | None) -> None:
        """Paint on a canvas, or end that."""
        self.canvas = canvas
        self._held = None
        self._viewport.fit()
        self.setCursor(Qt.CursorShape.BlankCursor if canvas else Qt.CursorShape.CrossCursor)
        self.zoomed.emit(False)
        self._renew()

    def replace_canvas(self, canvas: Canvas) -> None:
        """Paint on another state of the same drawing."""
        self.canvas = canvas
        self._renew()

    def show_layers(self, layers: frozenset[str], optimal: bool) -> None:
        """Show these layers, and D* or D."""
        self.layers, self.optimal = layers, optimal
        self._renew()

    def fit(self) -> None:
        """Show all of the plane."""
        self._zoom(0.0)

    def zoom(self, steps: int) -> None:
        """Zoom about the middle."""
        self._zoom(ZOOM_STEP**steps)

    @property
    def look(self) -> Look:
        """The plane as it is to be seen."""
        plane = self.plane
        assert plane is not None
        return Look(plane, self.layers, self.optimal)

    def _renew(self) -> None:
        """Something else than the plane has changed: paint it all."""
        self._order_stands = False
        self._film.stop()
        self.update()

    # where things stand

    def mapping(self) -> Mapping:
        """Where the plane, or the canvas, lies in the widget."""
        return self._mapping_in(self.plot_rect())

    def _mapping_in(self, plot: QRectF) -> Mapping:
        ratio, extent = self.devicePixelRatioF(), self._extent()
        if (plot, ratio, extent, self._viewport.state) != self._at_of:
            view = plot.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)  # the viewport leaves these free around its picture
            self._viewport.place(view.size(), QSizeF(SIDE, SIDE), ratio)
            self._at = Mapping(extent, self._viewport.target.translated(view.topLeft()))
            self._at_of = plot, ratio, extent, self._viewport.state
        return self._at

    def _extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        if self.canvas is not None:
            half = 1.1 * max(high for _, high in self.canvas.extent)
            return (-half, half), (-half, half)
        assert self._plane is not None
        return self._plane.extent

    def plot_rect(self) -> QRectF:
        """The square that the whole plane fills, with its axes and legend in the middle of the widget."""
        return self._rooms()[0]

    def _inside(self) -> QRectF:
        """The plot with its frame."""
        return self.plot_rect().adjusted(0, 0, 1, 1)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(text_size(self.width(), self.height()))
        return font

    def _rooms(self) -> tuple[QRectF, QRectF]:
        """The plot's and the legend's: measuring words takes as long as painting a layer."""
        now = (self.width(), self.height(), self._key())
        if now != self._layout_of:
            self._layout_of, self._layout = now, self._lay_out(now[2])
        return self._layout

    def _lay_out(self, key: Key) -> tuple[QRectF, QRectF]:
        font = self._font()
        metrics = QFontMetricsF(font)
        left, bottom, top = metrics.horizontalAdvance("−00.0") + 8, metrics.height() + 6, metrics.height() / 2 + 2
        width, height = self.width() - left - 8, self.height() - bottom - top
        beside = self.width() >= WIDE * self.height()
        if self.with_legend and beside:
            width -= room_beside(font, key) + 12
        elif self.with_legend:
            height -= room_below(font)
        side = max(40.0, min(width, height))
        x, y = left + max(0.0, (width - side) / 2), top + max(0.0, (height - side) / 2)
        plot = QRectF(round(x), round(y), round(side), round(side))
        if not self.with_legend:
            return plot, QRectF()
        if beside:
            return plot, QRectF(plot.right() + 18, plot.top(), room_beside(font, key), plot.height())
        return plot, QRectF(8, plot.bottom() + bottom + 2, self.width() - 16, room_below(font))

    def _key(self) -> Key:
        """What the legend says; asked for several times a frame."""
        plane, now = self._plane, (self.canvas is None, self.layers, self.optimal)
        if plane is not None:
            now += plane.noise > 2, plane.probability, plane.level, plane.span
        if now != self._key_of:
            self._key_of = now
            self._keys = key_of_drawing() if self.canvas is not None else key_of(plane, self.layers, self.optimal)
        return self._keys

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), theme.colours()
        if self._plane is None and self.canvas is None:
            painter.fillRect(self.rect(), QColor(c.surface))
            draw_sentence(painter, self.rect(), self._sentence)
            return
        at, plot = self.mapping(), self.plot_rect()
        if not self._inside().contains(QRectF(event.rect())) or self.canvas is not None:
            painter.drawPixmap(0, 0, self._backdrop_for(at))
        painter.setClipRect(plot)
        if self.canvas is not None:
            draw_canvas(painter, self.canvas, at, self._mouse, c)
        else:
            self._draw_plane(painter, at, plot, c)
        self.samples.draw(painter, at, c)
        painter.setClipping(False)
        draw_frame(painter, plot, c)
        if self.canvas is None and self._mouse is not None and plot.contains(self._mouse):
            read_out(painter, self, at, plot, self._mouse, self._font())

    def _draw_plane(self, painter: QPainter, at: Mapping, plot: QRectF, c: theme.Colours) -> None:
        """The picture that came with the plane, if it is one of this view; else paint it."""
        if self._picture is not None and self._picture.order == self.order():
            painter.drawImage(plot, self._picture.image)
        else:
            self._painted.draw(painter, self.look, at, plot, c)

    def order(self) -> Order:
        """What a picture of the plane depends on besides the plane; the same object while that stays the same."""
        c, ratio, before = theme.colours(), self.devicePixelRatioF(), self._order
        # Asked for with each picture: to see whether anything has changed takes longer than to be told.
        if self._order_stands and before is not None and before.colours is c and before.ratio == ratio:
            return before
        plot = self.plot_rect()
        order = Order(self.layers, self.optimal, self._mapping_in(plot), plot, ratio, c)
        found = self._order = before if order == before else order
        self._order_stands = True
        return found

    def _backdrop_for(self, at: Mapping) -> QPixmap:
        """Axes and legend, which change seldom."""
        return self._backdrop.picture((at, self._key()), lambda painter: self._draw_axes(painter, at))

    def _draw_axes(self, painter: QPainter, at: Mapping) -> None:
        c, font = theme.colours(), self._font()
        plot, legend = self._rooms()
        draw_axes(painter, at, plot, font, c)
        if legend.isEmpty():
            return
        draw = draw_beside if legend.left() > plot.right() else draw_below
        draw(painter, legend, font, self._key(), self._painted.ramp(c), c)

    # hands

    def _zoom(self, factor: float, about: QPointF | None = None) -> None:
        if self._plane is None or self.canvas is not None:
            return
        plot = self.plot_rect()
        corner = plot.topLeft() - QPointF(MARGIN, MARGIN)
        self._viewport.zoom_at((plot.center() if about is None else about) - corner, factor)
        self.zoomed.emit(self._viewport.zoom > 1)
        self._renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._renew()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._layout_of = ()
        self._order_stands = False
        self._film.stop()  # the theme may be another
        super().changeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = ZOOM_STEP ** (event.angleDelta().y() / 120)
        if self.canvas is not None:
            self.canvas.resize_brush(factor)
            self._renew()
        else:
            self._zoom(factor, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.button(), event.position()
        if self.canvas is not None:
            self._stroke(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        if self._held is not None:
            if self.canvas is not None:
                self._stroke(event.position())
            elif self._plane is not None:
                self._viewport.move(event.position() - self._held[1])
            self._held = self._held[0], event.position()
        self._renew()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, self._held = self._held, None
        if held is not None and self.canvas is not None:
            self.painted.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.canvas is None:
            self.fit()
        else:
            self.mousePressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.watched.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse = None
        self.watched.emit(False)
        self._renew()

    def _stroke(self, to: QPointF) -> None:
        assert self.canvas is not None
        assert self._held is not None
        at, (button, start) = self.mapping(), self._held
        if button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            erase = button == Qt.MouseButton.RightButton
            self.canvas.stroke(at.point(start), at.point(to), erase)
            self._renew()
