"""The verdict of a duel as a table: a value on either side of each name, the better one in its side's colour."""

from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.metrics.duel_verdict import Row, Verdict
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.curves import digits
from ganstudio.ui.widgets.duel_history import LEFT, RIGHT

NAMES = 0.36
"""Width of the column of names, as a share."""
TINT = 52
"""Opacity of a side's colour behind its better value, of 255."""
MOST_LINE, LEAST_LINE = 52.0, 18.0
"""Pixels of a line."""


class VerdictTable(QWidget):
    """Reads like a tale of the tape. Pointing at a line says what it means."""

    def __init__(self) -> None:
        super().__init__()
        self.verdict: Verdict | None = None
        self.setAccessibleName("The verdict")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show another verdict."""
        if verdict != self.verdict:
            self.verdict = verdict
            said = "; ".join(f"{row.label}: {words(row, row.left)}, {words(row, row.right)}" for row in verdict.rows)
            self.setAccessibleDescription(f"{verdict.sentence} {said}")
            self.update()

    def line(self, index: int) -> QRectF:
        """Where a row of the table stands."""
        count = len(self.verdict.rows) if self.verdict is not None else 1
        height = min(MOST_LINE, max(LEAST_LINE, (self.height() - 8) / count))
        top = max(0.0, (self.height() - count * height) / 2)
        return QRectF(0, top + index * height, self.width(), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        painter.fillRect(self.rect(), QColor(c.surface))
        if self.verdict is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, row in enumerate(self.verdict.rows):
            self._paint_row(painter, self.line(index), row, last=index == len(self.verdict.rows) - 1)

    def _paint_row(self, painter: QPainter, box: QRectF, row: Row, last: bool) -> None:
        c, names = colours(), NAMES * box.width()
        side = (box.width() - names) / 2
        size = min(0.56 * box.height(), box.width() / 22)
        if not last:
            painter.setPen(QColor(c.grid))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(QColor(c.muted))
        painter.setFont(sized(self.font(), 0.86 * size))
        middle = QRectF(box.left() + side, box.top(), names, box.height())
        font, metrics = painter.font(), painter.fontMetrics()
        foot = middle.center().y() + (metrics.ascent() - metrics.descent()) / 2
        left = middle.center().x() - symbols.width(font, row.label) / 2
        symbols.paint(painter, font, QPointF(left, foot), row.label)
        for name, value, hue, left in (
            ("left", row.left, LEFT, box.left()),
            ("right", row.right, RIGHT, middle.right()),
        ):
            cell = QRectF(left, box.top(), side, box.height())
            better = row.better == name
            said = words(row, value)
            painter.setFont(sized(self.font(), size, bold=better))
            if better:
                tint = QColor(getattr(c, hue))
                tint.setAlpha(TINT)
                wide = painter.fontMetrics().horizontalAdvance(said) + 1.6 * size
                pill = QRectF(0, 0, min(wide, cell.width() - 8), 0.86 * box.height())
                pill.moveCenter(cell.center())
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tint)
                painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            painter.setPen(QColor(getattr(c, hue) if better else c.text))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, said)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self.verdict is not None:
            for index, row in enumerate(self.verdict.rows):
                if self.line(index).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), f"{row.label}: {row.tip}.", self)
                    return True
            QToolTip.hideText()
        return super().event(event)


def words(row: Row, value: float) -> str:
    """A value as its row writes it."""
    if not isfinite(value):
        return "–"
    if row.form == "count":
        return f"{value:,.0f}"
    return f"{value:.0%}" if row.form == "share" else digits(value, 3)
