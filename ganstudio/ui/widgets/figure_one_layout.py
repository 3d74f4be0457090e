"""Where the parts of figure 1 stand: densities and D above, below them the x axis, the arrows and the z axis."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.chart import Chart, sized
from ganstudio.ui.widgets.curve_painting import text_size

ARROWS_SHARE, MARKS_SHARE = 0.2, 0.04
"""Of the height that is left for pictures, what the arrows take, or mere marks where z is more than one number."""


@dataclass(frozen=True)
class Layout:
    """All in pixels of the widget."""

    chart: Chart
    """Densities over x."""
    score: Axis
    """D's axis, on the right."""
    legend: QRectF
    x_line: float
    """Height at which the arrows end."""
    z_line: float
    """Height at which they begin."""
    z: Axis
    caption: QRectF
    font: QFont
    line: float
    """Width of the main curves."""


def lay_out(
    width: float, height: float, font: QFont, x: Axis, density: Axis, score: Axis, z: Axis, *, several: bool
) -> Layout:
    """Make room for labels, and share the rest between curves and arrows. ``several``: z is more than one number."""
    font = sized(font, text_size(width, height))
    metrics = QFontMetricsF(font)
    text = metrics.height()
    left, right = (
        max(metrics.horizontalAdvance(one) for one in labels) for labels in (_labels(density), _labels(score))
    )
    left, right = max(left, 1.5 * text) + 12, right + 14
    legend = QRectF(6, 2, width - 12, 1.5 * text)
    caption = QRectF(left, height - 1.25 * text, width - left - right, 1.2 * text)
    free = height - legend.bottom() - 0.6 * text - 1.4 * text - 1.6 * text - caption.height()
    arrows = (MARKS_SHARE if several else ARROWS_SHARE) * max(0.0, free)
    plot = QRectF(left, legend.bottom() + 0.6 * text, max(20.0, width - left - right), max(20.0, free - arrows))
    x_line = plot.bottom() + 1.6 * text
    chart = Chart(plot, x, density, font)
    return Layout(chart, score, legend, x_line, x_line + arrows, z, caption, font, min(5.0, max(2.0, height / 200)))


def _labels(axis: Axis) -> list[str]:
    return [tick.label for tick in axis.ticks(5)] or ["0"]
