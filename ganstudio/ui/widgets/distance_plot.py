"""Two histograms over one axis: nearest distances of samples and of real images, and how they are to be read."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.neighbours import Distances, Verdict
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.neighbour_words import brief
from ganstudio.ui.widgets.sentence import draw_sentence

BINS = 32
FILL = 80
"""Opacity of a histogram's filling, of 255: the other one shows through."""
ALARMS = (Verdict.MUCH_NEARER, Verdict.SOME_NEARER)
BRIEF = {
    Verdict.MUCH_NEARER: "Samples are much nearer than real {kind}: memorised?",
    Verdict.BLAND: "Samples are much nearer, but to many at once: bland, not copied.",
    Verdict.SOME_NEARER: "Some samples are nearer than nearly all real {kind}: copies?",
    Verdict.NEARER: "Samples are somewhat nearer than real {kind}.",
    Verdict.AS_FAR: "Samples are as far as real {kind}.",
    Verdict.FARTHER: "Samples are farther than real {kind}: no sign of copying.",
}
"""The readings in one line, for a low plot; the words of the axis give way too."""
LEAST, SLIM = 60, 28
"""Pixels of the histograms' height: at the least, and in a slim plot."""
AXIS = {
    "images": (
        "distance to the nearest training image (root mean square of pixels, grey levels of 255)",
        "distance to the nearest training image (grey levels)",
    ),
    "points": ("distance to the nearest training point (Euclidean)", "distance to the nearest training point"),
}


class DistancePlot(QWidget):
    """Shows ``Distances`` with their medians, and marks where some samples stand; or a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.distances: Distances | None = None
        self.marks: list[float] = []
        """Distances of single samples, marked on the axis."""
        self._sentence = ""
        self.setAccessibleName("Distances to the nearest training sample")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setToolTip(
            "How far samples of G lie from the training sample that is nearest to each, against how far real ones do "
            "that G never saw. Copies pile up at 0. Triangles: the samples of the table. Solid lines: medians."
        )

    def sizeHint(self) -> QSize:
        return QSize(520, 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self._line + 2 * self.fontMetrics().height() + LEAST + 24)

    @property
    def slim_height(self) -> int:
        """Pixels of height of a plot that says in one line how the distances are to be read, without an axis."""
        return self._line + SLIM + 12

    @property
    def _is_slim(self) -> bool:
        return self.height() < self.minimumSizeHint().height()

    @property
    def _line(self) -> int:
        """Pixels of height of a line of the reading."""
        return QFontMetrics(self._large()).height()

    @property
    def _is_low(self) -> bool:
        """Whether two lines of the reading and the words of the axis would leave the histograms too little."""
        return self.height() < 2 * self._line + 3 * self.fontMetrics().height() + LEAST + 26

    def show_distances(self, distances: Distances) -> None:
        """Draw two distributions."""
        self.distances = distances
        samples, real = _medians(distances)
        self.setAccessibleDescription(f"{distances.reading} Medians: samples {samples}, real {distances.kind} {real}.")
        self.update()

    def show_marks(self, marks: list[float]) -> None:
        """Mark where the samples of the table stand."""
        self.marks = marks
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words instead."""
        self.distances, self._sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c, found = colours(), self.distances
        painter.fillRect(self.rect(), QColor(c.surface))
        if found is None:
            draw_sentence(painter, self.rect(), self._sentence)
            return
        line = self.fontMetrics().height()
        beside = self._legend_beside(found) if self._is_slim else []
        top = self._draw_reading(painter, found, self._width_of(beside))
        if self._is_slim:
            self._draw_entries(painter, self.width() - 12 - self._width_of(beside), 4, beside)
            plot = QRect(12, top + 2, self.width() - 24, self.height() - top - 6)
        else:
            foot = 1 if self._is_low else 2
            plot = QRect(12, top + line + 8, self.width() - 24, self.height() - top - (foot + 1) * line - 8 - 5 * foot)
        least = 1e-6 if found.kind == "points" else 1.0
        end = max(float(one.max(initial=least)) for one in (found.generated, found.real, np.array(self.marks)))
        axis = Axis(0.0, 1.04 * end)
        edges = np.linspace(0, axis.high, BINS + 1)
        bars = [np.histogram(one, edges)[0] / len(one) for one in (found.real, found.generated)]
        tallest = max(float(one.max()) for one in bars)
        if not self._is_slim:
            self._draw_axis(painter, plot, axis)
        for shares, colour in zip(bars, (c.real, c.fake), strict=True):
            _draw_bars(painter, plot, shares / tallest, QColor(colour))
        self._draw_medians(painter, plot, axis, found)
        self._draw_marks(painter, plot, axis)
        if not self._is_slim:
            self._draw_legend(painter, QRect(12, top, self.width() - 24, line + 6), found)

    def _draw_reading(self, painter: QPainter, found: Distances, beside: float) -> int:
        """The reading in large type, with so many pixels left at its right; answers where the room below it begins."""
        painter.setFont(self._large())
        painter.setPen(QColor(colours().warning if found.verdict in ALARMS else colours().text))
        flags, reading = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, found.reading
        room = QRect(12, 4, self.width() - 24 - int(beside), 3 * self.fontMetrics().height())
        if self._is_low:
            metrics = painter.fontMetrics()
            if metrics.horizontalAdvance(reading) > room.width():
                reading = metrics.elidedText(_brief(found), Qt.TextElideMode.ElideRight, room.width())
            flags = Qt.AlignmentFlag.AlignLeft
        needed = painter.boundingRect(room, flags, reading)
        painter.drawText(room, flags, reading)
        painter.setFont(self.font())
        return needed.bottom() + 4

    def _large(self) -> QFont:
        """Of the reading."""
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.1)
        return font

    def _draw_axis(self, painter: QPainter, plot: QRect, axis: Axis) -> None:
        c, line = colours(), self.fontMetrics().height()
        for tick in axis.ticks(max(2, plot.width() // 90)):
            x = _x(plot, axis, tick.value)
            painter.setPen(QColor(c.grid))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() + 5))
            painter.setPen(QColor(c.muted))
            painter.drawText(QRectF(x - 60, plot.bottom() + 5, 120, line), Qt.AlignmentFlag.AlignCenter, tick.label)
        painter.setPen(QPen(QColor(c.muted), 2))
        painter.drawLine(plot.left(), plot.bottom(), plot.right(), plot.bottom())
        if self._is_low:
            return
        painter.setPen(QColor(c.muted))
        long, short = AXIS[self.distances.kind]
        words = long if self.fontMetrics().horizontalAdvance(long) < plot.width() else short
        below = QRect(plot.left(), plot.bottom() + 5 + line, plot.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)

    def _draw_medians(self, painter: QPainter, plot: QRect, axis: Axis, found: Distances) -> None:
        c = colours()
        for values, colour in ((found.real, c.real), (found.generated, c.fake)):
            x = _x(plot, axis, float(np.median(values)))
            painter.setPen(QPen(QColor(colour), 3))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _draw_marks(self, painter: QPainter, plot: QRect, axis: Axis) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().surface), 1))
        painter.setBrush(QColor(colours().text))
        size = 7.0
        for mark in self.marks:
            x, y = _x(plot, axis, mark), float(plot.bottom())
            triangle = [QPointF(x, y - 2 * size), QPointF(x - size, y), QPointF(x + size, y)]
            painter.drawPolygon(QPolygonF(triangle))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_legend(self, painter: QPainter, room: QRect, found: Distances) -> None:
        c, (samples, usual) = colours(), _medians(found)
        real = f"held-out {found.kind}" if found.held_out else f"training {found.kind}, each to the others"
        entries = [
            (c.fake, f"{len(found.generated)} samples: median {samples}"),
            (c.real, f"{len(found.real)} {real}: median {usual}"),
        ]
        self._draw_entries(painter, room.left(), room.top(), entries)

    def _legend_beside(self, found: Distances) -> list[tuple[str, str]]:
        """What stands beside the reading of a slim plot; nothing where that would be cut."""
        c, (samples, usual) = colours(), _medians(found)
        entries = [(c.fake, f"samples {samples}"), (c.real, f"{'held-out' if found.held_out else 'training'} {usual}")]
        needed = QFontMetrics(self._large()).horizontalAdvance(_brief(found)) + self._width_of(entries)
        return entries if needed <= self.width() - 24 else []

    def _width_of(self, entries: list[tuple[str, str]]) -> float:
        metrics = self.fontMetrics()
        return sum(0.7 * metrics.height() + 28 + metrics.horizontalAdvance(words) for _, words in entries)

    def _draw_entries(self, painter: QPainter, x: float, y: float, entries: list[tuple[str, str]]) -> None:
        height = self.fontMetrics().height()
        for colour, words in entries:
            box = QRectF(x, y + 2 + height * 0.15, height * 0.7, height * 0.7)
            painter.fillRect(box, QColor(colour))
            painter.setPen(QColor(colours().text))
            painter.drawText(QPointF(box.right() + 6, y + self.fontMetrics().ascent() + 1), words)
            x = box.right() + 6 + self.fontMetrics().horizontalAdvance(words) + 22


def _medians(found: Distances) -> tuple[str, str]:
    """Of the samples' distances, and of the real ones'."""
    samples, real = (float(np.median(one)) for one in (found.generated, found.real))
    return (brief(samples), brief(real)) if found.kind == "points" else (f"{samples:.1f}", f"{real:.1f}")


def _brief(found: Distances) -> str:
    return BRIEF[found.verdict].format(kind=found.kind)


def _x(plot: QRect, axis: Axis, value: float) -> float:
    return plot.left() + float(axis.share(value)) * plot.width()


def _draw_bars(painter: QPainter, plot: QRect, heights: np.ndarray, colour: QColor) -> None:
    xs = np.repeat(plot.left() + np.arange(len(heights) + 1) * (plot.width() / len(heights)), 2)
    ys = plot.bottom() - np.concatenate([[0], np.repeat(heights, 2), [0]]) * plot.height()
    outline = QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])
    filling = QColor(colour)
    filling.setAlpha(FILL)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(filling)
    painter.drawPolygon(outline)
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(outline)
