"""A slim slider for a number that has a zero."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QSlider

from ganstudio.ui.theme import colours

PER_UNIT = 100
"""Positions of a slider in one unit."""
FINE, COARSE = 0.05, 0.5
"""Units in one press of an arrow key, and of Page Up or Page Down."""
HANDLE = 7.0


class BipolarSlider(QSlider):
    """A slim horizontal slider, filled from ``zero`` to its handle, with a mark where its reset leads.

    A click takes the handle to the mouse. The wheel turns it, yet where it would scroll what lies around the slider,
    only while that has the focus: a scrolled panel does not move it by accident.
    """

    reset_asked = Signal()
    """A double click, Delete or Backspace."""
    lock_asked = Signal()
    """The key L."""

    def __init__(self, low: float, high: float, zero: float = 0.0):
        super().__init__(Qt.Orientation.Horizontal)
        self.zero, self.mark = zero, zero
        self.held = False
        """Whether it stays where it is, whatever a person does; it keeps the focus, so that it can be let go."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSingleStep(round(FINE * PER_UNIT))
        self.setPageStep(round(COARSE * PER_UNIT))
        self.set_range(low, high)

    def set_range(self, low: float, high: float) -> None:
        """Limits in units; the value is kept inside silently."""
        self.blockSignals(True)
        self.setRange(round(low * PER_UNIT), round(high * PER_UNIT))
        self.blockSignals(False)

    def show_value(self, value: float) -> None:
        """Stand at a value, or at the nearest end, without telling anybody."""
        self.blockSignals(True)
        self.setValue(round(min(max(value, -1e6), 1e6) * PER_UNIT))
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        return QSize(140, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(70, 22)

    def _x(self, position: float) -> float:
        share = (position - self.minimum()) / max(1, self.maximum() - self.minimum())
        return HANDLE + min(1.0, max(0.0, share)) * (self.width() - 2 * HANDLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, here = self.height() / 2, self._x(self.value())
        zero, mark = self._x(self.zero * PER_UNIT), self._x(self.mark * PER_UNIT)
        colour = QColor(c.accent if self.isEnabled() and not self.held else c.muted)
        painter.setPen(_round_pen(QColor(c.grid)))
        painter.drawLine(QPointF(HANDLE, middle), QPointF(self.width() - HANDLE, middle))
        painter.setPen(_round_pen(colour))
        painter.drawLine(QPointF(zero, middle), QPointF(here, middle))
        painter.setPen(QPen(QColor(c.muted), 1.5))
        painter.drawLine(QPointF(mark, middle + 5), QPointF(mark, middle + 10))
        painter.setPen(QPen(QColor(c.text if self.hasFocus() else c.surface), 1.5))
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(here - HANDLE + 1, middle - HANDLE + 1, 2 * HANDLE - 2, 2 * HANDLE - 2))

    def _follow_mouse(self, event: QMouseEvent) -> None:
        share = (event.position().x() - HANDLE) / max(1.0, self.width() - 2 * HANDLE)
        self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.held:
            self.setSliderDown(True)
            self._follow_mouse(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow_mouse(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.held:
            self.reset_asked.emit()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() and self._would_scroll():
            event.ignore()
            return
        if not self.held:
            super().wheelEvent(event)
        event.accept()  # also at its end: the panel does not begin to scroll away from under the mouse

    def _would_scroll(self) -> bool:
        """Whether an area around it has something to scroll."""
        around = self.parentWidget()
        while around is not None and not around.isWindow():
            if isinstance(around, QAbstractScrollArea):
                bar = around.verticalScrollBar()
                if bar.maximum() > bar.minimum():
                    return True
            around = around.parentWidget()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_L and not event.modifiers():
            self.lock_asked.emit()
        elif self.held:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.reset_asked.emit()
        else:
            super().keyPressEvent(event)


def _round_pen(colour: QColor) -> QPen:
    return QPen(colour, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
