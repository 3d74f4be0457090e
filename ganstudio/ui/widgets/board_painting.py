"""How the nodes and arrows of the game board are drawn."""

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.grid_painting import draw_picture

if TYPE_CHECKING:
    from ganstudio.probes.board import BoardFrame
    from ganstudio.probes.tiles import Tiles
    from ganstudio.ui.widgets.board_layout import Layout

FAINT = 0.3
"""Opacity of what has no part in the stage that is shown."""
ROOMY = 7.0
"""Height in units from which a node has room for a line below its letter."""
Z_ROWS = 12
"""Numbers of z that are shown; the others look alike."""
BINS = 48
ROOM_ABOVE = 1.6
"""Height of a small density picture, in heights of the real density: G's may be steeper."""


def player_colour(which: str) -> QColor:
    """The colour of what concerns D, G, or real and generated samples."""
    c = colours()
    own = {"D": c.discriminator, "J_D": c.discriminator, "G": c.generator, "J_G": c.generator}
    own |= {"x": c.real, "score_real": c.real, "fake": c.fake, "score_fake": c.fake}
    return QColor(own.get(which, c.muted))


def draw_way(painter: QPainter, path: QPainterPath, colour: QColor, width: float, *, back: bool) -> None:
    """An arrow along a path; ``back``: dashed, as gradients flow."""
    length = path.length()
    if length < 1:
        return
    end, angle = path.pointAtPercent(1), path.angleAtPercent(1)
    head = min(3.2 * width + 3, 0.6 * length)
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if back:
        pen.setDashPattern([2.4, 1.6])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.save()
    painter.translate(end)
    painter.rotate(-angle)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(1, 0), QPointF(-head, head * 0.55), QPointF(-head, -head * 0.55)]))
    painter.restore()


def draw_box(painter: QPainter, rect: QRectF, colour: QColor, unit: float, *, lit: bool) -> None:
    """The outline of a node."""
    painter.setPen(QPen(colour, unit * (0.22 if lit else 0.11)))
    painter.setBrush(QColor(colours().surface_raised))
    painter.drawRoundedRect(rect, 0.35 * unit, 0.35 * unit)


def draw_player(
    painter: QPainter, place: "Layout", which: str, font: QFont, note: str, *, lit: bool, frozen: bool
) -> None:
    """G or D: a trapezium with its letter; frozen weights wear a lock."""
    colour, rect, unit = player_colour(which), place.nodes[which], place.unit
    ground = QColor(colour)
    ground.setAlphaF(0.34 if lit and not frozen else 0.16)
    painter.setPen(
        QPen(colour, unit * (0.22 if lit else 0.13), Qt.PenStyle.DashLine if frozen else Qt.PenStyle.SolidLine)
    )
    painter.setBrush(QColor(colours().surface))
    painter.drawPolygon(place.shapes[which])
    painter.setBrush(ground)
    painter.drawPolygon(place.shapes[which])
    painter.setPen(QColor(colours().text))
    letter = sized(font, min(2.3 * unit, 0.5 * rect.width()), bold=True)
    painter.setFont(letter)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, which)
    if not frozen and rect.height() < ROOMY * unit:
        return
    painter.setFont(sized(font, 0.82 * unit))
    under = QRectF(rect.left(), rect.center().y() + 0.62 * letter.pixelSize(), rect.width(), 1.2 * unit)
    painter.drawText(under, Qt.AlignmentFlag.AlignCenter, "frozen" if frozen else note)
    if frozen and rect.height() >= ROOMY * unit + 2 * letter.pixelSize():
        _draw_lock(painter, QPointF(rect.center().x(), under.bottom() + 0.85 * unit), unit)


def _draw_lock(painter: QPainter, centre: QPointF, unit: float) -> None:
    body = QRectF(centre.x() - 0.45 * unit, centre.y() - 0.15 * unit, 0.9 * unit, 0.7 * unit)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours().text), 0.14 * unit))
    painter.drawArc(QRectF(centre.x() - 0.27 * unit, body.top() - 0.45 * unit, 0.54 * unit, 0.9 * unit), 0, 180 * 16)
    painter.setBrush(QColor(colours().text))
    painter.drawRoundedRect(body, 0.1 * unit, 0.1 * unit)


def draw_z(painter: QPainter, rect: QRectF, z: np.ndarray) -> None:
    """Each column is one z, each row one of its numbers: orange above 0, blue below."""
    shown = z[:, :Z_ROWS].T
    if not shown.size:
        return
    c = colours()
    low, middle, high = (np.array(QColor(name).getRgb()[:3], float) for name in (c.real, c.surface, c.fake))
    share = np.clip(shown / 2.5, -1, 1)[..., None]
    mixed = np.where(share < 0, middle + (low - middle) * -share, middle + (high - middle) * share)
    pixels = np.ascontiguousarray(np.pad(mixed.round().astype(np.uint8), ((0, 0), (0, 0), (0, 1)), constant_values=255))
    height, width = shown.shape
    painter.drawImage(rect, QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBX8888))


def tiles_target(rect: QRectF, tiles: "Tiles") -> QRectF:
    """Where ``draw_tiles`` draws them."""
    height, width, _ = tiles.picture.shape
    scale = min(rect.width() / width, rect.height() / height)
    target = QRectF(0, 0, width * scale, height * scale)
    target.moveCenter(rect.center())
    return target


def draw_tiles(painter: QPainter, rect: QRectF, tiles: "Tiles") -> None:
    """Thumbnails, as large as fit."""
    height, width, _ = tiles.picture.shape
    image = QImage(tiles.picture.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    target = tiles_target(rect, tiles)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setClipRect(target)
    draw_picture(painter, tiles, image, target.toAlignedRect().toRectF())
    painter.restore()


def draw_points(painter: QPainter, rect: QRectF, points: np.ndarray, frame: "BoardFrame", colour: QColor) -> None:
    """A small picture of points: a density in one dimension, a scatter in two."""
    painter.save()
    painter.setClipRect(rect)
    if points.shape[1] == 1:
        _draw_hill(painter, rect, points, frame, colour, filled=True)
    else:
        _draw_dots(painter, rect, points, frame, colour)
    painter.restore()


def draw_ghost(painter: QPainter, rect: QRectF, points: np.ndarray, frame: "BoardFrame") -> None:
    """The real points, faintly: what the generated ones should be like."""
    colour = player_colour("x")
    painter.save()
    painter.setClipRect(rect)
    if points.shape[1] == 1:
        _draw_hill(painter, rect, points, frame, colour, filled=False)
    else:
        colour.setAlphaF(0.4)
        _draw_dots(painter, rect, points, frame, colour)
    painter.restore()


def _shares(points: np.ndarray, frame: "BoardFrame") -> np.ndarray:
    """A smoothed histogram of numbers over the frame's extent."""
    counts, _ = np.histogram(points[:, 0], BINS, frame.extent[0])
    return np.convolve(counts, (0.06, 0.24, 0.4, 0.24, 0.06), "same")


def _draw_hill(
    painter: QPainter, rect: QRectF, points: np.ndarray, frame: "BoardFrame", colour: QColor, *, filled: bool
) -> None:
    """A density, on one scale for both sides; what is taller is cut off."""
    tallest = max(1.0, float(_shares(frame.real_points, frame).max())) * ROOM_ABOVE
    heights = np.minimum(1.0, _shares(points, frame) / tallest)
    x = rect.left() + (np.arange(BINS) + 0.5) / BINS * rect.width()
    y = rect.bottom() - 2 - heights * (rect.height() - 6)
    line = QPolygonF([QPointF(*at) for at in zip(x.tolist(), y.tolist(), strict=True)])
    if filled:
        filling = QColor(colour)
        filling.setAlphaF(0.3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(filling)
        painter.drawPolygon(QPolygonF([*line, QPointF(x[-1], rect.bottom()), QPointF(x[0], rect.bottom())]))
    width = max(1.5, rect.height() / 50)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine if filled else Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(line)


def _draw_dots(painter: QPainter, rect: QRectF, points: np.ndarray, frame: "BoardFrame", colour: QColor) -> None:
    """A scatter in the middle of the room, in the data's own proportions."""
    (left, right), (low, high) = frame.extent
    scale = min(rect.width() / (right - left), rect.height() / (high - low))
    x = rect.center().x() + (points[:, 0] - (left + right) / 2) * scale
    y = rect.center().y() - (points[:, 1] - (low + high) / 2) * scale
    seen = np.isfinite(x) & np.isfinite(y)
    places = zip(x[seen].clip(-1e5, 1e5).tolist(), y[seen].clip(-1e5, 1e5).tolist(), strict=True)
    pen = QPen(colour, max(1.5, rect.height() / 45))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(QPolygonF([QPointF(*at) for at in places]))


def draw_scores(painter: QPainter, rect: QRectF, scores: np.ndarray, frame: "BoardFrame", colour: QColor) -> None:
    """The samples' scores as marks on a line: from 0 to 1, or over both sides' range where D is a critic."""
    both = np.concatenate([frame.real_scores, frame.fake_scores])
    both = both[np.isfinite(both)]
    low, high = (0.0, 1.0) if frame.probability or not both.size else (float(both.min()), float(both.max()))
    radius = min(0.5 * rect.height(), 0.045 * rect.width())
    line = rect.adjusted(radius, 0, -radius, 0)
    painter.setPen(QPen(QColor(colours().muted), 1.5))
    painter.drawLine(QPointF(line.left(), rect.center().y()), QPointF(line.right(), rect.center().y()))
    if frame.probability:
        painter.drawLine(rect.center() - QPointF(0, radius), rect.center() + QPointF(0, radius))
    painter.setPen(QPen(QColor(colours().surface_raised), 1))
    painter.setBrush(colour)
    for score in scores[np.isfinite(scores)].tolist():
        share = (score - low) / (high - low) if high > low else 0.5
        painter.drawEllipse(QPointF(line.left() + share * line.width(), rect.center().y()), radius, radius)


def draw_fitting(painter: QPainter, rect: QRectF, text: str, font: QFont, align: Qt.AlignmentFlag) -> None:
    """Symbols in one line, made smaller until they fit."""
    wide = symbols.width(font, text)
    if wide > rect.width():
        font = sized(font, font.pixelSize() * rect.width() / wide, bold=font.bold())
        wide = symbols.width(font, text)
    metrics = QFontMetricsF(font)
    spare = max(0.0, rect.width() - wide)
    left = rect.left() + (spare / 2 if align == Qt.AlignmentFlag.AlignHCenter else 0)
    baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
    symbols.paint(painter, font, QPointF(left, baseline), text)


def words_of(value: float) -> str:
    """A number in three digits; a dash where there is none."""
    if not isfinite(value):
        return "–"
    return (f"{value:.3f}" if abs(value) < 10 else f"{value:.4g}").replace("-", "−")
