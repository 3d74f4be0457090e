"""How the minimax picture is put on paper."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ganstudio.metrics.minimax import LOG_4
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.candidates import DATA, Candidate, Candidates, T
from ganstudio.ui.widgets.chart import Chart, sized

HUES = ("generator", "value", "equilibrium", "danger", "warning", "accent")
DENSITY_HELP = (
    "<p>Dotted: p_data. Solid: candidates for p_g. Dashed: D_t against the selected one, from 0 to 1; "
    "D* = p_data/(p_data + p_g) where t = 1.</p>"
    "<p>Drag a candidate to move its mean, its side handles or the wheel to change σ; double-click to add one.</p>"
    "<p><i>Goodfellow et al. 2014, equation 2</i></p>"
)
VALUE_HELP = (
    "<p>V(G, D<sub>t</sub>) = E log D<sub>t</sub>(x) + E log(1 − D<sub>t</sub>(G(z))), with "
    "D<sub>t</sub>(x) = σ(t · log p_data(x)/p_g(x)): t = 0 is D = ½, t = 1 is D*.</p>"
    "<p>max over D: V(G, D*) = −log 4 + 2·JSD(p_data ‖ p_g). G* = the G with the least of these maxima.</p>"
    "<p><i>Goodfellow et al. 2014, equations 1 to 6</i></p>"
)


def hue(one: Candidate) -> str:
    """A candidate's colour in the theme in force."""
    return getattr(colours(), HUES[one.hue])


def paint_densities(
    painter: QPainter,
    chart: Chart,
    x: np.ndarray,
    candidates: Candidates,
    guess: np.ndarray,
    t: float,
    handles: dict[str, QPointF],
) -> None:
    """p_data, the candidates, and ``guess``: the discriminator t over ``x``."""
    c, size = colours(), chart.font.pixelSize()
    _paint_title(painter, chart, ("p_data", c.text), ("  and what G could be", c.muted))
    chart.paint_grid(painter)
    chart.paint_area(painter, x, DATA.density(x), c.muted, 0.18)
    height = chart.plot.height() / (chart.y.high - chart.y.low)
    scaled = guess * chart.plot.height() / height
    chart.paint_curve(painter, x, scaled, c.discriminator, size / 9, Qt.PenStyle.DashLine)
    _paint_guess_axis(painter, chart, t, hue(candidates.chosen))
    winner = candidates.winner
    for index in sorted(range(len(candidates.all)), key=lambda index: (index == winner, index == candidates.selected)):
        one = candidates.all[index]
        density = one.mixture.density(x)
        if index == winner:
            chart.paint_area(painter, x, density, hue(one), 0.16)
        chart.paint_curve(painter, x, density, hue(one), size / (3.0 if index == winner else 6.0))
    chart.paint_curve(painter, x, DATA.density(x), c.text, size / 4.5, Qt.PenStyle.DotLine)
    chosen = candidates.chosen
    for name, place in handles.items():
        radius = size * (0.5 if name == "mean" else 0.36)
        painter.setPen(QPen(QColor(c.surface), 1.5))
        painter.setBrush(QColor(hue(chosen)))
        painter.drawEllipse(place, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index, one in enumerate(candidates.all):
        peak = QPointF(float(chart.across(one.mean)), float(chart.down(one.peak)))
        _paint_above(painter, chart, peak, "G*" if index == winner else "G", hue(one), index == winner)


def _paint_guess_axis(painter: QPainter, chart: Chart, t: float, against: str) -> None:
    """0, ½ and 1 of the discriminator at the right edge, its name, and the colour of the candidate it judges."""
    size, metrics = chart.font.pixelSize(), QFontMetricsF(chart.font)
    painter.setFont(chart.font)
    painter.setPen(QColor(colours().discriminator))
    for words, share in (("0", 0.0), ("½", 0.5), ("1", 1.0)):
        y = chart.plot.bottom() - share * chart.plot.height()
        painter.drawText(QPointF(chart.plot.right() + 0.35 * size, y + metrics.ascent() / 2 - 1), words)
    optimal = abs(t - 1) < 1e-9
    words = "D* against" if optimal else f"D with t = {t:.1f} against".replace("-", "−")
    y = chart.plot.top() - 0.6 * size
    painter.drawText(QPointF(chart.plot.right() - metrics.horizontalAdvance(words) - 1.2 * size, y), words)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(against))
    painter.drawEllipse(QPointF(chart.plot.right() - 0.5 * size, y - 0.35 * size), 0.4 * size, 0.4 * size)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_above(painter: QPainter, chart: Chart, place: QPointF, words: str, colour: str, strong: bool) -> None:
    font = sized(chart.font, chart.font.pixelSize() * (1.15 if strong else 1.0), bold=strong)
    wide = QFontMetricsF(font).horizontalAdvance(words)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    top = max(place.y() - 0.75 * chart.font.pixelSize(), chart.plot.top() + 0.9 * font.pixelSize())
    painter.drawText(QPointF(place.x() - wide / 2, top), words)


def paint_values(painter: QPainter, chart: Chart, candidates: Candidates, t: float) -> None:
    """V over t for each candidate, its top, and the tops' heights over −log 4 as brackets on the right."""
    c, size = colours(), chart.font.pixelSize()
    winner = candidates.winner
    lowest = candidates.all[winner]
    _paint_title(painter, chart, ("V(G, D): D goes to the top, G to the lowest top", c.text))
    chart.paint_grid(painter)
    _paint_level(painter, chart)
    optimum = float(chart.across(1.0))
    painter.setPen(QPen(QColor(c.discriminator), 1.5, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(optimum, chart.plot.top()), QPointF(optimum, chart.plot.bottom()))
    if t != 1.0:
        here = float(chart.across(t))
        painter.drawLine(QPointF(here, chart.plot.top()), QPointF(here, chart.plot.bottom()))
    for one in sorted(candidates.all, key=lambda one: one is lowest):
        chart.paint_curve(painter, T, one.game.values, hue(one), size / (3.0 if one is lowest else 6.0))
    _paint_brackets(painter, chart, candidates)
    for one in candidates.all:
        painter.setPen(QPen(QColor(c.surface), 1.5))
        painter.setBrush(QColor(hue(one)))
        radius = size * (0.5 if one is lowest else 0.38)
        painter.drawEllipse(QPointF(optimum, float(chart.down(one.game.best))), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_family(painter, chart)


def _paint_level(painter: QPainter, chart: Chart) -> None:
    """−log 4: where every curve is at t = 0, and where the game rests."""
    c, size = colours(), chart.font.pixelSize()
    y = float(chart.down(-LOG_4))
    painter.setPen(QPen(QColor(c.text), 1.5, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(chart.plot.left(), y), QPointF(chart.plot.right(), y))
    painter.setFont(chart.font)
    painter.setPen(QColor(c.text))
    # Left of t = 0 every curve is below it.
    wide = QFontMetricsF(chart.font).horizontalAdvance("−log 4")
    painter.drawText(QPointF(float(chart.across(0.0)) - wide - 0.3 * size, y - 0.4 * size), "−log 4")


def _paint_brackets(painter: QPainter, chart: Chart, candidates: Candidates) -> None:
    size, winner = chart.font.pixelSize(), candidates.winner
    foot = float(chart.down(-LOG_4))
    column = 3.3 * size
    for index, one in enumerate(candidates.all):
        x = chart.plot.right() + (index + 0.75) * column
        top = float(chart.down(one.game.best))
        colour, strong = QColor(hue(one)), index == winner
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(float(chart.across(1.0)), top), QPointF(x, top))
        painter.setPen(QPen(colour, size / (4.0 if strong else 8.0)))
        tick = 0.45 * size
        painter.drawLine(QPointF(x, top), QPointF(x, foot))
        for y in (top, foot):
            painter.drawLine(QPointF(x - tick, y), QPointF(x + tick, y))
        words = f"{max(0.0, one.game.best + LOG_4):.2f}"
        font = sized(chart.font, size, bold=strong)
        painter.setFont(font)
        painter.setPen(colour)
        box = QRectF(x - column / 2, top - 1.65 * size, column, 1.4 * size)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, words)
        if strong:
            painter.drawText(box.translated(0, -1.25 * size), Qt.AlignmentFlag.AlignCenter, "G*")
    painter.setFont(chart.font)
    painter.setPen(QColor(colours().text))
    box = QRectF(chart.plot.right(), foot + 0.3 * size, column * (len(candidates.all) + 0.5), 1.5 * size)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, "2·JSD")


def _paint_family(painter: QPainter, chart: Chart) -> None:
    """What t means, below its axis."""
    c, size = colours(), chart.font.pixelSize()
    y = chart.plot.bottom() + 2.75 * size
    painter.setPen(QColor(c.discriminator))
    for t, words in ((0.0, "D = ½"), (1.0, "D*"), (2.2, "too sure")):
        wide = symbols.width(chart.font, words)
        symbols.paint(painter, chart.font, QPointF(float(chart.across(t)) - wide / 2, y), words)
    painter.setPen(QColor(c.muted))
    painter.drawText(QPointF(chart.plot.right() + 1.7 * size, chart.plot.bottom() + 1.25 * size), "t")


def _paint_title(painter: QPainter, chart: Chart, *parts: tuple[str, str]) -> None:
    font = sized(chart.font, chart.font.pixelSize() * 1.05, bold=True)
    x, y = chart.plot.left(), chart.plot.top() - 0.6 * chart.font.pixelSize()
    for words, colour in parts:
        painter.setPen(QColor(colour))
        symbols.paint(painter, font, QPointF(x, y), words)
        x += symbols.width(font, words)
