"""A number to be read from afar, above the curve of what it has been."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.curve_legend import LegendButton, entry_width, legend_font, paint_entry

LARGER = 1.9
"""The number's size relative to the plot's text."""


class ReadOut(LegendButton):
    """A curve's entry in the legend with its latest value below. Checked: the curve shows; the value always does."""

    value, unit = "–", ""
    widest = "0.0000"
    """A number that others are seldom wider than, so that nothing moves while the numbers do."""

    def show_value(self, value: str, unit: str = "") -> None:
        """Show a number; what belongs to it is written small behind it."""
        if (value, unit) != (self.value, self.unit):
            wider = len(unit) != len(self.unit) or len(value) > len(self.widest)
            self.value, self.unit = value, unit
            self.setAccessibleDescription(f"{value} {unit}".strip())
            if wider:
                self.updateGeometry()
            self.update()

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        """Of the label, the number and the unit."""
        label = legend_font(self.font(), self._size - 1)
        number, unit = QFont(label), QFont(label)
        number.setPixelSize(round(LARGER * self._size))
        unit.setBold(False)
        return label, number, unit

    def sizeHint(self) -> QSize:
        label, number, unit = self._fonts()
        widest = max(self.widest, self.value, key=len)
        value = QFontMetricsF(number).horizontalAdvance(widest) + 5 + QFontMetricsF(unit).horizontalAdvance(self.unit)
        height = QFontMetricsF(label).height() + QFontMetricsF(number).height()
        return QSize(round(max(entry_width(label, self._label), value)) + 12, round(height) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        label, number, unit = self._fonts()
        if self.underMouse() or self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(c.accent if self.hasFocus() else c.grid), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        line = QFontMetricsF(label).height()
        colour = getattr(c, self._curve.colour)
        paint_entry(painter, label, QPointF(4, 2 + line / 2), self._label, colour, shown=self.isChecked())
        baseline = 2 + line + QFontMetricsF(number).ascent()
        painter.setPen(QColor(c.text))
        symbols.paint(painter, number, QPointF(4, baseline), self.value)
        painter.setPen(QColor(c.muted))
        left = 4 + QFontMetricsF(number).horizontalAdvance(self.value) + 5
        symbols.paint(painter, unit, QPointF(left, baseline), self.unit)
