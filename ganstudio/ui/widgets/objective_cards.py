"""What each objective would send to G now: one card each, which makes it the objective when pressed."""

from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.loss_shape import figure, hue, short

if TYPE_CHECKING:
    from ganstudio.probes.loss_shape import LossShapeFrame, Shape

GAP, MARGIN = 6, 8
NAME_LEAST = 9
"""Pixels of a name's text that has to shrink."""


class ObjectiveCard(QAbstractButton):
    """Name, mean |∂J_G/∂logit| and a bar of its length. Checked: it is the objective."""

    def __init__(self, shape: "Shape"):
        super().__init__()
        self.shape, self.reach, self.longest = shape, float("nan"), 1.0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(
            f"<p><b>{short(shape)}</b>: mean |∂J<sub>G</sub>/∂logit| over the generated samples of the latest steps, "
            f"what would reach G now.</p><p>{shape.formula}<br><i>{shape.source}</i></p>"
            "<p>Press to make it the objective.</p>"
        )

    def show_reach(self, reach: float, longest: float) -> None:
        """Show a mean slope (NaN: none yet) against the longest bar's."""
        if (reach, longest) != (self.reach, self.longest):
            self.reach, self.longest = reach, longest
            self.setAccessibleName(f"{short(self.shape)}: mean slope {figure(reach)}")
            self.update()

    def nextCheckState(self) -> None:
        """The experiment says which is checked, not the click."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        c, colour = colours(), QColor(hue(self.shape.kind))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        met = QColor(c.accent if self.hasFocus() or self.underMouse() else c.grid)
        painter.setPen(QPen(colour, 3) if self.isChecked() else QPen(met, 1))
        painter.setBrush(QColor(c.surface_raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
        size = self.height() / 4.6
        left, wide = 0.6 * size, self.width() - 1.2 * size
        painter.setFont(self._name_font(size, wide))
        painter.setPen(colour)
        painter.drawText(QPointF(left, 1.4 * size), short(self.shape))
        painter.setFont(sized(self.font(), 1.5 * size, bold=True))
        painter.setPen(QColor(c.text))
        painter.drawText(QPointF(left, 3.1 * size), figure(self.reach))
        bar = QRectF(left, 3.55 * size, wide, 0.4 * size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.grid))
        painter.drawRect(bar)
        if isfinite(self.reach):
            bar.setWidth(wide * min(1.0, self.reach / self.longest))
            painter.setBrush(colour)
            painter.drawRect(bar)

    def _name_font(self, size: float, wide: float) -> QFont:
        """The font in which the name fits."""
        font = sized(self.font(), size, bold=self.isChecked())
        needed = QFontMetricsF(font).horizontalAdvance(short(self.shape))
        return font if needed <= wide else sized(font, max(NAME_LEAST, size * wide / needed), bold=self.isChecked())


class ObjectiveCards(QWidget):
    """The cards beside each other, or in two rows where there is little room."""

    chosen = Signal(str)
    """Kind of the objective whose card was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, ObjectiveCard] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_frame(self, frame: "LossShapeFrame") -> None:
        """Show what reaches G, for each of the frame's objectives."""
        if [one.kind for one in frame.shapes] != list(self.cards):
            for card in self.cards.values():
                card.hide()
                card.deleteLater()
            self.cards = {shape.kind: ObjectiveCard(shape) for shape in frame.shapes}
            for kind, card in self.cards.items():
                card.setParent(self)
                card.clicked.connect(lambda _=False, kind=kind: self.chosen.emit(kind))
                card.show()
            self._arrange()
        longest = max([1.0, *(reach for reach in frame.reach if isfinite(reach))])
        for (kind, card), reach in zip(self.cards.items(), frame.reach, strict=True):
            card.show_reach(reach, longest)
            card.setChecked(kind == frame.active)

    def sizeHint(self) -> QSize:
        return QSize(520, 60)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """Cards as high as the text of a panel of this width wants."""
        count = max(1, len(self.cards))
        size = min(22.0, max(11.0, self.width() / 60))
        columns = count if self.width() / count >= 9 * size else (count + 1) // 2
        rows, high = -(-count // columns), round(4.6 * size)
        wide = (self.width() - 2 * MARGIN - GAP * (columns - 1)) / columns
        for index, card in enumerate(self.cards.values()):
            row, column = divmod(index, columns)
            card.setGeometry(round(MARGIN + column * (wide + GAP)), row * (high + GAP), round(wide), high)
        self.setFixedHeight(rows * (high + GAP) if self.cards else 0)
