"""How an image grid is drawn: the picture, the gaps between tiles, markers, and the caption of one tile."""

from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ganstudio.ui.theme import colours

if TYPE_CHECKING:
    from ganstudio.probes.tiles import Tiles

VEIL = 90
"""Opacity, of 255, over what is about to take samples."""
PEN = 3
"""Width of the frame around a marked tile."""


def tile_rect(tiles: "Tiles", target: QRectF, tile: int) -> QRectF:
    """Where a tile stands when the whole picture fills ``target``."""
    scale = target.width() / tiles.picture.shape[1]
    row, column = divmod(tile, tiles.columns)
    left = target.left() + column * (tiles.width + tiles.gap) * scale
    top = target.top() + row * (tiles.height + tiles.gap) * scale
    return QRectF(left, top, tiles.width * scale, tiles.height * scale)


def tile_at(tiles: "Tiles", target: QRectF, point: QPointF) -> int:
    """The tile under a point; −1 beside the tiles. A gap belongs to the tile before it."""
    if not target.contains(point):
        return -1
    scale = target.width() / tiles.picture.shape[1]
    column = int((point.x() - target.left()) / scale) // (tiles.width + tiles.gap)
    row = int((point.y() - target.top()) / scale) // (tiles.height + tiles.gap)
    tile = row * tiles.columns + column
    return tile if column < tiles.columns and tile < tiles.count else -1


def draw_picture(painter: QPainter, tiles: "Tiles", image: QImage, target: QRectF) -> None:
    """The picture without smoothing; gaps and cells without a tile take the colour behind it."""
    painter.drawImage(target, image)
    fill = _beside(
        tiles.count, tiles.columns, (tiles.width, tiles.height), tiles.gap,
        (image.width(), image.height()), target.getRect(),
    )  # fmt: skip
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours().surface))
    painter.drawRects(shiboken6.wrapInstance(fill.ctypes.data, QRectF), len(fill))
    painter.setBrush(Qt.BrushStyle.NoBrush)


@lru_cache(maxsize=32)
def _beside(
    count: int,
    columns: int,
    tile: tuple[int, int],
    gap: int,
    picture: tuple[int, int],
    target: tuple[float, float, float, float],
) -> np.ndarray:
    """(N, 4): left, top, width, height of what is no tile, where the whole picture fills ``target``."""
    left, top, width, height = target
    scale = width / picture[0]
    rows = -(-(picture[1] + gap) // (tile[1] + gap))
    found = []
    # Outwards to whole pixels, so that no sliver of the black gap is left at its edges.
    for column in range(1, columns):
        start = left + (column * (tile[0] + gap) - gap) * scale
        found.append((floor(start), top, ceil(start + gap * scale) - floor(start), height))
    for row in range(1, rows):
        start = top + (row * (tile[1] + gap) - gap) * scale
        found.append((left, floor(start), width, ceil(start + gap * scale) - floor(start)))
    for cell in range(count, rows * columns):
        row, column = divmod(cell, columns)
        x, y = left + column * (tile[0] + gap) * scale, top + row * (tile[1] + gap) * scale
        found.append((x - 1, y - 1, tile[0] * scale + 2, tile[1] * scale + 2))
    return np.array(found, np.float64).reshape(-1, 4)


def draw_frame(painter: QPainter, rect: QRectF, colour: str = "#ffffff", *, dashed: bool = False) -> None:
    """A frame around a tile, on a dark line so that it shows on any picture in either theme."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0), PEN + 2))
    painter.drawRect(rect)
    pen = QPen(QColor(colour), PEN)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRect(rect)


def draw_veil(painter: QPainter, rect: QRectF) -> None:
    """Over what is about to take samples."""
    veil = QColor(colours().accent)
    veil.setAlpha(VEIL)
    painter.fillRect(rect, veil)


def draw_pin(painter: QPainter, rect: QRectF) -> None:
    """The marker of a pinned tile: a frame and a round head in its upper right corner."""
    draw_frame(painter, rect, colours().accent)
    radius = min(8.0, max(4.0, rect.width() / 9))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#ffffff"), 1.5))
    painter.setBrush(QColor(colours().accent))
    painter.drawEllipse(rect.topRight() + QPointF(-radius, radius), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_caption(painter: QPainter, tile: QRectF, text: str, room: QRect) -> None:
    """Words on a chip just below a tile, or above it where there is no room."""
    if not text:
        return
    font = painter.font()
    font.setPointSizeF(font.pointSizeF() * 1.15)
    font.setBold(True)
    painter.setFont(font)
    words = painter.fontMetrics().boundingRect(text)
    chip = QRectF(0, 0, words.width() + 20, words.height() + 10)
    chip.moveCenter(QPointF(tile.center().x(), tile.bottom() + chip.height() / 2 + 5))
    if chip.bottom() > room.bottom():
        chip.moveBottom(tile.top() - 5)
    chip.moveLeft(max(room.left() + 4.0, min(chip.left(), room.right() - chip.width() - 4)))
    chip.moveTop(max(room.top() + 4.0, min(chip.top(), room.bottom() - chip.height() - 4)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours().grid), 1))
    painter.setBrush(QColor(colours().surface_raised))
    painter.drawRoundedRect(chip, 5, 5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QColor(colours().text))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
