"""Many points at once, from NumPy to Qt."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPolygonF

FEW_POINTS = 8


def polygon(x: np.ndarray, y: np.ndarray) -> QPolygonF:
    """The points (n,), (n,) as Qt likes them.

    A few are brought over one by one in less time. pyqtgraph takes a quarter of a second to import, which the window's
    first paint need not wait for: there is nothing to draw yet.
    """
    if len(x) <= FEW_POINTS:
        return QPolygonF([QPointF(*place) for place in zip(x.tolist(), y.tolist(), strict=True)])
    from pyqtgraph.functions import arrayToQPolygonF

    return arrayToQPolygonF(x, y)
