"""G's loss and its slope over D's judgement, and below them where the generated samples are, on one axis."""

from html import escape
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.axis import Axis, number
from ganstudio.ui.widgets.backdrop import Backdrop
from ganstudio.ui.widgets.chart import Chart, places_beside, sized
from ganstudio.ui.widgets.curve_painting import text_size
from ganstudio.ui.widgets.sentence import draw_sentence

if TYPE_CHECKING:
    from ganstudio.probes.loss_shape import LossShapeFrame, Shape

HUES = {"saturating": "danger", "non-saturating": "accent", "maximum-likelihood": "value"}
OTHER_HUE = "equilibrium"
WORDS = {"probability": "D(G(z))", "logit": "logit of D(G(z))", "output": "critic's output for G(z)"}
TITLES = ("J_G of one sample", "|∂J_G/∂logit|: what reaches G", "generated samples")
SHARES = (0.37, 0.4, 0.23)
"""Of the height: loss, slope, histogram."""
LOSS_REACH = 5.0
"""The axis of losses goes from minus to plus this, over probabilities."""
TOPS = (1.25, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 1e3, 1e4, 1e6)
"""Upper ends that the axis of slopes may have."""
LEVELS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Upper ends that the histogram's axis may have."""
KEEP = 0.45
"""An upper end is lowered only when the highest value falls below this part of it."""
NEAR = 12.0
"""Pixels from which a curve is meant by the mouse."""


class LossShapeView(QWidget):
    """Shows ``LossShapeFrame``s, or a sentence. All but the histogram and the marks is kept as a picture."""

    chosen = Signal(str)
    """A person has clicked the curve or the name of this objective."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: LossShapeFrame | None = None
        self.slope_top, self.share_top = TOPS[0], LEVELS[-1]
        self.hovered = ""
        """Kind of the objective whose curve the mouse is on."""
        self._sentence = ""
        self._backdrop = Backdrop(self)
        self._names: list[tuple[QRectF, str]] = []
        self.setAccessibleName("G's loss and its slope over D's judgement of the generated samples")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    def show_frame(self, frame: "LossShapeFrame") -> None:
        """Draw a frame."""
        self.frame = frame
        active = [shape.kind for shape in frame.shapes].index(frame.active)
        reach = frame.reach[active]
        self.slope_top = _top(TOPS, self.slope_top, 1.2 * max(1.0, reach if isfinite(reach) else 1.0))
        self.share_top = _top(LEVELS, self.share_top, float(frame.fake.max()) / max(1.0, float(frame.fake.sum())))
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of curves."""
        self.frame, self._sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    # where things stand

    def charts(self) -> tuple[Chart, Chart, Chart]:
        """Loss, slope and histogram, from top to bottom."""
        frame = self.frame
        assert frame is not None
        x, reach = Axis(float(frame.edges[0]), float(frame.edges[-1])), self._loss_reach(frame)
        ys = (Axis(-reach, reach), Axis(0.0, self.slope_top), Axis(0.0, self.share_top))
        font = sized(self.font(), text_size(self.width(), 0.8 * self.height()))
        metrics = QFontMetricsF(font)
        line = metrics.height()
        left = max(metrics.horizontalAdvance(word) for word in ("0.25", "100%", number(-reach, reach / 5))) + 12
        room = self.height() - 2 * line - 10
        found, top = [], 0.0
        for y, share in zip(ys, SHARES, strict=True):
            bottom = top + share * room
            plot = QRectF(left, round(top + 1.35 * line), self.width() - left - line, 0)
            plot.setBottom(round(bottom - 3))
            found.append(Chart(plot, x, y, font))
            top = bottom
        return found[0], found[1], found[2]

    @staticmethod
    def _loss_reach(frame: "LossShapeFrame") -> float:
        if frame.axis == "probability":
            return LOSS_REACH
        reach = max(2.0, abs(float(frame.edges[0])), abs(float(frame.edges[-1])))
        if frame.axis == "output":
            active = next(shape.loss for shape in frame.shapes if shape.kind == frame.active)
            reach = max(reach, min(2 * reach, float(np.abs(active).max())))
        return reach

    def curve(self, chart: int, shape: "Shape") -> np.ndarray:
        """What the loss chart (0) or the slope chart (1) shows of an objective."""
        return shape.slope if chart else shape.loss

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.frame
        if frame is None:
            painter.fillRect(self.rect(), QColor(colours().surface))
            draw_sentence(painter, self.rect(), self._sentence)
            return
        charts = self.charts()
        painter.drawPixmap(0, 0, self._backdrop_for(frame, charts))
        for index in (0, 1):
            for shape in frame.shapes:
                if shape.kind == self.hovered and shape.kind != frame.active:
                    width = self._width(charts[0], shape.kind == frame.active) + 2
                    curve = self.curve(index, shape)
                    charts[index].paint_curve(painter, frame.at, curve, self.hue(shape.kind), width)
        if frame.fake.any():
            self._paint_samples(painter, charts[2])
            self._paint_mean(painter, charts)
            self._paint_reach(painter, charts[1])

    def hue(self, kind: str) -> str:
        """The colour of an objective."""
        return hue(kind)

    def _width(self, chart: Chart, active: bool) -> float:
        return chart.font.pixelSize() / (2.6 if active else 7.0)

    def _backdrop_for(self, frame: "LossShapeFrame", charts: tuple[Chart, ...]) -> QPixmap:
        def paint(painter: QPainter) -> None:
            self._names = []
            for index, chart in enumerate(charts):
                self._paint_chart(painter, index, chart, frame)
            self._paint_axis_name(painter, charts[2], frame)

        ends = (frame.edges[0], frame.edges[-1], self.slope_top, self.share_top)
        return self._backdrop.picture((frame.axis, ends, frame.active), paint, shown=(frame.shapes,))

    def _paint_chart(self, painter: QPainter, index: int, chart: Chart, frame: "LossShapeFrame") -> None:
        if index < 2:
            chart.paint_grid(painter, x_labels=False)
        else:
            self._paint_share_grid(painter, chart)
        if index < 2:
            painter.setPen(QColor(colours().text))
            symbols.paint(painter, self._title_font(chart), self._title_place(chart), TITLES[index])
            for shape in sorted(frame.shapes, key=lambda one: one.kind == frame.active):
                active = shape.kind == frame.active
                curve = self.curve(index, shape)
                chart.paint_curve(painter, frame.at, curve, self.hue(shape.kind), self._width(chart, active))
            self._paint_names(painter, index, chart, frame)

    def _title_font(self, chart: Chart) -> QFont:
        return sized(self.font(), chart.font.pixelSize() * 1.05, bold=True)

    def _title_place(self, chart: Chart) -> QPointF:
        return QPointF(chart.plot.left(), chart.plot.top() - 0.38 * chart.font.pixelSize())

    def _paint_share_grid(self, painter: QPainter, chart: Chart) -> None:
        c, metrics = colours(), QFontMetricsF(chart.font)
        chart.paint_grid(painter, y_labels=False)
        painter.setFont(chart.font)
        free = float("inf")
        for tick in chart.y.ticks(max(2, round(chart.plot.height() / metrics.height() / 2.5))):
            y = round(float(chart.down(tick.value))) + 0.5
            if y > free:
                continue
            free = y - 0.9 * metrics.height()
            words = f"{tick.value:.0%}"
            painter.setPen(QColor(c.muted))
            left = chart.plot.left() - 6 - metrics.horizontalAdvance(words)
            painter.drawText(QPointF(left, y + metrics.ascent() / 2 - 1.5), words)

    def _paint_axis_name(self, painter: QPainter, chart: Chart, frame: "LossShapeFrame") -> None:
        line = QFontMetricsF(chart.font).height()
        painter.setFont(chart.font)
        painter.setPen(QColor(colours().text))
        box = QRectF(chart.plot.left(), chart.plot.bottom() + line + 3, chart.plot.width(), line)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, WORDS[frame.axis])

    def _paint_names(self, painter: QPainter, index: int, chart: Chart, frame: "LossShapeFrame") -> None:
        """The objectives' names at their curves."""
        fonts = [sized(chart.font, chart.font.pixelSize(), bold=one.kind == frame.active) for one in frame.shapes]
        widths = [
            QFontMetricsF(font).horizontalAdvance(short(one)) for font, one in zip(fonts, frame.shapes, strict=True)
        ]
        height = QFontMetricsF(chart.font).height()
        across = chart.across(frame.at)
        curves = [(across, chart.down(self.curve(index, one))) for one in frame.shapes]
        boxes = places_beside(curves, widths, height, chart.plot.adjusted(4, 2, -4, -2))
        for shape, font, box in zip(frame.shapes, fonts, boxes, strict=True):
            if box is not None:
                painter.setFont(font)
                painter.setPen(QColor(self.hue(shape.kind)))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, short(shape))
                self._names.append((box, shape.kind))

    def _paint_samples(self, painter: QPainter, chart: Chart) -> None:
        frame, c = self.frame, colours()
        assert frame is not None
        bars = frame.fake / max(1.0, float(frame.fake.sum()))
        steps = np.concatenate([[0.0], np.repeat(bars, 2), [0.0]])
        places = np.repeat(frame.edges, 2)
        chart.paint_area(painter, places, steps, c.fake, 0.4)
        painter.setPen(QPen(QColor(c.fake), 2))
        painter.drawPolyline(chart.line(places, steps))

    def _paint_mean(self, painter: QPainter, charts: tuple[Chart, ...]) -> None:
        """A line at the mean through all three, but not through a name, and where it meets the curves."""
        frame, c = self.frame, colours()
        assert frame is not None
        x = float(charts[0].across(frame.mean))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        beside_names = QRegion(self.rect())
        for box, _ in self._names:
            beside_names -= box.toAlignedRect()
        painter.save()
        painter.setClipRegion(beside_names)
        painter.setPen(QPen(QColor(c.fake), 2, Qt.PenStyle.DashLine))
        for chart in charts:
            painter.drawLine(QPointF(x, chart.plot.top()), QPointF(x, chart.plot.bottom()))
        painter.restore()
        for index, chart in enumerate(charts[:2]):
            radius = chart.font.pixelSize() * 0.4
            for shape in frame.shapes:
                y = float(chart.down(np.interp(frame.mean, frame.at, self.curve(index, shape))))
                if chart.plot.top() <= y <= chart.plot.bottom():
                    painter.setPen(QPen(QColor(c.surface), 1.5))
                    painter.setBrush(QColor(self.hue(shape.kind)))
                    painter.drawEllipse(QPointF(x, y), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        font = self._title_font(charts[2])
        painter.setFont(font)
        painter.setPen(QColor(c.fake))
        words = f"{TITLES[2]}: mean {figure(frame.mean)}"
        painter.drawText(self._title_place(charts[2]), words)

    def _paint_reach(self, painter: QPainter, chart: Chart) -> None:
        """Pointers at the right edge: the mean slope over the samples."""
        assert self.frame is not None
        size = 0.55 * chart.font.pixelSize()
        painter.setPen(Qt.PenStyle.NoPen)
        for shape, reach in zip(self.frame.shapes, self.frame.reach, strict=True):
            y = min(max(float(chart.down(reach)), chart.plot.top()), chart.plot.bottom())
            tip = QPointF(chart.plot.right() + 1, y)
            painter.setBrush(QColor(self.hue(shape.kind)))
            painter.drawPolygon(QPolygonF([tip, tip + QPointF(1.5 * size, -size), tip + QPointF(1.5 * size, size)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # the mouse

    def kind_at(self, place: QPointF) -> str:
        """Kind of the objective whose name or curve is there; empty for none."""
        frame = self.frame
        if frame is None:
            return ""
        for box, kind in self._names:
            if box.contains(place):
                return kind
        for index, chart in enumerate(self.charts()[:2]):
            if chart.plot.contains(place):
                across = chart.across(frame.at)
                away = [
                    float(np.hypot(across - place.x(), chart.down(self.curve(index, one)) - place.y()).min())
                    for one in frame.shapes
                ]
                if min(away) <= NEAR:
                    return frame.shapes[int(np.argmin(away))].kind
        return ""

    def read_out(self, place: QPointF) -> str:
        """What the curves say at the mouse, as HTML; empty off the plots."""
        frame = self.frame
        chart = next((one for one in self.charts() if one.plot.contains(place)), None) if frame else None
        if frame is None or chart is None:
            return ""
        x = chart.value_at(place)[0]
        rows = "".join(
            f"<tr><td style='color:{self.hue(one.kind)}'><b>{escape(short(one))}</b></td>"
            f"<td align=right>&nbsp;{figure(np.interp(x, frame.at, one.loss))}</td>"
            f"<td align=right>&nbsp;{figure(np.interp(x, frame.at, one.slope))}</td></tr>"
            for one in frame.shapes
        )
        found = (
            f"<p style='white-space:pre'>{WORDS[frame.axis]} = {figure(x)}</p>"
            f"<table><tr><td></td><td align=right>&nbsp;J<sub>G</sub></td>"
            f"<td align=right>&nbsp;|∂J<sub>G</sub>/∂logit|</td></tr>{rows}</table>"
        )
        meant = next((one for one in frame.shapes if one.kind == self.hovered), None)
        if meant is not None:
            found += f"<p>{escape(meant.formula)}<br><i>{escape(meant.source)}</i></p>"
            if meant.kind != frame.active:
                found += "<p>Click to make it the objective.</p>"
        return found

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        self._hover(self.kind_at(place))
        QToolTip.showText(event.globalPosition().toPoint(), self.read_out(place), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        kind = self.kind_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else ""
        if kind:
            self.chosen.emit(kind)
        else:
            super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover("")

    def _hover(self, kind: str) -> None:
        if kind != self.hovered:
            self.hovered = kind
            self.setCursor(Qt.CursorShape.PointingHandCursor if kind else Qt.CursorShape.ArrowCursor)
            self.update()


def hue(kind: str) -> str:
    """The colour of an objective in the theme in force."""
    return getattr(colours(), HUES.get(kind, OTHER_HUE))


def short(shape: "Shape") -> str:
    """An objective's name without what its title adds in brackets."""
    return shape.title.partition(" (")[0]


def figure(value: float) -> str:
    """A number to two digits, and with the decimals that two digits need; a dash for none."""
    if not isfinite(value):
        return "–" if value != value else "∞" if value > 0 else "−∞"
    return number(float(value), 10.0 ** (floor(log10(abs(value))) - 1) if value else 1.0)


def _top(levels: tuple[float, ...], now: float, needed: float) -> float:
    """The level that holds ``needed``, lowered only when much room is left."""
    fitting = next((level for level in levels if needed <= level), levels[-1])
    return fitting if fitting > now or needed < KEEP * now else now
