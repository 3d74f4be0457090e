"""The Plane panel: layers switch, the view zooms and never jumps, what is under the mouse is read."""

import time

import numpy as np
import pytest
from plane_frames import CELLS, EXTENT, made, wheel
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage, QPainter
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QPushButton

from ganstudio.probes.manifold import Manifold
from ganstudio.probes.plane import PlaneFrame
from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.plane import PlanePanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets import plane_layers


@pytest.fixture
def panel(qapp, qtbot) -> PlanePanel:
    theme.apply(qapp, "light")
    panel = PlanePanel(Studio(Session(probes=dict)))
    panel.resize(760, 620)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def shown(panel) -> PlanePanel:
    panel.view.leaveEvent(QEvent(QEvent.Type.Leave))  # the pointer stays where the test before has left it
    panel.show_frame(PlaneFrame(7, "main", made()))
    return panel


def picture(panel: PlanePanel) -> QImage:
    return panel.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def only(panel: PlanePanel, *names: str) -> QImage:
    for name, switch in panel.switches.items():
        switch.setChecked(name in names)
    return picture(panel)


def colour_at(panel: PlanePanel, seen: QImage, x: float, y: float) -> QColor:
    place = panel.view.mapping().pixels(np.array([x, y])).round().astype(int)
    return seen.pixelColor(*place.tolist())


def close(colour: QColor, wanted: str, slack: int = 30) -> bool:
    return max(abs(a - b) for a, b in zip(colour.getRgb(), QColor(wanted).getRgb(), strict=True)) <= slack


def count(seen: QImage, colour: str) -> int:
    pixels = np.frombuffer(seen.constBits(), np.uint32).reshape(seen.height(), seen.bytesPerLine() // 4)
    return int((pixels == QColor(colour).rgb()).sum())


# layers


def test_the_heat_map_is_blue_where_d_says_real_and_orange_where_it_says_fake(shown):
    seen = only(shown, "heat")
    right, left, middle = (colour_at(shown, seen, x, 1.5) for x in (1.9, -1.9, 0.0))
    assert right.blue() - right.red() > 40
    assert left.red() - left.blue() > 40
    assert close(middle, theme.colours().surface)


def test_each_layer_is_there_when_its_button_is_down_and_not_else(shown):
    c = theme.colours()
    nothing = only(shown)
    assert count(nothing, c.equilibrium) == 0
    assert count(only(shown, "real"), c.equilibrium) > 100
    assert count(only(shown, "generated"), c.equilibrium) == 0
    for name in ("generated", "manifold", "arrows", "heat"):
        assert only(shown, name) != nothing
    assert only(shown, "contour") == nothing  # it belongs to the heat map
    assert only(shown, "heat", "contour") != only(shown, "heat")


def test_the_half_line_runs_where_d_is_one_half(shown):
    seen = only(shown, "heat", "contour")
    assert close(colour_at(shown, seen, 0.0, 1.0), theme.colours().text, 60)


def test_generated_points_have_the_colour_of_d(shown):
    plane = made(generated=np.float32([[1.5, 1.5], [-1.5, 1.5]]), scores=np.float32([1.0, 0.0]))
    shown.show_frame(PlaneFrame(8, "main", plane))
    seen = only(shown, "generated")
    assert close(colour_at(shown, seen, 1.5, 1.5), theme.colours().real, 70)
    assert close(colour_at(shown, seen, -1.5, 1.5), theme.colours().fake, 70)


def test_the_denser_a_cell_the_more_opaque(qapp):
    levels = plane_layers.opacity(np.array([0.0, 0.1, 1.0, 10.0, 1e9]), 1.0)
    assert levels[0] == 0
    assert levels[-1] == len(plane_layers.OPACITIES) - 1
    assert (np.diff(levels) >= 0).all()


def test_a_cell_is_filled_once_however_often_g_has_folded_it_onto_itself(qapp):
    """Two cells of one density on the same place, one of them inside out; a third where G has no place at all."""
    square = np.float32([[-1, -1], [-1, 1], [1, 1], [1, -1]])
    vertices = np.float32([[square[0], square[1]], [square[3], square[2]], [square[0], square[1]]])
    lost = np.concatenate([vertices, np.full((1, 2, 2), np.nan, np.float32)])
    at = plane_layers.Mapping(EXTENT, plane_layers.QRectF(0, 0, 400, 400))
    for corners in (vertices, lost):
        seen = QImage(400, 400, QImage.Format.Format_RGB32)
        seen.fill(Qt.GlobalColor.white)
        painter = QPainter(seen)
        manifold = Manifold(corners, np.full((len(corners) - 1, 1), 1e9, np.float32), 1.0)
        plane_layers.draw_cells(painter, manifold, at, QColor("black"))
        painter.end()
        shade = round(255 * (1 - plane_layers.OPACITIES[-1]))
        assert abs(seen.pixelColor(200, 200).red() - shade) <= 1
        pixels = np.frombuffer(seen.constBits(), np.uint32).reshape(400, 400) != QColor("white").rgb()
        assert pixels[100:300, 100:300].all()
        assert pixels.sum() == 200 * 200


def test_arrows_point_along_the_slope_and_vanish_with_it(qapp):
    at = plane_layers.Mapping(EXTENT, plane_layers.QRectF(0, 0, 400, 400))
    lengths = []
    for slope in (1e6, 1.0, 0.1, 0.0):
        seen = QImage(400, 400, QImage.Format.Format_RGB32)
        seen.fill(Qt.GlobalColor.white)
        painter = QPainter(seen)
        plane_layers.draw_arrows(painter, np.float32([[[0, 0], [0, slope]]]), at, "#000000")
        painter.end()
        pixels = np.frombuffer(seen.constBits(), np.uint32).reshape(400, 400) != QColor("white").rgb()
        lengths.append(int(pixels[:201].any(1).sum()))
        assert not pixels[210:].any()  # upwards
    assert lengths[0] <= plane_layers.LONGEST * 400 + 3
    assert lengths[0] > 1.3 * lengths[1] > 3 * lengths[2] > lengths[3] == 0


def test_only_what_is_shown_is_asked_for(shown):
    only(shown, "real")
    assert [name for name, on in shown.options().items() if on] == ["real"]
    only(shown, "heat", "optimal", "arrows")
    assert [name for name, on in shown.options().items() if on] == ["optimal", "arrows"]


def test_keys_switch_layers(shown):
    asked = QSignalSpy(shown.studio.options_changed)
    before = shown.switches["real"].isChecked()
    shown.view.setFocus()
    QTest.keyClick(shown.view, Qt.Key.Key_R)
    assert shown.switches["real"].isChecked() is not before
    assert asked.count() == 1


def test_the_optimum_replaces_d_and_what_is_open_has_no_colour(shown):
    grid = np.full((CELLS, CELLS), np.nan, np.float32)
    grid[:, : CELLS // 2] = 1.0
    shown.show_frame(PlaneFrame(8, "main", made(optimal=grid, density=np.zeros_like(grid))))
    seen = only(shown, "heat", "optimal")
    real = colour_at(shown, seen, -1.5, 1.0)
    assert real.blue() - real.red() > 40
    assert close(colour_at(shown, seen, 1.5, 1.0), theme.colours().surface_raised, 2)


def test_a_z_of_more_numbers_switches_the_manifold_off_and_says_so(shown):
    assert shown.switches["manifold"].isEnabled()
    shown.show_frame(PlaneFrame(8, "main", made(noise=8, manifold=None)))
    assert not shown.switches["manifold"].isEnabled()
    assert "8 numbers" in shown.switches["manifold"].toolTip()


def test_choices_are_remembered(shown, qtbot):
    only(shown, "heat", "arrows")
    other = PlanePanel(shown.studio)
    qtbot.addWidget(other)
    other.load_state(shown.save_state() | {"real": "nonsense", "draw": True})
    state = {name: switch.isChecked() for name, switch in other.switches.items()}
    assert state["heat"]
    assert state["arrows"]
    assert not state["generated"]
    assert not state["draw"]


# view


def test_the_wheel_zooms_where_the_mouse_is_and_a_double_click_shows_all(shown):
    view = shown.view
    place = QPointF(view.mapping().pixels(np.array([1.0, 0.5]))[0], view.mapping().pixels(np.array([1.0, 0.5]))[1])
    before = view.mapping()
    wheel(shown, place, 4)
    assert view.mapping().scale > 2 * before.scale
    assert view.mapping().point(place) == pytest.approx((1.0, 0.5), abs=0.02)
    assert shown._fit.isVisible()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert view.mapping() == before
    assert not shown._fit.isVisible()


def test_new_frames_never_move_the_view_but_other_data_do(shown):
    view = shown.view
    wheel(shown, view.plot_rect().center(), 3)
    zoomed = view.mapping()
    far = made(generated=np.float32([[50, 50]]), scores=np.float32([0.5]))
    shown.show_frame(PlaneFrame(8, "main", far))
    assert view.mapping() == zoomed
    shown.show_frame(PlaneFrame(9, "main", made(extent=((-9.0, 9.0), (-9.0, 9.0)))))
    assert view.mapping().point(view.plot_rect().bottomLeft()) == pytest.approx((-9, -9))


@pytest.mark.parametrize("side", [330, 700, 1050, 1150, 1600])
def test_the_whole_plane_fills_its_plot_at_every_size(shown, side):
    shown.view.resize(side, side)
    plot, target = shown.view.plot_rect(), shown.view.mapping().target
    assert min(plot.width(), plot.height()) > 0.6 * side
    assert max(abs(a - b) for a, b in zip(plot.getRect(), target.getRect(), strict=True)) <= 1


def test_dragging_moves_a_zoomed_plane(shown):
    view = shown.view
    wheel(shown, view.plot_rect().center(), 5)
    middle = view.plot_rect().center().toPoint()
    before = view.mapping().point(QPointF(middle))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(view, middle + QPoint(40, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    assert view.mapping().point(QPointF(middle + QPoint(40, 0))) == pytest.approx(before, abs=0.02)


def test_under_the_mouse_everything_known_is_read(shown, qtbot):
    from ganstudio.ui.widgets.plane_painting import sayings

    half = np.full((CELLS, CELLS), 0.5, np.float32)
    half[:, : CELLS // 2] = np.nan
    plane = made(optimal=half, density=np.full((CELLS, CELLS), 0.25, np.float32))
    assert sayings(plane, 0.05, -1.0) == ["x 0.050", "y −1.000", "D(x) 0.525", "D*(x) 0.500", "p(x) 0.250"]
    assert "D*(x) open" in sayings(plane, -1.0, 0.0)
    assert sayings(plane, 3.0, 0.0) == ["x 3.000", "y 0"]
    where = shown.view.plot_rect().center()
    shown.view.enterEvent(QEnterEvent(where, where, where))
    assert shown.options()["optimal"]
    shown.view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert not shown.options()["optimal"]


@pytest.mark.parametrize("size", [(240, 220), (760, 330), (500, 900), (1600, 900)])
@pytest.mark.parametrize("choice", ["light", "dark"])
def test_every_size_is_painted_with_the_plane_a_square_inside(shown, qapp, size, choice):
    theme.apply(qapp, choice)
    shown.restyle()
    shown.resize(*size)
    picture(shown)
    plot = shown.view.plot_rect()
    assert plot.width() == plot.height() >= 40
    if size[0] > 240:
        assert shown.view.rect().contains(plot.toRect())


def test_a_fresh_frame_is_painted_in_a_moment(shown):
    shown.resize(900, 980)
    only(shown, "real", "generated", "heat", "contour", "manifold", "arrows")
    spent = []
    for _ in range(15):
        shown.view.show_plane(made())
        start = time.thread_time()
        shown.view.grab()
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.02


# empty, and other data


def test_other_data_are_said_to_be_others_with_a_way_on(panel):
    panel.show_frame(PlaneFrame(0, "main", None))
    chosen = QSignalSpy(panel.studio.preset_chosen)
    panel.findChild(QPushButton).click()
    assert chosen.at(0) == ["ring-8"]
    panel.show_frame(PlaneFrame(0, "main", made()))
    assert not panel.findChild(QPushButton).isVisible()
