"""The Latent panel: what a person does with sliders, keys and buttons, and what they then see."""

import gc
from time import monotonic

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider

from ganstudio.experiment.edits import change
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.commands import Step, Train
from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.latent import LatentPanel
from ganstudio.ui.studio import Studio


class Window:
    """A Latent panel over a session that works."""

    def __init__(self, qtbot):
        theme.apply(QApplication.instance(), "dark")
        self.qtbot = qtbot
        self.session = Session(probes=lambda: {"generator": GeneratorProbe}, device="cpu", threads=1)
        self.studio = Studio(self.session)
        self.messages: list[str] = []
        self.studio.message.connect(self.messages.append)
        self.panel = LatentPanel(self.studio)
        self.panel.resize(900, 560)
        self.qtbot.addWidget(self.panel)

    def until(self, condition) -> None:
        """Let the window live until something holds."""
        end = monotonic() + 60
        while not condition():
            assert monotonic() < end, "waited in vain"
            for event in self.session.events():
                self.studio.take_event(event)
            self.studio.status_changed.emit(self.studio.status)
            self.qtbot.wait(5)

    def open(self, experiment) -> None:
        """Open an experiment and wait for the first image of its generator."""
        self.studio.opened.connect(lambda _: opened.append(True), Qt.ConnectionType.SingleShotConnection)
        opened: list[bool] = []
        self.studio.open(experiment)
        self.until(lambda: opened)
        self.settle()

    def settle(self) -> None:
        """Wait until the image on screen is that of the present z, and the sliders have their directions."""
        self.until(
            lambda: (
                self.panel.z is not None
                and self.panel.box.z is not None
                and self.panel.box.z.tobytes() == self.panel.z.tobytes()
                and not self.panel.bank.needs_principal
            )
        )

    def pixels(self) -> bytes:
        image = self.panel.box.view.picture().convertToFormat(QImage.Format.Format_RGB888)
        return bytes(image.constBits())

    def coordinates(self) -> list[float]:
        """What the read-outs say."""
        return [float(row.value.text().removesuffix(" σ").replace("−", "-")) for row in self.panel.rows]

    def close(self) -> None:
        self.panel.hide()
        assert self.studio.explorer.close()
        assert self.session.close()


@pytest.fixture
def window(qtbot):
    gc.disable()  # as the bridge does: the collector must not find Qt objects on the training thread
    found = Window(qtbot)
    yield found
    found.close()
    gc.enable()


@pytest.fixture
def wide(tiny):
    """The tiny experiment with 20 numbers in z."""
    return change(tiny, "noise.params.dim", 20)[0]


@pytest.fixture
def exploring(window, wide):
    """A window that shows a fresh generator of 20 numbers."""
    window.session.start()
    window.panel.show()
    window.open(wide)
    return window


def test_it_says_what_it_waits_for_and_then_shows_a_fresh_generator(window, wide):
    panel = window.panel
    panel.show()
    assert panel.box.view.sentence == "Loading PyTorch…"
    assert not panel.rows
    assert not panel.random.isEnabled()
    window.session.start()
    window.until(lambda: panel.box.view.sentence.startswith("Choose a preset"))
    window.open(wide)
    assert panel.box.view.sentence == ""
    assert len(panel.rows) == 8
    assert panel.random.isEnabled()


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
    exploring.panel.back.click()
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
    panel.random.click()
    exploring.until(lambda: (panel.z != z).any())
    exploring.settle()
    after = exploring.coordinates()
    assert after[1] == before[1] == 1.2
    assert sum(a != b for a, b in zip(after[2:], before[2:], strict=True)) >= 4  # two may agree by chance
    drawn = panel.z
    panel.rows[1].slider.setValue(50)
    panel.rows[4].slider.setValue(50)
    panel.reset.click()
    assert exploring.coordinates() == [*after[:1], 0.5, *after[2:]]
    panel.rows[1].lock.click()
    panel.reset.click()
    np.testing.assert_array_equal(panel.z, drawn)
    assert not panel.reset.isEnabled()


def test_a_sample_that_is_sent_is_shown_to_the_bit(exploring):
    panel = exploring.panel
    panel.truncation.slider.setValue(50)
    z = np.random.default_rng(5).normal(size=20).astype(np.float32)
    exploring.studio.sample_chosen.emit(z)
    exploring.settle()
    assert panel.box.z.tobytes() == z.tobytes()
    panel.random.click()
    exploring.until(lambda: panel.z.tobytes() != z.tobytes())
    panel.back.click()
    exploring.settle()
    assert panel.box.z.tobytes() == z.tobytes()


def test_a_sample_that_was_sent_before_the_panel_was_seen_awaits_it(window, wide):
    z = np.random.default_rng(5).normal(size=20).astype(np.float32)
    window.session.start()
    window.studio.open(wide)
    window.until(lambda: window.studio.status.phase == "ready")
    window.studio.sample_chosen.emit(z)
    window.panel.show()
    window.settle()
    assert window.panel.box.z.tobytes() == z.tobytes()


def test_a_sample_of_another_generator_is_refused(exploring):
    z = exploring.panel.z
    exploring.studio.sample_chosen.emit(np.zeros(3, np.float32))
    np.testing.assert_array_equal(exploring.panel.z, z)
    assert "another generator" in exploring.messages[-1]


def test_dimensions_can_be_chosen(exploring):
    panel = exploring.panel
    panel.bank.method.setCurrentIndex(1)
    assert [row.label.text() for row in panel.rows] == [f"z {n}" for n in range(1, 9)]
    panel.bank.which.setText("3, 17–20")
    panel.bank.which.editingFinished.emit()
    assert [row.label.text() for row in panel.rows] == ["z 3", "z 17", "z 18", "z 19", "z 20"]
    z = panel.z
    panel.rows[1].slider.setValue(-75)
    assert panel.z[16] == -0.75
    np.testing.assert_array_equal(np.delete(panel.z, 16), np.delete(z, 16))


def test_up_to_twelve_sliders_fit(exploring):
    panel = exploring.panel
    panel.bank.which.setText("1-12")
    panel.bank.which.editingFinished.emit()
    assert len(panel.rows) == 12


@pytest.mark.parametrize("text", ["", "x", "1-13", "21", "0"])
def test_a_bad_choice_is_refused_at_the_field_and_changes_nothing(exploring, text):
    panel = exploring.panel
    panel.bank.which.setText(text)
    panel.bank.which.editingFinished.emit()
    assert len(panel.rows) == 8
    assert exploring.messages[-1].startswith("Sliders: ")
    assert panel.bank.which.accessibleDescription()
    panel.bank.which.setText("1–8")
    panel.bank.which.editingFinished.emit()
    assert not panel.bank.which.accessibleDescription()


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


def test_the_wheel_turns_a_slider_only_with_the_focus(exploring):
    slider = exploring.panel.rows[0].slider
    slider.setValue(0)

    def wheel() -> None:
        at = QPointF(slider.rect().center())
        event = QWheelEvent(
            at, slider.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(slider, event)

    slider.clearFocus()
    wheel()
    assert slider.value() == 0
    exploring.panel.activateWindow()
    slider.setFocus()
    exploring.until(slider.hasFocus)
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


def test_a_uniform_prior_bounds_sliders_and_inputs(window, wide):
    for path, value in [("noise.kind", "uniform"), ("noise.half_width", 1.0)]:
        wide, _ = change(wide, path, value)
    window.session.start()
    window.panel.show()
    window.open(wide)
    slider = window.panel.rows[0].slider
    assert (slider.minimum(), slider.maximum()) == (-173, 173)  # ±√3 σ
    slider.setValue(173)
    assert np.abs(window.panel.z).max() <= 1


def test_it_follows_training_while_visible(exploring):
    panel = exploring.panel
    z, before = panel.z, exploring.pixels()
    for _ in range(3):
        exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption.endswith("step 3"))
    assert exploring.pixels() != before
    np.testing.assert_array_equal(panel.z, z)
    panel.hide()
    exploring.session.post(Train())
    exploring.until(lambda: exploring.session.status.step > 30)
    assert panel.box.view._caption.endswith("step 3")
    panel.show()
    exploring.until(lambda: not panel.box.view._caption.endswith("step 3"))


def test_directions_can_be_found_again_and_keep_their_sides(exploring):
    panel = exploring.panel
    for _ in range(5):
        exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption.endswith("step 5"))
    before = panel.bank.vectors
    panel.bank.find.click()
    exploring.until(lambda: panel.bank.vectors is not before)
    assert "step 5" in panel.bank.find.toolTip()
    assert (np.sum(panel.bank.vectors * before, axis=1) >= 0).all()


def test_live_weights_are_shown_on_demand(exploring):
    panel = exploring.panel
    for _ in range(4):
        exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption == "EMA weights after step 4")
    panel.weights.setCurrentIndex(1)
    panel.weights.activated.emit(1)
    exploring.until(lambda: panel.box.view._caption == "live weights after step 4")


def test_another_experiment_keeps_z_where_it_fits(exploring, wide, tiny):
    panel, z = exploring.panel, exploring.panel.z
    before = exploring.pixels()
    exploring.open(change(wide, "seed", 9)[0])
    exploring.until(lambda: exploring.pixels() != before)
    np.testing.assert_array_equal(panel.z, z)
    exploring.open(tiny)
    exploring.until(lambda: panel.z is not None and panel.z.shape == (4,))
    exploring.settle()
    assert len(panel.rows) == 4, "a small z has fewer directions"
    assert panel.box.view.sentence == ""


def test_latencies_are_noted_from_the_move_to_the_painted_image(exploring):
    panel = exploring.panel
    exploring.qtbot.waitExposed(panel)
    panel.latencies.clear()
    for value in (50, -50, 100):
        panel.rows[0].slider.setValue(value)
        exploring.settle()
        exploring.until(lambda: panel.box.view._asked_at is None)
    assert len(panel.latencies) == 3
    assert all(0 < seconds < 30 for seconds in panel.latencies)
    exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption.endswith("step 1"))
    panel.repaint()
    assert len(panel.latencies) == 3, "an image that nobody asked for has no latency"


def test_the_image_is_copied_and_saved_with_its_z(exploring, tmp_path):
    panel = exploring.panel
    panel.box.copy.click()
    copied = QGuiApplication.clipboard().image()
    assert copied.width() == copied.height() == 512
    path = tmp_path / "sample.png"
    panel.box.save_image(str(path))
    saved = QImage(str(path))
    z = np.array(saved.text("z").split(), np.float32)
    assert z.tobytes() == panel.z.tobytes()
    trouble = []
    panel.studio.trouble.connect(trouble.append)
    panel.box.save_image(str(tmp_path / "absent" / "sample.png"))
    assert "cannot be written" in trouble[-1]


def test_choices_are_remembered(exploring, window):
    panel = exploring.panel
    panel.bank.method.setCurrentIndex(1)
    panel.bank.which.setText("2–5")
    panel.bank.which.editingFinished.emit()
    state = panel.save_state()
    twin = LatentPanel(exploring.studio)
    exploring.qtbot.addWidget(twin)
    twin.load_state(state)
    assert twin.bank.save_state() == panel.bank.save_state()
    assert twin.bank.which.text() == "2–5"
    for nonsense in ({}, {"sliders": 3}, {"sliders": {"method": 1, "principal": None, "dimensions": "zzz"}}):
        twin.load_state(nonsense)


def test_it_stands_beside_or_below_its_image(exploring):
    panel = exploring.panel
    panel.resize(1000, 500)
    exploring.until(lambda: panel.box.x() > panel.controls.x())
    panel.resize(380, 800)
    exploring.until(lambda: panel.box.y() < panel.controls.y())


def test_every_control_has_a_tooltip_and_an_accessible_name(exploring):
    panel = exploring.panel
    controls = [
        one
        for kind in (QAbstractButton, QSlider, QComboBox, QLineEdit)
        for one in panel.findChildren(kind)
        if one.isVisible()
    ]
    assert len(controls) > 30
    assert not [one for one in controls if not one.accessibleName() or not one.toolTip()]


def test_it_follows_the_theme(exploring):
    panel = exploring.panel

    def colour() -> str:
        return panel.grab().toImage().pixelColor(panel.width() - 12, 10).name()

    assert colour() == theme.colours().surface
    theme.apply(QApplication.instance(), "light")
    panel.restyle()
    assert colour() == theme.colours().surface == "#ffffff"
