"""Figure 1 of Goodfellow et al. 2014 on screen, and the hand that draws a density of its own into it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import figure_one_painting as painting
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.backdrop import Backdrop
from ganstudio.ui.widgets.figure_one_layout import Layout, lay_out
from ganstudio.ui.widgets.figure_one_samples import FigureOneSamples
from ganstudio.ui.widgets.sentence import draw_sentence
from ganstudio.ui.widgets.sketch import Sketch

if TYPE_CHECKING:
    from ganstudio.probes.density import Figure

ROOM, MOST_ROOM = 1.15, 2.4
"""The densities' axis shows p_g up to so many times the data's peak, with some room above."""
KEEP = 0.5
"""The densities' axis shrinks only when they fill less than this part of it."""


class FigureOneView(QWidget):
    """Shows a ``Figure``, or a sentence. ``drawn`` brings what a hand has made of the sketch, after each stroke."""

    drawn = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.figure: Figure | None = None
        self.sketch: Sketch | None = None
        """The density to be, shown over the others; None for none."""
        self.drawing = False
        """Whether dragging draws."""
        self._hand: tuple[float, float] | None = None
        self._sentence = ""
        self._density = Axis(0.0, 1.0)
        self._critic = Axis(-1.0, 1.0)
        self._score = self._critic
        self._backdrop = Backdrop(self)
        self.samples = FigureOneSamples(self)
        """The arrows, on their way to other panels."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Densities, discriminator and generator on the number line")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(250, 125)

    def show_figure(self, figure: "Figure") -> None:
        """Draw a figure; while a hand draws, the one on screen stays, lest the axes slip away under it."""
        if self._hand is not None:
            return
        self.figure = figure
        peak = float(figure.p_data.max())
        if self.sketch is not None:
            peak = max(peak, float(self.sketch.heights.max()))
        needed = min(ROOM * max(peak, float(figure.p_g.max())), MOST_ROOM * peak)
        if needed > self._density.high or needed < KEEP * self._density.high:
            self._density = Axis(0.0, needed)
        self._score = Axis(0.0, 1.0) if figure.probability else self._critic
        if not figure.probability:
            highest = 1.0 if figure.best is not None else 0.0
            self._critic.fit(min(0.0, float(figure.score.min())), max(highest, float(figure.score.max())))
        self.setAccessibleDescription(painting.caption(figure))
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of a figure."""
        self.figure, self._sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def show_sketch(self, sketch: Sketch | None, drawing: bool) -> None:
        """Show the density to be; ``drawing``: a hand may change it."""
        self.sketch, self.drawing = sketch, drawing and sketch is not None
        self._hand = None
        self.setCursor(Qt.CursorShape.CrossCursor if self.drawing else Qt.CursorShape.ArrowCursor)
        if self.figure is not None:
            self.show_figure(self.figure)
        self.update()

    def layout_now(self) -> Layout | None:
        """Where everything stands; None without a figure."""
        figure = self.figure
        if figure is None:
            return None
        half = (figure.x[1] - figure.x[0]) / 2
        x = Axis(float(figure.x[0] - half), float(figure.x[-1] + half))
        axes = x, self._density, self._score, Axis(*figure.z_limits)
        return lay_out(self.width(), self.height(), self.font(), *axes, several=not len(figure.z))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        figure, at = self.figure, self.layout_now()
        if figure is None or at is None:
            painter.fillRect(self.rect(), QColor(colours().surface))
            draw_sentence(painter, self.rect(), self._sentence)
            return
        painter.drawPixmap(0, 0, self._backdrop_for(at, figure))
        painting.paint_curves(painter, at, figure)
        if self.sketch is not None:
            painting.paint_sketch(painter, at, self.sketch)
        painting.paint_arrows(painter, at, figure)
        self.samples.draw(painter, at)

    def _backdrop_for(self, at: Layout, figure: "Figure") -> QPixmap:
        def paint(painter: QPainter) -> None:
            painting.paint_frame(painter, at, several=not len(figure.z))
            painting.paint_legend(painter, at, figure, self.sketch)
            painting.paint_caption(painter, at, painting.caption(figure))

        axes = tuple(axis.state for axis in (at.chart.x, at.chart.y, at.score, at.z))
        words = painting.caption(figure), *painting.entries(figure, self.sketch, short=False)
        return self._backdrop.picture((axes, words), paint)

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.layout_now()
        if not self.drawing or at is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._hand = at.chart.value_at(event.position())
        self._stroke(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hand is None:
            event.ignore()
        else:
            self._stroke(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._hand is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._hand = None
        self.drawn.emit(self.sketch)

    def _stroke(self, place: QPointF) -> None:
        at = self.layout_now()
        if at is None or self.sketch is None or self._hand is None:
            return
        now = at.chart.value_at(place)
        self.sketch = self.sketch.stroked(self._hand, (now[0], min(now[1], at.chart.y.high)))
        self._hand = now
        self.update()
