"""Planes painted by another process are those that the window would paint; and it does when that process is gone."""

import gc
import os
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset
from ganstudio.probes.plane import PlaneFrame, PlaneProbe, square
from ganstudio.probes.sent import Carrier
from ganstudio.training.cores import cores
from ganstudio.training.session import Session
from ganstudio.training.status import Status
from ganstudio.training.trainer import Trainer
from ganstudio.ui import plane_beside, plane_painter, plane_process, theme
from ganstudio.ui.panels.plane import PlanePanel
from ganstudio.ui.plane_painter import PlanePainter, Wish
from ganstudio.ui.plane_process import Desk
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.film import Picture
from ganstudio.ui.widgets.plane_layers import Mapping
from ganstudio.ui.widgets.plane_painting import Look, Order, Painted, draw_frame
from ganstudio.ui.widgets.sealed import seal

LAYERS = {"real": True, "generated": True, "heat": True, "manifold": True, "arrows": True, "optimal": False}
SHOWN = frozenset({"real", "generated", "heat", "contour", "manifold", "arrows"})
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    experiment, _ = change(preset("ring-8"), "noise.params.dim", 2)
    experiment, _ = change(experiment, "players.*.network.hidden", [16, 16])
    found = Trainer(experiment)
    for _ in range(5):
        found.step()
    return found


def painted_here(plane, order: Order) -> QImage:
    image = QImage(*order.size, QImage.Format.Format_RGB32)
    image.fill(order.colours.surface)
    painter = QPainter(image)
    painter.scale(order.ratio, order.ratio)
    painter.translate(-order.plot.topLeft())
    Painted().draw(painter, Look(plane, order.layers, order.optimal), order.at, order.plot, order.colours)
    draw_frame(painter, order.plot, order.colours)
    painter.end()
    return image


class Watcher:
    """Has a painter paint, and keeps what it is handed."""

    def __init__(self, accepts: bool = True):
        self.accepts, self.shown, self.words, self.longest = accepts, [], [], 0.0
        self.painter = PlanePainter(self.show)
        self.painter.failed.connect(self.words.append)

    def show(self, plane, picture, wish) -> bool:
        self.shown.append((plane, picture, wish))
        return self.accepts

    def ask(self, trainer, order: Order, **layers: bool) -> None:
        frame = PlaneProbe().frame(trainer, elsewhere=True)
        self.painter.ask(Wish(frame, layers or LAYERS, order, False))

    def look(self) -> bool:
        start = perf_counter()
        found = self.painter.look()
        self.longest = max(self.longest, perf_counter() - start)
        return found


def _watcher(qapp):
    theme.apply(qapp, "light")
    one = Watcher()
    yield one
    one.painter.close()
    assert not one.painter._process.is_alive()


watcher = pytest.fixture(_watcher)
lasting = pytest.fixture(scope="module")(_watcher)
"""For tests after which its process goes on: it takes seconds to load PyTorch."""


def order_of(trainer, side: int = 300, ratio: float = 1.0) -> Order:
    plot = QRectF(40, 10, side, side)
    return Order(SHOWN, False, Mapping(square(trainer.data.density), plot), plot, ratio, theme.colours())


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_the_other_process_paints_what_the_window_would(lasting, qtbot, trainer, ratio):
    frame, order = PlaneProbe().frame(trainer, **LAYERS), order_of(trainer, ratio=ratio)
    lasting.shown.clear()
    lasting.ask(trainer, order)
    qtbot.waitUntil(lambda: lasting.look() and bool(lasting.shown), timeout=PATIENCE_MS)
    assert not lasting.look()
    sealed, picture, wish = lasting.shown[0]
    assert picture.order is wish.order is order
    plane = sealed.opened()
    assert sealed[:-1] == seal(plane)[:-1] == (plane.extent, 2, True, 0.5, 0.5)
    for name in ("real", "generated", "scores", "heat", "arrows"):
        np.testing.assert_allclose(getattr(plane, name), getattr(frame.plane, name), atol=1e-5)
    assert picture.image == painted_here(plane, order)


def test_a_process_that_dies_is_told_of_and_its_last_picture_stays_whole(watcher, qtbot, trainer):
    watcher.ask(trainer, order_of(trainer))
    qtbot.waitUntil(lambda: watcher.look() and bool(watcher.shown), timeout=PATIENCE_MS)
    before = watcher.shown[0][1].image.copy()
    watcher.painter._process.kill()
    watcher.ask(trainer, order_of(trainer, 700))
    qtbot.waitUntil(lambda: watcher.look() or bool(watcher.words), timeout=PATIENCE_MS)
    assert "painted in the window" in watcher.words[0]
    gc.collect()
    assert watcher.shown[0][1].image == before


def test_a_picture_that_is_not_shown_is_painted_over_and_one_that_is_shown_is_not(lasting, qtbot, trainer):
    watcher = lasting

    def painted(side: int) -> int:
        count = len(watcher.shown)
        watcher.ask(trainer, order_of(trainer, side))
        qtbot.waitUntil(lambda: watcher.look() and len(watcher.shown) > count, timeout=PATIENCE_MS)
        return count

    first = painted(300)
    before = watcher.shown[first][1].image.copy()
    watcher.accepts = False
    for side in (310, 310, 900, 300):
        painted(side)
    watcher.accepts = True
    assert watcher.shown[first][1].image == before
    names = [picture.memory.name for _, picture, _ in watcher.shown[first:]]
    assert names[1] == names[2]
    assert names[2] != names[3]
    assert names[3] == names[4]  # what has room for more has room for less
    keys = [picture.image.cacheKey() for _, picture, _ in watcher.shown[first:]]
    assert len(set(keys)) == len(keys)  # else Qt would show copies of what was painted there before
    assert names[0] not in names[1:]


def test_a_job_that_fails_is_told_in_a_sentence_and_holds_nobody_up(watcher, qtbot, trainer):
    watcher.ask(trainer, order_of(trainer, 9), no_such_layer=True)
    qtbot.waitUntil(lambda: watcher.look() and bool(watcher.words), timeout=PATIENCE_MS)
    assert "no_such_layer" in watcher.words[0]
    assert watcher.longest < plane_painter.END_SECONDS
    assert not watcher.painter._process.is_alive()


def test_a_job_that_cannot_be_handed_over_is_a_failure_too(watcher, qtbot, trainer, monkeypatch):
    qtbot.waitUntil(watcher.look, timeout=PATIENCE_MS)
    monkeypatch.setattr(plane_process, "LETTER", 100)
    watcher.ask(trainer, order_of(trainer))
    assert "fits" in watcher.words[0]
    assert not watcher.painter._process.is_alive()


def test_closed_while_it_loads_the_process_ends(watcher):
    watcher.painter.close()
    assert not watcher.painter._process.is_alive()
    assert not watcher.look()


def test_a_letter_that_is_too_long_is_refused(monkeypatch):
    desk = Desk()
    try:
        monkeypatch.setattr(plane_process, "LETTER", 100)
        desk.put("a")
        with pytest.raises(ValueError, match="fits"):
            desk.put("a" * 101)
        assert desk.get() == "a"
    finally:
        desk.close()


@pytest.mark.parametrize("norm", ["none", "batch"])  # batch norm counts its batches in whole numbers
def test_players_arrive_to_the_bit_in_a_trainer_of_their_own(trainer, norm):
    trainer = Trainer(change(trainer.experiment, "players.generator.network.norm", norm)[0])
    for _ in range(3):
        trainer.step()
    before = trainer.weights_sha256()
    sent = PlaneProbe().frame(trainer, elsewhere=True).sent
    other = Trainer(trainer.experiment)
    Carrier(other).receive(sent.weights, 7)
    assert trainer.weights_sha256() == before
    assert other.steps == 7
    for name, player in trainer.players.items():
        for key, tensor in player.network.state_dict().items():
            assert torch.equal(tensor, other.players[name].network.state_dict()[key])


class _Painter(PlanePainter):
    """Takes what it is asked without a process."""

    def __init__(self, show):
        super(PlanePainter, self).__init__()
        self.show, self.asked, self.closed = show, [], False

    def look(self):
        return False

    def ask(self, wish):
        self.asked.append(wish)

    def close(self):
        self.closed = True


@pytest.fixture
def filmed(qapp, qtbot, trainer, monkeypatch) -> PlanePanel:
    """Shows a plane, and has been in view of a run on one thread for long enough to start the process."""
    monkeypatch.setattr(plane_beside, "PATIENCE", 0.0)
    monkeypatch.setattr(plane_beside, "cores", lambda: 2)
    panel = PlanePanel(Studio(Session(probes=dict)))
    panel.resize(500, 400)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_frame(PlaneProbe().frame(trainer, **LAYERS))
    return panel


@pytest.fixture
def panel(filmed, monkeypatch) -> PlanePanel:
    """The same, with a painter that starts none."""
    monkeypatch.setattr(plane_beside, "PlanePainter", _Painter)
    return filmed


def run(panel: PlanePanel, phase: str = "running", threads: int = 1) -> None:
    for _ in range(2):
        panel.studio.status_changed.emit(Status(phase=phase, threads=threads))


def test_frames_go_to_the_process_once_it_is_ready_and_while_training_leaves_a_core_free(panel, trainer):
    run(panel, threads=2)
    assert panel._beside._painter is None
    run(panel)
    painter = panel._beside._painter
    assert not panel.options()["elsewhere"]
    painter.ready.emit()
    run(panel)
    assert panel.options()["elsewhere"]
    frame = PlaneProbe().frame(trainer, **panel.options())
    panel.show_frame(frame)
    assert painter.asked[0].frame is frame
    assert painter.asked[0].layers["heat"]
    panel.switches["heat"].setChecked(False)
    panel.show_frame(PlaneProbe().frame(trainer, **panel.options()))
    assert painter.asked[-1].layers == {**painter.asked[0].layers, "heat": False}
    run(panel, "paused")
    assert not panel.options()["elsewhere"]
    panel.close()
    assert painter.closed


def test_a_picture_of_this_view_is_shown_and_one_of_another_view_is_not(panel, trainer):
    run(panel)
    painter = panel._beside._painter
    painter.ready.emit()
    run(panel)
    view = panel.view
    plane = seal(PlaneProbe().frame(trainer, **LAYERS).plane)
    order = view.order()
    image = QImage(*order.size, QImage.Format.Format_RGB32)
    image.fill("#123456")
    assert painter.show(plane, Picture(order, image), Wish(None, LAYERS, order, False))
    middle = view.plot_rect().center().toPoint()
    assert view.grab().toImage().pixelColor(middle).name() == "#123456"
    assert view.outline is plane  # nothing has asked for its layers
    assert view.samples._shown() == len(plane.opened().generated)
    view.zoom(2)
    assert view.grab().toImage().pixelColor(middle).name() != "#123456"


def test_a_film_looks_like_the_plane_that_the_window_paints(panel, trainer, qapp):
    theme.apply(qapp, "light")
    view = panel.view
    plane = PlaneProbe().frame(trainer, **LAYERS).plane
    view.show_plane(plane)
    here = view.grab().toImage()
    order = view.order()
    view.show_plane(plane, Picture(order, painted_here(plane, order)))
    assert view._film.runs
    filmed = view.grab().toImage()
    assert filmed == here
    # Whatever else is to be seen, the view paints by itself.
    # Sent by hand: QTest moves no pointer that a test before has left in the same place.
    middle, none = view.plot_rect().center(), Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, middle, view.mapToGlobal(middle), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, moved)
    assert not view._film.runs
    view.show_plane(plane, Picture(order, painted_here(plane, order)))
    assert view.grab().toImage() != filmed
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    view.show_plane(plane, Picture(order, painted_here(plane, order)))
    assert view._film.runs
    theme.apply(qapp, "dark")
    assert not view._film.runs
    assert view.grab().toImage() != filmed
    theme.apply(qapp, "light")


def test_in_the_past_what_was_painted_of_the_present_comes_too_late(panel, trainer):
    run(panel)
    painter = panel._beside._painter
    painter.ready.emit()
    run(panel)
    then, now = (PlaneProbe().frame(trainer, **LAYERS) for _ in range(2))
    sent = PlaneProbe().frame(trainer, **LAYERS, elsewhere=True)
    order = panel.view.order()
    picture = Picture(order, QImage(*order.size, QImage.Format.Format_RGB32))
    panel.show_frame(sent)
    panel.show_past(0)
    panel.show_frame(then)
    assert not painter.show(now.plane, picture, painter.asked[-1])
    assert panel.view.plane is then.plane
    run(panel, "paused")
    panel.show_past(0)
    panel.show_frame(sent)  # a frame of the past that the process has to paint, though nothing trains
    assert not painter.show(then.plane, picture, painter.asked[0])  # of the present, asked for before
    assert painter.show(now.plane, picture, painter.asked[-1])
    assert panel.view.plane is now.plane


def test_a_plot_between_two_pixels_of_the_screen_is_painted_by_the_view(panel, trainer, monkeypatch):
    view = panel.view
    plane = PlaneProbe().frame(trainer, **LAYERS).plane
    found = view.order()
    assert found.whole
    odd = replace(found, plot=QRectF(0, 0, 257, 257), ratio=1.25)
    assert not odd.whole
    assert replace(odd, plot=QRectF(4, 8, 256, 256)).whole
    monkeypatch.setattr(view, "order", lambda *_: odd)
    view.show_plane(plane, Picture(odd, painted_here(plane, odd)))
    assert not view._film.runs


def test_a_panel_whose_process_dies_in_mid_film_paints_on(filmed, qtbot, trainer):
    panel = filmed
    run(panel)
    qtbot.waitUntil(panel.pull, timeout=PATIENCE_MS)  # it has loaded
    run(panel)
    panel.show_frame(PlaneProbe().frame(trainer, **panel.options()))
    qtbot.waitUntil(panel.pull, timeout=PATIENCE_MS)
    assert panel.view._film.runs
    before = panel.view.grab().toImage()
    panel._beside._painter._process.kill()
    panel.show_frame(PlaneProbe().frame(trainer, **panel.options()))
    qtbot.waitUntil(lambda: panel.pull() or not panel.options()["elsewhere"], timeout=PATIENCE_MS)
    gc.collect()
    assert panel.view.grab().toImage() == before
    panel.show_frame(PlaneProbe().frame(trainer, **panel.options()))
    assert not panel.view._film.runs
    panel.view.grab()


def test_the_window_paints_again_when_the_process_fails(panel):
    run(panel)
    painter = panel._beside._painter
    painter.ready.emit()
    run(panel)
    painter.failed.emit("It ended.")
    run(panel)
    assert not panel.options()["elsewhere"]
    assert panel._beside._painter is None


def test_no_process_for_data_that_are_no_plane(panel):
    panel.show_frame(PlaneFrame(0, "main", None))
    run(panel)
    assert panel._beside._painter is None


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity") or cores() < 2, reason="only Linux says who runs where")
def test_the_process_leaves_a_core_to_training_and_stands_back(lasting, qtbot):
    qtbot.waitUntil(lambda: lasting.look() or lasting.painter._loaded, timeout=PATIENCE_MS)
    pid = lasting.painter._process.pid
    assert os.sched_getaffinity(pid) < os.sched_getaffinity(0)
    assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0) + plane_process.NICENESS
