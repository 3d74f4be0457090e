"""``bench history``: what a long run costs the Losses panel and the memory.

A *whole frame* reads the envelopes of all shown curves and paints them anew; a *next frame* follows a few further
steps, as the panel does while it trains.
"""

import os
import tracemalloc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from ganstudio.bench.figure import Figure, median_ratio, paired
from ganstudio.experiment.errors import StudioError
from ganstudio.games.gan import GAN
from ganstudio.progress import passing
from ganstudio.training.history import History
from ganstudio.training.trainer import FLUSH_ROWS

if TYPE_CHECKING:
    from ganstudio.ui.panels.losses import LossesPanel

SHORT, LONG = 10**3, 10**6
RATIO, MEGABYTES = 1.2, 200
SIZE = 640, 520
"""Of the panel in the Train perspective at 1600 × 1000."""
FRAMES, NEW_STEPS = 30, 8
"""Frames in each half of a pair, and the steps between two of them."""
PAIRS = 7


def measure(preset: str | None) -> list[Figure]:
    """Frames after a million steps over frames after a thousand, and the memory that a million steps take."""
    if preset is not None:
        raise StudioError("bench history measures no preset; leave it out", "--preset")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    passing("recording a million steps")
    tracemalloc.start()
    long = recorded(LONG)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    passing("painting")
    short = recorded(SHORT)
    after_short, after_long = new_panel(short), new_panel(long)

    def whole(panel: "LossesPanel") -> Callable[[], float]:
        return lambda: whole_frame(panel)

    def following(panel: "LossesPanel", history: History) -> Callable[[], float]:
        return lambda: next_frame(panel, history)

    wholes = paired(whole(after_long), whole(after_short), PAIRS)
    nexts = paired(following(after_long, long), following(after_short, short), PAIRS)
    passing("")
    return [
        Figure("whole frame after 10⁶ steps over one after 10³", median_ratio(wholes), "≤", RATIO),
        Figure("next frame after 10⁶ steps over one after 10³", median_ratio(nexts), "≤", RATIO),
        Figure(f"peak memory of 10⁶ steps of {len(long.names)} metrics, MB", peak / 1e6, "≤", MEGABYTES),
        Figure("whole frame after 10⁶ steps, ms", 1e3 * median(pair[0] for pair in wholes)),
        Figure("next frame after 10⁶ steps, ms", 1e3 * median(pair[0] for pair in nexts)),
    ]


def recorded(steps: int) -> History:
    """A history of so many steps, appended in the trainer's portions: losses that wander, with noise."""
    history = History(GAN.metrics)
    source = np.random.default_rng(0)
    level = np.ones(len(GAN.metrics))
    for start in range(0, steps, FLUSH_ROWS):
        history.append(_rows(source, min(FLUSH_ROWS, steps - start), level))
    return history


def _rows(source: np.random.Generator, count: int, level: np.ndarray) -> np.ndarray:
    wander = np.cumsum(source.normal(0, 0.002, (count, len(level))), axis=0)
    return level + wander + source.normal(0, 0.1, (count, len(level)))


def new_panel(history: History) -> "LossesPanel":
    """The Losses panel on a window of its own, showing this history."""
    from PySide6.QtWidgets import QApplication

    from ganstudio.runs.compose import new_session
    from ganstudio.ui.panels.losses import LossesPanel
    from ganstudio.ui.studio import Studio

    application = QApplication.instance() or QApplication(["ganstudio"])
    panel = LossesPanel(Studio(new_session(keep=False)))
    panel.resize(*SIZE)
    panel.show()
    panel.show_history(history)
    application.processEvents()
    return panel


def whole_frame(panel: "LossesPanel") -> float:
    """Median seconds of drawing everything anew."""
    times = []
    for _ in range(FRAMES):
        start = perf_counter()
        for plot in panel.plots:
            plot.repaint_all()
            plot.repaint()
        times.append(perf_counter() - start)
    return median(times)


def next_frame(panel: "LossesPanel", history: History) -> float:
    """Median seconds of drawing what a few more steps brought."""
    from PySide6.QtWidgets import QApplication

    source, times = np.random.default_rng(len(history)), []
    for _ in range(FRAMES):
        history.append(_rows(source, NEW_STEPS, np.ones(len(history.names))))
        start = perf_counter()
        panel.show_history(history)
        QApplication.processEvents()
        times.append(perf_counter() - start)
    return median(times)
