"""Samples out of panels that are no grids of their own: real images, both sides of a duel, the plane, the board."""

import numpy as np
import pytest
import torch
from dragging import Hand, dragged, moved
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.parcel import Parcel
from ganstudio.probes.board import BoardProbe
from ganstudio.probes.density import DensityProbe
from ganstudio.probes.plane import PlaneProbe
from ganstudio.probes.real import RealDataProbe
from ganstudio.probes.samples import SamplesProbe
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer
from ganstudio.ui.panels.board import BoardPanel
from ganstudio.ui.panels.plane import PlanePanel
from ganstudio.ui.panels.real import RealDataPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.board import _inside
from ganstudio.ui.widgets.board_painting import tiles_target
from ganstudio.ui.widgets.duel_half import DuelHalf
from ganstudio.ui.widgets.figure_one import FigureOneView
from ganstudio.ui.widgets.grid_painting import tile_rect

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def faces(tiny) -> Trainer:
    return Trainer(tiny)


@pytest.fixture(scope="module")
def ring() -> Trainer:
    experiment, _ = change(files.preset("ring-8"), "players.*.network.hidden", [8])
    return Trainer(experiment)


@pytest.fixture
def show(qtbot):
    """Shows a widget, and keeps what it says."""

    def show(widget):
        widget.resize(700, 560)
        qtbot.addWidget(widget)
        widget.show()
        return widget

    return show


@pytest.fixture
def studio(qapp) -> Studio:
    return Studio(Session(probes=dict))


def tile(grid, index: int) -> QPoint:
    return tile_rect(grid.tiles, grid._viewport.target, index).center().toPoint()


def held(hand):
    return sample_drag.parcel_in(hand.mime)


def test_a_real_image_travels_as_it_is(show, studio, faces, qtbot, monkeypatch):
    panel = show(RealDataPanel(studio))
    panel.show_frame(RealDataProbe().frame(faces, **panel.options()))
    parcel = held(dragged(qtbot, monkeypatch, panel.grid, tile(panel.grid, 5)))
    assert parcel.inputs is None
    assert parcel.images[0].tobytes() == faces.data.images[5].numpy().tobytes()


def test_both_sides_of_a_duel_give_the_same_z(show, faces, qtbot, monkeypatch):
    found = []
    for name in ("left", "right"):
        half = show(DuelHalf(name, "fake"))
        half.begin([3, 32, 32])
        frame = SamplesProbe().frame(faces, **half.options())
        half.show_picture(frame)
        found.append(held(dragged(qtbot, monkeypatch, half.grid, tile(half.grid, 7))))
        assert found[-1].inputs.tobytes() == frame.z[7].tobytes()
    assert found[0].inputs.tobytes() == found[1].inputs.tobytes()


@pytest.fixture
def plane(show, studio, ring):
    panel = show(PlanePanel(studio))
    panel.show_frame(PlaneProbe().frame(ring, generated=True))
    return panel


def spot(view, index: int) -> QPoint:
    return QPoint(*view.mapping().pixels(view.plane.generated[index]).round().astype(int).tolist())


def test_a_generated_point_is_taken_by_its_z(plane, ring, qtbot, monkeypatch):
    hand = dragged(qtbot, monkeypatch, plane.view, spot(plane.view, 3))
    z = held(hand).inputs
    made = ring.players["generator"].network.eval()(torch.from_numpy(z)).detach().numpy()
    taken = plane.view.samples._point_at(QPointF(spot(plane.view, 3)))  # several may lie in one place
    np.testing.assert_allclose(made[0], plane.view.plane.generated[taken], atol=1e-5)


def test_the_plane_moves_where_there_is_no_point(plane, qtbot, monkeypatch):
    assert dragged(qtbot, monkeypatch, plane.view, plane.view.plot_rect().topLeft().toPoint() + QPoint(4, 4)) is None
    plane.switches["generated"].setChecked(False)
    assert dragged(qtbot, monkeypatch, plane.view, spot(plane.view, 3)) is None


def test_the_point_under_the_mouse_is_ringed_and_copied_and_else_all(plane, qtbot):
    plain = plane.view.grab().toImage()
    at = spot(plane.view, 3)
    moved(plane.view, at)
    assert plane.view.grab().toImage() != plain
    qtbot.keyClick(plane.view, Qt.Key.Key_C, CONTROL)
    assert sample_drag.pasted().inputs.tobytes() == plane.view.plane.inputs[plane.view.samples.current].tobytes()
    moved(plane.view, plane.view.plot_rect().topLeft().toPoint() + QPoint(4, 4))
    qtbot.keyClick(plane.view, Qt.Key.Key_C, CONTROL)
    assert sample_drag.pasted().inputs.tobytes() == plane.view.plane.inputs.tobytes()


def test_a_sample_dropped_or_pasted_on_the_plane_goes_to_directions(plane, qtbot):
    chosen, said = [], []
    plane.studio.sample_chosen.connect(chosen.append)
    plane.studio.message.connect(said.append)
    z = plane.view.plane.inputs[:2]
    assert Hand(Parcel(z[:1])).drop(plane.view)
    sample_drag.copy(Parcel(z[1:]))
    qtbot.keyClick(plane.view, Qt.Key.Key_V, CONTROL)
    assert [one.tobytes() for one in chosen] == [z[0].tobytes(), z[1].tobytes()]
    assert Hand(Parcel(images=np.zeros((1, 8, 8, 3), np.uint8))).drop(plane.view)
    assert "no z of its own" in said[-1]
    QApplication.clipboard().clear()
    plane.paste()
    assert "no sample on the clipboard" in said[-1]
    assert len(chosen) == 2


def test_an_arrow_of_figure_1_is_taken_by_its_z_and_shown_which_it_is(show, qtbot, monkeypatch):
    experiment, _ = change(files.preset("figure-1"), "players.*.network.params.hidden", [4])
    view = show(FigureOneView())
    figure = DensityProbe().frame(Trainer(experiment)).figure
    view.show_figure(figure)
    at, middle = view.layout_now(), len(figure.z) // 3
    foot = QPoint(round(at.chart.plot.left() + float(at.z.share(figure.z)[middle]) * at.chart.plot.width()), 0)
    foot.setY(round(at.z_line))
    hand = dragged(qtbot, monkeypatch, view, foot)
    assert sample_drag.parcel_in(hand.mime).inputs.tobytes() == figure.z[middle].astype(np.float32).tobytes()
    before = view.grab().toImage()
    moved(view, foot)
    assert view.samples.current == middle
    assert view.grab().toImage() != before
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert len(sample_drag.pasted()) == 1
    moved(view, at.chart.plot.center().toPoint())
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)
    np.testing.assert_array_equal(sample_drag.pasted().inputs[:, 0], figure.z.astype(np.float32))


def test_frames_of_the_plane_share_their_inputs(ring):
    probe = PlaneProbe()
    first, second = (probe.frame(ring, generated=True).plane.inputs for _ in range(2))
    assert first is second
    assert len(first) == len(probe.frame(ring, generated=True).plane.generated)


@pytest.mark.parametrize(("side", "first"), [("fake", 0), ("x", 8)])
def test_images_of_the_board_travel_those_of_g_with_z(show, studio, faces, qtbot, monkeypatch, side, first):
    panel = show(BoardPanel(studio))
    frame = BoardProbe().frame(faces)
    panel.show_frame(frame)
    tiles = frame.fake if side == "fake" else frame.real
    target = tiles_target(_inside(panel.view.places(), side), tiles)
    at = tile_rect(tiles, target, 2).center().toPoint()
    assert panel.view.sample_at(QPointF(at)) == first + 2
    parcel = held(dragged(qtbot, monkeypatch, panel.view, at))
    assert (None if parcel.inputs is None else parcel.inputs.tobytes()) == (
        frame.z[2].tobytes() if side == "fake" else None
    )
    left = 2 * (tiles.width + tiles.gap)
    assert parcel.images[0].tobytes() == tiles.picture[: tiles.height, left : left + tiles.width].tobytes()


def test_with_the_mouse_on_no_sample_all_of_gs_are_copied(show, studio, faces, qtbot):
    panel = show(BoardPanel(studio))
    frame = BoardProbe().frame(faces)
    panel.show_frame(frame)
    moved(panel.view, QPoint(2, 2))
    qtbot.keyClick(panel.view, Qt.Key.Key_C, CONTROL)
    assert sample_drag.pasted().inputs.tobytes() == frame.z.tobytes()
