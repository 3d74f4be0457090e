"""Histories to plot, and what a plot of them shows."""

import numpy as np
from PySide6.QtGui import QImage

from ganstudio.training.history import History
from ganstudio.ui.widgets.curve_model import Curve
from ganstudio.ui.widgets.curves import CurvePlot

NAMES = ("loss.discriminator", "loss.generator", "value")
CURVES = (
    Curve(NAMES[0], "J_D", "discriminator", "D's loss."),
    Curve(NAMES[1], "J_G", "generator", "G's loss."),
    Curve(NAMES[2], "V(G, D)", "value", "V."),
)


def rows(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    d, g = 0.8 + 0.2 * rng.normal(size=count), 2 + 0.3 * rng.normal(size=count)
    return np.stack([np.abs(d), np.abs(g), -np.abs(d)], axis=1).astype(np.float32)


def filled(count: int) -> History:
    history = History(NAMES)
    for start in range(0, count, 100_000):
        history.append(rows(min(100_000, count - start), start))
    return history


def picture(plot: CurvePlot) -> np.ndarray:
    """(height, width, 3) what the widget shows."""
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return pixels[:, : image.width(), :3].astype(int)


def painted(plot: CurvePlot, index: int) -> np.ndarray:
    """Which pixels carry a curve's colour."""
    from PySide6.QtGui import QColor

    from ganstudio.ui.theme import colours

    colour = QColor(getattr(colours(), CURVES[index].colour))
    return np.abs(picture(plot) - [colour.blue(), colour.green(), colour.red()]).sum(2) < 30
