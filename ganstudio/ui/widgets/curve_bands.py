"""The bands of curves, from least to greatest: filled by columns of pixels on the screen, as polygons in files."""

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from ganstudio.ui.widgets.curve_painting import Paper, Trace, runs
from ganstudio.ui.widgets.polygon import polygon

ALPHA = 70
"""Opacity, of 255."""
FEW_COLUMNS = 24
"""Up to which a band is painted column by column; a mask is cheaper beyond."""


def tone(colour: str | QColor) -> QColor:
    """What a band is filled with."""
    found = QColor(colour)
    found.setAlpha(ALPHA)
    return found


def paint_bands(painter: QPainter, at: Paper, trace: Trace, tones: list[QColor], ratio: float) -> None:
    """Fill between the edges, pixel column by pixel column, from the first bucket's middle up to the last's.

    ``ratio`` is the number of device pixels a pixel. The column of the last middle is left to whoever goes on there.
    """
    if len(trace.across) < 2:
        return
    across = trace.across * ratio
    first = max(round(float(across[0])), round(at.plot.left() * ratio))
    last = min(round(float(across[-1])), round(at.plot.right() * ratio))
    if last <= first:
        return
    limits = (int(at.plot.top() * ratio), int(at.plot.bottom() * ratio))
    # From a column's left side to its right side, so that a band without height is a line without gaps.
    top, bottom = _between(across, trace.edges[:2], np.arange(first, last + 1)) * ratio
    top, bottom = np.fmin(top[:, :-1], top[:, 1:]), np.fmax(bottom[:, :-1], bottom[:, 1:])
    seen = np.isfinite(top + bottom)
    top = np.maximum(np.where(seen, np.floor(top), limits[1]), limits[0]).astype(np.int16)
    bottom = np.minimum(np.where(seen, np.ceil(bottom), limits[0]), limits[1]).astype(np.int16)
    if last - first <= FEW_COLUMNS:
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        for uppers, lowers, one in zip(top.tolist(), bottom.tolist(), tones, strict=True):
            for column, (upper, lower) in enumerate(zip(uppers, lowers, strict=True), first):
                if lower > upper:
                    painter.fillRect(column, upper, 1, lower - upper, one)
        painter.restore()
        return
    for uppers, lowers, one in zip(top, bottom, tones, strict=True):
        upper, lower = int(uppers.min()), int(lowers.max())
        if lower > upper:
            mask = _mask(uppers - upper, lowers - upper, one, ratio)
            painter.drawImage(QPointF(first / ratio, upper / ratio), mask)


def _between(places: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """``np.interp`` for many (…, n) values over the same n ≥ 2 places at once: (…, wanted)."""
    after = places.searchsorted(wanted, "right")
    after = np.minimum(np.maximum(after, 1), len(places) - 1)
    start, low, high = places[after - 1], values[..., after - 1], values[..., after]
    way = wanted - start
    found = (high - low) / (places[after] - start) * way + low
    # On a place, and beyond the last, nothing of its neighbour counts: that may be unknown.
    found = np.where(way <= 0, low, found)
    return np.where(wanted >= places[-1], values[..., -1:], found)


def _mask(top: np.ndarray, bottom: np.ndarray, colour: QColor, ratio: float) -> QImage:
    """An image whose columns are filled from ``top`` to ``bottom``."""
    rows = np.arange(bottom.max(), dtype=np.int16)[:, None]
    filled = np.zeros((len(rows), -(-len(top) // 4) * 4), np.uint8)
    filled[:, : len(top)] = (rows >= top) & (rows < bottom)
    image = QImage(filled.data, len(top), len(rows), filled.shape[1], QImage.Format.Format_Indexed8).copy()
    image.setColorTable([0, colour.rgba()])
    image.setDevicePixelRatio(ratio)
    return image


def paint_band_outlines(painter: QPainter, trace: Trace, tones: list[QColor]) -> None:
    """The same as polygons: dearer, but sharp at any size (for files)."""
    painter.setPen(Qt.PenStyle.NoPen)
    for top, bottom, one in zip(*trace.edges[:2], tones, strict=True):
        painter.setBrush(one)
        for run in runs(np.isfinite(top) & np.isfinite(bottom)):
            x = np.concatenate([trace.across[run], trace.across[run][::-1]])
            painter.drawPolygon(polygon(x, np.concatenate([top[run], bottom[run][::-1]])))
    painter.setBrush(Qt.BrushStyle.NoBrush)
