"""How one picture of the table of neighbours is drawn."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from ganstudio.ui.theme import colours

TOP = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
FRAME = 3
USUAL_SIDE, LARGEST = 64.0, 1.35
"""Captions grow with their pictures: from the usual size at this side, up to so many times it."""


def caption_font(font: QFont, side: float) -> QFont:
    """The font of a caption below a picture of this side."""
    found = QFont(font)
    found.setPointSizeF(font.pointSizeF() * min(LARGEST, max(1.0, side / USUAL_SIDE)))
    return found


def draw_head(painter: QPainter, rect: QRectF, alternatives: Sequence[str]) -> None:
    """A group's title in bold: the first of the alternatives that fits."""
    font = QFont(painter.font())
    font.setBold(True)
    metrics = QFontMetricsF(font)
    words = next((one for one in alternatives if metrics.horizontalAdvance(one) <= rect.width()), alternatives[-1])
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(colours().text))
    painter.drawText(
        rect,
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width()),
    )
    painter.restore()


def draw_image(painter: QPainter, rect: QRectF, picture: QImage, frame: str = "") -> None:
    """A picture as large as fits, its pixels as squares; ``frame`` is the colour of a frame around it."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.width() > rect.width())
    size = picture.size().scaled(rect.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(rect.center())
    painter.drawImage(target, picture)
    if frame:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(frame), FRAME))
        painter.drawRect(target.adjusted(1, 1, -1, -1))


def draw_caption(painter: QPainter, rect: QRectF, lines: Sequence[tuple[str, str]]) -> None:
    """Lines below a picture, each (words, colour)."""
    metrics = painter.fontMetrics()
    below = rect.adjusted(0, 2, 0, 0)
    for words, colour in lines:
        painter.setPen(QColor(colour))
        painter.drawText(below, TOP, metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(below.width())))
        below.translate(0, metrics.height())
