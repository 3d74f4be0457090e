"""How close inversion has come: the figure in large type, and its course as a sparkline."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.inversion import psnr
from ganstudio.ui.theme import colours

LARGE = 2.3
"""Size of the figure, relative to the widget's font."""
MOST = 99.9
"""dB that stand for no error at all."""


class InversionReadOut(QWidget):
    """``26.3 dB`` over words, beside the course of the best error since the search began. Hidden before."""

    def __init__(self) -> None:
        super().__init__()
        self.figure = self.words = ""
        self.course: list[tuple[float, float]] = []
        """(seconds, dB) of the line."""
        self.setAccessibleName("How close the projection is")
        self.set_tall(False)
        self.hide()

    def set_tall(self, tall: bool) -> None:
        """Whether it has the room of a picture, with the course below the figure."""
        policy = QSizePolicy.Policy.Expanding if tall else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, policy)

    def show_course(self, figure: str, words: str, errors: tuple[tuple[float, float], ...]) -> None:
        """A figure, with further words, and (seconds, best mean squared error) since the search began."""
        self.figure, self.words = figure, words
        self.course = [(at, min(psnr(error), MOST)) for at, error in errors]
        self.setAccessibleDescription(f"{figure}, {words}" if figure else "")
        if self.course:
            first, last = self.course[0], self.course[-1]
            self.setToolTip(
                f"The best so far: from {first[1]:.1f} to {last[1]:.1f} dB in {last[0]:.1f} s of search.\n"
                "z is as long as those that the prior draws at 1 σ: the root mean square of its numbers."
            )
        self.setVisible(bool(figure))
        self.update()

    def clear(self) -> None:
        """Nothing has been found yet."""
        self.show_course("", "", ())

    def sizeHint(self) -> QSize:
        return QSize(420, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._height())

    def _height(self) -> int:
        return round(self.fontMetrics().height() * (LARGE + 1.3))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.figure:
            return
        painter, c = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        font = painter.font()
        size = font.pointSizeF()
        font.setPointSizeF(size * LARGE)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(c.text))
        head = QRectF(4, 0, self.width(), LARGE * line)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.figure)
        taken = painter.fontMetrics().horizontalAdvance(self.figure)
        font.setPointSizeF(size)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(c.muted))
        tall = self.height() > 2 * self._height()
        below = QRectF(4, LARGE * line, self.width() - 8, (3.9 if tall else 1.3) * line)
        if tall:
            top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(below, top, self.words)
            room = QRectF(
                8, below.bottom() + line, self.width() - 20, min(160, self.height() - below.bottom() - 2 * line)
            )
        else:
            words = painter.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, round(below.width()))
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            room = QRectF(taken + 28, 6, min(240, self.width() - taken - 44), LARGE * line - 12)
        self._draw_course(painter, room)

    def _draw_course(self, painter: QPainter, room: QRectF) -> None:
        if len(self.course) < 2 or room.width() < 40 or room.height() < 10:
            return
        c = colours()
        end, low, high = self.course[-1][0], self.course[0][1], self.course[-1][1]
        points = []
        before = None
        for at, height in self.course:
            x = room.left() + room.width() * at / max(end, 1e-6)
            y = room.bottom() - room.height() * (height - low) / max(high - low, 1e-6)
            if before is not None:
                points.append(QPointF(x, before))  # the best stays until there is a better one
            points.append(QPointF(x, y))
            before = y
        painter.setPen(QPen(QColor(c.generator), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.generator))
        painter.drawEllipse(points[-1], 3.5, 3.5)
