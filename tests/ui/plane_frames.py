"""Planes to be shown, and a wheel over them."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from ganstudio.probes.manifold import Manifold, areas
from ganstudio.probes.plane import Plane
from ganstudio.ui.panels.plane import PlanePanel

EXTENT = ((-2.0, 2.0), (-2.0, 2.0))
CELLS = 40


def made(**changes) -> Plane:
    """Real on the right, generated on the left of the plane; D follows x."""
    random = np.random.default_rng(1)
    at = (np.arange(CELLS) + 0.5) / CELLS * 4 - 2
    heat = np.tile(1 / (1 + np.exp(-2 * at)), (CELLS, 1)).astype(np.float32)
    real = random.normal((1, 0.5), 0.1, (200, 2)).astype(np.float32)
    fake = random.normal((-1, -0.5), 0.2, (200, 2)).astype(np.float32)
    ticks = np.linspace(-1, 1, 9, dtype=np.float32)
    vertices = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), -1)
    fields = {
        "extent": EXTENT,
        "noise": 2,
        "probability": True,
        "level": 0.5,
        "span": 0.5,
        "real": real,
        "generated": fake,
        "scores": (1 / (1 + np.exp(-2 * fake[:, 0]))).astype(np.float32),
        "heat": heat,
        "optimal": None,
        "density": None,
        "manifold": Manifold(vertices, (1 / 64 / areas(vertices)).astype(np.float32), 1 / 64),
        "arrows": np.stack([fake[:50], np.tile(np.float32([1.0, 0.0]), (50, 1))], 1),
    }
    return Plane(**fields | changes)


def wheel(panel: PlanePanel, place: QPointF, notches: int) -> None:
    view = panel.view
    event = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    view.wheelEvent(event)
