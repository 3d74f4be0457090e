"""The parts of A − B + C: a slot with its mean, the result among its neighbours, and the same sum of images."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen

from ganstudio.latent.arithmetic import MIDDLE, SIDE, SLOTS, USUAL
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.grid_painting import draw_frame
from ganstudio.ui.widgets.sample_tiles import GAP, SampleTiles, squares

SUMS = ("●  G of the sum of z     ×  sum of the points", "● G(sum of z)  × sum of points", "● G(z)  × points")
"""What stands below the plane, from the longest to the shortest."""
HEAD, FOOT, LOW_FOOT = 28, 20, 17
"""Pixels of the words above a slot, and above its mean, or below it where it is low."""
LARGER = 1.2
"""By this factor the tiles of a slot must gain for standing two by two."""


def slot_colour(slot: int) -> str:
    """The hue of A, B or C, none of D's or G's."""
    return (colours().run_1, colours().run_2, colours().run_3)[slot]


class SlotTiles(SampleTiles):
    """The samples of one slot below each other, and below them their mean's image: the last tile.

    Where it is low, up to three samples and their mean stand in a square: they are larger so.
    """

    focused = Signal()
    """The keyboard has come here."""

    def __init__(self, slot: int):
        super().__init__(f"Samples of {SLOTS[slot]}")
        self.slot = slot
        self.filling = False
        """Whether what is picked next comes here."""
        self.removable = lambda tile: tile < self.count
        self.setToolTip(
            f"Drop samples here, or paste them (Ctrl+V); {USUAL} were used in the paper.\n"
            "Click: the next picks come here · Delete: remove · Ctrl+C: copy · E or double click: explore in Directions"
        )

    @property
    def count(self) -> int:
        """Samples, without the mean."""
        return max(0, self.total - 1)

    def fill(self, filling: bool) -> None:
        """Say whether what is picked next comes here."""
        if filling != self.filling:
            self.filling = filling
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def _side(self) -> float:
        """Of the mean's tile, and of each of three samples."""
        free = self.height() - HEAD - FOOT - USUAL * GAP - 4
        return max(8.0, min(self.width() - 10.0, free / (USUAL + 1)))

    def _square(self) -> list[QRectF]:
        """Places of three samples and the mean two by two; none where below each other they are as large."""
        side = min((self.width() - 8 - GAP) / 2, (self.height() - HEAD - LOW_FOOT - GAP - 4) / 2)
        if self.count > USUAL or side < LARGER * self._side():
            return []
        left, step = (self.width() - 2 * side - GAP) / 2, side + GAP
        return [QRectF(left + step * (tile % 2), HEAD + step * (tile // 2), side, side) for tile in range(USUAL + 1)]

    def _room(self) -> QRectF:
        """For the samples."""
        return QRectF(4, HEAD, self.width() - 8, self.height() - HEAD - FOOT - self._side() - GAP - 4)

    def places(self, count: int) -> list[QRectF]:
        if count == 0:
            return []
        samples = count - 1
        if square := self._square():
            return [*square[:samples], square[-1]]
        if samples <= USUAL:
            column = squares(self._room(), USUAL, 1)[:samples]
        else:
            column = squares(self._room(), samples)
        return [*column, self._mean_place()]

    def _mean_place(self) -> QRectF:
        if square := self._square():
            return square[-1]
        side = self._side()
        return QRectF((self.width() - side) // 2, self.height() - side - 4, side, side)

    def paint_behind(self, painter: QPainter) -> None:
        c, hue = colours(), QColor(slot_colour(self.slot))
        painter.setPen(QPen(QColor(c.accent) if self.filling else QColor(c.grid), 2 if self.filling else 1))
        painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        painter.save()
        font = painter.font()
        size = font.pointSizeF()
        font.setBold(True)
        font.setPointSizeF(1.5 * size)
        painter.setFont(font)
        painter.setPen(hue)
        head = QRectF(8, 0, self.width() - 16, HEAD)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, SLOTS[self.slot])
        font.setBold(False)
        font.setPointSizeF(size)
        painter.setFont(font)
        painter.setPen(QColor(c.muted))
        if self.count:
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{self.count}")
        mean, square = self._mean_place(), self._square()
        if square:
            foot = QRectF(0, mean.bottom(), mean.right(), LOW_FOOT)
            painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "mean")
        else:
            painter.drawText(QRectF(0, mean.top() - FOOT, self.width(), FOOT), Qt.AlignmentFlag.AlignCenter, "mean")
        painter.setPen(QPen(QColor(c.grid), 1, Qt.PenStyle.DashLine))
        places = square[:USUAL] or squares(self._room(), USUAL, 1)
        empty = places[self.count :] if self.count < USUAL else []
        for place in [*empty, *([mean] if not self.count else [])]:
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        painter.restore()


class ResultTiles(SampleTiles):
    """The result in the middle of a square, its eight neighbours about it."""

    def __init__(self) -> None:
        super().__init__("Result of A − B + C in the middle, and eight neighbours")
        self.setToolTip(
            "In the middle G(mean A − mean B + mean C); about it the same with noise on each number of z.\n"
            "Drag or Ctrl+C: take one elsewhere · E or double click: explore in Directions · 1 2 3: into A, B, C"
        )

    def places(self, count: int) -> list[QRectF]:
        return squares(QRectF(self.rect()).adjusted(3, HEAD, -3, -3), count, SIDE)

    def paint_behind(self, painter: QPainter) -> None:
        if self.total:
            draw_head(painter, self, "A − B + C", bold=True)

    def paint_tile(self, painter: QPainter, tile: int, place: QRectF) -> None:
        super().paint_tile(painter, tile, place)
        if tile == MIDDLE:
            draw_frame(painter, place, colours().accent)


class PixelTiles(SampleTiles):
    """The same sum, of the images instead of their z."""

    def __init__(self) -> None:
        super().__init__("The same sum of the images' pixels")
        self.setToolTip(
            "mean(A) − mean(B) + mean(C) of the images themselves, pixel by pixel, for contrast:\n"
            "they overlay each other like double exposures, while G makes one new image."
        )

    def places(self, count: int) -> list[QRectF]:
        return squares(QRectF(self.rect()).adjusted(3, HEAD, -3, -3), count)

    def paint_behind(self, painter: QPainter) -> None:
        if self.total:
            words = "Same sum in pixels"
            fits = painter.fontMetrics().horizontalAdvance(words) <= self.width()
            draw_head(painter, self, words if fits else "In pixels")


class PlaneTiles(SampleTiles):
    """Result and neighbours as dots in the plane of the data, or on its line, with A, B, C and the points' own sum."""

    def __init__(self) -> None:
        super().__init__("Result of A − B + C and eight neighbours, as points")
        self._points: list[np.ndarray] = [np.zeros((0, 2))] * 3
        self._sum: np.ndarray | None = None
        self._low, self._high = np.zeros(2), np.ones(2)
        self.setToolTip("Ringed: G(mean A − mean B + mean C), small dots its neighbours; ×: the same sum of the points")

    def show_points(self, slots: list[np.ndarray], square: np.ndarray, total: np.ndarray, inputs: np.ndarray) -> None:
        """Points (n, D) of the slots, (9, D) of the result's square, (D,) the sum of the points themselves."""
        self._points, self._sum = [flat(points) for points in slots], flat(total[None])[0]
        everything = np.concatenate([*self._points, flat(square), self._sum[None]])
        low, high = everything.min(0), everything.max(0)
        half = max(float((high - low).max()), 1e-3) * 0.58  # the same scale in both directions
        self._low, self._high = (low + high) / 2 - half, (low + high) / 2 + half
        self.show_samples(np.asarray(square, np.float32), inputs)

    def _at(self, point: np.ndarray) -> QPointF:
        room = self.height() - 2 * HEAD
        side = min(self.width(), room) - 12
        share = (point - self._low) / (self._high - self._low)
        left, top = (self.width() - side) / 2, HEAD + (room - side) / 2
        return QPointF(left + share[0] * side, top + (1 - share[1]) * side)

    def places(self, count: int) -> list[QRectF]:
        if self._samples is None:
            return []
        radii = [9 if tile == MIDDLE else 6 for tile in range(count)]
        centres = [self._at(point) for point in flat(self._samples)]
        found = zip(centres, radii, strict=True)
        return [QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius) for at, radius in found]

    def paint_behind(self, painter: QPainter) -> None:
        if not self.total or self._sum is None:
            return
        draw_head(painter, self, "A − B + C", bold=True)
        foot = self.rect().adjusted(0, self.height() - HEAD, 0, 0)
        painter.setPen(QColor(colours().muted))
        metrics = painter.fontMetrics()
        words = next((one for one in SUMS if metrics.horizontalAdvance(one) <= foot.width()), SUMS[-1])
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setBold(True)
        font.setPointSizeF(1.25 * font.pointSizeF())
        painter.setFont(font)
        for slot, points in enumerate(self._points):
            painter.setPen(QColor(slot_colour(slot)))
            for point in points:
                at = self._at(point)
                painter.drawText(QRectF(at.x() - 12, at.y() - 12, 24, 24), Qt.AlignmentFlag.AlignCenter, SLOTS[slot])
        painter.setPen(QPen(QColor(colours().muted), 3))
        at = self._at(self._sum)
        painter.drawLine(at - QPointF(6, 6), at + QPointF(6, 6))
        painter.drawLine(at - QPointF(6, -6), at + QPointF(6, -6))

    def paint_tile(self, painter: QPainter, tile: int, place: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().text if tile == MIDDLE else colours().surface), 2))
        painter.setBrush(QColor(colours().generator))
        painter.drawEllipse(place.adjusted(1, 1, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def flat(points: np.ndarray) -> np.ndarray:
    """(n, D) → (n, 2): the first two numbers; those of a line lie on the axis."""
    found = np.zeros((len(points), 2))
    found[:, : min(2, points.shape[1])] = points[:, :2]
    return found


def draw_head(painter: QPainter, widget: SampleTiles, words: str, *, bold: bool = False) -> None:
    """Words above the tiles."""
    painter.save()
    font = painter.font()
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(QColor(colours().text if bold else colours().muted))
    painter.drawText(QRectF(0, 0, widget.width(), HEAD), Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
