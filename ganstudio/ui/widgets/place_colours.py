"""Colours that tell places apart: round about the origin by hue, grey there and full at the edge. No Qt."""

import numpy as np

GREY, FULL = 0.5, 0.45
"""Of the range of each of red, green and blue: what the origin has, and how far the edge is from that."""


def place_colours(points: np.ndarray, reach: float) -> np.ndarray:
    """Points (N, D) of the plane or of the line → (N, 3) uint8, full where they lie ``reach`` or more from the origin.

    Each of red, green and blue is GREY + FULL · r · cos(φ − its third of a turn), with the polar coordinates r, φ.
    """
    x, y = np.nan_to_num(points[:, 0] / reach), np.zeros(len(points))
    if points.shape[1] > 1:
        y = np.nan_to_num(points[:, 1] / reach)
    far, angle = np.minimum(1, np.hypot(x, y))[:, None], np.arctan2(y, x)[:, None]
    return np.rint(255 * (GREY + FULL * far * np.cos(angle - np.arange(3) * 2 * np.pi / 3))).astype(np.uint8)
