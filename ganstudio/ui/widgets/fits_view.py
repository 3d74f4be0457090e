"""One Gaussian for two modes, fitted by three divergences: three plots that show where each puts its mass."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.metrics.gaussian_fit import Fit, Measure, fit
from ganstudio.metrics.line_mixture import LineMixture, gaussian
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.chart import Chart, sized

SIGMA = 0.6
"""Of both modes."""
FARTHEST = 8.0
"""The largest separation."""
X = np.linspace(-FARTHEST / 2 - 2.2, FARTHEST / 2 + 2.2, 361)
TOPS = (0.4, 0.55, 0.75)
"""Upper ends that the axis of densities may have."""
CENTRED = 1e-4
"""A mean nearer to the middle than this has no mirrored twin."""
TITLES: dict[Measure, tuple[str, str, str, str]] = {
    "forward": ("Maximum likelihood", "KL(p ‖ q)", "KL", "accent"),
    "js": ("Jensen–Shannon", "JS(p ‖ q)", "JS", "equilibrium"),
    "reverse": ("Reverse KL", "KL(q ‖ p)", "KL", "danger"),
}
"""Heading, divergence, its short name, and the colour of its Gaussian."""
HELP: dict[Measure, str] = {
    "forward": (
        "<p>KL(p ‖ q) = E<sub>p</sub> log p/q, least where E<sub>p</sub> log q is greatest: maximum likelihood. "
        "Its Gaussian has the mean and the variance of p.</p>"
        "<p>Dear where p has mass and q has none: q covers every mode, and what lies between them.</p>"
    ),
    "js": (
        "<p>JS(p ‖ q) = ½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q)/2: what G descends against the optimal D.</p>"
        "<p>It never exceeds log 2, so a mode far away costs no more than one that is missed: here q covers both modes "
        "while they are near, and gives one up when they are far apart.</p>"
    ),
    "reverse": (
        "<p>KL(q ‖ p) = E<sub>q</sub> log q/p.</p>"
        "<p>Dear where q has mass and p has none: q keeps to one mode. Dashed: the other optimum, as good.</p>"
    ),
}
SOURCE = (
    "<p><i>Goodfellow 2016 (NIPS tutorial), section 3.2.5 and figure 14; Theis, van den Oord & Bethge 2016, "
    "figure 1</i></p>"
)
BESIDE = 520
"""Pixels of width from which the plots stand beside each other."""


class FitsView(QWidget):
    """Shows the three fits of ``mixture``."""

    def __init__(self) -> None:
        super().__init__()
        self.mixture = two_modes(3.6, 0.5)
        self.setAccessibleName("A Gaussian fitted to two modes by three divergences")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(660, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 220)

    def show_mixture(self, mixture: LineMixture) -> None:
        """Fit another density; about 40 ms, once for each."""
        self.mixture = mixture
        words = [f"{TITLES[name][0]}: {numbers(name, one)}" for name, one in self.fits().items()]
        self.setAccessibleDescription("; ".join(words))
        self.update()

    def fits(self) -> dict[Measure, Fit]:
        """The nearest Gaussian by each divergence, in the order of the plots."""
        return {name: _fitted(self.mixture, name) for name in TITLES}

    def charts(self) -> dict[Measure, Chart]:
        """A plot for each divergence."""
        count = len(TITLES)
        beside = self.width() >= BESIDE
        wide = self.width() / (count if beside else 1)
        high = self.height() / (1 if beside else count)
        font = sized(self.font(), min(24.0, max(10.0, min(wide / 22, high / 13))))
        size = font.pixelSize()
        tallest = max(float(np.exp(gaussian(one.mean, one.sigma).log_density(X)).max()) for one in self.fits().values())
        tallest = max(tallest, float(self.mixture.density(X).max()))
        ceiling = next((one for one in TOPS if 1.05 * tallest <= one), 1.05 * tallest)
        found = {}
        for index, name in enumerate(TITLES):
            left, top = (index * wide, 0.0) if beside else (0.0, index * high)
            plot = QRectF(left + 1.2 * size, top + 5.0 * size, wide - 2.4 * size, high - 6.8 * size)
            found[name] = Chart(plot, Axis(float(X[0]), float(X[-1])), Axis(0.0, ceiling), font)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fits = self.fits()
        for name, chart in self.charts().items():
            self._paint_fit(painter, chart, name, fits[name])

    def _paint_fit(self, painter: QPainter, chart: Chart, name: Measure, one: Fit) -> None:
        c, size = colours(), chart.font.pixelSize()
        colour = getattr(c, TITLES[name][3])
        chart.paint_grid(painter, y_labels=False)
        density = self.mixture.density(X)
        chart.paint_area(painter, X, density, c.muted, 0.25)
        fitted = gaussian(one.mean, one.sigma).density(X)
        chart.paint_area(painter, X, fitted, colour, 0.25)
        if has_twin(self.mixture, one):
            twin = gaussian(-one.mean, one.sigma).density(X)
            chart.paint_curve(painter, X, twin, colour, size / 7, Qt.PenStyle.DashLine)
        chart.paint_curve(painter, X, fitted, colour, size / 3.5)
        chart.paint_curve(painter, X, density, c.text, size / 5.5, Qt.PenStyle.DotLine)
        self._paint_words(painter, chart, name, one, colour)

    def _paint_words(self, painter: QPainter, chart: Chart, name: Measure, one: Fit, colour: str) -> None:
        """Heading, numbers, and what the fit does with the modes."""
        c, size = colours(), chart.font.pixelSize()
        title, divergence, _, _ = TITLES[name]
        left, top = chart.plot.left(), chart.plot.top() - 5.0 * size
        bold = sized(chart.font, 1.15 * size, bold=True)
        painter.setFont(bold)
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(left, top + 1.5 * size), title)
        after = left + QFontMetricsF(bold).horizontalAdvance(title) + 0.7 * size
        painter.setFont(chart.font)
        painter.setPen(QColor(c.text))
        if after + QFontMetricsF(chart.font).horizontalAdvance(divergence) <= chart.plot.right() + size:
            painter.drawText(QPointF(after, top + 1.5 * size), divergence)
        painter.drawText(QPointF(left, top + 3.0 * size), numbers(name, one))
        painter.setPen(QColor(c.muted))
        painter.drawText(QPointF(left, top + 4.4 * size), verdict(self.mixture, one))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.help_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def help_at(self, place: QPointF) -> str:
        """Formula and source of the fit at a place, as HTML; empty between the plots."""
        for name, chart in self.charts().items():
            if chart.plot.adjusted(0, -5 * chart.font.pixelSize(), 0, 0).contains(place):
                return HELP[name] + SOURCE
        return ""


def two_modes(separation: float, left: float) -> LineMixture:
    """Two Gaussians of the same σ, so far apart, the left one with this share of the mass, 0…1."""
    return LineMixture((left, 1 - left), (-separation / 2, separation / 2), (SIGMA, SIGMA))


def has_twin(mixture: LineMixture, one: Fit) -> bool:
    """Whether the mirrored Gaussian is just as near."""
    return mixture.weights[0] == mixture.weights[1] and abs(one.mean) > CENTRED


def verdict(mixture: LineMixture, one: Fit) -> str:
    """What a fit does with the modes."""
    apart = mixture.means[1] - mixture.means[0]
    if apart <= 2 * SIGMA:  # of two equal Gaussians this near the sum has one mode
        return "there is one mode"
    reached = [abs(one.mean - mean) < 1.5 * one.sigma for mean in mixture.means]
    return "covers both modes" if all(reached) else "keeps to one mode"


def numbers(name: Measure, one: Fit) -> str:
    """μ, σ and the divergence in nats."""
    words = f"μ {one.mean + 0.0:.2f}   σ {one.sigma:.2f}   {TITLES[name][2]} {max(0.0, one.divergence):.3f}"
    return words.replace("-0.00", "0.00").replace("-", "−")


@lru_cache(maxsize=64)
def _fitted(mixture: LineMixture, name: Measure) -> Fit:
    return fit(mixture, name)
