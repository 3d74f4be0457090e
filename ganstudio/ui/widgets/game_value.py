"""V(G, D), V(G, D*) and −log 4 + 2·JSD: as numbers, and as three curves that come together at the equilibrium."""

from math import isnan, log
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.axis import Axis, number
from ganstudio.ui.widgets.chart import Chart, sized
from ganstudio.ui.widgets.strokes import Stroke, paint_stroke

if TYPE_CHECKING:
    from ganstudio.probes.density import Figure

BOTTOM = -log(4)
"""V(G, D*) where p_g is p_data."""
LIVE_JSD = "JSD of G as it trains"
"""Said in full: the Convergence panel shows that of G's average beside it."""
NAMES = {"jsd": "−log 4 + 2·JSD", "value_at_best": "V(G, D*)", "value": "V(G, D)"}
CRITIC = "A critic gives no probability: V(G, D) and D* mean nothing here."
LEAST_SQUARES = "D is no probability, so V(G, D) means nothing here; D* is what it aims at all the same."
TIP = (
    "<p><b>V(G, D)</b> = E log D(x) + E log(1 − D(G(z))), which D raises and G lowers.</p>"
    "<p><b>V(G, D*)</b>: the most that D could reach against this G; without label smoothing it is −log 4 + 2·JSD.</p>"
    "<p><b>−log 4 + 2·JSD(p<sub>data</sub> ‖ p<sub>g</sub>)</b>: −log 4 where G has learnt the data, 0 where D can "
    "tell them apart without error.</p><p>In nats, by quadrature, for G as it trains.</p>"
    "<p><i>Goodfellow et al. 2014, section 4.1, equations 3 to 6</i></p>"
)
ROOM = 0.06
"""Above and below what the axis must hold."""
WIDE, NUMBERS = 2.2, 0.46
"""Width over height from which the numbers stand beside the curves, and the share of the width that they take there."""


class GameValueView(QWidget):
    """Shows the numbers of a ``Figure`` and what they have been."""

    def __init__(self) -> None:
        super().__init__()
        self.figure: Figure | None = None
        self._y = Axis(BOTTOM - ROOM, ROOM)
        self.setToolTip(TIP)
        self.setAccessibleName("Value of the game")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(280, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(205, 110)

    def show_figure(self, figure: "Figure | None") -> None:
        """Show a figure's numbers; None shows nothing."""
        self.figure = figure
        if figure is not None:
            low = min([BOTTOM, *(float(np.nanmin(y, initial=BOTTOM)) for y in self.curves().values())])
            if low < self._y.low or low - ROOM > self._y.low + 0.5:
                self._y = Axis(low - ROOM, ROOM)
            self.setAccessibleDescription(", ".join(f"{words} = {value}" for words, value, _ in self.rows()))
        self.update()

    def rows(self) -> list[tuple[str, str, Stroke]]:
        """What is told in numbers: label, number, and how its curve is drawn."""
        figure, c = self.figure, colours()
        if figure is None:
            return []
        jsd = LIVE_JSD, number(figure.jsd, 0.0001), Stroke(c.text, 1.5)
        if isnan(figure.value):
            return [jsd]
        strokes = {
            "value": Stroke(c.value, 2.5),
            "value_at_best": Stroke(c.value, 2.2, 3.0, 2.6),
            "jsd": Stroke(c.text, 1.2),
        }
        shown = {"value": figure.value, "value_at_best": figure.value_at_best, "jsd": BOTTOM + 2 * figure.jsd}
        found = [(NAMES[name], number(shown[name], 0.001), strokes[name]) for name in reversed(NAMES)]
        return [*found, (LIVE_JSD, number(figure.jsd, 0.0001), Stroke(c.text, 0.0))]

    def curves(self) -> dict[str, np.ndarray]:
        """Name → (T,) what is drawn over the steps; V is left out where D is no probability."""
        figure = self.figure
        if figure is None:
            return {}
        found = {"jsd": BOTTOM + 2 * figure.trail["jsd"]}
        if not isnan(figure.value):
            found |= {name: figure.trail[name] for name in ("value_at_best", "value")}
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        painter.fillRect(self.rect(), QColor(c.surface))
        figure = self.figure
        if figure is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_wide = self.width() > WIDE * self.height()
        width = NUMBERS * self.width() if is_wide else self.width()
        size = min(32.0, max(11.0, min(width / 17.5, self.height() / (7.2 if is_wide else 13))))
        bottom = self._paint_numbers(painter, self.rows(), size, width)
        left, top = (width, 0.0) if is_wide else (0.0, bottom)
        room = QRectF(left, top, self.width() - left, self.height() - top)
        if isnan(figure.value):
            painter.setFont(sized(self.font(), size))
            painter.setPen(QColor(c.muted))
            words = CRITIC if figure.best is None else LEAST_SQUARES
            painter.drawText(room.adjusted(10, size, -10, 0), Qt.TextFlag.TextWordWrap, words)
        elif room.height() > 4 * size:
            self._paint_curves(painter, room, size)

    def _paint_numbers(
        self, painter: QPainter, rows: list[tuple[str, str, Stroke]], size: float, width: float
    ) -> float:
        """Answers where they end."""
        c, font, bold = colours(), sized(self.font(), 0.85 * size), sized(self.font(), size, bold=True)
        line = 1.5 * size
        right = width - 10
        for row, (words, value, stroke) in enumerate(rows):
            y = 0.5 * size + (row + 0.8) * line
            if stroke.width:
                ends = np.array([8.0, 8 + 1.8 * size])
                paint_stroke(painter, stroke, ends, np.full(2, y - 0.3 * size))
            painter.setPen(QColor(c.text))
            symbols.paint(painter, font, QPointF(12 + 2.1 * size, y), words)
            painter.setFont(bold)
            painter.drawText(QPointF(right - QFontMetricsF(bold).horizontalAdvance(value), y), value)
        return 0.5 * size + len(rows) * line + 0.4 * size

    def _paint_curves(self, painter: QPainter, room: QRectF, size: float) -> None:
        figure, c = self.figure, colours()
        assert figure is not None
        font = sized(self.font(), 0.8 * size)
        metrics = QFontMetricsF(font)
        steps = figure.trail["step"]
        x = Axis(float(steps[0]), max(float(steps[-1]), float(steps[0]) + 1))
        left = metrics.horizontalAdvance("−log 4") + 12
        left += room.left()
        plot = QRectF(left, room.top() + 0.7 * size, room.right() - left - 12, room.height() - 2.4 * size)
        chart = Chart(plot, x, self._y, font)
        painter.setFont(font)
        for value, words in ((0.0, "0"), (BOTTOM, "−log 4")):
            y = round(float(chart.down(value))) + 0.5
            painter.setPen(QPen(QColor(c.equilibrium if value else c.grid), 1.5 if value else 1.0))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(c.muted))
            painter.drawText(QPointF(left - 6 - metrics.horizontalAdvance(words), y + 0.35 * metrics.ascent()), words)
        for value, at_right in ((steps[0], False), (steps[-1], True)):
            words = f"{value:,.0f}" + (" steps" if at_right else "")
            wide = metrics.horizontalAdvance(words)
            place = plot.right() - wide if at_right else plot.left()
            painter.drawText(QPointF(place, plot.bottom() + metrics.ascent() + 4), words)
        strokes = {words: stroke for words, _, stroke in self.rows()}
        curves = self.curves()
        painter.setClipRect(plot.adjusted(0, -2, 2, 2))
        for name in ("value", "jsd", "value_at_best"):
            paint_stroke(painter, strokes[NAMES[name]], chart.across(steps), chart.down(curves[name]))
        painter.setClipping(False)
