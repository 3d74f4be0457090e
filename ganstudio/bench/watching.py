"""``bench watching``: what an open window costs the training, and how promptly it answers meanwhile.

One process, one session, one trainer: slices of half a second in which the window, open at 1600 × 1000 in the Train
perspective, pulls, and slices in which it pulls nothing and so neither asks for frames nor paints, in turn. Qt's event
loop runs in both. The slices of a pair are interleaved, because the speed of a machine wanders from second to second by
more than what is measured here: steps over seconds of all of a pair's watched slices, over those of its others. Then,
with the window pulling for longer: how many fresh frames it shows, how late a timer of 10 ms fires, and how soon the
image of a moved latent slider has been painted.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from ganstudio.bench.figure import Figure
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset as shipped
from ganstudio.progress import passing

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

PRESETS = ("dcgan-mnist", "mlp-mnist")
SIZE = 1600, 1000
SPEED, FRAMES, LATE_MS, ANSWER_MS = 0.95, 8.0, 50.0, 60.0
PAIRS, SLICES = 8, 16
"""Pairs, and slices of each kind in a pair."""
SLICE_SECONDS, SETTLE_SECONDS, WARM_SECONDS, LONG_SECONDS = 0.5, 0.1, 3.0, 10.0
TICK_MS = 10
MOVES = 150
PATIENCE = 120.0


def measure(preset: str | None) -> list[Figure]:
    """The figures of ``PRESETS``, or of one preset."""
    names = PRESETS if preset is None else (preset,)
    for name in names:
        shipped(name)
    return [figure for name in names for figure in measure_preset(name)]


def measure_preset(name: str) -> list[Figure]:
    """Open the window on a preset, train, and measure."""
    with training(name) as window:
        passing(f"{name}: training watched and alone, in turn")
        pairs = [watched_and_alone(window) for _ in range(PAIRS)]
        passing(f"{name}: frames, and lateness of the event loop")
        shown = window.bridge.frames
        late, seconds = lateness(LONG_SECONDS)
        frames_per_s = (window.bridge.frames - shown) / seconds
        passing(f"{name}: latent slider")
        answers = slider_latencies(window, MOVES)
    passing("")
    return [
        Figure(f"{name}: steps/s watched over headless", median(pair.ratio for pair in pairs), "≥", SPEED),
        Figure(f"{name}: fresh frames/s", frames_per_s, "≥", FRAMES),
        Figure(f"{name}: lateness of the event loop, p99, ms", 1e3 * percentile(late, 99), "≤", LATE_MS),
        Figure(f"{name}: latent slider to image on screen, p95, ms", 1e3 * percentile(answers, 95), "≤", ANSWER_MS),
        Figure(f"{name}: the same, median, ms", 1e3 * percentile(answers, 50)),
        Figure(f"{name}: steps/s headless", median(pair.alone.steps_per_s for pair in pairs)),
        Figure(f"{name}: the worst of {PAIRS} pairs", min(pair.ratio for pair in pairs)),
        Figure(f"{name}: the best of {PAIRS} pairs", max(pair.ratio for pair in pairs)),
    ]


@contextmanager
def training(name: str, threads: int = 0) -> Iterator["MainWindow"]:
    """The real window, shown without a display, over a session that trains the preset; closed afterwards.

    ``threads`` is torch's number of them; 0 measures which is best, as the program does.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ganstudio.ui.settings import Settings
    from ganstudio.ui.window import make_window

    with tempfile.TemporaryDirectory() as folder:
        window = make_window(Settings(Path(folder) / "settings.json"), out=Path(folder) / "runs", threads=threads)
        window.resize(*SIZE)
        window.show()
        window.show_perspective("train")
        endless = shipped(name).model_copy(update={"steps": 0})  # a preset's own end would come in mid-measurement
        window.open_experiment(endless, preset=name)
        studio = window.studio
        window.start_session()
        studio.train()
        try:
            until(lambda: studio.status.phase in ("running", "failed"), PATIENCE)
            if studio.status.phase != "running":
                raise StudioError("training could not be started")
            spin(WARM_SECONDS)
            yield window
        finally:
            window.close()


@dataclass
class Slices:
    """What was counted over some slices together."""

    steps: int = 0
    seconds: float = 0.0

    @property
    def steps_per_s(self) -> float:
        return self.steps / self.seconds


@dataclass
class Pair:
    """Interleaved slices of both kinds."""

    watched: Slices = field(default_factory=Slices)
    alone: Slices = field(default_factory=Slices)

    @property
    def ratio(self) -> float:
        """Steps per second watched over those alone."""
        return self.watched.steps_per_s / self.alone.steps_per_s


def watched_and_alone(window: "MainWindow") -> Pair:
    """One pair: ``SLICES`` of each kind, in turn; which comes first alternates, so that drift cancels."""
    pair = Pair()
    for index in range(SLICES):
        for kind in ("watched", "alone") if index % 2 else ("alone", "watched"):
            window.bridge.pause(kind == "alone")
            spin(SETTLE_SECONDS)
            count(window, getattr(pair, kind))
    window.bridge.pause(False)
    return pair


def count(window: "MainWindow", into: Slices) -> None:
    """Add a slice, which begins and ends as a batch of metrics reaches the history."""
    steps, start = _arrival(window)
    spin(SLICE_SECONDS)
    later, end = _arrival(window)
    into.steps += later - steps
    into.seconds += end - start


def _arrival(window: "MainWindow") -> tuple[int, float]:
    """Wait until the history grows: its length then, and the time."""
    history = window.studio.session.history
    length = len(history)
    until(lambda: len(history) != length, PATIENCE, poll_ms=1)
    if len(history) == length:
        raise StudioError("training has come to a halt")
    return len(history), perf_counter()


def lateness(seconds: float) -> tuple[list[float], float]:
    """How much later than asked each tick of a timer came, in seconds; and how long that was looked at in all."""
    from PySide6.QtCore import Qt, QTimer

    found: list[float] = []
    last = start = perf_counter()

    def tick() -> None:
        nonlocal last
        now = perf_counter()
        found.append(max(0.0, now - last - TICK_MS / 1e3))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    spin(seconds)
    timer.stop()
    return found, perf_counter() - start


def slider_latencies(window: "MainWindow", moves: int) -> list[float]:
    """Seconds from each move of a latent slider to the end of painting its image; training goes on."""
    window.show_perspective("explore")
    panel = window.panels["latent"]
    until(lambda: bool(panel.rows) and panel.z is not None, PATIENCE)
    spin(SETTLE_SECONDS)
    found = []
    for move in range(moves):
        slider = panel.rows[move % len(panel.rows)].slider
        panel.latencies.clear()
        goal = slider.minimum() + (slider.maximum() - slider.minimum()) * ((37 * move) % 100 + 1) // 101
        start = perf_counter()
        slider.setValue(goal)
        until(lambda: bool(panel.latencies), 2.0)
        found.append(panel.latencies[0] if panel.latencies else perf_counter() - start)
        spin(0.03)
    window.show_perspective("train")
    return found


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least ``share`` percent of them do not exceed."""
    return sorted(values)[max(0, ceil(share / 100 * len(values)) - 1)]


def spin(seconds: float) -> None:
    """Let Qt's event loop run."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def until(done: Callable[[], bool], seconds: float, poll_ms: int = 5) -> None:
    """Let Qt's event loop run until something is so, or time is up."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, end = QEventLoop(), perf_counter() + seconds
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if done() or perf_counter() > end else None)
    timer.start(poll_ms)
    loop.exec()
