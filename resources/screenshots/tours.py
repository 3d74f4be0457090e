"""Pictures for which a person would have to do more than train: look back, fight a duel, branch, ask the doctor."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from PySide6.QtWidgets import QApplication

from ganstudio.training.commands import Duel, Pause
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.window import make_window

SIZE = 1200, 750
WAIT, CALM = 600, 2.0
"""Seconds: the longest that anything may take, and how long the window may settle."""


@dataclass(frozen=True)
class Tour:
    """``walk`` brings a window with an open preset to what is to be seen."""

    preset: str
    theme: str
    walk: Callable[[MainWindow], None]


def travel(tour: Tour, path: Path) -> None:
    """Take a tour's picture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.set("theme", tour.theme)
        window = make_window(settings, out=Path(folder) / "runs")
        window.resize(*SIZE)
        window.show()
        window.reset_layout()
        window.open_preset(tour.preset)
        window.studio.session.start()
        until(lambda: window.studio.status.phase == "ready")
        tour.walk(window)
        settle()
        window.statusBar().clearMessage()  # it names folders of this machine
        window.grab().save(str(path))
        window.close()


def until(done: Callable[[], bool]) -> None:
    """Let the window live until something has happened."""
    end = perf_counter() + WAIT
    while not done():
        QApplication.processEvents()
        sleep(0.01)  # training needs the processor, not this loop
        if perf_counter() > end:
            raise TimeoutError(f"nothing to photograph after {WAIT} seconds")


def settle() -> None:
    """Let the window live until all panels have shown what there is."""
    end = perf_counter() + CALM
    until(lambda: perf_counter() > end)


def train(window: MainWindow, step: int) -> None:
    """Train up to a step, and let the run's folder be written."""
    window.studio.session.post(Pause(at=step))
    window.studio.train()
    until(lambda: window.studio.status.phase == "paused" and window.studio.status.step >= step)
    settle()


def look_back(window: MainWindow) -> None:
    """An edit, a note, and the window at a step before them."""
    train(window, 300)
    window.studio.edit("players.generator.optimiser.lr", 0.0004)
    train(window, 450)
    window.timeline.note("Strokes instead of noise.", 200)
    settle()
    window.timeline.go_to(260)


def duel(window: MainWindow) -> None:
    """Both losses of G against each other, from the first step on."""
    window.show_duel()
    session = window.studio.session
    session.post(Duel(path="objective.kind", left="saturating", right="non-saturating", steps=400))
    window.studio.train()
    until(lambda: window.studio.status.phase == "paused" and window.studio.status.step >= 400)
    settle()
    window.panels["duel"].arena.show_table(False)


def branch(window: MainWindow) -> None:
    """What too high a learning rate does to D, and the same run without it."""
    train(window, 400)
    window.studio.edit("players.discriminator.optimiser.lr", 0.05)
    train(window, 700)
    window.timeline.go_to(450)
    window.timeline.continue_from_here()
    until(lambda: window.studio.status.step == 400)
    train(window, 900)
    window.show_perspective("runs")
    until(lambda: window.panels["runs"].detail.entry is not None)
    window.panels["runs"].detail.note.setPlainText("Branch 0: D at 17 times its learning rate. Branch 1: without.")


def fall_ill(window: MainWindow) -> None:
    """D learns far too fast, and the doctor says so."""
    window.show_perspective("theory")
    window.tabifyDockWidget(window.docks["loss_shape"], window.docks["doctor"])
    window.bring_up("doctor")
    train(window, 400)
    window.studio.edit("players.discriminator.optimiser.lr", 0.05)
    window.studio.train()
    until(lambda: bool(window.panels["doctor"].examining.findings))
    window.studio.pause()


TOURS = {
    "timeline-light": Tour("dcgan-mnist", "light", look_back),
    "duel-dark": Tour("dcgan-mnist", "dark", duel),
    "runs-light": Tour("ring-8", "light", branch),
    "doctor-dark": Tour("ring-8", "dark", fall_ill),
}
