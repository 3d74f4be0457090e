"""The map over a plane of z: tiles where their z lie, a handle by mouse and keys, anchors and the walk marked."""

import numpy as np
import pytest
from dragging import Hand
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from walk_window import WalkWindow

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.place_colours import place_colours

STEPS = ((0, 0), (0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01))


@pytest.fixture(scope="module")
def mapped(qapp, tiny):
    found = WalkWindow()
    found.panel.load_state({"map": True})
    found.open(tiny)
    yield found
    found.close()


@pytest.fixture
def window(mapped):
    panel = mapped.panel
    mapped.first = panel.anchors.z if not hasattr(mapped, "first") else mapped.first
    panel.anchors.put(mapped.first)
    panel.map.map.fit()
    panel.map.map.move_handle((0.0, 0.0))
    mapped.settle()
    for heard in (mapped.said, mapped.troubles, mapped.chosen):
        heard.clear()
    return mapped


def shown(window):
    return window.panel.map.map


def test_the_three_anchors_lie_on_the_map_where_their_z_are(window):
    page, places = window.panel.map, {words: at for at, words in shown(window).marks}
    assert set(places) == {"1", "2", "3"}
    found = page.section.z(np.array([places[words] for words in "123"]))
    np.testing.assert_allclose(found, window.first[:3], atol=1e-5)
    for at in places.values():
        x, y = shown(window).view.to_pixel(*at)
        assert shown(window).rect().contains(QPoint(round(x), round(y)))


def test_coarse_tiles_are_asked_for_first_and_are_fine_ones_too(window):
    layers = shown(window).layers()
    assert [len(tiles) for _, tiles in layers] == sorted(len(tiles) for _, tiles in layers)
    assert shown(window).wanted[: len(layers[0][1])] == layers[0][1]
    size = layers[-1][0] * shown(window).view.scale
    assert 44 <= size < 88


def test_the_handle_follows_keys_and_mouse_and_its_sample_is_told_to_others(window, qtbot):
    page, view, seen = window.panel.map, shown(window), []
    window.studio.sample_shown.connect(seen.append)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert view.handle == pytest.approx((4 / view.view.scale, 40 / view.view.scale))
    assert seen[-1].tobytes() == page.z.tobytes()
    x, y = 100, 80
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    assert view.handle == pytest.approx(view.view.to_plane(x, y))
    window.until(lambda: page.feed.cache.get(view.handle) is not None)
    assert page.parcel().inputs[0].tobytes() == page.section.z(np.array([view.handle]))[0].tobytes()
    assert page.parcel().images[0].tobytes() == page.feed.cache.get(view.handle).tobytes()
    qtbot.keyClick(view, Qt.Key.Key_E)
    assert window.chosen[-1].tobytes() == page.z.tobytes()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.handle == (view.view.a, view.view.b)
    window.studio.sample_shown.disconnect(seen.append)


def test_the_map_is_dragged_and_zoomed_and_shown_whole_again(window, qtbot):
    view, home = shown(window), shown(window).view
    under = view.view.to_plane(60, 50)
    for name, at in (("mousePress", (60, 50)), ("mouseMove", (90, 70)), ("mouseRelease", (90, 70))):
        pos = QPoint(*at)
        getattr(qtbot, name)(view, pos=pos) if name == "mouseMove" else getattr(qtbot, name)(
            view, Qt.MouseButton.LeftButton, pos=pos
        )
    assert view.view.to_plane(90, 70) == pytest.approx(under)
    turn = QPoint(0, 240)
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    at = QPointF(90, 70)
    wheel = QWheelEvent(at, at, QPoint(), turn, none, Qt.KeyboardModifier.NoModifier, phase, False)
    QApplication.sendEvent(view, wheel)
    assert view.view.scale == pytest.approx(home.scale * 1.2**2)
    assert view.view.to_plane(90, 70) == pytest.approx(under)
    window.settle()
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.view == home


def test_the_sample_under_the_handle_joins_the_walk(window, qtbot):
    page = window.panel.map
    page.map.move_handle((0.5, -0.25))
    z = page.z
    qtbot.keyClick(page.map, Qt.Key.Key_A)
    assert window.panel.anchors.z[-1].tobytes() == z.tobytes()
    assert "10" in [words for _, words in page.map.marks]


def test_a_sample_dropped_or_pasted_brings_the_handle_to_the_nearest_point_of_the_plane(window, qtbot):
    page, anchors = window.panel.map, window.panel.anchors.z
    z = np.random.default_rng(5).normal(size=(1, 4)).astype(np.float32)
    assert Hand(Parcel(z)).drop(page.map)
    away = np.linalg.norm(z - page.section.z(np.array(page.map.handle) + STEPS), axis=1)
    assert np.argmin(away) == 0
    assert f"nearest point, {away[0]:.2f} from" in window.said[-1]
    assert page.map.rect().contains(QPointF(*page.map.view.to_pixel(*page.map.handle)).toPoint())
    window.settle()
    sample_drag.copy(Parcel(window.first[1:2]))
    qtbot.keyClick(page.map, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_allclose(page.z, window.first[1], atol=1e-5)
    assert "at the sample’s z" in window.said[-1]
    assert window.panel.anchors.z is anchors


def test_a_sample_that_has_no_place_on_the_map_is_refused_in_the_status_bar(window):
    page, here = window.panel.map, shown(window).handle
    page.take(Parcel(images=np.zeros((1, 8, 8, 3), np.uint8)))
    assert "without its z" in window.said[-1]
    page.take(Parcel(np.zeros((1, 9), np.float32)))
    assert "another generator" in window.said[-1]
    window.panel.anchors.put(window.first[:2])
    page.take(Parcel(window.first[:1]))
    assert "no map" in window.said[-1]
    assert shown(window).handle == here
    assert not window.troubles


def test_anchors_that_span_no_plane_are_answered_in_words(window):
    page, first = window.panel.map, window.first
    window.panel.anchors.put(first[:2])
    assert "goes through three anchors" in page.map.accessibleDescription()
    window.panel.anchors.put(np.stack([first[0], first[0], first[1]]))
    assert "the same sample" in page.map.accessibleDescription()
    line = np.stack([first[0], 2 * first[0], 3 * first[0]])
    window.panel.anchors.put(line)
    assert "one line" in page.map.accessibleDescription()
    assert page.z is None
    assert page.parcel() is None
    window.panel.anchors.put(first)
    window.settle()
    assert page.z is not None


def test_z_of_two_numbers_is_mapped_whole_as_far_as_the_prior_reaches(window, tiny):
    flat = change(change(tiny, "noise.params.dim", 2)[0], "noise.kind", "uniform")[0]
    window.open(flat)
    page, view = window.panel.map, shown(window)
    window.until(lambda: page.section is not None and page.section.origin.shape == (2,))
    window.settle()
    assert not any(part.isVisible() for part in page.corners)
    assert max(max(map(abs, at)) for at in view.wanted) <= np.sqrt(3)
    assert len(view.marks) == 9
    assert len(view.path) > 8
    view.move_handle((50.0, 0.1))
    np.testing.assert_allclose(page.z, [np.sqrt(3), 0.1], rtol=1e-6)
    window.open(tiny)
    window.until(lambda: page.section is not None and page.section.origin.shape == (4,))


@pytest.mark.parametrize(("dim", "noise"), [(2, "uniform"), (4, "normal")])
def test_where_g_makes_points_the_map_has_the_colours_of_their_places(window, tiny, dim, noise):
    points = change(change(files.preset("ring-8"), "noise.params.dim", dim)[0], "noise.kind", noise)[0]
    window.open_only(points)
    page = window.panel.map
    window.until(lambda: page.point.cloud.shape == (600, 2) and page.map.least_tile < 40)
    window.settle()
    assert page.key.isVisibleTo(page)
    assert len(page.map.wanted) > 100
    for at in page.map.wanted[::37]:
        point = page.feed.cache.get(at)
        np.testing.assert_array_equal(page._tile(at)[0, 0], place_colours(point[None], page.point.reach)[0])
    assert page.parcel().images is None
    assert not page.grab().isNull()
    window.open_only(tiny)
    window.until(lambda: (found := page.feed.cache.get(page.map.handle)) is not None and found.ndim == 3)
    assert not page.key.isVisibleTo(page)
    assert page.map.least_tile > 40
    window.settle()


def test_places_far_apart_have_colours_far_apart():
    round_about = np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], 1)
    colours = place_colours(np.concatenate([round_about, np.zeros((1, 2))]), 1.0).astype(int)
    apart = np.abs(colours[:, None] - colours).sum(2) + 999 * np.eye(9, dtype=int)
    assert apart.min() > 80
    assert colours[-1].tolist() == [128, 128, 128]
    assert np.array_equal(place_colours(round_about * 5, 1.0), place_colours(round_about, 1.0))  # beyond the edge
    assert place_colours(np.array([[-1.0], [np.nan], [1.0]]), 1.0)[:, 0].tolist() == [13, 128, 242]


def test_keys_of_the_walk_rest_while_the_map_is_shown(window, qtbot):
    player = window.panel.walk.player
    here = player.position
    for key in (Qt.Key.Key_K, Qt.Key.Key_L):
        qtbot.keyClick(shown(window), key)
    assert (player.playing, player.position) == (False, here)
