"""The Real data panel: pages, classes, and what is known of each image."""

import numpy as np
import pytest
import torch
from dragging import Hand
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QMessageBox, QToolButton

from ganstudio.data.dataset import ImageData
from ganstudio.latent.parcel import Parcel
from ganstudio.probes.real import RealDataProbe
from ganstudio.training.session import Session
from ganstudio.ui.panels.real import NO_IMAGES, RealDataPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets import sample_drag


class Holder:
    """As much of a trainer as the probe reads."""

    steps, name = 0, "main"

    def __init__(self, data: ImageData):
        self.data = data


def data(count: int = 200, notes: int = 0, classes: bool = True) -> ImageData:
    images = torch.randint(0, 256, (count, 20, 20, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    labels = torch.arange(count) % 3 if classes else None
    names = ["cat", "dog", "owl"] if classes else []
    return ImageData(images, labels, names, [f"file {i} was skipped" for i in range(notes)])


class Browser:
    """A panel whose wishes are answered at once, as a session at rest answers them."""

    def __init__(self, panel: RealDataPanel, shown: ImageData):
        self.panel, self.probe, self.holder = panel, RealDataProbe(), Holder(shown)
        panel.studio.options_changed.connect(lambda _: self.answer())
        self.answer()

    def answer(self) -> None:
        self.panel.show_frame(self.probe.frame(self.holder, **self.panel.options()))


@pytest.fixture
def panel(qapp, qtbot) -> RealDataPanel:
    panel = RealDataPanel(Studio(Session(probes=dict)))
    qtbot.addWidget(panel)
    panel.resize(620, 400)
    panel.show()
    return panel


@pytest.fixture
def browser(panel) -> Browser:
    return Browser(panel, data(notes=2))


def choose(panel: RealDataPanel, box: QComboBox, index: int) -> None:
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_before_pytorch_is_in_it_says_so(panel):
    assert panel.grid.accessibleDescription() == "Loading PyTorch…"


def test_turning_all_pages_shows_every_image_once(browser):
    panel, seen = browser.panel, []
    while True:
        seen += panel._frame.indices.tolist()
        if panel._scroll.value() == panel._scroll.maximum():
            break
        panel.grid.scrolled.emit(1)
    assert seen == list(range(200))
    panel.grid.scrolled.emit(1)
    assert panel._frame.page == panel._frame.pages - 1


def test_a_dropped_or_pasted_sample_asks_for_its_neighbours(panel, qtbot):
    wanted, trouble = QSignalSpy(panel.studio.neighbours_wanted), QSignalSpy(panel.studio.trouble)
    parcel = Parcel(np.random.default_rng(0).normal(size=(2, 8)).astype(np.float32))
    assert Hand(parcel).drop(panel.grid)
    assert (wanted.count(), trouble.count()) == (0, 1), "there are no data yet"
    Browser(panel, data())
    assert Hand(parcel).drop(panel.grid)
    panel.grid.setFocus()
    sample_drag.copy(Parcel(images=np.full((1, 20, 20, 3), 9, np.uint8)))
    qtbot.keyClick(panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert wanted.at(0)[0].inputs.tobytes() == parcel.inputs.tobytes()
    assert (wanted.at(1)[0].images == 9).all()
    assert trouble.count() == 1


def test_a_class_shows_only_its_images(browser):
    panel = browser.panel
    panel.grid.scrolled.emit(2)
    texts = [panel._class.itemText(i) for i in range(panel._class.count())]
    assert texts == ["All classes (200)", "cat (67)", "dog (67)", "owl (66)"]
    choose(panel, panel._class, 2)
    assert panel._frame.page == 0
    assert set(panel._frame.labels.tolist()) == {1}
    assert panel._summary.text() == "1–64 of 67  ·  20×20 colour"
    choose(panel, panel._class, 0)
    assert panel._frame.found == 200


def test_the_caption_says_which_image_it_is(browser):
    browser.panel.grid.scrolled.emit(1)
    assert browser.panel.grid.caption(6) == "#70  ·  dog"
    assert Browser(browser.panel, data(classes=False)).panel.grid.caption(6) == "#70"


def test_another_number_of_images_keeps_the_place(browser):
    panel = browser.panel
    panel.grid.scrolled.emit(2)
    first = panel._frame.indices[0]
    choose(panel, panel._count, 0)
    assert first in panel._frame.indices
    assert len(panel._frame.indices) == 16


def test_the_canvas_is_the_page(browser):
    frame = browser.panel._frame
    assert browser.panel.grid.tiles is frame.tiles
    np.testing.assert_array_equal(frame.tiles.picture[:20, :20], browser.holder.data.images[0])


def test_another_data_set_lists_its_own_classes(browser):
    panel = browser.panel
    choose(panel, panel._class, 3)
    panel.grid.scrolled.emit(1)
    Browser(panel, data(40, classes=False))
    assert panel._class.count() == 1
    assert not panel._class.isEnabled()
    assert panel.options()["chosen"] is None
    assert panel._frame.found == 40
    assert not panel._scroll.isVisible()


def test_the_same_page_is_not_painted_again(browser, monkeypatch):
    painted = []
    monkeypatch.setattr(browser.panel.grid, "update", lambda: painted.append(1))
    browser.answer()
    assert not painted


def test_notes_are_offered_only_where_there_are_any(browser, qtbot):
    panel = browser.panel
    assert panel._notes.isVisible()
    panel._notes.click()
    box = panel.findChild(QMessageBox)
    assert "file 1 was skipped" in box.text()
    box.close()
    Browser(panel, data(notes=0))
    assert not panel._notes.isVisible()


def test_a_long_list_of_notes_opens_on_demand(panel):
    Browser(panel, data(notes=500))
    panel.show_notes()
    box = panel.findChild(QMessageBox)
    assert box.text().count("\n") < 20
    assert "file 499 was skipped" in box.detailedText()
    box.close()


def test_points_have_no_images(panel, browser):
    frame = browser.panel._frame
    panel.show_frame(type(frame)(0, "main", None, np.empty(0, np.int64), None, 0, 1, 0, 0, 900, (2,)))
    assert panel.grid.accessibleDescription() == NO_IMAGES
    assert panel._summary.text() == "900 points"


def test_choices_are_remembered_and_nonsense_is_not(panel):
    asked = QSignalSpy(panel.studio.options_changed)
    panel.load_state({"count": 256})
    assert panel.options()["tiles"] == 256
    panel.load_state({"count": []})
    assert panel.save_state() == {"count": 256}
    assert asked.count() == 2


def test_every_control_has_a_tooltip_and_a_name(browser):
    panel = browser.panel
    for control in (*panel.findChildren(QToolButton), *panel.findChildren(QComboBox), panel._scroll):
        assert control.toolTip()
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_layout_that_goes_through_another_shape_ends_with_the_right_columns(panel, qtbot):
    asked = []
    panel.studio.options_changed.connect(lambda one: asked.append(one.options()["columns"]))
    for width, height in ((1200, 300), (320, 900), (620, 400)):
        panel.resize(width, height)
        qtbot.wait(1)
    assert asked[-1] == panel.grid.columns_for(64)
    assert len(asked) >= 2
