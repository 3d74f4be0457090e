"""Planes painted by another process are those that the window would paint; and it does when that process is gone."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QPoint, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset
from ganstudio.probes.plane import PlaneFrame, PlaneProbe
from ganstudio.probes.sent import receive
from ganstudio.training.session import Session
from ganstudio.training.status import Status
from ganstudio.training.trainer import Trainer
from ganstudio.ui import plane_beside, plane_process, theme
from ganstudio.ui.panels.plane import PlanePanel
from ganstudio.ui.plane_painter import PlanePainter
from ganstudio.ui.plane_process import Desk
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.plane_layers import Mapping
from ganstudio.ui.widgets.plane_painting import Look, Order, Painted, draw_frame

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
    image = QImage(order.size, QImage.Format.Format_RGB32)
    image.fill(order.colours.surface)
    painter = QPainter(image)
    painter.translate(-order.plot.topLeft())
    Painted().draw(painter, Look(plane, order.layers, order.optimal), order.at, order.plot, order.colours)
    draw_frame(painter, order.plot, order.colours)
    painter.end()
    return image


def test_the_other_process_paints_what_the_window_would(qapp, qtbot, trainer):
    theme.apply(qapp, "light")
    frame = PlaneProbe().frame(trainer, **LAYERS)
    plot = QRectF(40, 10, 300, 300)
    order = Order(SHOWN, False, Mapping(frame.plane.extent, plot), plot, 1.0, theme.colours())
    painter = PlanePainter()
    try:
        answers, words = [], []
        painter.painted.connect(lambda *answer: answers.append(answer))
        painter.failed.connect(words.append)
        painter.ask(PlaneProbe().frame(trainer, **LAYERS, elsewhere=True), LAYERS, order)
        qtbot.waitUntil(lambda: painter.look() and bool(answers), timeout=PATIENCE_MS)
        assert not painter.look()
        plane, image, of = answers[0]
        assert of == order
        for name in ("real", "generated", "scores", "heat", "arrows"):
            np.testing.assert_allclose(getattr(plane, name), getattr(frame.plane, name), atol=1e-5)
        assert image == painted_here(plane, order)
        painter._process.kill()
        painter.ask(PlaneProbe().frame(trainer, **LAYERS, elsewhere=True), LAYERS, order)
        qtbot.waitUntil(lambda: painter.look() or bool(words), timeout=PATIENCE_MS)
        assert "painted in the window" in words[0]
    finally:
        painter.close()
    assert not painter._process.is_alive()


def test_a_job_that_fails_is_told_in_a_sentence_and_ends_the_process(qapp, qtbot, trainer):
    order = Order(SHOWN, False, Mapping(((0, 1), (0, 1)), QRectF(0, 0, 9, 9)), QRectF(0, 0, 9, 9), 1.0, theme.colours())
    painter, words = PlanePainter(), []
    painter.failed.connect(words.append)
    painter.ask(PlaneProbe().frame(trainer, elsewhere=True), {"no-such-layer": True}, order)
    qtbot.waitUntil(lambda: painter.look() and bool(words), timeout=PATIENCE_MS)
    assert "no-such-layer" in words[0]
    assert not painter._process.is_alive()


def test_closed_while_it_loads_the_process_ends(qapp):
    painter = PlanePainter()
    painter.close()
    assert not painter._process.is_alive()
    assert not painter.look()


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


def test_players_arrive_to_the_bit_in_a_trainer_of_their_own(trainer):
    before = trainer.weights_sha256()
    sent = PlaneProbe().frame(trainer, elsewhere=True).sent
    other = Trainer(trainer.experiment)
    receive(other, sent, 7)
    assert trainer.weights_sha256() == before
    assert other.steps == 7
    for name, player in trainer.players.items():
        for key, tensor in player.network.state_dict().items():
            assert torch.equal(tensor, other.players[name].network.state_dict()[key])


class _Painter(PlanePainter):
    """Takes what it is asked without a process."""

    def __init__(self):
        super(PlanePainter, self).__init__()
        self.asked, self.closed = [], False

    def look(self):
        return False

    def ask(self, frame, layers, order):
        self.asked.append((frame, layers, order))

    def close(self):
        self.closed = True


@pytest.fixture
def panel(qapp, qtbot, trainer, monkeypatch) -> PlanePanel:
    """Shows a plane, and has been in view of a run on one thread for long enough."""
    monkeypatch.setattr(plane_beside, "PlanePainter", _Painter)
    monkeypatch.setattr(plane_beside, "PATIENCE", 0.0)
    monkeypatch.setattr(plane_beside, "cores", lambda: 2)
    panel = PlanePanel(Studio(Session(probes=dict)))
    panel.resize(500, 400)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_frame(PlaneProbe().frame(trainer, **LAYERS))
    return panel


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
    assert painter.asked[0][0] is frame
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
    plane = PlaneProbe().frame(trainer, **LAYERS).plane
    order = view.order(view.mapping(), view.plot_rect(), theme.colours())
    image = QImage(order.size, QImage.Format.Format_RGB32)
    image.fill("#123456")
    painter.painted.emit(plane, image, order)
    middle = view.plot_rect().center().toPoint()
    assert view.grab().toImage().pixelColor(middle).name() == "#123456"
    view.zoom(2)
    assert view.grab().toImage().pixelColor(middle).name() != "#123456"


def test_a_film_looks_like_the_plane_that_the_window_paints(panel, trainer, qapp):
    view = panel.view
    plane = PlaneProbe().frame(trainer, **LAYERS).plane
    view.show_plane(plane)
    here = view.grab().toImage()
    order = view.order(view.mapping(), view.plot_rect(), theme.colours())
    view.show_plane(plane, (order, painted_here(plane, order)))
    assert view._film.runs
    filmed = view.grab().toImage()
    assert filmed == here
    # Whatever else is to be seen, the view paints by itself.
    QTest.mouseMove(view, view.plot_rect().center().toPoint())
    assert not view._film.runs
    view.show_plane(plane, (order, painted_here(plane, order)))
    assert view.grab().toImage() != filmed
    QTest.mouseMove(panel, QPoint(1, 1))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    view.show_plane(plane, (order, painted_here(plane, order)))
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
    order = panel.view.order(panel.view.mapping(), panel.view.plot_rect(), theme.colours())
    picture = QImage(order.size, QImage.Format.Format_RGB32)
    panel.show_past(0)
    panel.show_frame(then)
    painter.painted.emit(now.plane, picture, order)
    assert panel.view.plane is then.plane
    run(panel, "paused")
    panel.show_past(0)
    panel.show_frame(sent)  # a frame of the past that the process has to paint, though nothing trains
    painter.painted.emit(now.plane, picture, order)
    assert panel.view.plane is now.plane


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
