"""Lines of different make through many points: solid, dashed, dotted, with gaps where there is nothing."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganstudio.ui.widgets.curve_painting import CHUNK
from ganstudio.ui.widgets.polygon import polygon


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn. ``dash`` and ``gap`` are lengths in line widths; no gap makes it solid, no dash dotted."""

    colour: str
    width: float
    dash: float = 0.0
    gap: float = 0.0


def paint_stroke(painter: QPainter, stroke: Stroke, x: np.ndarray, y: np.ndarray) -> None:
    """Draw through the places (n,), (n,) in pixels, but not where ``y`` is NaN."""
    painter.setPen(QPen(QColor(stroke.colour), stroke.width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    known = np.isfinite(y)
    turns = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
    for start, stop in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True):
        if stop - start > 1:
            _paint_run(painter, stroke, x[start:stop], y[start:stop])


def _paint_run(painter: QPainter, stroke: Stroke, x: np.ndarray, y: np.ndarray) -> None:
    if not stroke.gap:
        # In pieces: the price of smooth edges rises with the square of a line's points on a row of pixels.
        for start in range(0, len(x) - 1, CHUNK):
            painter.drawPolyline(polygon(x[start : start + CHUNK + 1], y[start : start + CHUNK + 1]))
        return
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    begins = np.arange(0.0, length[-1], (stroke.dash + stroke.gap) * stroke.width)
    if not stroke.dash:
        painter.drawPoints(polygon(np.interp(begins, length, x), np.interp(begins, length, y)))
        return
    ends = np.minimum(begins + stroke.dash * stroke.width, length[-1])
    places = [np.interp(at, length, axis).tolist() for at in (begins, ends) for axis in (x, y)]
    painter.drawLines([QLineF(*ends) for ends in zip(*places, strict=True)])
