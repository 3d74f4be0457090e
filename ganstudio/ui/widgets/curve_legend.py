"""The legend of a plot: one button a curve, which shows or hides it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.curve_bands import tone
from ganstudio.ui.widgets.curve_model import Curve
from ganstudio.ui.widgets.curves import CurvePlot

SWATCH = 22


class LegendButton(QAbstractButton):
    """A curve's line and symbol. Checked: the curve shows. Enter works as a click does (Space trains)."""

    def __init__(self, plot: CurvePlot, curve: Curve):
        super().__init__()
        self._plot, self._curve, self._label, self._size = plot, curve, "", 11
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._show_curve)
        self.describe(curve.label, curve.tip)

    @property
    def describes(self) -> Curve:
        """What it was made for."""
        return self._curve

    @property
    def curve(self) -> str:
        """Name of the metric."""
        return self._curve.name

    def describe(self, label: str, tip: str) -> None:
        """Say what the curve is."""
        tooltip = f"{tip} Click to hide or show it."
        if (label, tooltip) == (self._label, self.toolTip()):
            return
        self._label = label
        self.setAccessibleName(f"Show {symbols.plain(label)}: {tip}")
        self.setToolTip(tooltip)
        self.updateGeometry()
        self.update()

    def set_size(self, size: int) -> None:
        """Fit a plot whose text is ``size`` pixels high."""
        if size != self._size:
            self._size = size
            self.updateGeometry()
            self.update()

    def _show_curve(self, shown: bool) -> None:
        self._plot.show_curve(self.curve, shown)

    @property
    def line_height(self) -> int:
        """Pixels that one line takes, with room around it."""
        return round(QFontMetricsF(legend_font(self.font(), self._size)).height()) + 8

    def sizeHint(self) -> QSize:
        font = legend_font(self.font(), self._size)
        return QSize(round(entry_width(font, self._label)) + 8, self.line_height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = getattr(colours(), self._curve.colour)
        if self.underMouse() or self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours().accent if self.hasFocus() else colours().grid), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        place = QPointF(4, self.height() / 2)
        paint_entry(painter, legend_font(self.font(), self._size), place, self._label, colour, shown=self.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()


def legend_font(font: QFont, size: int) -> QFont:
    """The legend's font on a plot whose text is ``size`` pixels high."""
    font = QFont(font)
    font.setPixelSize(size + 3)
    font.setBold(True)
    return font


def entry_width(font: QFont, label: str) -> float:
    """Pixels that an entry takes."""
    return SWATCH + 6 + symbols.width(font, label)


def paint_entry(painter: QPainter, font: QFont, place: QPointF, label: str, colour: str, *, shown: bool = True) -> None:
    """A line on its band, then the symbol; ``place`` is the middle of the left side."""
    hue = QColor(colour if shown else colours().muted)
    if shown:
        painter.fillRect(QRectF(place.x(), place.y() - 6, SWATCH, 12), tone(hue))
    painter.setPen(QPen(hue, 3 if shown else 1))
    painter.drawLine(place, place + QPointF(SWATCH, 0))
    metrics = QFontMetricsF(font)
    baseline = place + QPointF(SWATCH + 6, (metrics.ascent() - metrics.descent()) / 2)
    painter.setPen(QColor(colours().text if shown else colours().muted))
    symbols.paint(painter, font, baseline, label)
    if not shown:
        width = symbols.width(font, label)
        painter.drawLine(QPointF(baseline.x(), place.y()), QPointF(baseline.x() + width, place.y()))
