"""The favourites of the Directions panel: kept, gone back to, carried away and saved, to the bit."""

import numpy as np
import pytest
from dragging import Hand
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ganstudio.latent.keepsakes import Favourite
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets import favourite_strip
from ganstudio.ui.widgets.sample_drag import parcel_in, pasted


def moved_on(window) -> np.ndarray:
    """Another sample; answers the one before."""
    z = window.panel.z
    window.panel.controls.random.click()
    window.until(lambda: (window.panel.z != z).any())
    window.settle()
    return z


def test_f_keeps_a_sample_and_a_click_goes_back_to_the_bit(exploring):
    panel, bot = exploring.panel, exploring.qtbot
    panel.truncation.slider.setValue(70)
    exploring.settle()
    z, pixels = panel.z, exploring.pixels()
    panel.activateWindow()
    panel.rows[0].slider.setFocus()
    bot.keyClick(panel.rows[0].slider, Qt.Key.Key_F)
    assert len(panel.favourites.favourites) == 1
    panel.truncation.reset.click()
    moved_on(exploring)
    item = panel.favourites.list.item(0)
    at = panel.favourites.list.visualItemRect(item).center()
    bot.mouseClick(panel.favourites.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    exploring.settle()
    assert (panel.z.tobytes(), exploring.pixels()) == (z.tobytes(), pixels)
    assert panel.position.truncation == pytest.approx(0.7)


def test_by_keys_alone_one_goes_there_copies_renames_and_removes(exploring, tmp_path):
    panel, bot, strip = exploring.panel, exploring.qtbot, exploring.panel.favourites
    panel.keep()
    z = moved_on(exploring)
    panel.keep()
    panel.activateWindow()
    strip.list.setFocus()
    bot.keyClick(strip.list, Qt.Key.Key_Left)
    strip.list.setCurrentRow(0)
    bot.keyClick(strip.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert pasted().inputs[0].tobytes() == z.tobytes()
    bot.keyClick(strip.list, Qt.Key.Key_Return)
    assert panel.z.tobytes() == z.tobytes()
    bot.keyClick(strip.list, Qt.Key.Key_F2)
    bot.keyClicks(QApplication.focusWidget(), "lid")
    bot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    exploring.until(lambda: [one.title for one in exploring.studio.keepsakes.favourites] == ["lid", ""])
    strip.save_to(tmp_path / "kept.json")
    bot.keyClick(strip.list, Qt.Key.Key_Delete)
    assert [one.title for one in strip.favourites] == [""]
    exploring.studio.undo_stack.undo()
    assert [one.title for one in strip.favourites] == ["lid", ""]
    for one in strip.favourites:
        exploring.studio.keepsakes.remove_favourite(one)
    strip.load_from(tmp_path / "kept.json")
    assert [one.title for one in strip.favourites] == ["lid", ""]
    assert strip.favourites[0].z.tobytes() == z.tobytes()
    strip.load_from(tmp_path / "kept.json")
    assert "nothing new" in exploring.told[-1]


def test_files_that_cannot_be_read_or_written_are_told(exploring, tmp_path):
    told = []
    exploring.studio.trouble.connect(told.append)
    (tmp_path / "bad.json").write_text("{")
    exploring.panel.favourites.load_from(tmp_path / "bad.json")
    exploring.panel.favourites.save_to(tmp_path / "absent" / "kept.json")
    assert len(told) == 2
    assert all(str(tmp_path) in sentence for sentence in told)


def test_samples_are_dropped_on_the_panel_or_among_the_favourites(exploring):
    panel = exploring.panel
    random = np.random.default_rng(1)
    z = random.normal(size=(2, 20)).astype(np.float32)
    hand = Hand(Parcel(z, random.integers(0, 255, (2, 32, 32, 3), np.uint8)))
    assert hand.drop(panel.favourites.list.viewport())
    assert [one.z.tobytes() for one in panel.favourites.favourites] == [one.tobytes() for one in z]
    assert panel.z.tobytes() != z[0].tobytes()
    assert hand.drop(panel.box)
    exploring.settle()
    assert panel.box.z.tobytes() == z[0].tobytes()


def test_the_sample_is_copied_and_pasted_with_its_z(exploring):
    panel, bot = exploring.panel, exploring.qtbot
    panel.activateWindow()
    panel.rows[0].slider.setFocus()
    z = panel.z
    bot.keyClick(panel.rows[0].slider, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    parcel = parcel_in(QGuiApplication.clipboard().mimeData())
    assert parcel.images.shape == (1, 32, 32, 3)
    moved_on(exploring)
    bot.keyClick(panel.rows[0].slider, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    exploring.settle()
    assert panel.box.z.tobytes() == z.tobytes()


@pytest.mark.parametrize(
    ("parcel", "words"),
    [
        (Parcel(images=np.zeros((1, 32, 32, 3), np.uint8)), "Invert"),
        (Parcel(np.zeros((1, 7), np.float32)), "another generator"),
    ],
)
def test_what_is_no_sample_of_this_g_is_refused(exploring, parcel, words):
    z = exploring.panel.z
    for widget in (exploring.panel.box, exploring.panel.favourites.list.viewport()):
        Hand(parcel).drop(widget)
        assert words in exploring.told[-1]
    np.testing.assert_array_equal(exploring.panel.z, z)
    assert not exploring.panel.favourites.favourites


def test_favourites_of_another_g_are_not_shown(exploring):
    exploring.studio.keepsakes.add_favourite(Favourite(np.zeros(7)))
    assert not exploring.panel.favourites.favourites


def test_the_image_and_a_favourite_are_carried_away_by_the_mouse(exploring, monkeypatch):
    panel, bot = exploring.panel, exploring.qtbot
    carried = []
    monkeypatch.setattr("ganstudio.ui.widgets.sample_box.start_drag", lambda _, parcel: carried.append(parcel))
    monkeypatch.setattr(favourite_strip, "start_drag", lambda _, parcel: carried.append(parcel))
    bot.mousePress(panel.box.view, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    bot.mouseMove(panel.box.view, QPoint(42, 40))
    assert not carried
    bot.mouseMove(panel.box.view, QPoint(80, 60))
    bot.mouseRelease(panel.box.view, Qt.MouseButton.LeftButton, pos=QPoint(80, 60))
    panel.keep()
    panel.favourites.list.setCurrentRow(0)
    panel.favourites.carry()
    assert [parcel.inputs.tobytes() for parcel in carried] == [panel.z.tobytes()] * 2
    np.testing.assert_array_equal(carried[0].images, carried[1].images)
