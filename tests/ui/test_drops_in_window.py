"""What is dropped in the whole window reaches what lies under it: samples the panels, files the window or a panel."""

import numpy as np
import pytest
from dragging import Hand
from PySide6.QtCore import QMimeData, QPoint, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTabBar
from whole_window import WAIT, phase

from ganstudio.latent.parcel import Parcel


@pytest.fixture
def window(make, qtbot, tiny):
    window = make(tiny)
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    window.opened_paths = []
    window.files.open_path = window.opened_paths.append
    return window


def files(*paths) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_samples_reach_the_panels_and_files_the_window(window, qtbot, tmp_path):
    panel = window.panels["samples"]
    qtbot.waitUntil(lambda: panel.grid.tiles is not None, timeout=WAIT)
    z = np.random.default_rng(0).normal(size=(1, 4)).astype(np.float32)
    assert Hand(Parcel(z)).drop(panel.grid)
    assert [one.tobytes() for one in panel.pinning.pinned.values()] == [z.tobytes()]
    # Samples are no business of the window, and a hand that passes over a grid leaves no mark on it.
    hand = Hand(Parcel(z))
    assert hand.over(panel.grid, QPoint(20, 20))
    assert panel.grid.samples.hanging is not None
    assert not hand.over(window.statusBar())
    assert panel.grid.samples.hanging is None
    assert not hand.drop(window.statusBar())
    # What a browser carries may lie elsewhere.
    link = QMimeData()
    link.setUrls([QUrl("https://example.org/picture.png")])
    assert not Hand(link).drop(window.statusBar())
    assert window.opened_paths == []
    assert Hand(files(tmp_path / "mine.toml")).drop(panel.grid)
    assert window.opened_paths == [tmp_path / "mine.toml"]


def test_a_sample_dropped_among_real_data_is_shown_beside_its_neighbours(window, qtbot):
    real, neighbours = window.panels["real"], window.panels["neighbours"]
    window.bring_up("real")
    qtbot.waitUntil(lambda: real.grid.tiles is not None, timeout=WAIT)
    z = np.random.default_rng(1).normal(size=(1, 4)).astype(np.float32)
    assert Hand(Parcel(z)).drop(real.grid)
    qtbot.waitUntil(lambda: any(one.z is not None and one.z.tobytes() == z.tobytes() for one in neighbours.rows.added))
    qtbot.waitUntil(lambda: neighbours.neighbours is not None and len(neighbours.neighbours.samples) == 2, timeout=WAIT)
    assert neighbours.isVisible()


def test_a_panel_behind_a_tab_comes_up_while_a_sample_is_held_over_the_tab(window, qtbot):
    window.show_perspective("explore")
    panel = window.panels["arithmetic"]
    assert not panel.isVisible()
    bars = {bar.tabText(tab): (bar, tab) for bar in window.findChildren(QTabBar) for tab in range(bar.count())}
    bar, tab = bars[panel.title]
    qtbot.waitUntil(bar.changeCurrentOnDrag, timeout=WAIT)
    hand = Hand(Parcel(np.zeros((1, 4), np.float32)))
    assert not hand.over(bar, bar.tabRect(tab).center()), "a tab itself takes nothing"
    qtbot.waitUntil(panel.isVisible, timeout=WAIT)
    assert hand.over(panel.slots[1])
    hand.away()


def test_a_picture_dropped_on_a_panel_that_explores_is_no_data_set(window, qtbot, tmp_path):
    image = QImage(40, 30, QImage.Format.Format_RGB888)
    image.fill(0xFF8800)
    assert image.save(str(tmp_path / "mine.png"))
    said: list[str] = []
    window.studio.message.connect(said.append)
    window.show_perspective("explore")
    for name in ("invert", "sketch", "neighbours", "latent", "walk", "arithmetic", "label"):
        window.bring_up(name)
        panel = window.panels[name]
        qtbot.waitUntil(panel.isVisible, timeout=WAIT)
        for at in (panel.rect().center(), QPoint(4, 4), panel.rect().bottomRight() - QPoint(4, 4)):
            said.clear()
            assert Hand(files(tmp_path / "mine.png")).drop(panel, at)
            assert window.opened_paths == [], name
            assert name in ("invert", "sketch", "neighbours") or any("Invert" in words for words in said), name
        # What is no picture is opened as anywhere else.
        for path in (tmp_path / "mine.toml", tmp_path):
            assert Hand(files(path)).drop(panel)
            assert window.opened_paths.pop() == path, name
