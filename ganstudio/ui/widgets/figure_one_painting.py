"""How figure 1 is drawn: in the paper's manner, p_data dotted, p_g green, D blue and D* dashed."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.axis import Tick, number
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.figure_one_layout import Layout
from ganstudio.ui.widgets.polygon import polygon
from ganstudio.ui.widgets.sketch import Sketch
from ganstudio.ui.widgets.strokes import Stroke, paint_stroke

if TYPE_CHECKING:
    from ganstudio.probes.density import Figure

AREA = 0.22
SAMPLE = 2.2
"""Length of a line in the legend, in heights of its text."""


def stroke_of(name: str, line: float) -> Stroke:
    """How a curve is drawn, by its name in ``Figure``."""
    c = colours()
    return {
        "p_data": Stroke(c.text, 1.25 * line, 0, 2.2),
        "p_g": Stroke(c.equilibrium, 1.4 * line),
        "exact": Stroke(c.text, max(1.0, 0.4 * line)),
        "score": Stroke(c.discriminator, 1.1 * line),
        "best": Stroke(c.discriminator, 0.9 * line, 3.2, 2.6),
        "sketch": Stroke(c.accent, line),
    }[name]


def entries(figure: "Figure", sketch: Sketch | None, short: bool) -> list[tuple[str, str]]:
    """The legend: (name of the curve, its words)."""
    found = [("p_data", "p_data"), ("p_g", "p_g")]
    if figure.exact is not None:
        found.append(("exact", "p_z/|G′|" if short else "p_g = p_z / |dG/dz|"))
    found.append(("score", "D(x)" if figure.probability else "critic" if short else "critic’s output"))
    if figure.best is not None:
        alpha = "" if figure.real_target == 1 else f"{figure.real_target:g} "
        found.append(("best", "D*" if short else f"D* = {alpha}p_data / (p_data + p_g)"))
    if sketch is not None:
        found.append(("sketch", "drawn"))
    return found


def paint_legend(painter: QPainter, at: Layout, figure: "Figure", sketch: Sketch | None) -> None:
    """One row of names, in shorter words where there is little room."""
    font = sized(at.font, 1.1 * at.font.pixelSize(), bold=True)
    text = QFontMetricsF(font).height()
    for short in (False, True):
        names = entries(figure, sketch, short)
        widths = [symbols.width(font, words) + (SAMPLE + 0.4) * text for _, words in names]
        gap = min(1.6 * text, (at.legend.width() - sum(widths)) / len(names))
        if gap > 0.5 * text:
            break
    left, middle = at.legend.left() + 4, at.legend.center().y()
    for (name, words), width in zip(names, widths, strict=True):
        x = np.linspace(left, left + SAMPLE * text, 2)
        paint_stroke(painter, stroke_of(name, at.line), x, np.full(2, middle))
        painter.setPen(QColor(colours().text))
        symbols.paint(painter, font, QPointF(left + (SAMPLE + 0.4) * text, middle + text * 0.3), words)
        left += width + max(4.0, gap)


def paint_frame(painter: QPainter, at: Layout, *, several: bool) -> None:
    """What seldom changes: grid, ticks of all axes. ``several``: z is more than one number and has no axis."""
    c, plot = colours(), at.chart.plot
    metrics = QFontMetricsF(at.font)
    at.chart.paint_grid(painter)
    painter.setPen(QColor(c.discriminator))
    for tick in score_ticks(at):
        y = plot.bottom() - float(at.score.share(tick.value)) * plot.height()
        painter.drawLine(QPointF(plot.right(), y), QPointF(plot.right() + 4, y))
        painter.drawText(QPointF(plot.right() + 7, y + metrics.ascent() / 2 - 1.5), tick.label)
    painter.setPen(QPen(QColor(c.text), max(1.5, 0.5 * at.line)))
    painter.drawLine(QPointF(plot.left(), at.x_line), QPointF(plot.right(), at.x_line))
    bold = sized(at.font, 1.15 * at.font.pixelSize(), bold=True)
    painter.setFont(bold)
    painter.drawText(QPointF(plot.left() - QFontMetricsF(bold).horizontalAdvance("x") - 8, at.x_line + 4), "x")
    if several:
        return
    painter.drawText(QPointF(plot.left() - QFontMetricsF(bold).horizontalAdvance("z") - 8, at.z_line + 4), "z")
    painter.drawLine(QPointF(plot.left(), at.z_line), QPointF(plot.right(), at.z_line))
    painter.setFont(at.font)
    for tick in at.z.ticks(max(2, round(plot.width() / metrics.height() / 7))):
        x = plot.left() + float(at.z.share(tick.value)) * plot.width()
        painter.setPen(QColor(c.muted))
        painter.drawLine(QPointF(x, at.z_line), QPointF(x, at.z_line + 4))
        wide = metrics.horizontalAdvance(tick.label)
        painter.drawText(QPointF(x - wide / 2, at.z_line + metrics.ascent() + 4), tick.label)


def paint_curves(painter: QPainter, at: Layout, figure: "Figure") -> None:
    """Densities, D and D*, and where D comes to rest."""
    c, chart = colours(), at.chart
    x = chart.across(figure.x)
    painter.save()
    painter.setClipRect(chart.plot.adjusted(0, -at.line, 0, at.line))
    area = QColor(c.equilibrium)
    area.setAlphaF(AREA)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(area)
    foot = [chart.plot.bottom()] * 2  # the curve over its edge is smooth, so it need not be: that is dear
    painter.drawPolygon(polygon(np.append(x, x[[-1, 0]]), np.append(chart.down(figure.p_g), foot)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if figure.rest is not None:
        y = down(at, figure.rest)
        painter.setPen(QPen(QColor(c.discriminator), 1.2, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(chart.plot.left(), y), QPointF(chart.plot.right(), y))
    curves = {"p_g": chart.down(figure.p_g)}
    if figure.exact is not None:
        curves["exact"] = chart.down(figure.exact)
    curves["score"] = down(at, figure.score)
    if figure.best is not None:
        curves["best"] = down(at, figure.best)
    curves["p_data"] = chart.down(figure.p_data)
    for name, y in curves.items():
        paint_stroke(painter, stroke_of(name, at.line), x, y)
    painter.restore()
    if figure.rest is not None:
        font = sized(at.font, 1.1 * at.font.pixelSize(), bold=True)
        painter.setPen(QColor(c.discriminator))
        painter.setFont(font)
        if figure.rest == 0.5 and figure.probability:  # on D's axis, clear of D itself
            place = QPointF(chart.plot.right() + 7, down(at, 0.5) + 0.35 * font.pixelSize())
            if not any(tick.value == 0.5 for tick in score_ticks(at)):
                painter.drawText(place, "½")
        else:
            painter.drawText(QPointF(chart.plot.left() + 6, down(at, figure.rest) - 4), number(figure.rest, 0.01))


def score_ticks(at: Layout) -> list[Tick]:
    """Of D's axis, as many as there is room for with one more between two of them."""
    return at.score.ticks(min(5, max(2, round(at.chart.plot.height() / at.font.pixelSize() / 2.4))))


def down(at: Layout, score: np.ndarray | float) -> np.ndarray | float:
    """Pixels from the top of a value of D, NaN where it has none."""
    plot = at.chart.plot
    return plot.bottom() - at.score.share(score) * plot.height()


def paint_arrows(painter: QPainter, at: Layout, figure: "Figure") -> None:
    """z → G(z), or where samples fall when z is more than one number."""
    plot = at.chart.plot
    ends = np.clip(at.chart.across(figure.gz), plot.left(), plot.right())
    shade = QColor(colours().text)
    shade.setAlpha(190)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade, max(1.0, 0.45 * at.line)))
    head = min(3.2 * at.line, 0.3 * (at.z_line - at.x_line))
    if not len(figure.z):
        painter.drawLines([QLineF(x, at.x_line - head, x, at.x_line + head) for x in ends.tolist()])
        painter.restore()
        return
    begins = plot.left() + at.z.share(figure.z) * plot.width()
    painter.drawLines(
        [QLineF(x0, at.z_line, x1, at.x_line) for x0, x1 in zip(begins.tolist(), ends.tolist(), strict=True)]
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    length = np.hypot(ends - begins, at.z_line - at.x_line)
    along = np.stack([ends - begins, np.full_like(ends, at.x_line - at.z_line)]) / np.maximum(length, 1e-9)
    for x, (right, up) in zip(ends.tolist(), along.T.tolist(), strict=True):
        foot = QPointF(x - head * right, at.x_line - head * up)
        side = QPointF(-0.36 * head * up, 0.36 * head * right)
        painter.drawPolygon(QPolygonF([QPointF(x, at.x_line), foot + side, foot - side]))
    painter.restore()


def caption(figure: "Figure") -> str:
    """What is to be said of G."""
    if figure.monotone is None:
        found = "z is more than one number: marks show where samples fall"
    elif figure.monotone:
        found = "arrows: z at equal steps of probability; G is monotone"
    else:
        found = "G is not monotone: several z lead to one x, so p_z / |dG/dz| is not its density"
    beyond = f"; {figure.beyond:.0%} of the samples lie beyond" if figure.beyond >= 0.01 else ""
    return found + beyond


def paint_caption(painter: QPainter, at: Layout, words: str) -> None:
    """One line below all, smaller where it would not fit."""
    size = float(at.font.pixelSize())
    wide = symbols.width(at.font, words)
    font = sized(at.font, size * min(1.0, at.caption.width() / max(1.0, wide)))
    painter.setPen(QColor(colours().muted))
    left = at.caption.left() + max(0.0, (at.caption.width() - symbols.width(font, words)) / 2)
    symbols.paint(painter, font, QPointF(left, at.caption.bottom() - 0.3 * size), words)


def paint_sketch(painter: QPainter, at: Layout, sketch: Sketch) -> None:
    """What a hand has drawn, as the steps that it is."""
    x, y = sketch.outline()
    c = colours()
    at.chart.paint_area(painter, x, y, c.accent, 0.18)
    painter.save()
    painter.setClipRect(QRectF(at.chart.plot))
    stroke = stroke_of("sketch", at.line)
    paint_stroke(painter, stroke, at.chart.across(x), at.chart.down(y))
    painter.restore()
