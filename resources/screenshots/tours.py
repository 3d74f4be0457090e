"""Pictures for which a person would have to do more than train: look back, fight a duel, branch, explore, talk."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
import torch
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.latent.requests import Answer, Draw, Render
from ganstudio.metrics import attributes
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
    pretrained: bool = False
    size: tuple[int, int] = SIZE


def travel(tour: Tour, path: Path) -> None:
    """Take a tour's picture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.set("theme", tour.theme)
        window = make_window(settings, out=Path(folder) / "runs")
        window.resize(*tour.size)
        window.show()
        window.reset_layout()
        window.open_preset(tour.preset, tour.pretrained)
        window.start_session()
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


def go_through_a_step(window: MainWindow) -> None:
    """The game board at a stage of G's update, with the shape of the losses beside it."""
    train(window, 300)
    window.show_perspective("theory")
    for name in ("board", "loss_shape"):
        window.bring_up(name)
    settle()
    for _ in range(4):
        QTest.keyClick(window.panels["board"].view, Qt.Key.Key_Right)


def argue(window: MainWindow) -> None:
    """Candidate generators, the top of V(G, D) for each, and the one whose top is lowest."""
    window.show_perspective("theory")
    train(window, 1500)
    window.bring_up("minimax")


def explore(window: MainWindow) -> None:
    """Directions of the shipped faces, and a walk between nine of them."""
    window.show_perspective("explore")
    window.bring_up("walk")
    settle()
    window.panels["walk"].walk.player.start()
    settle()


def paint(window: MainWindow) -> None:
    """A green shirt and dark hair, painted on a face."""
    window.show_perspective("explore")
    window.bring_up("sketch")
    panel = window.panels["sketch"]
    until(lambda: panel.easel.edits is not None)
    settle()
    for colour, radius, places in (
        ((40, 160, 90), 2.5, [(29, column) for column in range(6, 27)]),
        ((60, 40, 30), 2.0, [(4, column) for column in range(9, 24)]),
    ):
        panel.box.take(np.array(colour, np.uint8))
        panel.easel.radius = radius
        stroke(panel.easel, [panel.easel.point_at(place) for place in places])
    until(lambda: panel.search.candidates is not None)
    for _ in range(3):
        settle()


def stroke(widget: QWidget, points: list[QPointF]) -> None:
    """Draw with the left button of the mouse."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(points) - 1), QEvent.Type.MouseButtonRelease]
    for kind, point in zip(kinds, [*points, points[-1]], strict=True):
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
        at = widget.mapToGlobal(point)
        QApplication.sendEvent(widget, QMouseEvent(kind, point, at, left, held, none))


def add_up(window: MainWindow) -> None:
    """Faces with glasses, less faces without, plus others without: three each, as the shipped classifier sees them."""
    window.show_perspective("explore")
    window.bring_up("arithmetic")
    settle()  # what is asked before the window knows of the trainer is void
    ask = window.studio.explorer.ask
    ask(Draw(7, 400), "tour")
    z = answer(window).value
    ask(Render(z), "tour")
    glasses = attributes.probabilities(torch.from_numpy(answer(window).value))[
        :, attributes.ATTRIBUTES.index("glasses")
    ]
    with_glasses, without = z[(glasses > 0.95).numpy()], z[(glasses < 0.05).numpy()]
    panel = window.panels["arithmetic"]
    for slot, inputs in enumerate((with_glasses[:3], without[:3], without[3:6])):
        panel.receive(slot, Parcel(inputs))
    settle()


def answer(window: MainWindow) -> Answer:
    """What the explorer says to the tour."""
    found: list[Answer] = []
    until(lambda: bool(found.extend(window.studio.explorer.take("tour")) or found))
    return found[-1]


def talk(window: MainWindow) -> None:
    """A scene on the stage, with the halo and the bar."""
    until(lambda: window.studio.is_loaded)
    window.player.open("helvetica")
    until(lambda: window.player.beat == 0)
    window.stage.enter()
    settle()
    window.resize(1600, 900)  # the screen of a machine without one is small
    window.stage.fit()
    for beat in (1, 2):
        window.stage.on_with_it()
        until(lambda beat=beat: window.player.beat >= beat)
    settle()
    window.stage.toggle_halo()
    window.stage.halo.follow(QPoint(430, 330))
    window.stage.bar.hide()


TOURS = {
    "timeline-light": Tour("dcgan-mnist", "light", look_back),
    "duel-dark": Tour("dcgan-mnist", "dark", duel),
    "runs-light": Tour("ring-8", "light", branch),
    "doctor-dark": Tour("ring-8", "dark", fall_ill),
    "board-dark": Tour("gan-lab-ring", "dark", go_through_a_step),
    "minimax-light": Tour("gan-lab-gaussians", "light", argue),
    "explore-dark": Tour("dcgan-pixel-faces", "dark", explore, pretrained=True, size=(1600, 1000)),
    "sketch-light": Tour("dcgan-pixel-faces", "light", paint, pretrained=True, size=(1600, 1000)),
    "arithmetic-light": Tour("dcgan-pixel-faces", "light", add_up, pretrained=True, size=(1600, 1000)),
    "stage-dark": Tour("ring-8", "dark", talk, size=(1600, 900)),
}
