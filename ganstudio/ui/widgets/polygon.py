"""Many points at once, from NumPy to Qt."""

import numpy as np
import shiboken6
from PySide6.QtGui import QPolygonF

POINT_BYTES = 16


def polygon(x: np.ndarray, y: np.ndarray) -> QPolygonF:
    """The points (n,), (n,) as Qt likes them."""
    found = QPolygonF()
    if len(x):
        found.resize(len(x))
        (address,) = shiboken6.getCppPointer(found.data())
        places = np.frombuffer(shiboken6.VoidPtr(address, POINT_BYTES * len(x), True), np.float64)
        places[::2], places[1::2] = x, y
    return found
