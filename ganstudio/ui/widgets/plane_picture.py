"""Grids of numbers over the plane as pixels in two colours, and the line along which they have one value."""

import numpy as np
from PySide6.QtGui import QColor, QImage

from ganstudio.ui.theme import Colours

SHADES = 256
UNKNOWN = SHADES
"""Index of the colour of what has no value."""
BEND = 0.85
"""Below 1 it shows small departures from the middle more clearly."""

_CORNERS = ((0, 1), (1, 2), (3, 2), (0, 3))
"""The corners that each edge of a cell joins: bottom, right, top, left; corners count from the lower left, around."""
_PLACES = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
_EDGES = np.array(
    [[e, e] for e in ((0, 0), (3, 0), (0, 1), (3, 1), (1, 2), (3, 0), (0, 2), (3, 2))]
    + [[e, e] for e in ((3, 2), (0, 2), (3, 0), (1, 2), (3, 1), (0, 1), (3, 0), (0, 0))],
    np.intp,
)
"""Which two edges the line joins, by the corners above the level (bit by bit); a saddle has two such pieces."""
_EDGES[[5, 10]] = ((3, 0), (1, 2))
_TURNED = np.array(((0, 1), (3, 2)), np.intp)
"""In a saddle, when the middle goes with the corners 1 and 3 above the level, or below with 0 and 2."""


def ramp(c: Colours, middle: str, strength: float) -> np.ndarray:
    """(SHADES + 1,) uint32 pixels from fake over the ``middle``'s colour to real, and then ``UNKNOWN``'s.

    ``strength`` is the share of the full hue at both ends, 0…1.
    """
    ground, real, fake = (np.array(QColor(one).getRgb()[:3], np.float64) for one in (middle, c.real, c.fake))
    place = np.linspace(-1, 1, SHADES)[:, None]
    amount = np.abs(place) ** BEND * strength
    rgb = ground * (1 - amount) + np.where(place > 0, real, fake) * amount
    rgb = np.vstack([rgb, QColor(c.surface_raised).getRgb()[:3]])
    red, green, blue = np.rint(rgb).astype(np.uint32).T
    return 0xFF000000 | red << 16 | green << 8 | blue


def shade(values: np.ndarray, level: float, span: float) -> np.ndarray:
    """Which shade each value has, float32: 0 at ``level`` − ``span``, the last at ``level`` + ``span``; NaN stays."""
    share = (np.asarray(values, np.float32) - np.float32(level - span)) * np.float32((SHADES - 1) / (2 * span))
    return np.clip(share, 0, SHADES - 1)


def coloured(grid: np.ndarray, across: np.ndarray, up: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """(H, W) uint32 pixels of a grid of shades, by linear interpolation between the middles of its cells.

    ``across`` (W,) and ``up`` (H,) are places in cells, counted from the grid's lower left corner; beyond the outermost
    middles nothing changes any more. ``colours`` is a ``ramp``. A cell that is NaN has its own colour all over.
    """
    known = np.isfinite(grid)
    whole = bool(known.all())
    if not whole:
        grid = _filled(grid, known)
    low, high, share = _between(up, len(grid))
    tall = grid[low]
    tall += share[:, None] * (grid[high] - tall)
    left, right, part = _between(across, grid.shape[1])
    wide = tall.take(left, 1)
    rise = tall.take(right, 1)
    rise -= wide
    rise *= part
    wide += rise
    wide += np.float32(0.5)
    pixels = colours.take(wide.astype(np.uint8))
    if not whole:
        nearest = np.ix_(_nearest(up, len(grid)), _nearest(across, grid.shape[1]))
        pixels[~known[nearest]] = colours[UNKNOWN]
    return pixels


def _filled(grid: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Unknown cells with the mean of their known neighbours: what stands beside them is not darkened by them."""
    total, count = (np.pad(one, 1) for one in (np.where(known, grid, 0), known.astype(np.float32)))
    shifts = [(y, x) for y in (0, 1, 2) for x in (0, 1, 2)]
    height, width = grid.shape
    total, count = (sum(one[y : y + height, x : x + width] for y, x in shifts) for one in (total, count))
    return np.where(known, grid, total / np.maximum(count, 1)).astype(np.float32)


def _nearest(places: np.ndarray, count: int) -> np.ndarray:
    return np.clip(places, 0, count - 1).astype(np.intp)


def _between(places: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The middles on both sides of each place, and how far it lies towards the second."""
    place = np.clip(places - 0.5, 0, count - 1)
    low = np.minimum(place.astype(np.intp), max(0, count - 2))
    return low, np.minimum(low + 1, count - 1), (place - low).astype(np.float32)


def image(pixels: np.ndarray) -> QImage:
    """(H, W) uint32 pixels as a picture, the first row on top. It reads the array's memory: keep both together."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _quadruples(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The four corners of each cell between the middles, from the lower left one around."""
    return grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]


def contour(grid: np.ndarray, level: float) -> np.ndarray:
    """(N, 4) float64: x, y of both ends of each straight piece of the line where a grid has the value ``level``.

    Marching squares between the middles of the cells; places in cells, as for ``coloured``. Nothing where a corner is
    NaN.
    """
    above, known = grid > level, np.isfinite(grid)
    code = sum(one * weight for one, weight in zip(_quadruples(above.view(np.uint8)), (1, 2, 4, 8), strict=True))
    crossed = (code > 0) & (code < 15)
    if not known.all():
        crossed &= np.logical_and.reduce(_quadruples(known))
    y, x = np.nonzero(crossed)
    corners, code = np.stack([one[y, x] for one in _quadruples(grid)], -1).astype(np.float64), code[y, x]
    first, second = (list(one) for one in zip(*_CORNERS, strict=True))
    start, end = corners[:, first], corners[:, second]
    with np.errstate(divide="ignore", invalid="ignore"):  # on edges that the line does not cross
        share = ((level - start) / (end - start))[..., None]
        places = _PLACES[first] + share * (_PLACES[second] - _PLACES[first]) + np.stack([x, y], 1)[:, None] + 0.5
    saddle = (code == 5) | (code == 10)
    turned = saddle & ((corners.mean(1) > level) == (code == 5))
    edges = _EDGES[code]
    edges[turned] = _TURNED
    rows = np.arange(len(code))[:, None]
    pieces = np.concatenate([places[rows, edges[:, 0]], places[rows, edges[:, 1]][saddle]])
    return pieces.reshape(-1, 4)
