"""A ring around the pointer, for an audience that looks for it."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QWidget

SHARE = 0.07
"""Diameter as a share of the window's height."""
SMALLEST = 48
YELLOW = "#ffc542"
"""In both themes: seen on any picture."""


class Halo(QWidget):
    """A small widget that follows the pointer: what it does not cover is not painted anew, and clicks go through."""

    def __init__(self, window: QWidget):
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Halo around the pointer")
        self.hide()

    def fit(self, height: int) -> None:
        """Stand in a window of this height."""
        side = max(SMALLEST, round(SHARE * height))
        self.resize(side, side)

    def follow(self, at: QPoint) -> None:
        """Stand around a point of the window."""
        self.move(at - self.rect().center())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, radius = QPointF(self.rect().center()), self.width() / 2 - 4
        glow = QRadialGradient(middle, radius)
        for at, strength in ((0.0, 0), (0.55, 40), (1.0, 110)):
            colour = QColor(YELLOW)
            colour.setAlpha(strength)
            glow.setColorAt(at, colour)
        painter.setBrush(glow)
        painter.setPen(QPen(QColor(YELLOW), 4))
        painter.drawEllipse(middle, radius, radius)
