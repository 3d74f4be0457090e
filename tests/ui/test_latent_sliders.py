"""The Directions panel's sliders: what moves them, where they stop, and which directions they have."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.edits import change


def test_a_slider_moves_its_direction_and_the_image_follows(exploring):
    panel = exploring.panel
    z, before, coordinates = panel.z.astype(float), exploring.pixels(), exploring.coordinates()
    panel.rows[2].slider.setValue(150)
    exploring.settle()
    assert exploring.coordinates() == [*coordinates[:2], 1.5, *coordinates[3:]]
    step = panel.z - z
    np.testing.assert_allclose(np.abs(step @ panel.bank.vectors[2]), np.linalg.norm(step), rtol=1e-5)
    assert exploring.pixels() != before


def test_the_image_shows_the_final_position_of_a_drag(exploring):
    slider = exploring.panel.rows[0].slider
    for value in range(-300, 301, 3):
        slider.setValue(value)
    exploring.settle()
    assert exploring.coordinates()[0] == 3.0
    exploring.panel.controls.back.click()
    exploring.settle()
    assert exploring.coordinates()[0] != 3.0
    assert not exploring.panel.position.can_go_back, "one drag is one place"


def test_each_row_resets_to_the_sample_and_is_grey_there(exploring):
    row, z = exploring.panel.rows[3], exploring.panel.z
    assert not row.reset.isEnabled()
    row.slider.setValue(-200)
    assert row.reset.isEnabled()
    row.reset.click()
    assert not row.reset.isEnabled()
    np.testing.assert_allclose(exploring.panel.z, z, atol=1e-6)
    row.slider.setValue(-200)
    exploring.qtbot.mouseDClick(row.slider, Qt.MouseButton.LeftButton)
    assert not row.reset.isEnabled()


def test_random_keeps_locked_coordinates_and_reset_all_too(exploring):
    panel = exploring.panel
    panel.rows[1].slider.setValue(120)
    panel.rows[1].lock.click()
    before = exploring.coordinates()
    z = panel.z
    panel.controls.random.click()
    exploring.until(lambda: (panel.z != z).any())
    exploring.settle()
    after = exploring.coordinates()
    assert after[1] == before[1] == 1.2
    assert sum(a != b for a, b in zip(after[2:], before[2:], strict=True)) >= 4  # two may agree by chance
    drawn = panel.z
    panel.rows[4].slider.setValue(50)
    panel.controls.reset.click()
    assert exploring.coordinates() == after
    panel.rows[1].lock.click()
    panel.controls.reset.click()
    np.testing.assert_array_equal(panel.z, drawn)
    assert not panel.controls.reset.isEnabled()


def test_dimensions_can_be_chosen(exploring):
    panel = exploring.panel
    panel.bank.choice.method.setCurrentIndex(1)
    assert [row.label.text() for row in panel.rows] == [f"z {n}" for n in range(1, 9)]
    panel.bank.choice.which.setText("3, 17–20")
    panel.bank.choice.which.editingFinished.emit()
    assert [row.label.text() for row in panel.rows] == ["z 3", "z 17", "z 18", "z 19", "z 20"]
    z = panel.z
    panel.rows[1].slider.setValue(-75)
    assert panel.z[16] == -0.75
    np.testing.assert_array_equal(np.delete(panel.z, 16), np.delete(z, 16))


def test_up_to_twelve_sliders_fit(exploring):
    panel = exploring.panel
    panel.bank.choice.which.setText("1-12")
    panel.bank.choice.which.editingFinished.emit()
    assert len(panel.rows) == 12
    # Though they came late, Tab goes down them before anything else that follows in the window.
    reached, now = [], panel.bank.choice.range
    while now is not panel.truncation.slider:
        now = now.nextInFocusChain()
        if now.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.append(now)
    assert reached == [*(row.slider for row in panel.rows), panel.truncation.slider]


@pytest.mark.parametrize("text", ["", "x", "1-13", "21", "0"])
def test_a_bad_choice_is_refused_at_the_field_and_changes_nothing(exploring, text):
    panel = exploring.panel
    panel.bank.choice.which.setText(text)
    panel.bank.choice.which.editingFinished.emit()
    assert len(panel.rows) == 8
    assert exploring.told[-1].startswith("Sliders: ")
    assert panel.bank.choice.which.accessibleDescription()
    panel.bank.choice.which.setText("1–8")
    panel.bank.choice.which.editingFinished.emit()
    assert not panel.bank.choice.which.accessibleDescription()


def test_keys_move_finely_and_coarsely_and_lock_and_reset(exploring):
    row, bot = exploring.panel.rows[0], exploring.qtbot
    row.slider.setValue(0)
    bot.keyClick(row.slider, Qt.Key.Key_Right)
    assert exploring.coordinates()[0] == 0.05
    bot.keyClick(row.slider, Qt.Key.Key_PageUp)
    assert exploring.coordinates()[0] == 0.55
    bot.keyClick(row.slider, Qt.Key.Key_L)
    assert row.lock.isChecked()
    bot.keyClick(row.slider, Qt.Key.Key_Delete)
    assert not row.reset.isEnabled()


def test_r_draws_and_alt_left_goes_back_while_the_panel_has_the_focus(exploring):
    panel, slider = exploring.panel, exploring.panel.rows[0].slider
    panel.activateWindow()
    slider.setFocus()
    exploring.until(slider.hasFocus)
    z = panel.z
    exploring.qtbot.keyClick(slider, Qt.Key.Key_R)
    exploring.until(lambda: (panel.z != z).any())
    exploring.qtbot.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    np.testing.assert_array_equal(panel.z, z)


def test_the_wheel_turns_a_slider_without_the_focus_only_where_nothing_scrolls(exploring):
    slider, bar = exploring.panel.rows[0].slider, exploring.panel.controls.verticalScrollBar()

    def wheel() -> None:
        at = QPointF(slider.rect().center())
        event = QWheelEvent(
            at, slider.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(slider, event)

    slider.clearFocus()
    for height, turns in ((600, True), (200, False)):
        exploring.panel.controls.setFixedHeight(height)
        exploring.until(lambda turns=turns: (bar.maximum() == 0) is turns)
        slider.setValue(0)
        wheel()
        assert (slider.value() > 0) is turns
    exploring.panel.activateWindow()
    slider.setFocus()
    exploring.until(slider.hasFocus)
    slider.setValue(0)
    wheel()
    assert slider.value() > 0


def test_a_click_takes_the_handle_to_the_mouse(exploring):
    slider = exploring.panel.rows[0].slider
    slider.setValue(-200)
    exploring.qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert abs(slider.value()) <= 3


def test_truncation_draws_the_input_towards_the_mean(exploring):
    panel = exploring.panel
    z = panel.z
    panel.truncation.slider.setValue(25)
    np.testing.assert_allclose(panel.z, z / 4, rtol=1e-6)
    panel.truncation.reset.click()
    np.testing.assert_array_equal(panel.z, z)


def test_a_uniform_prior_bounds_sliders_and_inputs(latent, wide):
    for path, value in [("noise.kind", "uniform"), ("noise.half_width", 1.0)]:
        wide, _ = change(wide, path, value)
    latent.session.start()
    latent.panel.show()
    latent.open(wide)
    slider = latent.panel.rows[0].slider
    assert (slider.minimum(), slider.maximum()) == (-173, 173)  # ±√3 σ
    slider.setValue(173)
    assert np.abs(latent.panel.z).max() <= 1
